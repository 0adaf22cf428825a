"""Means and their intervals, against what is known of them."""

from __future__ import annotations

import numpy as np
import pytest

from engine.faithfulness.bootstrap import RESAMPLES, intervals, means

NAN = float("nan")


def test_means_leave_out_what_is_missing():
    values = np.array([[1.0, NAN, NAN], [2.0, 5.0, NAN], [6.0, 7.0, NAN]])
    assert np.array_equal(means(values), [3.0, 6.0, NAN], equal_nan=True)


def test_what_does_not_vary_has_no_width_and_what_is_missing_no_interval():
    low, high = intervals(np.array([[4.0, NAN, 3.0], [4.0, NAN, NAN]]), 0)
    assert np.array_equal(low, [4.0, NAN, 3.0], equal_nan=True)
    assert np.array_equal(high, low, equal_nan=True)


def test_the_interval_is_the_one_of_theory():
    values = np.random.default_rng(1).normal(2.0, 3.0, (400, 1))
    low, high = intervals(values, 7)
    half = 1.96 * values.std() / 20
    assert low[0] == pytest.approx(values.mean() - half, abs=0.03)
    assert high[0] == pytest.approx(values.mean() + half, abs=0.03)


def test_two_sentences_are_drawn_as_often_as_chance_has_it():
    # Of two sentences, the mean is at either end in a quarter of all resamples: both ends lie in the interval.
    assert [end.tolist() for end in intervals(np.array([[0.0], [1.0]]), 3)] == [[0.0], [1.0]]
    # Of six, all but one equal: the odd one comes k times with the binomial's weights; 2.5 % lie beyond 3 of 6.
    low, high = intervals(np.array([[0.0]] * 5 + [[6.0]]), 3)
    assert (low[0], high[0]) == (0.0, 3.0)


def test_measures_of_one_sentence_stay_together():
    first = np.random.default_rng(2).random((30, 1))
    low, high = intervals(np.hstack([first, first + 1, -first]), 5)
    assert np.allclose(low[1], low[0] + 1, atol=1e-12)
    assert np.allclose(high[2], -low[0], atol=1e-12)


def test_the_seed_decides():
    values = np.random.default_rng(2).random((30, 2))
    assert np.array_equal(intervals(values, 1), intervals(values, 1))
    assert not np.array_equal(intervals(values, 1), intervals(values, 2))


def test_a_sentence_counts_as_often_as_it_was_drawn_where_another_is_missing():
    low, high = intervals(np.array([[1.0], [NAN], [3.0]]), 0)
    assert 1.0 <= low[0] < high[0] <= 3.0


def test_enough_are_drawn_for_the_ends_to_be_steady():
    values = np.random.default_rng(4).random((200, 1))
    lows = [intervals(values, seed)[0][0] for seed in range(5)]
    assert np.ptp(lows) < 0.1 * values.std() / 200**0.5 * 3.92
    assert RESAMPLES >= 1000
