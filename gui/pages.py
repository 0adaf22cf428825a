"""What the window shows between its bars: the desk where one sentence is explored, the board where two are compared."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.contract import Failure
from gui.compare.board import Board
from gui.desk import Desk
from gui.paint.palette import Palette
from gui.shown import Activity, Shown


class Pages(QWidget):
    """One of the two at a time; only that one is drawn."""

    def __init__(self, desk: Desk, board: Board) -> None:
        super().__init__()
        self._desk, self._board = desk, board
        self._shown: Shown | None = None
        self.is_compared = False
        board.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        for page in (desk, board):
            box.addWidget(page)

    @property
    def regions(self) -> Sequence[QWidget]:
        """Where Tab goes."""
        return self._board.regions if self.is_compared else self._desk.regions

    def show_shown(self, shown: Shown) -> None:
        """Draw the page that is looked at, and turn to the other where a comparison begins or ends."""
        was_compared, self.is_compared = self.is_compared, shown.state.comparison is not None
        self._board.show_shown(shown)
        if not self.is_compared:
            self._desk.show_shown(shown)
        if self.is_compared is not was_compared:
            gone, come = (self._desk, self._board) if self.is_compared else (self._board, self._desk)
            gone.hide()
            come.show()
            self._board.take_focus() if self.is_compared else self._desk.text.field.setFocus()

    def show_failure(self, shown: Shown, failure: Failure | None) -> None:
        """What is wrong with what stands on the page: with A, and the ``failure`` of B."""
        if self.is_compared:
            self._board.show_failures(shown.first_failure, failure, shown.state)
        else:
            self._desk.text.show_failure(failure, is_empty=shown.activity is Activity.NO_TEXT)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours and the room its type needs."""
        self._desk.dress(palette)
        self._board.dress(palette)
