"""A canvas that Esc closes, before the window takes the key for itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent

from gui.controls.canvas import Canvas, Guard, Paint


def is_escape(event: QEvent) -> bool:
    """Whether this is Esc, pressed or asked for as a shortcut."""
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape


class ClosableCanvas(Canvas):
    """``closed`` tells of Esc while ``can_close``; otherwise the key is left to the window."""

    closed = Signal()

    def __init__(self, picture: Paint, overlay: Paint, guard: Guard) -> None:
        super().__init__(picture, overlay, guard)
        self.can_close = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window's shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride and self._closes(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if self._closes(event):
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _closes(self, event: QEvent) -> bool:
        return self.can_close and is_escape(event)
