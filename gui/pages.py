"""What the window shows between its bars: the desk where one sentence is explored, the board where two are compared."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.contract import Failure
from gui.compare.board import Board
from gui.compare.exporting import exported
from gui.desk import Desk
from gui.figures.exported import Exported, exports_of
from gui.paint.kept import keep_for
from gui.paint.palette import Palette
from gui.shown import Activity, Shown
from gui.viewkit import View


class Pages(QWidget):
    """One of the two at a time; only that one is drawn."""

    def __init__(self, desk: Desk, board: Board, views: Sequence[View]) -> None:
        """``views`` are all there are; the desk shows some of them."""
        super().__init__()
        self._desk, self._board, self._views = desk, board, views
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

    @property
    def shows_trust(self) -> bool:
        """Whether it is seen how far to trust the one picture there is."""
        return self._desk.is_trusting and not self.is_compared

    def show_shown(self, shown: Shown) -> None:
        """Draw the page that is looked at, and turn to the other where a comparison begins or ends."""
        keep_for(shown.first, shown.explanation)
        was_compared, self.is_compared = self.is_compared, shown.state.comparison is not None
        self._board.show_shown(shown)
        if self.is_compared:
            self._desk.forget(shown)
        else:
            self._desk.show_shown(shown)
        if self.is_compared is not was_compared:
            gone, come = (self._desk, self._board) if self.is_compared else (self._board, self._desk)
            gone.hide()
            come.show()
            self._board.take_focus() if self.is_compared else self._desk.text.field.setFocus()

    def forget(self, shown: Shown) -> None:
        """Out of sight: let go of whatever is no longer shown."""
        self._desk.forget(shown)
        self._board.forget(shown)

    def exports(self, shown: Shown) -> tuple[Exported, ...]:
        """What there is to make a file of, what is in front first; nothing that its sentences do not belong to."""
        if self.is_compared:
            made = self._board.difference
            is_there = not (shown.stale or shown.first_stale)
            return (exported(made),) if made is not None and is_there else ()
        deck = self._desk.decks.get("middle")
        front = deck.view_in_front() if deck is not None else None
        answer = shown.explanation
        tried = self._desk.trust.exports()
        return () if answer is None else (*exports_of(answer, shown.state.view, self._views, front), *tried)

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
