"""A row of labels: each as wide as it needs in one row, in columns where it wraps."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from gui.controls.segments import GAP, LEAST_PADDING, PADDING, Segments
from gui.paint.palette import LIGHT
from tests.gui.stage import application

LABELS = ("Flow", "Layers", "Heads", "All layers", "Table")


def row(width: int) -> Segments:
    application()
    segments = Segments("View")
    segments.show_labels(LABELS, 1, LIGHT)
    segments.resize(width, segments.heightForWidth(width))
    segments.show()
    return segments


def test_one_row_takes_no_more_than_its_words() -> None:
    segments = row(600)
    buttons = segments.findChildren(QPushButton)
    assert len({button.y() for button in buttons}) == 1
    assert buttons[0].width() < buttons[3].width(), "short words take less room"
    assert buttons[-1].geometry().right() == 599, "at the right edge"
    assert segments.sizeHint().width() < len(LABELS) * (buttons[3].width() + GAP)
    segments.close()


@pytest.mark.parametrize("width", [90, 160, 220, 300, 360])
def test_nothing_overlaps_and_every_word_fits_at_any_width(width: int) -> None:
    segments = row(width)
    buttons = segments.findChildren(QPushButton)
    for index, button in enumerate(buttons):
        assert button.width() > button.fontMetrics().horizontalAdvance(button.text())
        assert segments.rect().contains(button.geometry())
        assert not any(button.geometry().intersects(other.geometry()) for other in buttons[:index])
    segments.close()


def test_tab_stops_once_and_none_chosen_is_no_trouble() -> None:
    segments = row(600)
    buttons = segments.findChildren(QPushButton)
    assert [bool(button.focusPolicy().value & 1) for button in buttons] == [False, True, False, False, False]
    segments.show_labels(LABELS, -1, LIGHT)
    assert not any(button.isChecked() for button in buttons)
    assert sum(button.focusPolicy().value & 1 for button in buttons) == 1
    segments.close()


def test_labels_move_closer_before_they_wrap() -> None:
    wide = row(600).sizeHint().width() - GAP
    least = wide - (PADDING - LEAST_PADDING) * len(LABELS)
    for width, rows in ((wide, 1), (least, 1), (least - 1, 2)):
        segments = row(width)
        buttons = segments.findChildren(QPushButton)
        assert len({button.y() for button in buttons}) == rows
        assert all(segments.rect().contains(button.geometry()) for button in buttons)
        segments.close()
