"""Attention rollout."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import MethodError
from tests.engine.models import Tiny, explain, ids_of
from tests.tolerances import FLOAT64, agree

MODEL = Tiny("bert", layers=3, seed=31)


def _rollout(residual, **request):
    return explain(MODEL, "rollout", ids=ids_of(8), parameters=(("residual", residual),), **request)


def test_every_map_is_half_attention_and_half_the_word_itself():
    found = explain(MODEL, "rollout", ids=ids_of(8))
    agree(found.layer_maps, 0.5 * found.attention.mean(1) + 0.5 * np.eye(8), FLOAT64)
    first, second, third = found.layer_maps
    agree(found.rollout, np.stack([first, second @ first, third @ second @ first]), FLOAT64)
    assert np.array_equal(found.scores, found.rollout[-1, 0])


def test_rows_sum_to_one_in_every_layer():
    found = explain(MODEL, "rollout", ids=ids_of(8))
    agree(found.rollout.sum(-1), np.ones((3, 8)), FLOAT64)


def test_with_nothing_kept_it_is_the_product_of_attention_and_with_all_kept_nothing_moves():
    agree(_rollout("0").rollout, explain(MODEL, "attention", ids=ids_of(8)).rollout, FLOAT64)
    agree(_rollout("1").rollout, np.stack([np.eye(8)] * 3), FLOAT64)


@pytest.mark.parametrize("residual", ["1.01", "-0.1", "nan", "half", ""])
def test_a_residual_that_is_no_part_is_refused(residual):
    with pytest.raises(MethodError, match="residual"):
        _rollout(residual)


@pytest.mark.parametrize("first", [0, 1, 2])
def test_layers_before_the_first_one_used_pass_everything_straight_on(first):
    found = explain(MODEL, "rollout", ids=ids_of(8), parameters=(("start_layer", str(first)),))
    whole = explain(MODEL, "rollout", ids=ids_of(8)).layer_maps
    agree(found.layer_maps, np.stack([np.eye(8)] * first + list(whole[first:])), FLOAT64)
    product = np.linalg.multi_dot([np.eye(8), *whole[first:][::-1]])
    agree(found.rollout[-1], product, FLOAT64)
    agree(found.flow.nodes[0], product[0], FLOAT64)
    assert (found.flow.nodes[: first + 1] == found.flow.nodes[0]).all()


def test_past_the_last_layer_means_the_last():
    far, last = (explain(MODEL, "rollout", ids=ids_of(8), parameters=(("start_layer", at),)) for at in ("99", "2"))
    assert np.array_equal(far.rollout, last.rollout)
