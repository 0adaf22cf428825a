"""Help on what is meant, and what there is to read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engine import registry
from gui.controls.sheet import Sheet
from gui.guide import sheets
from gui.guide.help import help_text
from tests.gui.dressed import Dressed, controls, dressed
from tests.gui.stage import application


@pytest.fixture
def on() -> Iterator[Dressed]:
    with dressed() as made:
        yield made


def opened() -> Sheet:
    sheet = application().activePopupWidget()
    assert isinstance(sheet, Sheet)
    return sheet


def test_f1_explains_where_the_keyboard_has_gone(on: Dressed) -> None:
    on.window.desk.text.field.setFocus()
    QTest.keyClick(on.window.desk.text.field, Qt.Key.Key_Tab)
    on.window.question.method.button.setFocus()
    QTest.keyClick(on.window.question.method.button, Qt.Key.Key_F1)
    sheet = opened()
    words = sheet.words()
    method = registry.find("decompx")
    assert "Method: DecompX" in words
    assert method.can_say in words
    assert method.cannot_say in words
    assert str(method.citation) in words
    assert sheet.height() > 100
    QTest.keyClick(sheet, Qt.Key.Key_F1)
    assert application().activePopupWidget() is None, "F1 again closes it"


def test_f1_explains_what_the_pointer_is_on(on: Dressed, monkeypatch: pytest.MonkeyPatch) -> None:
    on.window.desk.text.field.setFocus()
    monkeypatch.setattr(QApplication, "widgetAt", lambda _: on.window.export)
    assert sheets.asked_about(on.window, by_key=False) is on.window.export
    assert sheets.asked_about(on.window, by_key=True) is on.window.desk.text.field
    monkeypatch.setattr(QApplication, "widgetAt", lambda _: None)
    assert sheets.asked_about(on.window, by_key=False) is on.window.desk.text.field
    assert QCursor.pos() is not None


def test_f1_knows_something_of_every_control(on: Dressed) -> None:
    for widget in controls(on.window):
        assert sheets.help_on(widget) is not None, widget


def test_a_view_is_explained_beyond_its_sentence(on: Dressed) -> None:
    flow = on.window.desk.decks["middle"].widget("flow")
    found = sheets.help_on(flow)
    assert found is not None
    assert found[:2] == ("Flow", help_text("views", "flow"))


def test_nothing_is_opened_where_nothing_is_known() -> None:
    application()
    assert sheets.help_sheet(QWidget(), QWidget()) is None
    assert sheets.help_on(None) is None


def test_all_methods_with_what_they_can_and_cannot_say(on: Dressed) -> None:
    on.window.more.asked.emit("methods")
    sheet = opened()
    words = sheet.words()
    for method in registry.discover():
        assert method.label in words
        assert method.cannot_say in words
        assert str(method.citation) in words
    bar = sheet._area.verticalScrollBar()
    assert bar.maximum() > 0
    for key, place in ((Qt.Key.Key_End, bar.maximum()), (Qt.Key.Key_Home, 0)):
        QTest.keyClick(sheet, key)
        assert bar.value() == place, "it is read by keyboard too"
    sheet.close()


def test_about_says_version_licence_and_citation(on: Dressed) -> None:
    on.window.more.asked.emit("about")
    words = opened().words()
    for said in ("Version", "Apache License 2.0", "How to cite", "The Headstream authors"):
        assert said in words
    opened().close()
