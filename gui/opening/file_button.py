"""The menu of sessions, at the left of the top bar."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, Signal, Slot
from PySide6.QtGui import QPainterPath

from gui.controls.chooser import Popup
from gui.controls.iconbutton import IconButton
from gui.guide.help import help_text

DOINGS = ("new", "open", "save", "save_as", "keep")


def folder_sign() -> QPainterPath:
    """A folder, slightly open."""
    path = QPainterPath(QPointF(1.8, 12.8))
    for x, y in ((1.8, 3.2), (6.2, 3.2), (7.8, 5.2), (13.2, 5.2), (13.2, 7.4)):
        path.lineTo(x, y)
    path.moveTo(1.8, 12.8)
    for x, y in ((4.2, 7.4), (15.0, 7.4), (12.6, 12.8), (1.8, 12.8)):
        path.lineTo(x, y)
    return path


class FileButton(IconButton):
    """``asked`` tells one of ``DOINGS``, ``recent_asked`` the path of a session that was open before."""

    asked = Signal(str)
    recent_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__(folder_sign(), help_text("sessions", "menu"), help_text("sessions", "menu_hint"))
        self._recent: tuple[str, ...] = ()
        self.clicked.connect(self.open_popup)

    def show_recent(self, paths: tuple[str, ...]) -> None:
        """Offer these sessions again."""
        self._recent = paths

    @Slot()
    def open_popup(self) -> None:
        """Open a fresh menu; it deletes itself when it closes."""
        popup = Popup(self, help_text("sessions", "menu"))
        popup.chosen.connect(self._on_chosen)
        for key in DOINGS:
            popup.add_entry(help_text("sessions", key), help_text("sessions", f"{key}_hint"), ("", key))
        if self._recent:
            popup.add_rule()
            popup.add_heading(help_text("sessions", "recent"))
        for path in self._recent:
            popup.add_entry(Path(path).stem, str(Path(path).parent), (path, "recent"))
        popup.open_under_opener()

    @Slot(object)
    def _on_chosen(self, choice: tuple[str, str]) -> None:
        path, what = choice
        if what == "recent":
            self.recent_asked.emit(path)
        else:
            self.asked.emit(what)
