"""RoBERTa: BERT's layers with byte-level pieces; its classifier is dense, tanh, dense on ``<s>`` (Liu et al. 2019).

XLM-RoBERTa (Conneau et al. 2020) and CamemBERT (Martin et al. 2020) are the same network with other vocabularies.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.contract import Head
from engine.family import BERT_LAYER, BERT_VALUES, Family, HeadPaths, ServedClass

KIN = {"Roberta": "roberta", "XLMRoberta": "xlm_roberta", "Camembert": "camembert"}
LAYERS = "roberta.encoder.layer"


def _classes() -> Iterator[tuple[str, ServedClass]]:
    for prefix, name in KIN.items():
        module = f"transformers.models.{name}.modeling_{name}"
        yield (
            f"{prefix}ForSequenceClassification",
            ServedClass(
                module,
                Head.SEQUENCE_CLASSIFICATION,
                LAYERS,
                HeadPaths(dense="classifier.dense", out="classifier.out_proj"),
            ),
        )
        yield (
            f"{prefix}ForTokenClassification",
            ServedClass(module, Head.TOKEN_CLASSIFICATION, LAYERS, HeadPaths(out="classifier")),
        )
        yield (
            f"{prefix}ForMaskedLM",
            ServedClass(
                module,
                Head.MASKED_WORD,
                LAYERS,
                HeadPaths(dense="lm_head.dense", act="gelu", norm="lm_head.layer_norm", out="lm_head.decoder"),
            ),
        )
        yield f"{prefix}Model", ServedClass(module, Head.STATE, "encoder.layer", HeadPaths())


FAMILY = Family(
    id="roberta",
    label="RoBERTa",
    classes=dict(_classes()),
    block=BERT_LAYER,
    served_values=BERT_VALUES,
    positions_after_padding=True,
)
