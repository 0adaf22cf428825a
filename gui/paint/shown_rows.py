"""The rows every picture of one window draws: words or pieces, as a person has chosen."""

from __future__ import annotations

from engine.contract import Explanation
from engine.words import Row, rows
from gui.state import ViewState


def shown_rows(explanation: Explanation, view: ViewState) -> tuple[Row, ...]:
    """All rows in reading order, hidden ones included."""
    request, tokens = explanation.request, explanation.tokens
    return rows(request, tokens, whole_words=view.whole_words, split=view.split_words)
