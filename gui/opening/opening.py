"""Everything that brings something into the window from outside, put together: the menu, the keys, the drop."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from engine.contract import Failure
from gui.controls.card import Notice
from gui.guide.help import help_text
from gui.opening.dropping import DropVeil, dropped_paths
from gui.opening.file_button import FileButton
from gui.opening.sessions import Sessions
from gui.shown import Shown


class Opening(QObject):
    """Wires ``sessions`` to the menu and to the window; what comes out of them is for the window to take.

    ``keep_asked`` tells that what is shown is to become a slide; ``said`` is a remark of the moment.
    """

    keep_asked = Signal()
    said = Signal(str)

    def __init__(self, window: QWidget, shown: Shown, recent: tuple[str, ...]) -> None:
        super().__init__(window)
        self.sessions = Sessions(window, shown, recent)
        self.button, self.notice, self.veil = FileButton(), Notice(), DropVeil(window)
        self.button.show_recent(recent)
        window.setAcceptDrops(True)
        sessions = self.sessions
        sessions.said.connect(self.said)
        sessions.titled.connect(window.setWindowTitle)
        sessions.failed.connect(self._on_failed)
        sessions.belongs.connect(self._on_belongs)
        self.button.asked.connect(self._on_asked)
        self.button.recent_asked.connect(sessions.open)

    @property
    def shortcuts(self) -> Mapping[str, Callable[[], object]]:
        """What the window's keys do here."""
        sessions = self.sessions
        return {
            "Ctrl+N": sessions.begin,
            "Ctrl+O": sessions.choose,
            "Ctrl+S": sessions.save,
            "Ctrl+Shift+S": sessions.save_as,
            "Ctrl+Shift+K": self.keep_asked.emit,
        }

    def enter(self, event: QDropEvent) -> None:
        """Something is dragged over the window, where nothing else wanted it."""
        paths = dropped_paths(event.mimeData())
        if paths:
            self._take(event)
            self.veil.cover(paths)

    def move(self, event: QDropEvent) -> None:
        """It still is."""
        if self.veil.isVisible():
            self._take(event)

    def drop(self, event: QDropEvent) -> None:
        """It was let go."""
        self.veil.hide()
        self._drop(event)

    def _take(self, event: QDropEvent) -> None:
        """Whatever the other program proposes, the file stays where it is."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def _drop(self, event: QDropEvent) -> None:
        paths = dropped_paths(event.mimeData())
        if len(paths) == 1:
            self._take(event)
            self.sessions.open(str(paths[0]))
        elif paths:
            self._take(event)
            self.said.emit(help_text("drop", "many"))

    @Slot(str)
    def _on_asked(self, what: str) -> None:
        if what == "keep":
            self.keep_asked.emit()
        else:
            sessions = self.sessions
            doings = {
                "new": sessions.begin,
                "open": sessions.choose,
                "save": sessions.save,
                "save_as": sessions.save_as,
            }
            doings[what]()

    @Slot(object)
    def _on_failed(self, failure: Failure | None) -> None:
        self.notice.show_failure(failure)
        self.button.show_recent(self.sessions.recent)

    @Slot(str)
    def _on_belongs(self, _: str) -> None:
        self.button.show_recent(self.sessions.recent)
