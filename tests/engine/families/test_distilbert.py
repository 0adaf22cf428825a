"""DistilBERT: no segments, a classifier with a ReLU."""

from __future__ import annotations

import pytest
import torch

from engine.contract import Head
from engine.errors import TextError
from engine.families.distilbert import FAMILY
from tests.engine.models import Tiny, explain, ids_of, opened, record
from tests.tolerances import FLOAT64, agree


@pytest.mark.parametrize("act", sorted(FAMILY.served_values["activation"]))
def test_every_served_activation_adds_up_to_the_logits(act):
    found = explain(Tiny("distilbert", act=act, seed=131), "decompx", ids=ids_of(6))
    agree(found.scores_all.sum(1) + found.bias, found.prediction.logits, FLOAT64)


def test_the_head_is_dense_relu_dense_on_the_first_token():
    model = opened(Tiny("distilbert", seed=132, act="silu"))
    captured, _ = record(model, ids_of(6))
    assert model.head.dense is model.model.pre_classifier
    assert model.head.out is model.model.classifier
    agree(captured.head.activation, captured.head.dense.relu(), FLOAT64)
    agree(captured.head.dense, model.model.pre_classifier(captured.layers[-1].states_out[0]), FLOAT64)


@torch.no_grad()
def test_no_segments_are_told_and_none_but_the_first_may_be_given():
    model, ids = opened(Tiny("distilbert", seed=133)), ids_of(6)
    captured, _ = record(model, ids, segments=(0,) * 6)
    assert set(captured.inputs) == {"input_ids", "attention_mask"}
    agree(captured.logits, model.model(torch.tensor([ids])).logits[0], 1e-12)
    with pytest.raises(TextError, match="no segment 1"):
        record(model, ids, segments=(0, 0, 0, 1, 1, 1))


def test_sizes_are_read_by_their_other_names():
    info = opened(Tiny("distilbert", layers=3, seed=134)).info
    assert (info.layers, info.heads, info.hidden, info.max_tokens) == (3, 3, 24, 34)


def test_the_decoder_of_a_masked_word_is_the_word_table():
    model = opened(Tiny("distilbert", seed=135, head=Head.MASKED_WORD))
    assert model.head.out.weight is model.model.distilbert.embeddings.word_embeddings.weight
    assert model.head.norm is model.model.vocab_layer_norm
