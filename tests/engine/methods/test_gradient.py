"""The gradient: see also ``tests/engine/test_gradients.py``, which compares it with small changes of the model."""

from __future__ import annotations

import numpy as np
import pytest

from engine.contract import Head
from engine.errors import MethodError
from tests.engine.models import Tiny, explain, ids_of
from tests.tolerances import FLOAT64, agree

MODELS = [Tiny("bert", seed=431), Tiny("electra", seed=432, head=Head.MASKED_WORD)]


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_lengths_are_measured_in_the_order_asked_for(model):
    by_order = {
        order: explain(model, "gradient", ids=ids_of(7), parameters=(("reduce", order),)).scores
        for order in ("l1", "l2")
    }
    size = 16 if model.family == "electra" else model.hidden  # ELECTRA's words have smaller vectors
    assert (by_order["l2"] <= by_order["l1"]).all()
    assert (by_order["l1"] <= size**0.5 * by_order["l2"]).all()
    assert np.array_equal(by_order["l2"], explain(model, "gradient", ids=ids_of(7)).scores)


def test_a_masked_token_changes_nothing():
    ids, mask = ids_of(7), (1, 1, 1, 1, 1, 0, 0)
    found = explain(MODELS[0], "gradient", ids=ids, attention_mask=mask)
    assert not found.scores[5:].any()
    assert found.scores[:5].all()


def test_a_vocabulary_lists_the_answer_and_its_rival():
    found = explain(MODELS[1], "gradient", ids=ids_of(7), target=8, against=3)
    assert found.explained == (8, 3)
    assert found.scores_all.shape == (2, 7)
    agree(found.scores_all[1], explain(MODELS[1], "gradient", ids=ids_of(7), target=3).scores, FLOAT64)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_a_sum_at_the_words_own_vectors_is_refused_because_it_is_zero(model):
    with pytest.raises(MethodError, match=r"Set at=embedding\."):
        explain(model, "gradient", ids=ids_of(7), parameters=(("reduce", "sum"),))
    found = explain(model, "gradient", ids=ids_of(7), parameters=(("reduce", "sum"), ("at", "embedding")))
    assert found.signed
    assert (found.unit, found.scores.min() < 0 < found.scores.max()) == ("gradient", True)
