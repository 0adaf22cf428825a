"""What every order of a trial scores, side by side."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.faithfulness.protocol import find
from engine.faithfulness.trial import Trial
from gui.controls.elided import ElidedLabel
from gui.guide.help import help_text
from gui.paint.numerals import plain
from gui.told.wording import answer_name, isolated
from gui.trust.tried import Tried, names
from gui.trust.verdict import unit_name


class ScoreTable(QWidget):
    """The protocol's two scores of every order, the explanation's own first, chance last."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(help_text("trust", "scores"))
        self.score = QLabel()
        self.score.setObjectName("quiet")
        self.score.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(0, 1)
        self._rows: list[tuple[ElidedLabel, QLabel, QLabel]] = []
        self._heads = tuple(QLabel(help_text("trust", key)) for key in ("most", "least"))
        for column, head in enumerate(self._heads, start=1):
            head.setObjectName("quiet")
            self._grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignRight)
        column_of_parts = QVBoxLayout(self)
        column_of_parts.setContentsMargins(0, 0, 0, 0)
        column_of_parts.setSpacing(6)
        column_of_parts.addLayout(self._grid)
        column_of_parts.addWidget(self.score)

    def show_tried(self, tried: Tried) -> None:
        """A row for every order that was tried."""
        rules = find(tried.plan.protocol)
        answer, unit = isolated(answer_name(tried.explanation, tried.explanation.target)), unit_name(tried)
        for head, key, metric in zip(
            self._heads, ("most", "least"), (rules.metric_most, rules.metric_least), strict=True
        ):
            name = help_text("trust_metric", metric)
            head.setToolTip(help_text("trust", f"{key}_hint", metric=name, answer=answer, unit=unit))
        self.score.setText(help_text("trust", "score", answer=answer, unit=unit))
        self.score.setToolTip(rules.sentence)
        first, *others = names(tried)
        lines = [(help_text("trust", "this", method=first), tried.own.score_most, tried.own.score_least)]
        lines += [(name, trial.score_most, trial.score_least) for name, trial in zip(others, tried.others, strict=True)]
        if tried.chance:
            lines.append((help_text("trust", "chance"), *_means(tried.chance)))
        for place, line in enumerate(lines):
            self._show_row(place, *line)
        for row in self._rows[len(lines) :]:
            for label in row:
                label.hide()
        if tried.chance:
            self._tell_chance(tried.chance, self._rows[len(lines) - 1])

    def texts(self) -> list[tuple[str, str, str]]:
        """What is read, row by row."""
        seen = [row for row in self._rows if not row[0].isHidden()]
        return [(name.full_text(), most.text(), least.text()) for name, most, least in seen]

    def _show_row(self, place: int, name: str, most: float, least: float) -> None:
        if place == len(self._rows):
            row = ElidedLabel(), QLabel(), QLabel()
            self._rows.append(row)
            for column, label in enumerate(row):
                side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag(0)
                self._grid.addWidget(label, place + 1, column, side)
        shown = self._rows[place]
        shown[0].show_text(name)
        for label, value in zip(shown[1:], (most, least), strict=True):
            label.setText(plain(round(value, 2) + 0.0))  # never minus nothing
            label.setToolTip(f"{value:.6f}")
        for label in shown:
            label.setObjectName("value" if place == 0 else "")
            label.show()

    def _tell_chance(self, chance: tuple[Trial, ...], row: tuple[ElidedLabel, QLabel, QLabel]) -> None:
        for label, scores in zip(
            row[1:], ([one.score_most for one in chance], [one.score_least for one in chance]), strict=True
        ):
            said = {"orders": str(len(chance)), "low": plain(min(scores)), "high": plain(max(scores))}
            label.setToolTip(help_text("trust", "chance_hint", **said))


def _means(trials: tuple[Trial, ...]) -> tuple[float, float]:
    most, least = (np.mean([getattr(trial, name) for trial in trials]) for name in ("score_most", "score_least"))
    return float(most), float(least)
