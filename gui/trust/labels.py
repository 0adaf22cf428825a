"""What a trial found, in words: the verdict, and the words that are gone at a step."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

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
    """The text without the words that are gone at a step, and what the model makes of the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("quiet")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_step(self, tried: Tried, count: int | None) -> None:
        """So many of the strongest are gone; None tells how to see them."""
        if count is None:
            said = help_text("trust", "hint", unit=unit_name(tried))
            self.setText(escaped(said))
            self.setAccessibleName(said)
            return
        said = step_words(tried, count)
        self.setText(f"{escaped(said)}<br>{_struck(tried, count)}")
        self.setAccessibleName(f"{said} {listed([isolated(word) for word in gone(tried, count)])}")


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


def _struck(tried: Tried, count: int) -> str:
    if len(tried.units) > MOST_WORDS:
        struck = [f"<s>{escaped(isolated(word))}</s>" for word in gone(tried, min(count, MOST_LISTED))]
        rest = [help_text("trust", "and_more", count=str(count - MOST_LISTED))] if count > MOST_LISTED else []
        return " ".join(struck + rest)
    is_gone = {int(unit) for unit in tried.own.order[:count]}
    written = [escaped(row.label) for row in tried.units]
    return " ".join(f"<s>{word}</s>" if unit in is_gone else f"<b>{word}</b>" for unit, word in enumerate(written))
