"""Whose answer is explained, where the model answers for every word or fills a gap."""

from __future__ import annotations

from PySide6.QtCore import Signal

from engine.contract import Explanation, Head
from engine.words import Row, rows
from gui.controls.chooser import Chooser, Popup
from gui.guide.help import help_text
from gui.state import Place
from gui.told.wording import place_name


class PlaceChooser(Chooser):
    """The word button, hidden while the model answers for the whole text.

    ``place_chosen`` tells a :class:`gui.state.Place`, or None for the usual one.
    """

    place_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(help_text("place", "name"), help_text("place", "hint"))
        self._place: Place | None = None
        self._last: Explanation | None = None
        self.hide()

    def show_place(self, place: Place | None, last: Explanation | None) -> None:
        """Show which word is chosen; ``last`` is an explanation of the opened model, if there is one."""
        if place == self._place and last is self._last:
            return
        self._place, self._last = place, last
        self.setVisible(last is not None and last.model.head is not Head.SEQUENCE_CLASSIFICATION)
        if last is not None:
            self.button.show_parts(help_text("place", "name"), place_name(last))

    def fill(self, popup: Popup) -> None:
        """The usual place, and every word of the text."""
        if self._last is None:
            return
        usual = "usual_gap" if self._last.model.head is Head.MASKED_WORD else "usual"
        is_current = self._place is None
        popup.add_entry(help_text("place", usual), help_text("place", "usual_hint"), None, is_current=is_current)
        popup.add_rule()
        popup.add_heading(help_text("place", "words"))
        for row in _words(self._last):
            first = self._last.tokens[row.tokens[0]]
            is_current = self._place is not None and self._place.token in row.tokens
            popup.add_entry(row.label, "", Place(first.start, row.tokens[0]), is_current=is_current)

    def take(self, value: Place | None) -> None:
        """A word, or the usual place."""
        self.place_chosen.emit(value)


def _words(explanation: Explanation) -> list[Row]:
    """The words of the text itself, without the marks the model adds."""
    merged = rows(explanation.request, explanation.tokens, whole_words=True)
    tokens = explanation.tokens
    return [row for row in merged if row.segment == 0 and tokens[row.tokens[0]].start >= 0]
