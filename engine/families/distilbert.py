"""DistilBERT: BERT's layers without segments; its classifier is dense, ReLU, dense on [CLS] (Sanh et al. 2019)."""

from __future__ import annotations

from engine.contract import Head
from engine.family import RATIO_ACTIVATIONS, BlockPaths, Family, HeadPaths, ServedClass

MODULE = "transformers.models.distilbert.modeling_distilbert"
LAYERS = "distilbert.transformer.layer"

FAMILY = Family(
    id="distilbert",
    label="DistilBERT",
    classes={
        "DistilBertForSequenceClassification": ServedClass(
            module=MODULE,
            head=Head.SEQUENCE_CLASSIFICATION,
            layers=LAYERS,
            paths=HeadPaths(dense="pre_classifier", act="relu", out="classifier"),
        ),
        "DistilBertForTokenClassification": ServedClass(
            module=MODULE, head=Head.TOKEN_CLASSIFICATION, layers=LAYERS, paths=HeadPaths(out="classifier")
        ),
        "DistilBertForMaskedLM": ServedClass(
            module=MODULE,
            head=Head.MASKED_WORD,
            layers=LAYERS,
            paths=HeadPaths(dense="vocab_transform", act="activation", norm="vocab_layer_norm", out="vocab_projector"),
        ),
        "DistilBertModel": ServedClass(module=MODULE, head=Head.STATE, layers="transformer.layer", paths=HeadPaths()),
    },
    block=BlockPaths(
        value="attention.v_lin",
        attention_output="attention.out_lin",
        norm_1="sa_layer_norm",
        feed_forward_in="ffn.lin1",
        activation="ffn.activation",
        feed_forward_out="ffn.lin2",
        norm_2="output_layer_norm",
        query="attention.q_lin",
        key="attention.k_lin",
    ),
    served_values={"activation": RATIO_ACTIVATIONS},
    # Sinusoidal positions are only how the learned ones began.
    inert=frozenset(
        {"attention_dropout", "dim", "dropout", "hidden_dim", "n_heads", "n_layers", "qa_dropout",
         "seq_classif_dropout", "sinusoidal_pos_embds"}
    ),
    reads_segments=False,
    activation_key="activation",
)  # fmt: skip
