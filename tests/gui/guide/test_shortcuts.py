"""The sheet of shortcuts says what the window really does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from gui.controls.chooser import Popup
from gui.controls.sheet import Sheet
from gui.guide.shortcuts import places
from tests.gui.dressed import Dressed, dressed
from tests.gui.stage import application

application()  # keys have names only once Qt runs
PLACES = {place.id: place for place in places()}


@pytest.fixture(scope="module")
def on() -> Iterator[Dressed]:
    with dressed() as made:
        yield made


def test_every_shortcut_of_the_window_is_on_the_sheet_and_no_other(on: Dressed) -> None:
    real = {shortcut.key().toString() for shortcut in on.window.findChildren(QShortcut)}
    written = [QKeySequence(key).toString() for entry in PLACES["window"].shortcuts for key in entry.keys]
    assert sorted(real) == sorted(written)
    assert len(set(written)) == len(written)


def test_what_is_said_of_the_flow_is_taken_by_the_flow(on: Dressed) -> None:
    flow = on.window.desk.decks["middle"].widget("flow")
    flow.setFocus()
    for entry in PLACES["flow"].shortcuts:
        for key in entry.keys:
            combination = QKeySequence(key)[0]
            pressed = QKeyEvent(QKeyEvent.Type.KeyPress, combination.key(), combination.keyboardModifiers())
            QApplication.sendEvent(flow, pressed)
            assert pressed.isAccepted(), (key, entry.does)


def test_every_entry_can_be_read(on: Dressed) -> None:
    for place in PLACES.values():
        assert place.title
        for entry in place.shortcuts:
            assert all(QKeySequence(key).count() == 1 and QKeySequence(key)[0].key() != 0 for key in entry.keys)
            assert entry.shown.strip()
            assert entry.does[0].isupper()
            assert not entry.does.endswith(".")


def test_the_menu_opens_the_sheet(on: Dressed) -> None:
    on.window.more.click()
    menu = application().activePopupWidget()
    assert isinstance(menu, Popup)
    menu.close()
    on.window.more.asked.emit("shortcuts")
    sheet = application().activePopupWidget()
    assert isinstance(sheet, Sheet)
    assert all(entry.does in sheet.words() for place in PLACES.values() for entry in place.shortcuts)
    sheet.close_button.click()
    assert application().activePopupWidget() is None
