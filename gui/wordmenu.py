"""What can be done with one word of the shown sentence. Pure: the words view offers it and tells the window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from engine.contract import Explanation, Head
from engine.words import Row, rows
from gui.guide.help import help_text
from gui.paint.shown_rows import shown_rows
from gui.state import Node, ViewState


class Deed(Enum):
    """What is asked for; each has its own texts in ``help.toml``."""

    GAP = "gap"
    PLACE = "place"
    PIECES = "pieces"
    WHOLE = "whole"
    TRACE = "trace"
    UNTRACE = "untrace"


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the menu: ``value`` is a token, a changed :class:`ViewState`, a :class:`Node` or None, as asked."""

    deed: Deed
    value: int | ViewState | Node | None
    title: str
    sentence: str


def word_at(explanation: Explanation, token: int) -> Row:
    """The whole word a token belongs to."""
    whole = rows(explanation.request, explanation.tokens, whole_words=True)
    return next(row for row in whole if token in row.tokens)


def word_menu(explanation: Explanation, view: ViewState, token: int, *, stale: bool) -> tuple[Choice, ...]:
    """Everything that can be done with the word of a token; a ``stale`` word can only be looked at."""
    word = word_at(explanation, token)
    menu = [] if stale else [*_gap(explanation, word), *_place(explanation, word)]
    menu += [*_pieces(explanation, view, word), *_trace(explanation, view, word, token)]
    return tuple(menu)


def _choice(deed: Deed, value: int | ViewState | Node | None, kind: str = "", **names: str) -> Choice:
    key = f"{deed.value}_{kind}" if kind else deed.value
    return Choice(deed, value, help_text("word", key, **names), help_text("word", f"{key}_hint", **names))


def _gap(explanation: Explanation, word: Row) -> list[Choice]:
    model, first = explanation.model, explanation.tokens[word.tokens[0]]
    is_gap = model.mask_token in (word.label, first.text)
    if model.head is not Head.MASKED_WORD or not model.mask_token or is_gap or first.start < 0:
        return []
    return [_choice(Deed.GAP, word.tokens[0])]


def _place(explanation: Explanation, word: Row) -> list[Choice]:
    """The model's answer at this word; a place is counted in the first text."""
    kinds = {Head.TOKEN_CLASSIFICATION: "answer", Head.STATE: "state", Head.MASKED_WORD: "guess"}
    kind = kinds.get(explanation.model.head)
    is_there = explanation.position in word.tokens
    if kind is None or is_there or word.segment != 0 or explanation.tokens[word.tokens[0]].start < 0:
        return []
    return [_choice(Deed.PLACE, word.tokens[0], kind)]


def _pieces(explanation: Explanation, view: ViewState, word: Row) -> list[Choice]:
    if len(word.tokens) < 2 or not view.whole_words:
        return []
    others = tuple(label for label in view.split_words if label != word.label)
    if word.label in view.split_words:
        return [_choice(Deed.WHOLE, replace(view, split_words=others))]
    pieces = " · ".join(explanation.tokens[token].text for token in word.tokens)
    return [_choice(Deed.PIECES, replace(view, split_words=(*others, word.label)), pieces=pieces)]


def _trace(explanation: Explanation, view: ViewState, word: Row, token: int) -> list[Choice]:
    if explanation.flow is None:
        return []
    row = next(row for row in shown_rows(explanation, view) if token in row.tokens)
    if view.traced is not None and view.traced.boundary == 0 and view.traced.token in row.tokens:
        return [_choice(Deed.UNTRACE, None)]
    return [_choice(Deed.TRACE, Node(0, row.tokens[0]))]
