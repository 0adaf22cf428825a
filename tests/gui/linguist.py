"""A person at the window: mouse and keyboard, nothing else, and only what can be seen is touched.

Everything is found by what a person goes by: the words on it, or the name a screen reader says. Clicks go to the
window at a place; if something else lies there, the test fails.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from tests.gui.stage import application, wait_until

ARTEFACTS = Path(__file__).parents[1] / "artefacts" / "tasks"
ON_A_SCREEN = os.environ.get("HEADSTREAM_TEST_PLATFORM") == "xcb"
PATIENCE = 60.0  # seconds


class NotFoundError(AssertionError):
    """A person would not find it."""


class Linguist:
    """Someone who works with one window and takes a picture after every task."""

    def __init__(self, window: QWidget) -> None:
        self._window = window

    def find(self, name: str, kind: type[QWidget] = QWidget) -> QWidget:
        """What is called so and can be seen, in the window or in what it has opened; the topmost where several are."""
        tops = [widget for widget in application().topLevelWidgets() if widget.isVisible()]
        tops.sort(key=lambda top: top is self._window)
        for top in tops:
            for widget in [top, *top.findChildren(kind)]:
                if isinstance(widget, kind) and widget.isVisible() and name in _names(widget):
                    return widget
        raise NotFoundError(f"nothing that can be seen is called “{name}”")

    def find_beginning(self, name: str) -> QWidget:
        """What can be seen and is called something that begins so."""
        for widget in self._window.findChildren(QWidget):
            if widget.isVisible() and widget.accessibleName().startswith(name):
                return widget
        raise NotFoundError(f"nothing that can be seen has a name that begins with “{name}”")

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Press and release the left button over it."""
        self._reveal(widget)
        window, place = self._place(widget, at)
        QTest.mouseMove(window, place)
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        application().processEvents()

    def click_on(self, name: str, kind: type[QWidget] = QWidget) -> None:
        """Click what is called so."""
        self.click(self.find(name, kind))

    def double_click(self, widget: QWidget, at: QPoint) -> None:
        """Twice in a row."""
        window, place = self._place(widget, at)
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        QTest.mouseDClick(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        application().processEvents()

    def point_at(self, widget: QWidget, at: QPoint) -> None:
        """Rest the pointer there."""
        window, place = self._place(widget, at)
        QTest.mouseMove(window, place - QPoint(1, 0))
        QTest.mouseMove(window, place)
        application().processEvents()

    def press(self, key: Qt.Key, *, control: bool = False) -> None:
        """One key, for whatever has the keyboard."""
        modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self._keyboard(), key, modifier)
        application().processEvents()

    def type(self, text: str) -> None:
        """Letters of a Latin keyboard, one after the other."""
        for letter in text:
            QTest.keyClick(self._keyboard(), ord(letter))
            QTest.qWait(2)

    def paste(self, text: str) -> None:
        """Text copied elsewhere."""
        QGuiApplication.clipboard().setText(text)
        self.press(Qt.Key.Key_V, control=True)

    def answer_dialog(self, folder: Path) -> None:
        """Write the folder into the next file dialog and confirm, as soon as it opens."""

        def answer() -> None:
            dialog = application().activeModalWidget()
            assert isinstance(dialog, QFileDialog)
            field = dialog.findChild(QLineEdit)
            assert field is not None
            field.setFocus()
            field.selectAll()
            self.type(str(folder))
            self.press(Qt.Key.Key_Return)

        QTimer.singleShot(300, answer)

    def wait(self, condition: Callable[[], bool]) -> None:
        """Watch until it is so, then a moment more for the picture."""
        wait_until(condition, PATIENCE)
        end = time.monotonic() + 0.15
        while time.monotonic() < end:
            application().processEvents()

    def photograph(self, name: str) -> Path:
        """What is on the screen now."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        path = ARTEFACTS / f"{name}.png"
        application().processEvents()
        picture = QGuiApplication.primaryScreen().grabWindow(0) if ON_A_SCREEN else self._window.grab()
        assert picture.save(str(path))
        return path

    def _place(self, widget: QWidget, at: QPoint | None) -> tuple[QWindow, QPoint]:
        at = widget.rect().center() if at is None else at
        top = widget.window()
        # A screen that is only pretended is smaller than the window, and knows nothing of what lies beyond its edge.
        hit = QApplication.widgetAt(widget.mapToGlobal(at)) if ON_A_SCREEN else top.childAt(widget.mapTo(top, at))
        assert hit is not None, f"{widget.accessibleName() or widget} lies outside of what can be seen"
        assert hit is widget or widget.isAncestorOf(hit), f"{widget.accessibleName() or widget} is covered by {hit}"
        window = widget.window().windowHandle()
        assert window is not None
        return window, widget.mapTo(widget.window(), at)

    def _reveal(self, widget: QWidget) -> None:
        """Turn the wheel until its middle can be seen, where it lies in something that scrolls."""
        top = widget.window()
        window = top.windowHandle()
        assert window is not None
        for _ in range(60):
            hiding = _hiding(widget)
            if hiding is None:
                return
            middle = hiding.mapTo(top, hiding.rect().center())
            is_below = widget.mapTo(top, widget.rect().center()).y() > middle.y()
            QTest.wheelEvent(window, QPointF(middle), QPoint(0, -120 if is_below else 120))
            application().processEvents()
        raise NotFoundError(f"{widget.accessibleName()} cannot be scrolled to")

    def _keyboard(self) -> QWindow:
        if QGuiApplication.focusWindow() is None:
            # A window manager gives the keyboard back to the window when a menu or a dialog closes; here is none.
            self._window.activateWindow()
            wait_until(lambda: QGuiApplication.focusWindow() is not None)
        focused = QGuiApplication.focusWindow() or self._window.windowHandle()
        assert focused is not None
        return focused


def _hiding(widget: QWidget) -> QWidget | None:
    """The nearest surrounding that does not show the widget's middle."""
    around = widget.parentWidget()
    while around is not None and around is not widget.window():
        if not around.rect().contains(widget.mapTo(around, widget.rect().center())):
            return around
        around = around.parentWidget()
    return None


def _names(widget: QWidget) -> set[str]:
    spoken = {widget.accessibleName()}
    text = getattr(widget, "text", None)
    return spoken | ({str(text())} if callable(text) else set())
