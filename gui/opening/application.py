"""The application as a system sees it and talks to it: macOS tells by an event which file was double-clicked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication

from gui.guide.help import icon_path


class Application(QApplication):
    """``file_opened`` tells a file or folder that the system wants to be opened.

    What comes before anybody listens is kept in ``waiting``.
    """

    file_opened = Signal(str)

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.setApplicationName("Headstream")
        self.setStyle("Fusion")
        self.setWindowIcon(QIcon(str(icon_path())))
        self.waiting = ""

    def event(self, event: QEvent) -> bool:
        """Hand on what the system asks for."""
        if event.type() == QEvent.Type.FileOpen and isinstance(event, QFileOpenEvent) and event.file():
            self.waiting = event.file()
            self.file_opened.emit(event.file())
            return True
        return super().event(event)
