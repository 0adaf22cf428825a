"""ALBERT: the same weights run many times, in groups; every run is a layer of its own here."""

from __future__ import annotations

import pytest
import torch

from engine.families.albert import FAMILY
from tests.engine.models import Tiny, explain, ids_of, opened, record
from tests.tolerances import FLOAT64, agree

GROUPS = "num_hidden_groups"


@pytest.mark.parametrize("act", sorted(FAMILY.served_values["hidden_act"]))
def test_every_served_activation_adds_up_to_the_logits(act):
    found = explain(Tiny("albert", act=act, seed=151), "decompx", ids=ids_of(6))
    agree(found.scores_all.sum(1) + found.bias, found.prediction.logits, FLOAT64)


@pytest.mark.parametrize(
    ("layers", "extras", "order"),
    [
        (3, ((GROUPS, 1),), [0, 0, 0]),
        (4, ((GROUPS, 2),), [0, 0, 1, 1]),
        (3, ((GROUPS, 2),), [0, 0, 1]),
        (3, ((GROUPS, 3),), [0, 1, 2]),
        (2, ((GROUPS, 1), ("inner_group_num", 2)), [0, 1, 0, 1]),
        (2, ((GROUPS, 2), ("inner_group_num", 2)), [0, 1, 2, 3]),
    ],
    ids=str,
)
def test_layers_are_listed_as_often_as_they_run(layers, extras, order):
    model = opened(Tiny("albert", layers, seed=152, extras=extras))
    own = [layer for group in model.model.albert.encoder.albert_layer_groups for layer in group.albert_layers]
    assert [own.index(parts.layer) for parts in model.layers] == order
    assert model.info.layers == len(order)
    captured, network = record(model, ids_of(6))
    assert len(network.blocks) == len(captured.attention) == len(order)
    for before, after in zip(captured.layers, captured.layers[1:], strict=False):
        assert torch.equal(before.states_out, after.states)
        assert not torch.equal(before.attention, after.attention)


def test_shared_weights_are_frozen_at_each_runs_own_values():
    _, network = record(opened(Tiny("albert", 3, seed=153, extras=((GROUPS, 1),))), ids_of(6))
    first, second, third = network.blocks
    assert first.value.weight.data_ptr() == second.value.weight.data_ptr() == third.value.weight.data_ptr()
    assert not torch.equal(first.norm_1.sigma, second.norm_1.sigma)
    assert not torch.equal(second.ratio, third.ratio)


@torch.no_grad()
def test_states_enter_as_wide_as_the_layers_however_narrow_the_embeddings():
    model = opened(Tiny("albert", seed=154))
    captured, network = record(model, ids_of(6))
    assert model.model.get_input_embeddings().weight.shape == (40, 16)
    assert network.blocks[0].states.shape == (6, 24)
    agree(captured.logits, model.model(torch.tensor([ids_of(6)])).logits[0], 1e-12)


@torch.no_grad()
def test_segments_reach_the_embeddings():
    model, ids, segments = opened(Tiny("albert", seed=155)), ids_of(6), (0, 0, 0, 1, 1, 1)
    stock = model.model(torch.tensor([ids]), token_type_ids=torch.tensor([segments])).logits[0]
    agree(record(model, ids, segments=segments)[0].logits, stock, 1e-12)
    assert not torch.allclose(record(model, ids)[0].logits, stock)


def test_the_pooler_is_a_dense_map_itself():
    model = opened(Tiny("albert", seed=156))
    captured, _ = record(model, ids_of(6))
    assert model.head.dense is model.model.albert.pooler
    agree(captured.head.activation, captured.head.dense.tanh(), FLOAT64)
