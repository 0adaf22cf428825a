"""The sentence over the figure on the stage, every word on the colour of its share, as large as it fits."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QPointF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from engine.contract import Explanation
from gui.controls.canvas import Canvas
from gui.guide.help import help_text
from gui.paint.chip_legend import Pen, legend_lines
from gui.paint.chip_picture import chip_outline, paint_chips
from gui.paint.chips import Chip, ChipStrip, chip_strip
from gui.paint.colour import css, qcolor
from gui.paint.palette import PALETTES, Palette
from gui.state import Hover, Node, ViewState
from gui.told.wording import escaped
from gui.viewkit import HostedView

LETTERS = (0.04, 0.036, 0.032, 0.028, 0.025, 0.022)  # of the stage's height, the largest first
COMFORTABLE = 0.032  # letters no smaller than this may save a line
MOST = 0.24  # of the stage's height
LINE_BELOW = 3  # pixels: what underlines a word
EVER, LEGEND_PIXELS = 1e9, 13  # a line without end: the label that shows the legend wraps it in its own letters


class StageSentence(HostedView):
    """Pointing at a word lights it up everywhere, a click traces it. It is gone where it would crowd out the figure.

    ``legend`` says in rich text how to read the colours. What the model adds to the sentence is left to the figure.
    """

    def __init__(self) -> None:
        super().__init__("")
        self._explanation: Explanation | None = None
        self._view = ViewState()
        self._strip: ChipStrip | None = None
        self._laid: tuple[object, ...] = ()
        self.legend = ""
        self.canvas = Canvas(self._paint, self._paint_overlay, self.guarded)
        self.canvas.setAccessibleName(help_text("words", "name"))
        self.canvas.moved.connect(self._on_moved)
        self.canvas.left.connect(self._on_left)
        self.canvas.clicked.connect(self._on_clicked)
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.canvas)

    @property
    def words(self) -> ChipStrip | None:
        """The words in their places."""
        return self._strip

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Lay out anew only where what is seen has changed."""
        self._explanation, self._view = explanation, view
        self.canvas.dress(PALETTES[view.theme], stale=stale)
        self._lay_out()
        self.canvas.update()

    def forget(self) -> None:
        """Nothing is left to lay out."""
        self._explanation = self._strip = None
        self._laid = ()
        self.canvas.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        with self.guarded():
            self._lay_out()

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(320, self.height())

    def _lay_out(self) -> None:
        if self._explanation is None:
            return
        view, whole = self._view, self.window().height()
        looks = (view.whole_words, view.split_words, view.annotation, view.theme)
        laid = (self._explanation, looks, self.width(), whole, self.font().pixelSize())
        if laid == self._laid:
            return
        self._laid = laid
        self._strip = strip = self._fitted(whole)
        height = max((bottom for chip in strip.chips for bottom in _bottoms(chip)), default=0.0)
        self.legend = _legend(self._explanation, PALETTES[view.theme])
        self.setFixedHeight(math.ceil(height) + LINE_BELOW if height <= MOST * whole else 0)
        self.canvas.redraw()

    def _fitted(self, whole: int) -> ChipStrip:
        """In the largest letters that fit; a little smaller where that saves a line."""
        assert self._explanation is not None
        found: list[ChipStrip] = []
        for share in LETTERS:
            view = replace(self._view, show_special=False)
            strip = chip_strip(self._explanation, view, max(80, self.width()), round(share * whole))
            is_fit = all(bottom <= MOST * whole for chip in strip.chips for bottom in _bottoms(chip))
            if is_fit:
                found.append(strip)
            if (found and share <= COMFORTABLE) or share == LETTERS[-1]:
                return min(found, key=_lines) if found else strip
        raise AssertionError("the smallest letters are the last")

    def _paint(self, painter: QPainter) -> None:
        if self._strip is not None:
            paint_chips(painter, replace(self._strip, legend=()), PALETTES[self._view.theme])

    def _paint_overlay(self, painter: QPainter) -> None:
        hover, palette = self._view.hover, PALETTES[self._view.theme]
        if self._strip is None or hover is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(qcolor(palette.text), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for chip in self._strip.chips:
            if {hover.token, hover.receiver} & set(chip.tokens):
                painter.drawPath(chip_outline(chip, self._strip, inset=1.0))

    def _under(self, at: QPointF) -> Chip | None:
        return self._strip.chip_at(at.x(), at.y()) if self._strip is not None else None

    @Slot(QPointF)
    def _on_moved(self, at: QPointF) -> None:
        with self.guarded():
            chip = self._under(at)
            hover = Hover(chip.tokens[0]) if chip is not None else None
            if hover != self._view.hover:
                self.hovered.emit(hover)

    @Slot()
    def _on_left(self) -> None:
        if self._view.hover is not None:
            self.hovered.emit(None)

    @Slot(QPointF)
    def _on_clicked(self, at: QPointF) -> None:
        with self.guarded():
            chip = self._under(at)
            node = Node(0, chip.tokens[0]) if chip is not None else None
            self.picked.emit(None if node == self._view.traced else node)


def _bottoms(chip: Chip) -> list[float]:
    """Where the word ends, and each line below it."""
    return [chip.rect.bottom(), *(line.rect.bottom() for line in chip.below)]


def _lines(strip: ChipStrip) -> int:
    return len({round(chip.rect.top()) for chip in strip.chips})


def _legend(explanation: Explanation, palette: Palette) -> str:
    words = legend_lines(explanation, palette, "", Pen(EVER, 0.0, 0.0), LEGEND_PIXELS)
    marked = [
        f'<span style="color: {css(getattr(palette, role))}">{_bold(escaped(text.full), is_bold=text.ink.bold)}</span>'
        for text, role in words
    ]
    return " ".join(marked)


def _bold(words: str, *, is_bold: bool) -> str:
    return f"<b>{words}</b>" if is_bold else words
