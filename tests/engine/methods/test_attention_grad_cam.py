"""Attention Grad-CAM: against a second writing, and zeros where nothing is left."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.contract import Head
from tests.engine.models import MEAN, Tiny, explain, ids_of
from tests.engine.slow_gradients import SlowModel, apart
from tests.tolerances import agree

METHOD = "attention_grad_cam"
IDS = ids_of(8)
MODELS = [
    Tiny("bert", layers=2, seed=61),
    Tiny("distilbert", layers=2, seed=62),
    Tiny("electra", layers=2, seed=63, head=Head.TOKEN_CLASSIFICATION),
    Tiny("modernbert", layers=2, seed=64, extras=MEAN),
]


def stretched(slow: SlowModel, target: int, against: int) -> torch.Tensor:
    """The clamped map from 0 to 1 over the whole matrix, [receiver, source]; zeros where all of it is clamped."""
    total = torch.zeros_like(slow.attention[-1][0])
    for attention, gradient in zip(slow.attention[-1], slow.gradients(target, against)[-1], strict=True):
        total += gradient.mean() * attention / len(slow.attention[-1])
    left = torch.relu(total)
    return left if left.max() == 0 else (left - left.min()) / (left.max() - left.min())


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_scores_equal_the_second_writing(model):
    slow, empty = SlowModel(model, IDS), []
    for target, against in [(0, -1), (1, -1), (2, -1), (1, 0), (0, 1)]:
        request = {"target": target} | ({} if against < 0 else {"against": against})
        found = explain(model, METHOD, ids=IDS, **request)
        wanted = stretched(slow, target, against)
        agree(found.scores, slow.read(wanted), apart(model, 1e-9))
        empty.append(not wanted.any())
        assert bool(found.extra["nothing_left"]) == empty[-1]
    assert not all(empty)


def test_where_every_head_would_lower_the_answer_all_is_zero():
    """With one head there is one weight: a class and its opposite cannot both have something left."""
    model = Tiny("bert", layers=1, seed=65, heads=1)
    found = [explain(model, METHOD, ids=IDS, target=one, against=other) for one, other in ((0, 1), (1, 0))]
    nothing = sorted((bool(each.extra["nothing_left"]), bool(each.scores.any())) for each in found)
    assert nothing == [(False, True), (True, False)]
    for each in found:
        assert np.isfinite(each.scores).all()
        assert each.scores.max() <= 1
