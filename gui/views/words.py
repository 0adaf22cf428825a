"""Which words decided it: the sentence itself, every word on the colour of its share."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QCursor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QToolTip, QVBoxLayout

from engine.contract import Explanation
from gui.canvas import Canvas
from gui.paint.chips import ChipStrip, chip_strip, chip_words, paint_chips
from gui.paint.colour import qcolor
from gui.paint.palette import PALETTES, Palette
from gui.paint.typeface import body_pixels
from gui.state import Hover, Node, ViewState
from gui.viewkit import HostedView, register_view

TALLEST, TALLEST_SHARE = 240, 0.36  # pixels, and of the window's height: longer texts are scrolled


@dataclass(frozen=True, slots=True)
class WordsFigure:
    """The strip as a finished drawing, in the middle of its rectangle."""

    strip: ChipStrip
    rect: QRectF
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """What is hidden."""
        return (f"hidden: {', '.join(self.strip.hidden)}",) if self.strip.hidden else ()

    def paint(self, painter: QPainter) -> None:
        """Draw it."""
        painter.save()
        free = max(0.0, self.rect.height() - self.strip.height)
        painter.translate(self.rect.left(), self.rect.top() + free / 2)
        paint_chips(painter, self.strip, self.palette)
        painter.restore()


def figure(explanation: Explanation, view: ViewState, rect: QRectF, palette: Palette) -> WordsFigure:
    """The strip with letters as large as the rectangle allows, up to a slide's heading."""
    unit = body_pixels(rect.width(), rect.height())
    margin = 1.2 * unit
    inner = rect.adjusted(margin, margin, -margin, -margin)
    widest = max(1.0, inner.width() / (24 * unit))  # a line should hold some four words
    for factor in (factor for factor in (2.2, 1.8, 1.5, 1.25, 1.0, 0.85, 0.7) if factor <= widest):
        strip = chip_strip(explanation, view, inner.width(), round(factor * unit))
        if strip.height <= inner.height():
            break
    return WordsFigure(strip, inner, palette)


class WordsView(HostedView):
    """The living strip. It asks for the height its lines need, up to a point, and scrolls beyond."""

    def __init__(self) -> None:
        super().__init__("The words appear here.")
        self._explanation: Explanation | None = None
        self._view = ViewState()
        self._strip: ChipStrip | None = None
        self.canvas = Canvas(self._paint, self._paint_overlay, self.guarded)
        self.canvas.setAccessibleName("Words coloured by their share")
        self.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.canvas.moved.connect(self._on_moved)
        self.canvas.left.connect(self._on_left)
        self.canvas.clicked.connect(self._on_clicked)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.canvas)
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._scroll)

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Lay out anew only where more than the hovered word changed."""
        same = explanation is self._explanation and replace(view, hover=None) == replace(self._view, hover=None)
        self._explanation, self._view = explanation, view
        self.canvas.dress(PALETTES[view.theme], stale=stale)
        if not same:
            self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        with self.guarded():
            self._lay_out()

    def _lay_out(self) -> None:
        if self._explanation is None:
            return
        width = max(80, self.width() - 2)
        self._strip = chip_strip(self._explanation, self._view, width, self._pixels())
        if self._strip.height > self._tallest():
            width -= self._scroll.verticalScrollBar().sizeHint().width()
            self._strip = chip_strip(self._explanation, self._view, width, self._pixels())
        self.canvas.setFixedSize(width, round(self._strip.height + 1))
        self.canvas.redraw()
        self.setFixedHeight(min(self._tallest(), round(self._strip.height) + 2))

    def _tallest(self) -> int:
        return max(TALLEST, round(TALLEST_SHARE * self.window().height()))

    def _pixels(self) -> int:
        return round(1.08 * body_pixels(780, 780))

    def sizeHint(self) -> QSize:
        """As tall as its lines."""
        return QSize(280, min(self._tallest(), round(self._strip.height) + 2) if self._strip else 60)

    def _paint(self, painter: QPainter) -> None:
        if self._strip is not None:
            paint_chips(painter, self._strip, PALETTES[self._view.theme])

    def _paint_overlay(self, painter: QPainter) -> None:
        if self._strip is None or self._view.hover is None:
            return
        lit = {self._view.hover.token, self._view.hover.receiver}
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(qcolor(PALETTES[self._view.theme].text), 1.5))
        for chip in self._strip.chips:
            if lit & set(chip.tokens):
                painter.drawRoundedRect(chip.rect.adjusted(0.8, 0.8, -0.8, -0.8), 4, 4)

    @Slot(QPointF)
    def _on_moved(self, at: QPointF) -> None:
        with self.guarded():
            chip = self._strip.chip_at(at.x(), at.y()) if self._strip else None
            hover = Hover(chip.tokens[0]) if chip else None
            if hover != self._view.hover:
                self.hovered.emit(hover)
            QToolTip.showText(QCursor.pos(), chip_words(self._strip, chip) if self._strip and chip else "", self.canvas)

    @Slot()
    def _on_left(self) -> None:
        if self._view.hover is not None:
            self.hovered.emit(None)

    @Slot(QPointF)
    def _on_clicked(self, at: QPointF) -> None:
        with self.guarded():
            chip = self._strip.chip_at(at.x(), at.y()) if self._strip else None
            if chip is not None:
                node = Node(0, chip.tokens[0])
                self.picked.emit(None if node == self._view.traced else node)


VIEW = register_view(
    id="words",
    label="Words",
    sentence="Which words decided it.",
    mixing_sentence="Which words went in.",
    place="left",
    figure=figure,
    widget=WordsView,
    aspect=0.65,
)
