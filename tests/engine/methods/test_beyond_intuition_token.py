"""BT-token: against a second writing with one scaling at a time, and what must hold of its parts."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.contract import Head
from tests.engine.models import MEAN, Tiny, explain, ids_of
from tests.engine.slow_gradients import SlowModel, apart, beyond_intuition
from tests.tolerances import agree

METHOD = "beyond_intuition_token"
IDS = ids_of(9)
MODELS = [
    Tiny("bert", layers=3, seed=31),
    Tiny("roberta", layers=6, seed=32),
    Tiny("albert", layers=3, seed=33),
    Tiny("distilbert", layers=2, seed=34, head=Head.TOKEN_CLASSIFICATION),
    Tiny("electra", layers=2, seed=35, head=Head.MASKED_WORD),
    Tiny("bert", layers=2, seed=36, head=Head.STATE),
    Tiny("modernbert", layers=3, seed=37),
    Tiny("modernbert", layers=3, seed=38, extras=MEAN),
]
CASES = [(model, 0, -1) for model in MODELS]
CASES += [(model, 2, 1) for model in MODELS if model.head is not Head.STATE]


@pytest.mark.parametrize(("model", "target", "against"), CASES, ids=str)
def test_scores_equal_the_second_writing(model, target, against):
    request = {"target": target} | ({} if against < 0 else {"against": against})
    found = explain(model, METHOD, ids=IDS, parameters=(("steps", "7"),), **request)
    slow = SlowModel(model, IDS)
    first = max(0, model.layers - 4)
    maps = [slow.attention[layer].mean(0) * slow.token_ratio(layer)[None] for layer in range(first, model.layers)]
    weighing = slow.feedback(target, against, 7)
    product, scores = beyond_intuition(slow, maps, weighing)
    agree(found.scores, scores, apart(model, 1e-9))
    agree(found.rollout[-1], product, apart(model, 1e-9))
    agree(found.extra["feedback"], weighing, apart(model, 1e-9))
    assert not found.layer_maps[:first].any()
    agree(found.layer_maps[first:], torch.stack(maps), apart(model, 1e-9))


def test_perception_knows_no_class_but_feedback_does():
    one, other = (explain(MODELS[0], METHOD, ids=IDS, target=target) for target in (0, 1))
    assert np.array_equal(one.rollout, other.rollout)
    assert np.abs(one.extra["feedback"] - other.extra["feedback"]).max() > 1e-3


@pytest.mark.parametrize(("start", "same"), [("0", "-6"), ("2", "-4"), ("5", "-1"), ("-100", "0"), ("100", "5")])
def test_a_first_layer_counts_from_either_end(start, same):
    one, other = (explain(MODELS[1], METHOD, ids=IDS, parameters=(("start_layer", text),)) for text in (start, same))
    assert np.array_equal(one.scores, other.scores)
    used = one.layer_maps.any((1, 2))
    assert used.sum() == 6 - used.argmax()


def test_more_steps_change_only_the_feedback():
    few, many = (explain(MODELS[0], METHOD, ids=IDS, parameters=(("steps", steps),)) for steps in ("4", "50"))
    assert np.array_equal(few.rollout, many.rollout)
    default = explain(MODELS[0], METHOD, ids=IDS)
    near = [np.abs(found.scores - many.scores).max() for found in (few, default)]
    assert 0 < near[1] < near[0]
