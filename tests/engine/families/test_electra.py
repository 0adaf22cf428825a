"""ELECTRA: embeddings that may be narrower than the layers, a classifier with a GELU."""

from __future__ import annotations

import pytest
import torch

from engine.contract import Head
from engine.families.electra import FAMILY
from tests.engine.models import Tiny, explain, ids_of, opened, record
from tests.tolerances import FLOAT64, agree


@pytest.mark.parametrize("act", sorted(FAMILY.served_values["hidden_act"]))
def test_every_served_activation_adds_up_to_the_logits(act):
    found = explain(Tiny("electra", act=act, seed=141), "decompx", ids=ids_of(6))
    agree(found.scores_all.sum(1) + found.bias, found.prediction.logits, FLOAT64)


def test_the_head_has_a_gelu_whatever_the_layers_have():
    model = opened(Tiny("electra", seed=142, act="relu"))
    captured, _ = record(model, ids_of(6))
    assert model.head.dense is model.model.classifier.dense
    assert model.head.out is model.model.classifier.out_proj
    agree(captured.head.activation, torch.nn.functional.gelu(captured.head.dense), FLOAT64)


@pytest.mark.parametrize("width", [16, 24])
@torch.no_grad()
def test_states_enter_as_wide_as_the_layers_however_narrow_the_embeddings(width):
    model = opened(Tiny("electra", seed=143, extras=(("embedding_size", width),)))
    captured, network = record(model, ids_of(6))
    assert hasattr(model.model.electra, "embeddings_project") == (width != 24)
    assert network.blocks[0].states.shape == (6, 24)
    agree(captured.logits, model.model(torch.tensor([ids_of(6)])).logits[0], 1e-12)


@torch.no_grad()
def test_segments_reach_the_embeddings():
    model, ids, segments = opened(Tiny("electra", seed=144)), ids_of(6), (0, 0, 0, 1, 1, 1)
    stock = model.model(torch.tensor([ids]), token_type_ids=torch.tensor([segments])).logits[0]
    agree(record(model, ids, segments=segments)[0].logits, stock, 1e-12)
    assert not torch.allclose(record(model, ids)[0].logits, stock)


def test_a_masked_word_is_answered_in_the_narrower_space():
    model = opened(Tiny("electra", seed=145, head=Head.MASKED_WORD))
    captured, _ = record(model, ids_of(6), position=2)
    assert captured.head.dense.shape == captured.head.activation.shape == (16,)
    agree(captured.head.activation, torch.nn.functional.gelu(captured.head.dense), FLOAT64)
    assert captured.logits.shape == (40,)
