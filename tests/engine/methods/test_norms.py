"""Vector norms: against a second writing with every vector formed."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.contract import Head
from tests.engine import second_writing
from tests.engine.models import UNBIASED, Tiny, explain, ids_of, opened
from tests.tolerances import FLOAT64, OF, agree

MODELS = [
    Tiny("bert", layers=3, seed=31),
    Tiny("roberta", layers=2, seed=32, heads=1),
    Tiny("albert", layers=3, seed=33),
    Tiny("modernbert", layers=3, seed=34),
    Tiny("modernbert", seed=35, head=Head.STATE, extras=UNBIASED),
]
VECTORS = {"N": "attention_values", "N_Res": "residual_1", "N_ResLN": "layernorm_1"}


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("chosen", VECTORS)
@pytest.mark.parametrize("model", MODELS, ids=str)
@torch.no_grad()
def test_maps_and_ratios_equal_those_of_the_full_tensors(model, chosen, dtype):
    ids = ids_of(9)
    found = explain(model, "norms", dtype, ids=ids, parameters=(("map", chosen),))
    reading = second_writing.read(opened(model).model, ids)
    vectors = [second_writing.component_vectors(layer)[VECTORS[chosen]] for layer in reading.layers]
    agree(found.layer_maps, torch.stack([one.norm(dim=-1) for one in vectors]), OF[dtype])
    agree(found.extra["mixing_ratio"], torch.stack([second_writing.mixing_ratio(one) for one in vectors]), OF[dtype])


@pytest.mark.parametrize("epsilon", ["model", "none"])
@pytest.mark.parametrize("chosen", VECTORS)
def test_the_rollout_multiplies_rows_of_shares(chosen, epsilon):
    found = explain(MODELS[0], "norms", ids=ids_of(8), parameters=(("map", chosen), ("epsilon", epsilon)))
    first, second, third = found.layer_maps / found.layer_maps.sum(-1, keepdims=True)
    agree(found.rollout, np.stack([first, second @ first, third @ second @ first]), FLOAT64)
    assert np.array_equal(found.scores, found.rollout[-1, 0])


@torch.no_grad()
def test_the_epsilon_is_left_out_where_asked():
    model, ids = MODELS[1], ids_of(7)  # RoBERTa's epsilon is large enough to be seen
    found = explain(model, "norms", ids=ids, parameters=(("epsilon", "none"),))
    reading = second_writing.read(opened(model).model, ids)
    wanted = []
    for layer in reading.layers:
        bare = torch.sqrt(layer.sigma_1**2 - opened(model).model.config.layer_norm_eps)
        norms = second_writing.component_vectors(layer)["layernorm_1"].norm(dim=-1)
        wanted.append(norms * (layer.sigma_1 / bare)[:, None])
    agree(found.layer_maps, torch.stack(wanted), FLOAT64)
    assert not np.array_equal(found.layer_maps, explain(model, "norms", ids=ids).layer_maps)
