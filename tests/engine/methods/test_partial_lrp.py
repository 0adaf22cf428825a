"""Partial LRP: one layer's relevance, its positive part averaged over heads."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.contract import Head
from engine.relevance import propagate
from tests.engine.models import Tiny, explain, ids_of
from tests.engine.test_relevance import given_for
from tests.tolerances import agree

METHOD = "partial_lrp"
IDS = ids_of(7)
MODELS = [Tiny("bert", layers=3, seed=95), Tiny("electra", layers=3, seed=96, head=Head.TOKEN_CLASSIFICATION)]


@pytest.mark.parametrize("rules", ["ours", "orig"])
@pytest.mark.parametrize("layer", [0, 1, 2])
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_scores_are_the_positive_relevance_of_one_layer(model, layer, rules):
    found = explain(model, METHOD, ids=IDS, parameters=(("rules", rules), ("start_layer", str(layer))))
    with torch.no_grad():
        every = propagate(given_for(model), torch.eye(3, dtype=torch.float64), rules).attention[layer]
    position = model.position or 0
    for target in range(3):
        wanted = sum(torch.relu(head[position]) for head in every[target]) / model.heads
        wanted[position] = 0
        agree(found.scores_all[target], wanted)
    assert np.array_equal(found.scores, found.scores_all[found.target])
    assert found.layer_maps is None


def test_by_default_the_plain_rules_and_the_last_layer():
    default = explain(MODELS[0], METHOD, ids=IDS)
    asked = explain(MODELS[0], METHOD, ids=IDS, parameters=(("rules", "orig"), ("start_layer", "2")))
    assert np.array_equal(default.scores, asked.scores)
    other = explain(MODELS[0], METHOD, ids=IDS, parameters=(("rules", "ours"),))
    assert np.abs(default.scores - other.scores).max() > 1e-3
