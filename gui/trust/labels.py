"""What a trial found, in words: the verdict, and the words that are gone at a step."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QTextDocument
from PySide6.QtWidgets import QLabel, QSizePolicy

from engine.boundaries import without_spaces
from gui.guide.help import help_text
from gui.told.wording import answer_name, escaped, isolated, listed, probability
from gui.trust.tried import Tried
from gui.trust.verdict import unit_name, verdict

MOST_WORDS = 40  # of a longer text only the words that are gone are listed
MOST_LISTED = 20


class VerdictLabel(QLabel):
    """The one sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("prose")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_tried(self, tried: Tried) -> None:
        """Say it once the random orders are there; nothing can be said before."""
        self.setVisible(bool(tried.chance))
        if tried.chance:
            found = verdict(tried)
            self.setText(f"<b>{escaped(found.lead)}</b>: {escaped(found.facts)}.")
            self.setAccessibleName(found.sentence)


class GoneLabel(QLabel):
    """The text without the words that are gone at a step, and what the model makes of the rest.

    It is as high at every step as at the one that says most, so that nothing moves under the pointer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("prose")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._tried: Tried | None = None

    def show_step(self, tried: Tried, count: int | None) -> None:
        """So many of the strongest are gone; None tells how to see them."""
        if tried is not self._tried:
            self._tried = tried
            self._reserve()
        if count is None:
            said = help_text("trust", "hint", unit=unit_name(tried))
            self.setText(escaped(said))
            self.setAccessibleName(said)
            return
        said = step_words(tried, count)
        self.setText(_written(tried, count))
        self.setAccessibleName(f"{said} {listed([isolated(word) for word in gone(tried, count)])}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width takes another height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._reserve()

    def _reserve(self) -> None:
        if self._tried is None:
            return
        self.ensurePolished()
        page = QTextDocument()
        page.setDefaultFont(self.font())
        page.setDocumentMargin(0)
        page.setTextWidth(self.width())
        heights = []
        for count in (1, len(self._tried.units)):
            page.setHtml(_written(self._tried, count))
            heights.append(page.size().height())
        self.setMinimumHeight(math.ceil(max(heights)))


def step_words(tried: Tried, count: int) -> str:
    """What the model answers with so many of the strongest gone."""
    made, curve = tried.explanation, tried.own.most
    step = int(np.searchsorted(curve.counts, count))
    said = {
        "answer": isolated(answer_name(made, made.target)),
        "probability": probability(float(curve.probability[step])),
    }
    if count == 0:
        return help_text("trust", "gone_none", unit=unit_name(tried), **said)
    predicted = isolated(answer_name(made, int(curve.predicted[step])))
    return help_text("trust", "gone", count=str(count), predicted=predicted, **said)


def gone(tried: Tried, count: int) -> list[str]:
    """The words of a step, the strongest first."""
    return [tried.units[unit].label for unit in tried.own.order[:count]]


def _written(tried: Tried, count: int) -> str:
    return f"<div>{escaped(step_words(tried, count))}</div><div>{_struck(tried, count)}</div>"


def _struck(tried: Tried, count: int) -> str:
    if len(tried.units) > MOST_WORDS:
        struck = [f"<s>{escaped(isolated(word))}</s>" for word in gone(tried, min(count, MOST_LISTED))]
        rest = [help_text("trust", "and_more", count=str(count - MOST_LISTED))] if count > MOST_LISTED else []
        return " ".join(struck + rest)
    request, is_gone = tried.explanation.request, {int(unit) for unit in tried.own.order[:count]}
    texts = (request.text, request.pair) if request.pair is not None else (request.text,)
    return "<br>".join(_struck_in(text, segment, tried, is_gone) for segment, text in enumerate(texts))


def _struck_in(text: str, segment: int, tried: Tried, is_gone: set[int]) -> str:
    """One of the texts as it was written."""
    tokens, written, at = tried.explanation.tokens, "", 0
    for unit, row in enumerate(tried.units):
        if row.segment != segment:
            continue
        start, end = without_spaces(text, tokens[row.tokens[0]].start, tokens[row.tokens[-1]].end)
        start, end = max(start, at), max(end, at)
        word = escaped(text[start:end])
        written += escaped(text[at:start]) + (f"<s>{word}</s>" if unit in is_gone else word)
        at = end
    return written + escaped(text[at:])
