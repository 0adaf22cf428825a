"""The explained number: a logit or a probability."""

from __future__ import annotations

import numpy as np
import pytest

from engine.contract import Head
from engine.errors import MethodError
from tests.engine.models import Tiny, explain, ids_of
from tests.tolerances import FLOAT64, agree

MODEL = Tiny("bert", seed=401, extras=(("mask_token_id", 4),))
BARE = Tiny("bert", seed=402)
WITHOUT_SOFTMAX = [
    Tiny("bert", seed=403, problem="multi_label_classification"),
    Tiny("roberta", seed=404, labels=1, problem="regression"),
    Tiny("distilbert", seed=405, head=Head.STATE),
]
PROB = (("output", "prob"),)


def test_probabilities_of_all_answers_add_up_so_what_they_lose_does_too():
    found = explain(MODEL, "occlusion", ids=ids_of(6), parameters=PROB)
    assert np.abs(found.scores_all.sum(0)).max() < FLOAT64  # what one answer loses the others gain
    agree(found.scores, found.scores_all[found.target], FLOAT64)
    assert found.unit == "probability"


@pytest.mark.parametrize("method", ["gradient", "gradient_x_input", "integrated_gradients", "occlusion"])
@pytest.mark.parametrize("model", WITHOUT_SOFTMAX, ids=str)
def test_a_model_without_probabilities_is_told_so(model, method):
    parameters = (*PROB, ("replace", "delete")) if method == "occlusion" else PROB
    with pytest.raises(MethodError, match="no probabilities"):
        explain(model, method, ids=ids_of(6), parameters=parameters)


@pytest.mark.parametrize(
    ("method", "parameters", "other"),
    [("occlusion", (), "replace=delete"), ("integrated_gradients", (("baseline", "mask"),), "baseline=zero")],
)
def test_a_model_without_a_mask_token_is_told_what_to_set(method, parameters, other):
    with pytest.raises(MethodError, match=other):
        explain(BARE, method, ids=ids_of(6), parameters=parameters)
