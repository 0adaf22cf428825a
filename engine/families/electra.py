"""ELECTRA: BERT's layers behind embeddings that may be narrower; its classifier has a GELU (Clark et al. 2020)."""

from __future__ import annotations

from engine.contract import Head
from engine.family import BERT_LAYER, BERT_VALUES, Family, HeadPaths, ServedClass

MODULE = "transformers.models.electra.modeling_electra"
LAYERS = "electra.encoder.layer"

FAMILY = Family(
    id="electra",
    label="ELECTRA",
    classes={
        "ElectraForSequenceClassification": ServedClass(
            module=MODULE,
            head=Head.SEQUENCE_CLASSIFICATION,
            layers=LAYERS,
            paths=HeadPaths(dense="classifier.dense", act="gelu", out="classifier.out_proj"),
        ),
        "ElectraForTokenClassification": ServedClass(
            module=MODULE, head=Head.TOKEN_CLASSIFICATION, layers=LAYERS, paths=HeadPaths(out="classifier")
        ),
        "ElectraForMaskedLM": ServedClass(
            module=MODULE,
            head=Head.MASKED_WORD,
            layers=LAYERS,
            paths=HeadPaths(
                dense="generator_predictions.dense",
                act="gelu",
                norm="generator_predictions.LayerNorm",
                out="generator_lm_head",
            ),
        ),
        "ElectraModel": ServedClass(module=MODULE, head=Head.STATE, layers="encoder.layer", paths=HeadPaths()),
    },
    block=BERT_LAYER,
    served_values=BERT_VALUES,
    # The summary belongs to a head of another task.
    inert=frozenset(
        {"embedding_size", "summary_activation", "summary_last_dropout", "summary_type", "summary_use_proj"}
    ),
)
