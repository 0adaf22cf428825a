from __future__ import annotations

import pytest

from gui.paint.flow_layers import column_names, group_numbers, nearest_boundary, place_words, step_words
from gui.state import Grouping, boundaries_of


def test_every_layer_has_its_own_name():
    full, short = column_names(range(4), thirds=False)
    assert full == ("words in", "layer 1", "layer 2", "layer 3")
    assert short == ("in", "1", "2", "3")


def test_groups_are_called_by_their_layers_and_a_lone_last_one_by_its_own():
    boundaries = boundaries_of(Grouping.TWOS, 7)
    full, short = column_names(boundaries, thirds=False)
    assert full == ("words in", "layers 1–2", "layers 3–4", "layers 5–6", "layer 7")
    assert short == ("in", "1–2", "3–4", "5–6", "7")
    assert group_numbers(boundaries) == ["1–2", "3–4", "5–6", "7"]


def test_thirds_have_names_and_their_layers():
    full, _ = column_names(boundaries_of(Grouping.THIRDS, 12), thirds=True)
    assert full == ("words in", "early (1–4)", "middle (5–8)", "late (9–12)")


def test_in_a_sentence():
    boundaries = (0, 2, 4, 5)
    assert [step_words(boundaries, step) for step in range(3)] == ["layers 1–2", "layers 3–4", "layer 5"]
    assert [place_words(boundaries, index) for index in range(3)] == ["coming in", "after layer 2", "after layer 4"]


@pytest.mark.parametrize(("boundary", "index"), [(0, 0), (1, 0), (2, 0), (3, 1), (4, 1), (9, 2), (12, 3)])
def test_a_boundary_belongs_to_the_closest_column(boundary, index):
    assert nearest_boundary((0, 4, 8, 12), boundary) == index
