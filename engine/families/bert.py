"""BERT: post-norm encoder, pooler with tanh in front of the classifier (Devlin et al. 2019)."""

from __future__ import annotations

from engine.contract import Head
from engine.family import BERT_LAYER, BERT_VALUES, Family, HeadPaths, ServedClass

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
    block=BERT_LAYER,
    served_values=BERT_VALUES,
)
