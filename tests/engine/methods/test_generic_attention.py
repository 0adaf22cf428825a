"""Generic attention: against a second writing by the paper's equations, through all layers and along the path."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.contract import Head
from tests.engine.models import MEAN, Tiny, explain, ids_of
from tests.engine.slow_gradients import SlowModel, apart
from tests.tolerances import agree

METHOD = "generic_attention"
IDS = ids_of(8)
MODELS = [
    Tiny("bert", layers=3, seed=51),
    Tiny("albert", layers=3, seed=52),
    Tiny("bert", layers=2, seed=53, head=Head.MASKED_WORD),
    Tiny("modernbert", layers=2, seed=54, extras=MEAN),
]


@pytest.mark.parametrize(("target", "against"), [(0, -1), (2, 1)])
@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_scores_equal_the_second_writing(model, start, target, against):
    request = {"target": target} | ({} if against < 0 else {"against": against})
    found = explain(model, METHOD, ids=IDS, parameters=(("start_layer", str(start)),), **request)
    slow = SlowModel(model, IDS)
    gradients = slow.gradients(target, against)
    relevance = torch.eye(len(IDS), dtype=torch.float64)
    for layer in range(start, model.layers):
        helpful = torch.relu(gradients[layer] * slow.attention[layer]).mean(0)  # equation 5
        relevance = relevance + helpful @ relevance  # equation 6
        agree(found.layer_maps[layer], helpful, apart(model, 1e-9))
        agree(found.rollout[layer], relevance, apart(model, 1e-9))
    agree(found.scores, slow.read(relevance), apart(model, 1e-9))


def test_several_steps_average_the_gradient():
    model, steps = MODELS[0], 4
    found = explain(model, METHOD, ids=IDS, target=0, parameters=(("steps", str(steps)), ("start_layer", "0")))
    slow = SlowModel(model, IDS)
    along = [slow.gradients(0, scale=step / (steps - 1)) for step in range(steps)]
    for layer in range(model.layers):
        mean = sum(gradients[layer] for gradients in along) / steps
        agree(found.layer_maps[layer], torch.relu(mean * slow.attention[layer]).mean(0))


def test_by_default_one_step_and_the_last_layer():
    default = explain(MODELS[0], METHOD, ids=IDS)
    asked = explain(MODELS[0], METHOD, ids=IDS, parameters=(("steps", "1"), ("start_layer", "-1")))
    assert np.array_equal(default.scores, asked.scores)
    assert not default.layer_maps[:-1].any()
