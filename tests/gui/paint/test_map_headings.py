from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF

from gui.figures.sizes import SIZES
from gui.paint.component_grid import component_grid
from gui.paint.component_maps import TITLES, component_maps
from gui.paint.map_headings import kept_together, map_headings
from gui.paint.palette import LIGHT
from gui.paint.typeface import Ink, width_of
from gui.state import ViewState
from tests.gui import samples
from tests.gui.pictures import inside

BOLD, QUIET = Ink(12, bold=True), Ink(10, "muted")
WORDS = tuple(TITLES.values())


def lines_of(heading) -> list[str]:
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line, _ in heading.lines]


def test_signs_and_numbers_stay_with_their_words():
    assert kept_together("Attention × values").split(" ") == ["Attention", "×\N{NO-BREAK SPACE}values"]
    assert kept_together("+ LayerNorm 1").split(" ") == ["+\N{NO-BREAK SPACE}LayerNorm\N{NO-BREAK SPACE}1"]


def test_where_there_is_room_every_heading_has_two_lines_in_the_asked_size():
    for heading, words in zip(map_headings(WORDS, (BOLD, QUIET), 400), WORDS, strict=True):
        assert lines_of(heading) == list(words)
        assert [ink for _, ink in heading.lines] == [BOLD, QUIET]


def test_narrower_letters_step_down_before_a_line_is_broken():
    widest = max(width_of(title, BOLD) for title, _ in WORDS)
    headings = map_headings([(title, "") for title, _ in WORDS], (BOLD, QUIET), 0.9 * widest)
    assert {ink.pixels for heading in headings for _, ink in heading.lines[:1]} == {10}, "one size for all titles"
    assert all(len(heading.lines) == 2 for heading in headings)


def test_narrower_still_lines_are_broken_and_nothing_is_lost():
    headings = map_headings(WORDS, (BOLD, QUIET), 84)
    assert lines_of(headings[1]) == ["Attention", "× values", "what it brings", "back"]
    for heading, words in zip(headings, WORDS, strict=True):
        assert " ".join(lines_of(heading)) == " ".join(words)
        assert all(width_of(line, ink) <= 84 for line, ink in heading.lines)


def test_what_fits_nowhere_ends_in_an_ellipsis():
    texts = [text for heading in map_headings(WORDS, (BOLD, QUIET), 30) for text in heading.above(5, 90, 30)]
    assert all(text.rect.width() <= 30 for text in texts)
    assert all(text.text == text.full or text.text.endswith("…") for text in texts)
    assert any(text.text.endswith("…") for text in texts)


@pytest.mark.parametrize("sentence", ["Wonderful", samples.SENTENCE, samples.SENTENCE * 5])
def test_no_heading_is_cut_in_a_column(sentence):
    size = SIZES["column"].fitted(1.5)  # what a caption leaves
    rect = QRectF(0, 0, size.width, size.height)
    grid = component_grid(component_maps(samples.explanation(sentence), ViewState()), rect, LIGHT)
    headings = [text for text in grid.texts if text.ink.bold or text.ink.role == "muted"]
    assert all(text.text == text.full and inside(text.rect, size.width, size.height) for text in headings)
    said = " ".join(text.text for text in headings).replace("\N{NO-BREAK SPACE}", " ")
    assert all(title in said and subtitle in said for title, subtitle in WORDS)
    for index, one in enumerate(headings):
        for other in headings[index + 1 :]:
            overlap = one.rect.intersected(other.rect)
            assert overlap.width() <= 0 or overlap.height() <= 0.3 * one.rect.height(), (one, other)
