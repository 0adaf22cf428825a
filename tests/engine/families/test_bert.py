"""BERT: the layers, norms and head lie where the family says."""

from __future__ import annotations

import pytest
import torch

from engine.contract import Head
from engine.families.bert import FAMILY
from tests.engine.models import Tiny, explain, ids_of, opened, record
from tests.tolerances import FLOAT64, agree


@pytest.mark.parametrize("act", sorted(FAMILY.served_values["hidden_act"]))
def test_every_served_activation_adds_up_to_the_logits(act):
    found = explain(Tiny("bert", act=act, seed=111), "decompx", ids=ids_of(6))
    agree(found.scores_all.sum(1) + found.bias, found.prediction.logits, FLOAT64)


@torch.no_grad()
def test_segments_reach_the_embeddings():
    model = opened(Tiny("bert", seed=112))
    ids, segments = ids_of(6), (0, 0, 0, 1, 1, 1)
    stock = model.model(torch.tensor([ids]), token_type_ids=torch.tensor([segments])).logits[0]
    agree(record(model, ids, segments=segments)[0].logits, stock, 1e-12)
    assert not torch.allclose(record(model, ids)[0].logits, stock)


def test_the_head_is_read_after_the_pooler():
    model = opened(Tiny("bert", seed=113))
    captured, _ = record(model, ids_of(6))
    assert model.head.dense is model.model.bert.pooler.dense
    assert model.head.out is model.model.classifier
    agree(captured.head.activation, captured.head.dense.tanh(), FLOAT64)


def test_a_masked_word_goes_through_the_layers_own_activation():
    model = opened(Tiny("bert", seed=114, act="relu", head=Head.MASKED_WORD))
    captured, _ = record(model, ids_of(6), position=2)
    assert model.head.out is model.model.cls.predictions.decoder
    agree(captured.head.activation, captured.head.dense.relu(), FLOAT64)


def test_positions_start_at_the_first_embedding():
    assert opened(Tiny("bert")).info.max_tokens == 34
