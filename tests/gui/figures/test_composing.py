from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from gui.batch.drawing import pictures
from gui.figures.composing import compose, compose_view
from gui.figures.sizes import Size
from gui.figures.svg import svg
from gui.paint.palette import DARK
from gui.paint.typeface import BODY_PIXELS
from gui.state import ViewState
from gui.viewkit import discover
from tests.gui import samples

FLOW = next(view for view in discover() if view.id == "flow")
SMALL = Size(640, 420)


class Noted:
    """Remembers the room it was given."""

    notes = ("shown: all",)

    def __init__(self, rect):
        self.rect = rect

    def paint(self, painter):
        pass


def test_the_caption_says_what_must_be_known(tmp_path):
    composed = compose_view(FLOW, samples.explanation(), ViewState(show_special=False), SMALL)
    said = " ".join(line.text for line in composed.lines)
    assert re.search(
        r"^Model English sentiment · method DecompX · explained: Positive instead of Negative · "
        r"shown: 80\s% in \d+ links · hidden: \[SEP\] · Headstream",
        said,
    )
    assert f"shown: {composed.figure.scene.numbers.statement}" in said
    for line in composed.lines:
        assert line.rect.bottom() <= 420
        assert line.rect.right() <= 640
        assert line.rect.top() >= composed.figure.scene.height - 1


def test_the_caption_can_be_left_out():
    composed = compose_view(FLOW, samples.explanation(), ViewState(), SMALL, captioned=False)
    assert composed.lines == ()
    assert composed.figure.scene.height == 420


def test_any_figure_is_composed_with_a_caption_of_its_own_notes():
    composed = compose(Noted, SMALL, DARK, lambda notes: f"A and B, {notes[0]}")
    assert [line.text for line in composed.lines] == ["A and B, shown: all"]
    assert composed.figure.rect.bottom() < composed.lines[0].rect.top()
    assert composed.notes == ("shown: all",)


def test_an_empty_caption_takes_no_room():
    for caption_of in (None, lambda _: ""):
        composed = compose(Noted, SMALL, DARK, caption_of)
        assert composed.lines == ()
        assert composed.figure.rect.height() == 420


@pytest.fixture
def large_letters() -> Iterator[QFont]:
    """The application in letters twice as large as usual, between asking for the fixture and the test's end."""
    before = QFont(QApplication.font())
    large = QFont(before)
    large.setPixelSize(2 * BODY_PIXELS)
    yield large
    QApplication.setFont(before)


@pytest.mark.parametrize("view", pictures().values(), ids=pictures().keys())
def test_type_in_a_file_does_not_grow_with_the_windows(view, large_letters):
    explanation = samples.explanation()

    def drawn() -> bytes:
        return svg(compose_view(view, explanation, ViewState(), SMALL), SMALL, "", "", outlines=False)

    usual = drawn()
    QApplication.setFont(large_letters)
    assert drawn() == usual


def test_the_window_keeps_its_own_type_beside_a_file(large_letters):
    QApplication.setFont(large_letters)
    explanation = samples.explanation()
    letters = FLOW.figure(explanation, ViewState(), QRectF(0, 0, 640, 420), DARK).scene.unit
    assert compose_view(FLOW, explanation, ViewState(), SMALL, captioned=False).figure.scene.unit == letters / 2
    assert FLOW.figure(explanation, ViewState(), QRectF(0, 0, 640, 420), DARK).scene.unit == letters
