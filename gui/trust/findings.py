"""All that a trial found: verdict, curves, the words that are gone, scores, and what this cannot say."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolTip, QVBoxLayout, QWidget

from engine import registry
from gui.figures.caption import caption
from gui.guide.help import help_text
from gui.paint.palette import Palette
from gui.panels.explanation import MARKS
from gui.state import Hover, ViewState
from gui.told.prose import exactness
from gui.told.wording import tooltip
from gui.trust.curves_view import CurvesView
from gui.trust.labels import GoneLabel, VerdictLabel
from gui.trust.scores import ScoreTable
from gui.trust.tried import Tried, words
from gui.trust.verdict import verdict

THANKED_MS = 1500


class Findings(QWidget):
    """Hidden until there is something. ``hovered`` tells the word that goes at the step that is looked at."""

    hovered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._tried: Tried | None = None
        self._is_stale = False
        self.veiled, self.check = _quiet(), _quiet()
        self.check.setToolTip(help_text("explanation", "check_hint"))
        self.verdict, self.gone, self.scores, self.curves = VerdictLabel(), GoneLabel(), ScoreTable(), CurvesView()
        self.limits, self.copy = link("limits"), link("copy")
        self._thanks = QTimer(self)
        self._thanks.setSingleShot(True)
        self._thanks.setInterval(THANKED_MS)
        self._thanks.timeout.connect(self._on_thanked)
        under = QHBoxLayout()
        under.addWidget(self.limits)
        under.addStretch(1)
        under.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.veiled, self.verdict, self.curves, self.gone, self.scores, self.check):
            column.addWidget(part, 1 if part is self.curves else 0)
        column.addLayout(under)
        self.curves.pointed.connect(self._on_pointed)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.limits.clicked.connect(self._on_limits_clicked)
        self.hide()

    def show_tried(self, tried: Tried, view: ViewState, remark: str, *, is_stale: bool) -> None:
        """Show this much of a trial; ``remark`` stands above it, "" for none. It is dimmed where ``is_stale``."""
        self._is_stale = is_stale
        if tried is not self._tried:
            self._tried = tried
            self.curves.show_tried(tried)
            self.verdict.show_tried(tried)
            self.scores.show_tried(tried)
            self.gone.show_step(tried, self.curves.at)
            method = registry.find(tried.explanation.request.method)
            told, is_exact = exactness(tried.explanation, method, view)
            self.check.setVisible(is_exact is not None)
            self.check.setText(f"{MARKS[is_exact]}{told}")
            orders = len(tried.chance) or tried.plan.orders
            self.limits.setToolTip(help_text("trust", "limits_hint", orders=str(orders)))
        self.veiled.setVisible(bool(remark))
        self.veiled.setText(remark)
        self.curves.show_stale(stale=is_stale)
        for label in (self.verdict, self.gone, self.scores, self.check):
            label.setEnabled(not is_stale)
        self.copy.setEnabled(bool(tried.chance))
        self.show()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self.curves.dress(palette)
        self.curves.show_stale(stale=self._is_stale)

    @Slot(object)
    def _on_pointed(self, count: int | None) -> None:
        if self._tried is None:
            return
        self.gone.show_step(self._tried, count)
        if self._is_stale:
            return
        row = self._tried.units[self._tried.own.order[count - 1]] if count else None
        self.hovered.emit(Hover(row.tokens[0]) if row is not None else None)

    @Slot()
    def _on_copy_clicked(self) -> None:
        if self._tried is None or not self._tried.chance:
            return
        made = self._tried.explanation
        told = caption(made, words(self._tried).notes)
        said = f"“{made.request.text.strip()}”\n{verdict(self._tried).sentence}\n{told}"
        QGuiApplication.clipboard().setText(said)
        self.copy.setText(help_text("trust", "copied"))
        self._thanks.start()

    @Slot()
    def _on_thanked(self) -> None:
        self.copy.setText(help_text("trust", "copy"))

    @Slot()
    def _on_limits_clicked(self) -> None:
        """For whoever has no pointer to rest there."""
        corner = self.limits.mapToGlobal(QPoint(0, self.limits.height()))
        QToolTip.showText(corner, tooltip(self.limits.toolTip()), self.limits)


def link(key: str) -> QPushButton:
    """A quiet button."""
    button = QPushButton(help_text("trust", key))
    button.setObjectName("link")
    button.setToolTip(help_text("trust", f"{key}_hint"))
    return button


def _quiet() -> QLabel:
    label = QLabel()
    label.setObjectName("quiet")
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
