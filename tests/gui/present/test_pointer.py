"""The pointer is gone after two seconds of rest, and back at once."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication

from gui.present.counter import FADES_MS, STANDS_MS, SlideCounter
from gui.present.pointer import RESTS_S, RestingPointer
from tests.gui.stage import application, wait_until


def test_it_hides_and_comes_back() -> None:
    application()
    owner, place, now = QObject(), [QPoint(5, 5)], [0.0]
    pointer = RestingPointer(owner, lambda: place[0], lambda: now[0])
    pointer.start()
    for seconds, x, is_hidden in (
        (RESTS_S - 0.1, 5, False),
        (RESTS_S, 5, True),
        (RESTS_S + 5, 5, True),
        (RESTS_S + 5.1, 6, False),
        (2 * RESTS_S + 5, 6, False),
        (2 * RESTS_S + 5.1, 6, True),
    ):
        now[0], place[0] = seconds, QPoint(x, 5)
        pointer.look()
        assert pointer.is_hidden is is_hidden, seconds
        cursor = QGuiApplication.overrideCursor()
        assert (cursor is not None and cursor.shape() is Qt.CursorShape.BlankCursor) is is_hidden
    pointer.stop()
    pointer.stop()
    assert QGuiApplication.overrideCursor() is None


def test_the_counter_fades_and_leaves_its_room() -> None:
    application()
    counter = SlideCounter()
    counter.tell(2, 7)
    assert counter.text() == "3 / 7"
    assert counter.accessibleName() == "Slide 3 of 7"
    assert counter.isVisible()
    assert counter.sizePolicy().retainSizeWhenHidden()
    wait_until(counter.isHidden, (STANDS_MS + FADES_MS) / 1000 + 3)
    counter.tell(3, 7)
    assert counter._opacity == 1.0
    counter.hide()
