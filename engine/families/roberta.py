"""RoBERTa: BERT's layers with byte-level pieces; its classifier is dense, tanh, dense on ``<s>`` (Liu et al. 2019)."""

from __future__ import annotations

from engine.contract import Head
from engine.family import RATIO_ACTIVATIONS, BlockPaths, Family, HeadPaths, ServedClass

FAMILY = Family(
    id="roberta",
    label="RoBERTa",
    classes={
        "RobertaForSequenceClassification": ServedClass(
            module="transformers.models.roberta.modeling_roberta",
            head=Head.SEQUENCE_CLASSIFICATION,
            layers="roberta.encoder.layer",
            paths=HeadPaths(dense="classifier.dense", out="classifier.out_proj"),
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
    positions_after_padding=True,
)
