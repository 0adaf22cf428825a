from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.agreement import MOST_PAIRED, agreement, ranks

NUMBERS = st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=3, max_size=30)


@given(NUMBERS)
def test_as_scipy_has_it_ties_and_all(pairs):
    first, second = np.array(pairs, dtype=float).T
    found = agreement(first, second)
    assert found.count == len(pairs)
    if len(set(first)) == 1 or len(set(second)) == 1:
        assert (found.spearman, found.kendall) == (None, None)
        return
    assert found.spearman == pytest.approx(stats.spearmanr(first, second).statistic, abs=1e-12)
    assert found.kendall == pytest.approx(stats.kendalltau(first, second, variant="b").statistic, abs=1e-12)


def test_the_order_alone_counts():
    assert agreement(np.array([1.0, 2, 30]), np.array([0.1, 0.2, 0.3])).spearman == 1
    assert agreement(np.array([1.0, 2, 30]), np.array([3.0, 2, 1])).kendall == -1


def test_two_numbers_are_too_few():
    found = agreement(np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    assert (found.count, found.spearman, found.kendall) == (2, None, None)


def test_of_very_many_cells_there_is_spearmans_alone():
    numbers = np.arange(MOST_PAIRED + 1.0)
    assert agreement(numbers, numbers).kendall is None
    assert agreement(numbers, numbers).spearman == pytest.approx(1)


def test_equal_numbers_share_their_places():
    np.testing.assert_array_equal(ranks(np.array([5.0, 1, 5, 9])), [2.5, 1, 2.5, 4])
