"""The top bar: nothing ever lies over anything else, whatever the width and the type."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from gui.controls.chooser import Popup
from gui.controls.entry import Entry
from tests.gui.dressed import Dressed, dressed
from tests.gui.stage import application

SIZES = [(1000, 600, 100), (1000, 600, 130), (1280, 720, 100), (1280, 720, 130), (1280, 720, 150), (2560, 1440, 150)]


def parts(on: Dressed) -> list[tuple[str, QRect]]:
    """Whatever is seen in the bar, in the bar's own places."""
    bar = on.window.bar
    choosers = (
        on.window.question.model,
        on.window.question.method,
        on.window.question.place,
        on.window.question.target,
    )
    widgets: list[QWidget] = [*(c.button for c in choosers), bar.undo, bar.redo, on.window.export, on.window.more]
    widgets.append(bar._wordmark)
    seen = [widget for widget in widgets if widget.isVisible()]
    return [(w.accessibleName() or w.objectName(), QRect(w.mapTo(bar, QPoint(0, 0)), w.size())) for w in seen]


@pytest.mark.parametrize(("width", "height", "percent"), SIZES)
def test_nothing_overlaps_and_nothing_is_cut_off(width: int, height: int, percent: int) -> None:
    with dressed(percent=percent, size=(width, height)) as on:
        placed = parts(on)
        assert {"More", "primary"} <= {name for name, _ in placed}
        for name, rect in placed:
            assert on.window.bar.rect().contains(rect), name
        for (one, a), (other, b) in combinations(placed, 2):
            assert not a.intersects(b), (one, other)
        export = on.window.export
        assert export.width() >= export.fontMetrics().horizontalAdvance(export.text())


def test_a_narrow_bar_moves_the_steps_into_the_menu() -> None:
    with dressed(percent=150, size=(1280, 720)) as on:
        on.window.setMinimumSize(400, 400)
        on.window.resize(820, 700)
        on.settle()
        assert not on.window.bar.shows_history
        on.controller.text_edited("Another text.")
        on.window.more.pressed.emit()
        on.window.more.open_popup()
        popup = application().activePopupWidget()
        assert isinstance(popup, Popup)
        undo = next(entry for entry in popup.findChildren(Entry) if entry.value == "undo")
        undo.click()
        assert on.controller.shown.state.text != "Another text."
        on.window.resize(1600, 700)
        on.settle()
        assert on.window.bar.shows_history
        on.window.more.pressed.emit()
        on.window.more.open_popup()
        popup = application().activePopupWidget()
        assert isinstance(popup, Popup)
        assert "undo" not in [entry.value for entry in popup.findChildren(Entry)]
        popup.close()


def test_steps_are_offered_when_there_are_some() -> None:
    with dressed() as on:
        bar = on.window.bar
        assert not bar.undo.isEnabled()
        assert not bar.redo.isEnabled()
        before = on.controller.shown.state.text
        on.controller.text_edited("Another text.")
        assert bar.undo.isEnabled()
        bar.undo.click()
        assert on.controller.shown.state.text == before
        assert on.window.desk.text.field.toPlainText() == before
        assert bar.redo.isEnabled()
        bar.redo.click()
        assert on.window.desk.text.field.toPlainText() == "Another text."
        assert "Ctrl+Z" in bar.undo.toolTip()


def test_a_cut_name_is_whole_in_the_tooltip() -> None:
    with dressed(percent=130, size=(1000, 600)) as on:
        button = on.window.question.model.button
        cut = [label for label in button.labels() if label.is_cut()]
        assert cut, "here the name does not fit"
        assert button.text_shown() == "Model English sentiment"
