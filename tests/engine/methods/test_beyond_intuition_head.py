"""BT-head: against a second writing with one scaling and one head at a time, and what must hold of its weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.contract import Head
from tests.engine.models import MEAN, Tiny, explain, ids_of
from tests.engine.slow_gradients import SlowModel, apart, beyond_intuition
from tests.tolerances import agree

METHOD = "beyond_intuition_head"
IDS = ids_of(8)
MODELS = [
    Tiny("bert", layers=3, seed=41),
    Tiny("distilbert", layers=2, seed=42),
    Tiny("electra", layers=2, seed=43, head=Head.TOKEN_CLASSIFICATION),
    Tiny("roberta", layers=2, seed=44, head=Head.MASKED_WORD),
    Tiny("modernbert", layers=2, seed=45, extras=MEAN),
]


def weighted(attention: torch.Tensor, gradients: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Head weights and C of one layer, entry by entry: M = A^T G with the transpose on A."""
    heads, tokens, _ = attention.shape
    importance = torch.zeros(heads, dtype=torch.float64)
    for head in range(heads):
        for source in range(tokens):
            for other in range(tokens):
                importance[head] += abs(float(attention[head, :, source] @ gradients[head, :, other])) / tokens**2
    weights = importance / importance.sum()
    return weights, sum(weight * attention[head] for head, weight in enumerate(weights))


@pytest.mark.parametrize(("target", "against"), [(0, -1), (2, 1)])
@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_scores_equal_the_second_writing(model, start, target, against):
    request = {"target": target} | ({} if against < 0 else {"against": against})
    settings = (("steps", "5"), ("start_layer", str(start)))
    found = explain(model, METHOD, ids=IDS, parameters=settings, **request)
    slow = SlowModel(model, IDS)
    gradients = slow.gradients(target, against)
    pairs = [weighted(slow.attention[layer], gradients[layer]) for layer in range(start, model.layers)]
    product, scores = beyond_intuition(slow, [maps for _, maps in pairs], slow.feedback(target, against, 5))
    agree(found.scores, scores, apart(model, 1e-9))
    agree(found.rollout[-1], product, apart(model, 1e-9))
    agree(found.extra["head_weights"][start:], torch.stack([weights for weights, _ in pairs]), apart(model, 1e-9))
    assert not found.extra["head_weights"][:start].any()


def test_weights_sum_to_one_and_belong_to_the_class():
    one, other = (
        explain(MODELS[0], METHOD, ids=IDS, target=target, parameters=(("start_layer", "0"),)) for target in (0, 1)
    )
    assert np.abs(one.extra["head_weights"].sum(1) - 1).max() < 1e-12
    assert np.abs(one.extra["head_weights"] - other.extra["head_weights"]).max() > 1e-3


def test_by_default_only_the_last_layer_is_used():
    found = explain(MODELS[0], METHOD, ids=IDS)
    assert not found.layer_maps[:-1].any()
    assert np.abs(found.layer_maps[-1].sum(-1) - 1).max() < 1e-12  # a mixture of attention rows
    assert np.array_equal(found.rollout[0], np.eye(len(IDS)))
