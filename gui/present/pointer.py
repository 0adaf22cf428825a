"""The pointer on the stage: gone while it rests, back as soon as it moves."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QCursor, QGuiApplication

RESTS_S = 2.0
LOOKS_MS = 80  # how often it is looked at: sooner than a person notices


class RestingPointer(QObject):
    """Looks where the pointer is instead of listening to every widget it may be over."""

    def __init__(
        self,
        parent: QObject,
        where: Callable[[], QPoint] = QCursor.pos,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._where, self._clock = where, clock
        self._at, self._since = QPoint(), 0.0
        self.is_hidden = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOKS_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to look."""
        self._at, self._since = self._where(), self._clock()
        self._timer.start()

    def stop(self) -> None:
        """The pointer is as it always was."""
        self._timer.stop()
        self._show()

    @Slot()
    def look(self) -> None:
        """Hide it where it has rested long enough, show it where it moved."""
        at, now = self._where(), self._clock()
        if at != self._at:
            self._at, self._since = at, now
            self._show()
        elif not self.is_hidden and now - self._since >= RESTS_S:
            self.is_hidden = True
            QGuiApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)

    def _show(self) -> None:
        if self.is_hidden:
            self.is_hidden = False
            QGuiApplication.restoreOverrideCursor()
