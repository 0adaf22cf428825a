"""The ways in: a drop anywhere on the window, the menu, the keys, the system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QFileOpenEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.app import names_a_thing
from gui.controls.entry import Entry
from gui.opening.application import Application
from gui.state import AppState
from tests.gui.dressed import dressed
from tests.gui.opening.desk import FileDesk
from tests.gui.samples import SENTENCE
from tests.gui.stage import application

FILM = AppState(text="A dull film.")
COPY = Qt.DropAction.CopyAction


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FileDesk]:
    with dressed() as on:
        yield FileDesk(on, tmp_path)


def dragged(*paths: Path, text: str = "") -> QMimeData:
    mime = QMimeData()
    if paths:
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    if text:
        mime.setText(text)
    return mime


def enter(widget: QWidget, mime: QMimeData) -> QDragEnterEvent:
    event = QDragEnterEvent(QPoint(5, 5), COPY, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event


def drop(widget: QWidget, mime: QMimeData) -> QDropEvent:
    event = QDropEvent(QPointF(5, 5), COPY, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event


def test_a_session_is_dropped_anywhere_on_the_window(desk: FileDesk) -> None:
    mime = dragged(desk.file("film.headstream", FILM))
    window = desk.on.window
    assert enter(window, mime).isAccepted()
    assert window.opening.veil.isVisible()
    assert window.opening.veil.size() == window.size()
    assert drop(window, mime).isAccepted()
    assert not window.opening.veil.isVisible()
    assert desk.state == FILM


@pytest.mark.parametrize("place", ["text", "flow"])
def test_a_file_dropped_on_a_card_is_for_the_window(desk: FileDesk, place: str) -> None:
    """The text field would write its name into the sentence."""
    mime = dragged(desk.file("film.headstream", FILM))
    window = desk.on.window
    widget = window.desk.text.field.viewport() if place == "text" else window.desk.decks["middle"].widget("flow")
    assert enter(widget, mime).isAccepted()
    assert window.opening.veil.isVisible()
    drop(widget, mime)
    assert desk.state == FILM
    assert window.desk.text.field.toPlainText() == FILM.text


def test_words_may_still_be_dropped_into_the_text(desk: FileDesk) -> None:
    field = desk.on.window.desk.text.field
    assert field.canInsertFromMimeData(dragged(text="wonderful"))
    assert not field.canInsertFromMimeData(dragged(desk.folder / "film.headstream", text="film"))
    assert not enter(desk.on.window, dragged(text="wonderful")).isAccepted()
    assert not desk.on.window.opening.veil.isVisible()


def test_a_link_from_a_browser_is_not_opened(desk: FileDesk) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/film.headstream")])
    assert not enter(desk.on.window, mime).isAccepted()
    drop(desk.on.window, mime)
    assert desk.state.text == SENTENCE


def test_many_things_at_once_are_refused_with_a_word(desk: FileDesk) -> None:
    mime = dragged(desk.file("a.headstream", FILM), desk.file("b.headstream", FILM))
    enter(desk.on.window, mime)
    drop(desk.on.window, mime)
    assert desk.state.text == SENTENCE
    assert desk.on.window.status.remark.text() == "Drop one thing at a time"


def test_the_veil_goes_when_the_drag_leaves(desk: FileDesk) -> None:
    enter(desk.on.window, dragged(desk.folder / "a.headstream"))
    QApplication.sendEvent(desk.on.window, QDragLeaveEvent())
    assert not desk.on.window.opening.veil.isVisible()


def test_a_drop_on_the_stage_leaves_it_and_opens(desk: FileDesk) -> None:
    desk.on.window.presenter.turn()
    mime = dragged(desk.file("film.headstream", FILM))
    enter(desk.on.window, mime)
    drop(desk.on.window, mime)
    assert not desk.on.window.presenter.is_on
    assert desk.state == FILM


def test_the_menu_offers_everything_and_what_was_open_before(desk: FileDesk) -> None:
    desk.open(desk.file("film.headstream", FILM))
    desk.write("Another.")
    desk.sessions.save()
    button = desk.on.window.opening.button
    button.click()
    popup = application().activePopupWidget()
    assert popup is not None
    entries = {entry.accessibleName(): entry for entry in popup.findChildren(Entry)}
    assert list(entries) == ["New", "Open…", "Save session", "Save session as…", "Keep as slide", "film"]
    entries["New"].click()
    assert desk.state.text == ""
    button.click()
    popup = application().activePopupWidget()
    assert popup is not None
    next(entry for entry in popup.findChildren(Entry) if entry.accessibleName() == "film").click()
    assert desk.state.text == "Another."


def test_the_keys_save_and_begin_anew_even_while_typing(desk: FileDesk) -> None:
    desk.open(desk.file("film.headstream", FILM))
    desk.on.window.desk.text.field.setFocus()
    desk.write("Typed.")
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(desk.on.window.desk.text.field, Qt.Key.Key_S, control)
    assert desk.saved("film.headstream").text == "Typed."
    QTest.keyClick(desk.on.window.desk.text.field, Qt.Key.Key_K, control | Qt.KeyboardModifier.ShiftModifier)
    assert len(desk.state.slides) == 1
    assert desk.on.window.desk.text.field.toPlainText() == "Typed."


def test_a_model_that_is_not_here_is_named_and_another_offered(desk: FileDesk) -> None:
    desk.open(desk.file("film.headstream", AppState(text="A dull film.", model="/home/eva/my-bert")))
    from engine.contract import Failure, FailureKind

    told = Failure(
        desk.on.bridge.requests[-1].generation,
        FailureKind.USER,
        "model",
        "There is no such model",
        "“my-bert”",
        "Hint.",
    )
    desk.on.controller.outcome_arrived(told)
    offer = desk.on.window.question.model.offer
    assert offer.isVisible()
    assert offer.text() == "Go on with English sentiment"
    offer.click()
    desk.answer()
    assert (desk.state.text, desk.state.model) == ("A dull film.", "english-sentiment")
    assert not offer.isVisible()


def test_the_system_asks_for_a_file(tmp_path: Path) -> None:
    """Called as Qt calls it: there can be no second application in this process."""
    heard: list[str] = []

    class Heard:
        waiting = ""

        class file_opened:  # noqa: N801 - stands for a signal
            emit = staticmethod(heard.append)

    event = QFileOpenEvent(QUrl.fromLocalFile(str(tmp_path / "film.headstream")))
    assert Application.event(Heard(), event)  # type: ignore[arg-type]  # what of an application it needs
    assert heard == [str(tmp_path / "film.headstream")]


@pytest.mark.parametrize(
    ("arguments", "is_thing"),
    [
        (["film.headstream"], True),
        (["figure.svg"], True),
        (["./models/mine"], True),
        (["/nowhere/gone"], True),
        (["models"], False),
        (["explain"], False),
        (["--help"], False),
        (["explain", "film.headstream"], False),
        ([], False),
    ],
)
def test_one_file_on_the_command_line_opens_the_window(arguments: list[str], is_thing: bool) -> None:
    assert names_a_thing(arguments) is is_thing
