"""BERT: post-norm encoder, pooler with tanh in front of the classifier (Devlin et al. 2019)."""

from __future__ import annotations

from engine.contract import Head
from engine.family import RATIO_ACTIVATIONS, BlockPaths, Family, HeadPaths, ServedClass

FAMILY = Family(
    id="bert",
    label="BERT",
    classes={
        "BertForSequenceClassification": ServedClass(
            module="transformers.models.bert.modeling_bert",
            head=Head.SEQUENCE_CLASSIFICATION,
            layers="bert.encoder.layer",
            paths=HeadPaths(dense="bert.pooler.dense", out="classifier"),
        ),
    },
    block=BlockPaths(
        value="attention.self.value",
        attention_output="attention.output.dense",
        norm_1="attention.output.LayerNorm",
        feed_forward_in="intermediate.dense",
        activation="intermediate",
        feed_forward_out="output.dense",
        norm_2="output.LayerNorm",
    ),
    served_values={
        "hidden_act": RATIO_ACTIVATIONS,
        "position_embedding_type": frozenset({"absolute"}),
        "is_decoder": frozenset({False}),
        "add_cross_attention": frozenset({False}),
    },
)
