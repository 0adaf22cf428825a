"""RoBERTa: BERT's layers with byte-level pieces; its classifier is dense, tanh, dense on ``<s>`` (Liu et al. 2019)."""

from __future__ import annotations

from engine.contract import Head
from engine.family import BERT_LAYER, BERT_VALUES, Family, HeadPaths, ServedClass

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
    block=BERT_LAYER,
    served_values=BERT_VALUES,
    positions_after_padding=True,
)
