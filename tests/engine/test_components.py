"""Component maps: against the second writing with every vector formed."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine import components, gram
from engine.context import RunContext
from engine.contract import ATTENTION_COMPONENTS, COMPONENTS, FEED_FORWARD_COMPONENTS
from engine.errors import Cancelled
from tests.engine import second_writing
from tests.engine.models import UNBIASED, Tiny, explain, ids_of, opened, record
from tests.tolerances import FLOAT64, OF, agree

MODELS = [Tiny("bert", layers=2, seed=61), Tiny("roberta", layers=3, seed=62, act="relu", heads=1)]
KINDS = [
    *MODELS,
    Tiny("distilbert", seed=63),
    Tiny("electra", seed=64, act="silu"),
    Tiny("albert", layers=3, seed=65),
    Tiny("modernbert", layers=3, seed=66),
    Tiny("modernbert", layers=2, seed=67, extras=UNBIASED),
]
IDS = ids_of(9)


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("model", KINDS, ids=str)
@torch.no_grad()
def test_all_seven_are_the_norms_of_the_full_tensors(model, dtype):
    layers = tuple(range(model.layers))
    found = explain(model, "attention", dtype, ids=IDS, feed_forward_layers=layers).components
    reading = second_writing.read(opened(model).model, IDS)
    assert set(COMPONENTS) == set(found.maps) | set(found.feed_forward)
    for layer in layers:
        wanted = second_writing.component_maps(reading.layers[layer])
        for name in COMPONENTS:
            agree(found.layer_map(name, layer), wanted[name], OF[dtype])


def test_a_pre_norm_layer_ends_with_its_second_residual():
    found = explain(KINDS[5], "attention", ids=IDS, feed_forward_layers=(0, 1, 2)).components
    assert np.array_equal(found.feed_forward["layer"], found.feed_forward["residual_2"])


@pytest.mark.parametrize("pairs", [1, 9, 20, 10_000])
def test_the_size_of_a_chunk_changes_no_number(monkeypatch, pairs):
    _, network = record(opened(MODELS[0]), IDS)
    wanted = components.feed_forward_components(network.blocks[0], RunContext())
    monkeypatch.setattr(components, "PAIRS_AT_ONCE", pairs)
    found = components.feed_forward_components(network.blocks[0], RunContext())
    for name in FEED_FORWARD_COMPONENTS:
        agree(found[name], wanted[name], FLOAT64)


@pytest.mark.parametrize("sources", [1, 4, 100])
def test_the_number_of_sources_at_once_changes_no_number(monkeypatch, sources):
    _, network = record(opened(MODELS[0]), IDS)
    wanted = components.attention_components(network, RunContext())
    monkeypatch.setattr(gram, "SOURCES_AT_ONCE", sources)
    found = components.attention_components(network, RunContext())
    for name in ATTENTION_COMPONENTS:
        agree(found[name], wanted[name], FLOAT64)


def test_they_are_the_same_whatever_the_method():
    one, other = (explain(MODELS[0], method, ids=IDS).components for method in ("decompx", "rollout"))
    for name in ATTENTION_COMPONENTS:
        assert np.array_equal(one.maps[name], other.maps[name])


def test_the_last_three_are_made_for_the_layers_asked_for_only():
    made = explain(MODELS[1], "attention", ids=IDS, feed_forward_layers=(2,)).components
    assert made.feed_forward_layers == (2,)
    assert made.layer_map("layer", 2) is not None
    assert made.layer_map("layer", 0) is None
    assert made.layer_map("residual_1", 0).shape == (9, 9)
    assert explain(MODELS[1], "attention", ids=IDS).components.feed_forward["layer"].shape == (0, 9, 9)


def test_layers_the_model_lacks_are_left_out():
    made = explain(MODELS[1], "attention", ids=IDS, feed_forward_layers=(-1, 1, 7)).components
    assert made.feed_forward_layers == (1,)


def test_each_stops_when_no_longer_wanted():
    _, network = record(opened(MODELS[0]), IDS)
    context = RunContext()
    context.cancel()
    with pytest.raises(Cancelled):
        components.attention_components(network, context)
    with pytest.raises(Cancelled):
        components.feed_forward_components(network.blocks[0], context)
