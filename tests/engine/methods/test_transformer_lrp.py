"""Transformer attribution: from relevance and gradients made apart, multiplied out in loops."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine import registry
from engine.contract import Head
from engine.errors import MethodError
from engine.relevance import propagate
from tests.engine.models import Tiny, explain, ids_of
from tests.engine.slow_gradients import SlowModel
from tests.engine.test_relevance import given_for
from tests.tolerances import agree

METHOD = "transformer_lrp"
IDS = ids_of(7)
MODELS = [
    Tiny("bert", layers=3, seed=91),
    Tiny("distilbert", layers=2, seed=92),
    Tiny("albert", layers=2, seed=93, head=Head.TOKEN_CLASSIFICATION),
]


@pytest.mark.parametrize("rules", ["ours", "orig"])
@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_scores_are_the_rows_of_the_normalised_product(model, start, rules):
    settings = (("rules", rules), ("start_layer", str(start)))
    found = explain(model, METHOD, ids=IDS, target=1, parameters=settings)
    with torch.no_grad():
        relevance = propagate(given_for(model), torch.eye(3, dtype=torch.float64)[1:2], rules).attention
    slow = SlowModel(model, IDS)
    gradients = slow.gradients(1)
    product = torch.eye(len(IDS), dtype=torch.float64)
    for layer in range(start, model.layers):
        mixed = torch.eye(len(IDS), dtype=torch.float64)
        for head in range(model.heads):
            mixed += torch.relu(gradients[layer][head] * relevance[layer][0, head]) / model.heads
        product = (mixed / mixed.sum(1, keepdim=True)) @ product
    agree(found.scores, slow.read(product))
    agree(found.scores_all[1], slow.read(product))


def test_by_default_the_papers_rules_and_the_last_layer():
    default = explain(MODELS[0], METHOD, ids=IDS)
    asked = explain(MODELS[0], METHOD, ids=IDS, parameters=(("rules", "ours"), ("start_layer", "-1")))
    assert np.array_equal(default.scores, asked.scores)


@pytest.mark.parametrize("method", [METHOD, "partial_lrp"])
def test_pre_norm_models_are_refused_with_the_reason(method):
    with pytest.raises(MethodError, match="built otherwise"):
        explain(Tiny("modernbert", seed=94), method, ids=IDS)
    assert registry.find(method).unfit is registry.find(METHOD).unfit
