"""Value zeroing: against the stock model with one row of one layer's value vectors set to zero."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.contract import Head
from engine.methods import value_zeroing as method
from tests.engine.models import FAMILIES, ROBERTAS, UNBIASED, Tiny, explain, ids_of, opened
from tests.engine.stopping import stops_everywhere
from tests.tolerances import FLOAT64, OF, agree

MODELS = [
    *(Tiny(family, layers=3, seed=471) for family in FAMILIES),
    Tiny("modernbert", layers=3, seed=472, extras=UNBIASED),
    Tiny("bert", layers=1, seed=473, heads=1, head=Head.STATE),
]
IDS = ids_of(8)
VALUES = {"distilbert": "attention.v_lin", "albert": "attention.value", "modernbert": "attn.Wqkv"}
# ModernBERT turns queries and keys in float32 whatever the dtype: the stock model's own attention rounds differently.
ROUGH = 1e-5


def distances(model, ids):
    """Cosine distances [layer, receiver, source], one stock pass per layer and token."""
    layers = opened(model).layers
    real = _leaving(model, ids)
    tokens = len(ids)
    made = torch.zeros(len(layers), tokens, tokens, dtype=torch.float64)
    for layer in range(len(layers)):
        for source in range(tokens):
            turned = _leaving(model, ids, layer, source)[layer]
            made[layer, :, source] = 1 - torch.cosine_similarity(turned.double(), real[layer].double(), dim=-1)
    return made


def _leaving(model, ids, layer=-1, source=-1):
    """States leaving every layer, with the value vectors of one token zeroed in one layer."""
    layers, left, valued = opened(model).layers, [], []

    def zero(_module, _inputs, output):
        valued.append(True)
        if len(valued) != layer + 1:  # a family may run one module for several layers
            return None
        output = output.clone()
        size = output.shape[-1] // 3 if model.family == "modernbert" else output.shape[-1]
        output[:, source, -size:] = 0
        return output

    handles = []
    for module in dict.fromkeys(parts.layer for parts in layers):
        value = module.get_submodule(VALUES.get(model.family, "attention.self.value"))
        handles.append(value.register_forward_hook(zero))
        handles.append(module.register_forward_hook(lambda _m, _i, output: left.append(output[0])))
    try:
        opened(model).model(torch.tensor([ids]))
    finally:
        for handle in handles:
            handle.remove()
    return left


@pytest.mark.parametrize("model", MODELS, ids=str)
@torch.no_grad()
def test_distances_and_maps_are_those_of_the_stock_model(model):
    found = explain(model, "value_zeroing", ids=IDS)
    wanted = distances(model, IDS)
    told = ROUGH if model.family == "modernbert" else FLOAT64
    agree(found.extra["cosine_distance"], wanted, told)
    agree(found.layer_maps, wanted / wanted.sum(-1, keepdim=True), told)


@pytest.mark.parametrize("dtype", OF)
def test_the_rollout_is_the_plain_product_and_its_last_row_the_scores(dtype):
    found = explain(MODELS[0], "value_zeroing", dtype, ids=IDS)
    first, second, third = found.layer_maps
    agree(found.rollout, np.stack([first, second @ first, third @ second @ first]), OF[dtype])
    assert np.array_equal(found.scores, found.rollout[-1, 0])
    assert found.flow.from_map


@pytest.mark.parametrize("model", MODELS[:1], ids=str)
def test_small_turns_keep_their_digits_in_float32(model):
    # As often as needed to be told apart by one per cent: 1 - cos in float32 knows nothing below 1e-7.
    exact = explain(model, "value_zeroing", ids=IDS).extra["cosine_distance"]
    found = explain(model, "value_zeroing", "float32", ids=IDS).extra["cosine_distance"]
    small = (exact > 1e-8) & (exact < 1e-2 * exact.max())
    assert small.any()
    assert (np.abs(found - exact)[small] <= 0.01 * exact[small]).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_padding_gives_nothing(family):
    model = Tiny(family, layers=2, seed=474)
    padding = 1 if family in ROBERTAS else 0
    ids, mask = (*IDS[:5], padding, padding), (1,) * 5 + (0,) * 2
    found = explain(model, "value_zeroing", ids=ids, attention_mask=mask)
    assert not found.layer_maps[:, :5, 5:].any()
    short = explain(model, "value_zeroing", ids=IDS[:5]).layer_maps
    agree(found.layer_maps[:, :5, :5], short, ROUGH if family == "modernbert" else FLOAT64)


def test_a_window_gives_exactly_nothing_beyond_it():
    model = Tiny("modernbert", layers=3, seed=475)
    found = explain(model, "value_zeroing", ids=IDS)
    unseen = found.attention.max(1) == 0  # [layer, receiver, source]
    assert unseen.any()
    assert not found.layer_maps[unseen].any()


def test_chunks_change_nothing(monkeypatch):
    whole = explain(MODELS[0], "value_zeroing", ids=IDS).layer_maps
    explain(MODELS[0], "attention", ids=IDS)  # a session keeps its last answer
    monkeypatch.setattr(method, "PAIRS_AT_ONCE", 20)
    agree(explain(MODELS[0], "value_zeroing", ids=IDS).layer_maps, whole, 1e-12)


@pytest.mark.parametrize("family", ["bert", "albert", "modernbert"])
def test_a_run_stops_in_every_batch_of_every_layer(monkeypatch, family):
    monkeypatch.setattr(method, "PAIRS_AT_ONCE", 20)  # four batches of two tokens
    model = Tiny(family, layers=2, seed=476)
    assert stops_everywhere(model, "value_zeroing", ids=IDS) >= model.layers * (2 + 4)
