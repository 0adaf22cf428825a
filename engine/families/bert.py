"""BERT: post-norm encoder, pooler with tanh in front of the classifier (Devlin et al. 2019)."""

from __future__ import annotations

from engine.contract import Head
from engine.family import BERT_LAYER, BERT_VALUES, Family, HeadPaths, ServedClass

MODULE = "transformers.models.bert.modeling_bert"

FAMILY = Family(
    id="bert",
    label="BERT",
    classes={
        "BertForSequenceClassification": ServedClass(
            module=MODULE,
            head=Head.SEQUENCE_CLASSIFICATION,
            layers="bert.encoder.layer",
            paths=HeadPaths(dense="bert.pooler.dense", out="classifier"),
        ),
        "BertForTokenClassification": ServedClass(
            module=MODULE,
            head=Head.TOKEN_CLASSIFICATION,
            layers="bert.encoder.layer",
            paths=HeadPaths(out="classifier"),
        ),
        "BertForMaskedLM": ServedClass(
            module=MODULE,
            head=Head.MASKED_WORD,
            layers="bert.encoder.layer",
            paths=HeadPaths(
                dense="cls.predictions.transform.dense",
                act="hidden_act",
                norm="cls.predictions.transform.LayerNorm",
                out="cls.predictions.decoder",
            ),
        ),
        "BertModel": ServedClass(module=MODULE, head=Head.STATE, layers="encoder.layer", paths=HeadPaths()),
    },
    block=BERT_LAYER,
    served_values=BERT_VALUES,
)
