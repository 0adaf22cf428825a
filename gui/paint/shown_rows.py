"""The rows every picture of one window draws: words or pieces, as a person has chosen."""

from __future__ import annotations

from engine.contract import Explanation
from engine.words import Row, rows
from gui.paint.kept import kept
from gui.state import ViewState


def shown_rows(explanation: Explanation, view: ViewState) -> tuple[Row, ...]:
    """All rows in reading order, hidden ones included."""
    return _rows(explanation, view.whole_words, view.split_words)


@kept(8)  # every view asks for them at every look
def _rows(explanation: Explanation, whole_words: bool, split: tuple[str, ...]) -> tuple[Row, ...]:
    return rows(explanation.request, explanation.tokens, whole_words=whole_words, split=split)
