"""What the model answers: one bar per class, the predicted one first."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from engine.contract import Explanation
from gui.controls.card import Card
from gui.controls.elided import ElidedLabel
from gui.guide.help import help_text
from gui.paint.colour import qcolor
from gui.paint.kept import is_same_answer
from gui.paint.numerals import plain
from gui.paint.palette import Palette
from gui.shown import Shown
from gui.style import sized, tabular
from gui.told.predicted import answer_number, listed_answers, prediction_title
from gui.told.wording import answer_name

ROWS_SHOWN = 6
ROW_HEIGHT = 24
LABEL_WIDTH = 120
DIMMED = 0.45


class Bar(QWidget):
    """A share of 1 as a length."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._share = 0.0
        self._is_first = False
        self._opacity = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float, *, is_first: bool, opacity: float) -> None:
        """Draw it this long, in the accent colour where it is the predicted one."""
        self._share, self._is_first, self._opacity = share, is_first, opacity
        self.update()

    def sizeHint(self) -> QSize:
        """A thin line."""
        return QSize(60, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded track and the part of it that is filled."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self._opacity)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(self._palette.grid))
        track = QRectF(self.rect())
        painter.drawRoundedRect(track, 4, 4)
        painter.setBrush(qcolor(self._palette.towards if self._is_first else self._palette.faint))
        filled = QRectF(track)
        filled.setWidth(max(3.0, track.width() * self._share))
        painter.drawRoundedRect(filled, min(4.0, filled.width() / 2), 4)
        painter.end()


class _Row(NamedTuple):
    """One class."""

    name: ElidedLabel
    bar: Bar
    number: QLabel


class PredictionPanel(Card):
    """The prediction card; many classes scroll, of a vocabulary only the likeliest words are listed."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(help_text("prediction", "title"))
        self._palette = palette
        self.setToolTip(help_text("prediction", "hint"))
        self.rows: list[_Row] = []
        self._explanation: Explanation | None = None
        self._stale = False
        self._content = QWidget()
        self._content.setObjectName("column")
        self._grid = QGridLayout(self._content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._content)
        self._area.setFixedHeight(2 * sized(ROW_HEIGHT))
        self.body.addWidget(self._area)

    def show_prediction(self, explanation: Explanation | None, *, stale: bool) -> None:
        """Show the answers, strongest first; dimmed while a newer answer is on its way."""
        if explanation is None or (explanation is self._explanation and stale == self._stale):
            return
        self._explanation, self._stale = explanation, stale
        order = listed_answers(explanation)
        if len(order) != len(self.rows):
            self._make_rows(len(order))
        self.title.show_text(prediction_title(explanation))
        for place, index in enumerate(order):
            self._show_row(place, explanation, index, opacity=DIMMED if stale else 1.0)

    def forget(self, shown: Shown) -> None:
        """Out of sight: let go of an answer that is no longer shown."""
        if not is_same_answer(self._explanation, shown.explanation):
            self._explanation = None

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours, and rows as high as its type needs."""
        self._palette = palette
        explanation, self._explanation = self._explanation, None
        if explanation is not None:
            self._make_rows(0)
            self.show_prediction(explanation, stale=self._stale)

    def shown(self) -> list[tuple[str, str]]:
        """Names and numbers, as they stand."""
        return [(name.full_text(), number.text()) for name, _, number in self.rows]

    def _make_rows(self, count: int) -> None:
        for widget in [widget for row in self.rows for widget in row]:
            self._grid.removeWidget(widget)
            widget.hide()  # it is deleted only when Qt is idle again
            widget.deleteLater()
        self.rows = [_Row(ElidedLabel(most=LABEL_WIDTH), Bar(self._palette), QLabel()) for _ in range(count)]
        for place, (name, bar, number) in enumerate(self.rows):
            number.setFont(tabular(self.font()))
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(name, place, 0)
            self._grid.addWidget(bar, place, 1)
            self._grid.addWidget(number, place, 2)
            self._grid.setRowMinimumHeight(place, sized(ROW_HEIGHT))
        self._area.setFixedHeight(min(count, ROWS_SHOWN) * sized(ROW_HEIGHT))
        scrolls = count > ROWS_SHOWN
        self._grid.setContentsMargins(0, 0, 6 if scrolls else 0, 0)  # room before the scroll bar
        needed = Qt.ScrollBarPolicy.ScrollBarAsNeeded if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._area.setVerticalScrollBarPolicy(needed)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.NoFocus)

    def _show_row(self, place: int, explanation: Explanation, index: int, *, opacity: float) -> None:
        name, bar, number = self.rows[place]
        prediction = explanation.prediction
        logit = float(prediction.logits[index])
        name.show_text(answer_name(explanation, index))
        share = 0.0 if prediction.probabilities is None else float(prediction.probabilities[index])
        bar.setVisible(prediction.probabilities is not None)
        bar.show_share(share, is_first=place == 0, opacity=opacity)
        number.setText(answer_number(explanation, index))
        for widget in (bar, number):
            widget.setToolTip(help_text("prediction", "logit", logit=plain(logit)))
        number.setEnabled(opacity == 1.0)
        name.setEnabled(opacity == 1.0)
