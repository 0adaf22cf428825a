from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.trust.end_labels import spread

places = st.lists(st.floats(0, 100), min_size=1, max_size=12).map(sorted)


def test_labels_with_room_stay_where_they_are():
    assert spread([10, 40, 90], 12, 0, 100) == [10, 40, 90]


def test_two_at_one_place_part_by_half_each():
    assert spread([50, 50], 12, 0, 100) == pytest.approx([44, 56])


def test_a_crowd_moves_together_and_leaves_the_others_alone():
    assert spread([10, 50, 50, 56], 12, 0, 100) == pytest.approx([10, 40, 52, 64])


def test_nothing_leaves_the_room():
    assert spread([0, 0, 0], 10, 0, 100) == pytest.approx([0, 10, 20])
    assert spread([100, 100], 10, 0, 100) == pytest.approx([90, 100])


def test_more_than_fit_stand_at_equal_distances():
    assert spread([5, 5, 5], 10, 0, 12) == pytest.approx([0, 6, 12])
    assert spread([], 10, 0, 12) == []


@given(places, st.floats(1, 8))
def test_kept_apart_in_order_and_inside(wishes, gap):
    found = spread(wishes, gap, 0, 100)
    assert all(below - above >= gap - 1e-6 for above, below in itertools.pairwise(found))
    assert min(found) >= -1e-9
    assert max(found) <= 100 + 1e-9


@given(places, st.floats(1, 8), st.data())
def test_no_other_arrangement_is_nearer(wishes, gap, data):
    found = spread(wishes, gap, 0, 100)
    steps = data.draw(st.lists(st.floats(-3, 3), min_size=len(wishes), max_size=len(wishes)))
    other = [place + step for place, step in zip(found, steps, strict=True)]
    is_allowed = all(b - a >= gap for a, b in itertools.pairwise(other))
    if is_allowed and min(other) >= 0 and max(other) <= 100:

        def cost(places):
            return sum((place - wish) ** 2 for place, wish in zip(places, wishes, strict=True))

        assert cost(other) >= cost(found) - 1e-6
