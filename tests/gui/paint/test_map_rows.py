from __future__ import annotations

import numpy as np
import pytest

from gui.paint.map_rows import (
    map_look,
    map_rows,
    reduced,
    reduced_signed,
    scale_top,
    shares_between,
    step_for,
    strongest_in,
)
from gui.state import Hover, ViewState
from tests.gui import samples


def test_rows_sum_to_one_whatever_is_merged_or_hidden():
    explanation = samples.explanation("A remarkable and unforgettable film")
    for view in (ViewState(), ViewState(whole_words=False), ViewState(show_special=False)):
        rows = map_rows(explanation, view)
        shares = shares_between(explanation.attention, rows)
        assert shares.shape == (6, 4, len(rows), len(rows))
        np.testing.assert_allclose(shares.sum(-1), 1)


def test_a_row_of_nothing_stays_nothing():
    rows = map_rows(samples.explanation("Yes"), ViewState())
    shares = shares_between(np.diag([2.0, 0.0, 3.0]), rows)
    assert shares.tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 1]]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(bad):
    rows = map_rows(samples.explanation("Yes"), ViewState())
    mixing = np.ones((3, 3))
    mixing[1, 2] = bad
    with pytest.raises(ValueError, match="not finite"):
        shares_between(mixing, rows)


def test_the_explained_word_stays_though_special_words_are_hidden():
    made = samples.filling("The [MASK] sat")
    gap = made.position
    special = tuple(
        type(token)(**{**{f: getattr(token, f) for f in token.__slots__}, "is_special": True})
        if index == gap
        else token
        for index, token in enumerate(made.tokens)
    )
    rows = map_rows(samples.filling("The [MASK] sat", tokens=special), ViewState(show_special=False))
    assert rows.row_of(gap) is not None
    assert rows.names[rows.row_of(gap)].startswith("▸ ")
    assert "[CLS]" in rows.hidden


def test_where_only_special_words_are_nothing_is_hidden():
    made = samples.explanation("")
    assert map_rows(made, ViewState(show_special=False)).labels == ("[CLS]", "[SEP]")


def test_the_same_choices_are_the_same_rows():
    made = samples.explanation()
    assert map_rows(made, ViewState(layer=1)) is map_rows(made, ViewState(layer=2, hover=Hover(3)))
    assert map_look(ViewState(hover=Hover(3), coverage=0.5, view="heads")) == ViewState()
    assert map_look(ViewState(head=3)) != ViewState()


@pytest.mark.parametrize(("count", "step"), [(7, 1), (7, 2), (7, 3), (8, 4), (5, 9)])
def test_a_cell_for_many_words_is_as_strong_as_its_strongest(count, step):
    shares = np.random.default_rng(count).random((2, count, count))
    small = reduced(shares, step)
    slow = [
        [[block[a : a + step, b : b + step].max() for b in range(0, count, step)] for a in range(0, count, step)]
        for block in shares
    ]
    np.testing.assert_array_equal(small, slow)
    row, column = strongest_in(shares[0], (0, 0), step)
    assert shares[0, row, column] == small[0, 0, 0]


def test_a_signed_cell_for_many_words_is_the_one_furthest_from_zero():
    shares = np.array([[0.1, -0.4, 0.2], [0.3, 0.0, -0.1], [-0.2, 0.2, 0.0]])
    np.testing.assert_array_equal(reduced_signed(shares, 2), [[-0.4, 0.2], [0.2, 0.0]])
    np.testing.assert_array_equal(reduced_signed(shares, 1), shares)


def test_no_cell_is_smaller_than_a_pixel():
    assert [step_for(100, pixels) for pixels in (200, 100, 99, 50, 1)] == [1, 1, 2, 2, 100]


@pytest.mark.parametrize(
    ("most", "top"), [(0.004, 0.01), (0.05, 0.05), (0.1, 0.1), (0.12, 0.2), (0.21, 0.25), (0.3, 0.5), (0.51, 1), (1, 1)]
)
def test_the_scale_ends_at_a_round_number(most, top):
    assert scale_top([np.full((4, 4), most)]) == top
    assert scale_top([np.full((4, 4), most)], locked=0.3) == 0.3


def test_the_scale_forgives_the_largest_twentieth():
    shares = np.full((20, 20), 0.05)
    shares[0, :15] = 0.9
    assert scale_top([shares]) == 0.05
    shares[:2, :11] = 0.9
    assert scale_top([shares]) == 1.0


def test_cells_of_many_words_get_more_digits():
    rows = map_rows(samples.explanation("Yes"), ViewState())
    words = [rows.cell_words(value, 0, 1) for value in (0.31, 0.004, 0.0001, 0.0)]
    assert words == ["Yes to [CLS]: 0.31", "Yes to [CLS]: 0.004", "Yes to [CLS]: <0.001", "Yes to [CLS]: 0.00"]
