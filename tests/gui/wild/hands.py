"""Hands at the window: mouse and keyboard on whatever can be seen and is in front, found by chance."""

from __future__ import annotations

import random
from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

NO_KEY = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def names(widget: QWidget) -> str:
    """What it is called, for the journal."""
    text = getattr(widget, "text", None)
    spoken = widget.accessibleName() or (text() if callable(text) else "") or widget.objectName()
    return f"{type(widget).__name__} “{str(spoken)[:40]}”"


class Hands:
    """Of one person; ``dice`` decides where exactly."""

    def __init__(self, window: QWidget, dice: random.Random) -> None:
        self.window, self.dice = window, dice

    def front(self) -> QWidget:
        """The menu, dialog or window that takes what is done."""
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window

    def seen(self, kind: type[QWidget], within: QWidget | None = None) -> list[QWidget]:
        """Everything of this kind in front that can be seen and used."""
        found = (within or self.front()).findChildren(kind)
        return [widget for widget in found if widget.isEnabled() and self._spot(widget) is not None]

    def some(self, kinds: Sequence[type[QWidget]], within: QWidget | None = None) -> QWidget | None:
        """One of them, None where there is none."""
        found = [widget for kind in kinds for widget in self.seen(kind, within)]
        return self.dice.choice(found) if found else None

    def click(self, widget: QWidget, *, button: Qt.MouseButton = LEFT, twice: bool = False) -> None:
        """Somewhere on what can be seen of it."""
        spot = self._spot(widget)
        if spot is None:
            return
        window, at = self._place(widget, spot)
        QTest.mouseMove(window, at)
        QTest.mouseClick(window, button, NO_KEY, at)
        if twice:
            QTest.mouseDClick(window, button, NO_KEY, at)

    def hover(self, widget: QWidget) -> None:
        """Over it, from one place to another."""
        for _ in range(self.dice.randint(2, 6)):
            spot = self._spot(widget)
            if spot is not None:
                QTest.mouseMove(*self._place(widget, spot))
                QApplication.processEvents()

    def drag(self, widget: QWidget) -> None:
        """Press, move, let go."""
        one, other = self._spot(widget), self._spot(widget)
        if one is None or other is None:
            return
        window, at = self._place(widget, one)
        QTest.mousePress(window, LEFT, NO_KEY, at)
        end = self._place(widget, other)[1]
        for step in range(1, 6):
            QTest.mouseMove(window, at + (end - at) * step / 5)
        QTest.mouseRelease(window, LEFT, NO_KEY, end)

    def wheel(self, widget: QWidget) -> None:
        """A few notches up or down."""
        spot = self._spot(widget)
        if spot is not None:
            window, at = self._place(widget, spot)
            way = QPoint(0, self.dice.choice((-360, -120, 120, 360)))
            keys = self.dice.choice((NO_KEY, NO_KEY, Qt.KeyboardModifier.ControlModifier))
            QTest.wheelEvent(window, QPointF(at), way, stateKey=keys)

    def press(self, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        """One key, for whatever has the keyboard."""
        QTest.keyClick(self._keyboard(), key, keys)

    def type(self, text: str) -> None:
        """Letters of a Latin keyboard; all others come from the clipboard."""
        if text.isascii() and text.isprintable() and len(text) < 30:
            for letter in text:
                QTest.keyClick(self._keyboard(), letter)
        else:
            QGuiApplication.clipboard().setText(text)
            self.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def drop(self, paths: Sequence[str]) -> None:
        """Drag files over the window and let go; a menu that is open is closed first, as by the drag."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
        at = QPoint(self.window.width() // 2, 8)
        copy = Qt.DropAction.CopyAction
        entered = QDragEnterEvent(at, copy, mime, LEFT, NO_KEY)
        QApplication.sendEvent(self.window, entered)
        QApplication.processEvents()
        if entered.isAccepted():
            QApplication.sendEvent(self.window, QDropEvent(QPointF(at), copy, mime, LEFT, NO_KEY))

    def _spot(self, widget: QWidget) -> QPoint | None:
        """Some place of the widget where a click would reach it, None where it is out of sight or covered."""
        if not widget.isVisible():
            return None
        rect = widget.visibleRegion().boundingRect()
        if rect.isEmpty():
            return None
        for _ in range(4):
            at = QPoint(self.dice.randint(rect.left(), rect.right()), self.dice.randint(rect.top(), rect.bottom()))
            hit = widget.window().childAt(widget.mapTo(widget.window(), at))
            if hit is widget or (hit is not None and widget.isAncestorOf(hit)) or widget.isWindow():
                return at
        return None

    def _place(self, widget: QWidget, at: QPoint) -> tuple[QWindow, QPoint]:
        top = widget.window()
        window = top.windowHandle()
        assert window is not None
        return window, widget.mapTo(top, at)

    def _keyboard(self) -> QWindow:
        front = self.front()
        if QApplication.activeWindow() is None or (front is self.window and not front.isActiveWindow()):
            self.window.activateWindow()  # on a screen without a window manager nobody else does
            QApplication.processEvents()
        window = front.windowHandle() or self.window.windowHandle()
        assert window is not None
        return window
