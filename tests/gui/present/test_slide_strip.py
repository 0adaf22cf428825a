"""The strip of slides, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.controls.entry import Entry
from gui.present.slide_strip import SlideButton, SlideStrip
from gui.present.slides import with_slide
from gui.state import AppState
from tests.gui.dressed import Dressed, dressed, tabbed
from tests.gui.samples import SENTENCE
from tests.gui.stage import application

TEXTS = ("One film.", "Two films.", "Three films.")


@pytest.fixture
def on() -> Iterator[Dressed]:
    with dressed() as made:
        slides: tuple[AppState, ...] = ()
        for text in TEXTS:
            slides = with_slide(slides, AppState(text=text))
        made.controller.slides_changed(slides)
        made.settle()
        yield made


@pytest.fixture
def strip(on: Dressed) -> SlideStrip:
    return on.window.slides


def order(on: Dressed) -> list[str]:
    return [slide.text for slide in on.controller.shown.state.slides]


def drag(button: SlideButton, to: QPoint) -> None:
    """To a place on the button's own ground, in steps as a hand does."""
    start = button.rect().center()
    QTest.mousePress(button, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        place = start + (to - start) * step / 5
        moved = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(place),
            QPointF(button.mapToGlobal(place)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(button, moved)
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton, pos=to)


def test_it_is_seen_while_there_are_slides(on: Dressed, strip: SlideStrip) -> None:
    assert strip.isVisible()
    assert [button.accessibleName() for button in strip.buttons] == [
        "Slide 1: One film.",
        "Slide 2: Two films.",
        "Slide 3: Three films.",
    ]
    on.controller.text_edited("Another text.")  # or both changes of the slides were one breath
    on.controller.slides_changed(())
    assert strip.isHidden()
    on.controller.undo()
    assert strip.isVisible()


def test_a_click_opens_a_slide_and_keeps_the_others(on: Dressed, strip: SlideStrip) -> None:
    QTest.mouseClick(strip.buttons[1], Qt.MouseButton.LeftButton)
    assert on.controller.shown.state.text == TEXTS[1]
    assert order(on) == list(TEXTS)
    assert [button.isChecked() for button in strip.buttons] == [False, True, False]
    on.controller.text_edited("Mine.")
    on.settle()
    assert not any(button.isChecked() for button in strip.buttons)
    on.controller.undo()
    on.controller.undo()
    assert on.controller.shown.state.text == SENTENCE


@pytest.mark.parametrize(
    ("index", "by", "after"),
    [(0, 1, [1, 0, 2]), (0, 2, [1, 2, 0]), (2, -2, [2, 0, 1]), (1, -9, [1, 0, 2]), (1, 9, [0, 2, 1])],
)
def test_slides_are_dragged_into_another_order(
    on: Dressed, strip: SlideStrip, index: int, by: int, after: list[int]
) -> None:
    button = strip.buttons[index]
    drag(button, button.rect().center() + QPoint(by * (button.width() + 6) + (10 if by > 0 else -10), 0))
    assert order(on) == [TEXTS[place] for place in after]
    assert on.controller.shown.state.text == SENTENCE, "a drag is no click"


def test_a_short_tremble_is_a_click(on: Dressed, strip: SlideStrip) -> None:
    button = strip.buttons[0]
    drag(button, button.rect().center() + QPoint(2, 1))
    assert order(on) == list(TEXTS)
    assert on.controller.shown.state.text == TEXTS[0]


def test_keys_move_and_take_out_and_the_focus_stays(on: Dressed, strip: SlideStrip) -> None:
    strip.buttons[0].setFocus()
    QTest.keyClick(strip.buttons[0], Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert order(on) == list(TEXTS), "there is nothing further left"
    QTest.keyClick(strip.buttons[0], Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert order(on) == [TEXTS[1], TEXTS[0], TEXTS[2]]
    assert strip.buttons[1].hasFocus()
    QTest.keyClick(strip.buttons[1], Qt.Key.Key_Delete)
    assert order(on) == [TEXTS[1], TEXTS[2]]
    assert strip.buttons[1].hasFocus()
    QTest.keyClick(strip.buttons[1], Qt.Key.Key_Return)
    assert on.controller.shown.state.text == TEXTS[2]
    for _ in range(2):
        QTest.keyClick(strip.buttons[0], Qt.Key.Key_Delete)
    assert order(on) == []
    assert strip.isHidden()


def test_the_menu_offers_what_is_possible(on: Dressed, strip: SlideStrip) -> None:
    strip.buttons[0].menu_asked.emit()
    popup = application().activePopupWidget()
    assert popup is not None
    entries = {entry.accessibleName(): entry for entry in popup.findChildren(Entry)}
    assert {name: entry.isEnabled() for name, entry in entries.items()} == {
        "Move to the left": False,
        "Move to the right": True,
        "Take out": True,
    }
    entries["Take out"].click()
    assert order(on) == [TEXTS[1], TEXTS[2]]


def test_what_is_shown_is_kept_once(on: Dressed, strip: SlideStrip) -> None:
    strip.keep.click()
    strip.keep.click()
    assert order(on) == [*TEXTS, SENTENCE]
    assert on.window.status.remark.text() == "Kept as slide 4"
    assert strip.buttons[3].isChecked()


def test_many_slides_scroll_and_never_lie_on_one_another(on: Dressed, strip: SlideStrip) -> None:
    on.controller.slides_changed(tuple(AppState(text=f"Film {number}.") for number in range(20)))
    on.settle()
    lefts = [button.x() for button in strip.buttons]
    assert all(after - before > strip.buttons[0].width() for before, after in pairwise(lefts))
    strip.buttons[19].click()
    on.settle()
    assert not strip.buttons[19].visibleRegion().isEmpty()
    assert strip.buttons[0].visibleRegion().isEmpty()


def test_every_slide_is_reached_by_tab(on: Dressed, strip: SlideStrip) -> None:
    field = on.window.desk.text.field
    field.setFocus()
    assert set(strip.buttons) | {strip.keep} <= set(tabbed(field))
