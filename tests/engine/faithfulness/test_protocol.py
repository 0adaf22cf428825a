"""The published protocols, number by number."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import MethodError
from engine.faithfulness.protocol import DELETE, DELETE_MONOTONE, MASK, PROTOCOLS, Taking, find

EVERY = pytest.mark.parametrize("rules", PROTOCOLS, ids=lambda rules: rules.id)
UNITS = st.integers(1, 600)


def test_a_protocol_is_found_by_its_id():
    assert [find(rules.id) for rules in PROTOCOLS] == list(PROTOCOLS)
    assert [rules.id for rules in PROTOCOLS] == ["mask", "delete", "delete-monotone"]


@pytest.mark.parametrize("wrong", ["", "Mask", "mask ", "erase", "delete_monotone"])
def test_an_unknown_one_is_refused_naming_the_known(wrong):
    with pytest.raises(MethodError) as refused:
        find(wrong)
    assert refused.value.hint == "Known: mask, delete, delete-monotone."
    assert f"“{wrong}”" in refused.value.message


# How many are taken away.


@pytest.mark.parametrize(
    ("units", "wanted"),
    [
        (1, (0, 0, 0, 0, 0, 0, 0, 0, 0)),
        (2, (0, 0, 0, 0, 1, 1, 1, 1, 1)),
        (6, (0, 1, 1, 2, 3, 3, 4, 4, 5)),
        (10, (1, 2, 3, 4, 5, 6, 7, 8, 9)),
        (90, (9, 18, 27, 36, 45, 54, 62, 72, 81)),  # 90 * 0.7 is 62.999…: 62, as the published code has it
    ],
)
def test_masking_takes_nine_shares_rounded_down(units, wanted):
    assert MASK.most(units) == MASK.least(units) == wanted


def test_floating_point_takes_one_unit_less_at_ninety_and_nowhere_else_below_that():
    less = [
        (units, tenth)
        for units in range(1, 127)
        for tenth, taken in enumerate(MASK.most(units), 1)
        if taken != math.floor(Fraction(units * tenth, 10))
    ]
    assert less == [(90, 7)]


@pytest.mark.parametrize(
    ("units", "wanted"),
    [
        (1, (0, 1, 1, 1, 1, 1)),
        (2, (0, 1, 1, 1, 1, 1)),
        (6, (0, 1, 1, 1, 2, 3)),
        (20, (0, 1, 1, 2, 4, 10)),
        (100, (0, 1, 5, 10, 20, 50)),
        (101, (0, 2, 6, 11, 21, 51)),
    ],
)
@pytest.mark.parametrize("rules", [DELETE, DELETE_MONOTONE], ids=lambda rules: rules.id)
def test_deleting_takes_bins_rounded_up_and_keeps_as_many(rules, units, wanted):
    assert rules.most(units) == wanted
    assert rules.least(units) == tuple(units - kept for kept in wanted)


@given(UNITS)
def test_bins_are_the_exact_shares_rounded_up(units):
    exact = [math.ceil(Fraction(units * percent, 100)) for percent in (0, 1, 5, 10, 20, 50)]
    assert list(DELETE.most(units)) == exact


@EVERY
@given(units=UNITS)
def test_never_more_than_there_are_and_ever_further(rules, units):
    for counts, direction in ((rules.most(units), 1), (rules.least(units), 1 if rules is MASK else -1)):
        assert all(0 <= count <= units for count in counts)
        assert list(counts) == sorted(counts, reverse=direction < 0)


def test_only_masking_leaves_a_token_in_the_place():
    assert [rules.taking for rules in PROTOCOLS] == [Taking.MASK, Taking.DELETE, Taking.DELETE]


# Which go first.


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [(MASK, [3, 1, 4, 2, 0]), (DELETE, [1, 3, 0, 2, 4]), (DELETE_MONOTONE, [1, 3, 0, 2, 4])],
    ids=lambda value: getattr(value, "id", ""),
)
def test_equally_important_units_go_as_the_published_code_sorts_them(rules, wanted):
    assert rules.order(np.array([0.0, 2.0, 0.0, 2.0, 0.0])).tolist() == wanted


@EVERY
@given(st.lists(st.integers(-3, 3), min_size=1, max_size=20))
def test_an_order_falls_and_names_every_unit_once(rules, scores):
    order = rules.order(np.array(scores, dtype=float))
    assert sorted(order.tolist()) == list(range(len(scores)))
    assert (np.diff(np.array(scores)[order]) <= 0).all()


# What is read off.


def test_the_mean_fall_over_nine_shares_may_be_negative():
    left = np.array([0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.9, 0.9])
    fall = (0.1 + 0.2 + 0.3 + 0.4 + 0.5 + 0.6 + 0.7 - 0.1 - 0.1) / 9
    assert MASK.score_most(0.8, left) == pytest.approx(fall, abs=1e-15)
    assert MASK.score_least(0.8, left) == pytest.approx(fall, abs=1e-15)
    assert MASK.score_most(0.2, np.full(9, 0.8)) == pytest.approx(-0.6, abs=1e-15)


def test_the_empty_bin_counts_in_the_mean_but_never_in_the_sum():
    left = np.array([0.123, 0.7, 0.5, 0.6, 0.2, 0.4])
    fall = (0.1 + 0.3 + 0.2 + 0.6 + 0.4) / 6
    assert DELETE.score_most(0.8, left) == pytest.approx(fall, abs=1e-15)
    assert DELETE.score_least(0.8, left) == pytest.approx(fall, abs=1e-15)


def test_what_runs_on_never_rises_again_nor_falls_as_more_is_kept():
    left = np.array([0.8, 0.7, 0.5, 0.6, 0.2, 0.4])
    # 0.8, 0.7, 0.5, 0.5, 0.2, 0.2
    assert DELETE_MONOTONE.score_most(0.8, left) == pytest.approx((0.1 + 0.3 + 0.3 + 0.6 + 0.6) / 6, abs=1e-15)
    kept = np.array([0.3, 0.2, 0.5, 0.4, 0.9, 0.6])
    # 0.3 with nothing kept, then 0.3, 0.5, 0.5, 0.9, 0.9
    assert DELETE_MONOTONE.score_least(0.8, kept) == pytest.approx((0.5 + 0.3 + 0.3 - 0.1 - 0.1) / 6, abs=1e-15)


@EVERY
def test_a_probability_that_never_moves_scores_nothing(rules):
    steps = len(rules.most(10))
    assert rules.score_most(0.7, np.full(steps, 0.7)) == rules.score_least(0.7, np.full(steps, 0.7)) == 0


@EVERY
def test_what_is_shown_says_something(rules):
    assert rules.label
    assert rules.sentence.endswith(".")
    assert rules.metric_most != rules.metric_least
