"""A card that shows one of the three pictures of a comparison and answers to the pointer and the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QCursor, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QToolTip, QVBoxLayout

from engine.contract import Explanation
from gui.compare.difference import Difference, Pane
from gui.compare.pane import Hit, PaneFigure
from gui.compare.panes import pane_figure
from gui.controls.canvas import Canvas
from gui.guide.help import help_text
from gui.paint.kept import is_same_answer
from gui.paint.palette import LIGHT, PALETTES, Palette
from gui.state import ViewState
from gui.told.wording import tooltip
from gui.viewkit import HostedView

SMALLEST = 180, 160  # pixels
STEP = 3.0  # pixels by which the next word or cell is looked for
KEYS = {
    Qt.Key.Key_Up: QPointF(0, -STEP),
    Qt.Key.Key_Down: QPointF(0, STEP),
    Qt.Key.Key_Left: QPointF(-STEP, 0),
    Qt.Key.Key_Right: QPointF(STEP, 0),
}
ENTRANCES = 0.1, 0.9, 0.5  # shares of the width at which the first one is looked for
NAMES = {Pane.FIRST: "pane_a", Pane.SECOND: "pane_b", Pane.DIFFERENCE: "pane_difference"}


class PaneView(HostedView):
    """``pointed`` tells a :class:`gui.compare.pane.Hit`, or None where the pointer is on nothing."""

    pointed = Signal(object)

    def __init__(self, pane: Pane) -> None:
        super().__init__(help_text("compare", "awaited"))
        self.pane = pane
        self._difference: Difference | None = None
        self._next: Difference | None = None
        self._figure: PaneFigure | None = None
        self._size = (0, 0)
        self._palette = LIGHT
        self._hit: Hit | None = None
        self._at = QPointF()  # where the keyboard is
        self.canvas = Canvas(self._paint, self._paint_overlay, self.guarded)
        self.canvas.setMinimumSize(*SMALLEST)
        self.canvas.moved.connect(self._on_moved)
        self.canvas.left.connect(self._on_left)
        self.canvas.clicked.connect(self._on_clicked)
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.canvas)
        self.setAccessibleName(help_text("compare", NAMES[pane]))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_difference(self, difference: Difference | None, view: ViewState, *, stale: bool) -> None:
        """Draw this side of the difference, or say that it is on its way."""
        self._next = difference
        self.show_result(difference.side(self.pane) if difference is not None else None, view, stale=stale)

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Paint anew only what has changed."""
        palette = PALETTES[view.theme]
        self.canvas.dress(palette, stale=stale)
        if self._next is not self._difference or palette is not self._palette:
            self._difference, self._palette, self._figure = self._next, palette, None
            self.canvas.redraw()

    def forget(self) -> None:
        """Nothing is left to draw."""
        self._difference = self._next = self._figure = self._hit = None
        self.canvas.redraw()

    def forget_unless(self, first: Explanation | None, second: Explanation | None) -> None:
        """Let go of what is drawn, where it is not of these two answers."""
        made = self._difference
        if made is not None and not (is_same_answer(made.first, first) and is_same_answer(made.second, second)):
            self.forget()

    def dress(self, palette: Palette) -> None:
        """Lay the picture out anew in the type there is now."""
        self._figure = None
        self.canvas.redraw()

    def light(self, hit: Hit | None) -> None:
        """Light up what the pointer is on in any of the panes."""
        if hit != self._hit:
            self._hit = hit
            self.canvas.update()

    def figure(self) -> PaneFigure | None:
        """The picture for the canvas as it stands, None where there is none yet."""
        size = self.canvas.width(), self.canvas.height()
        if self._difference is not None and (self._figure is None or size != self._size):
            self._size = size
            self._figure = pane_figure(self._difference, self.pane, QRectF(0, 0, *size), self._palette)
        return self._figure

    def _paint(self, painter: QPainter) -> None:
        figure = self.figure()
        if figure is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            figure.paint(painter)

    def _paint_overlay(self, painter: QPainter) -> None:
        figure = self.figure()
        if figure is not None and self._hit is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            figure.paint_lit(painter, self._hit)

    def _hit_at(self, x: float, y: float) -> Hit | None:
        figure = self.figure()
        return figure.hit(x, y) if figure is not None else None

    @Slot(QPointF)
    def _on_moved(self, at: QPointF) -> None:
        with self.guarded():
            self._at, hit = at, self._hit_at(at.x(), at.y())
            self.pointed.emit(hit)
            QToolTip.showText(QCursor.pos(), tooltip(hit.words) if hit is not None else "", self.canvas)

    @Slot()
    def _on_left(self) -> None:
        self.pointed.emit(None)

    @Slot(QPointF)
    def _on_clicked(self, _: QPointF) -> None:
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk from word to word and from cell to cell."""
        step = KEYS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        with self.guarded():
            self._walk(step)

    def _walk(self, step: QPointF) -> None:
        """On to the next place that means something else: where it lies, only the figure knows."""
        if self._hit is not None:
            self._go(self._at, step)
            return
        for across in ENTRANCES:
            if self._go(QPointF(across * self.canvas.width(), 0), KEYS[Qt.Key.Key_Down]):
                return

    def _go(self, at: QPointF, step: QPointF) -> bool:
        while self.canvas.rect().contains((at + step).toPoint()):
            at = at + step
            hit = self._hit_at(at.x(), at.y())
            if hit is not None and hit != self._hit:
                self._at = at
                self._tell(hit)
                return True
        return False

    def _tell(self, hit: Hit) -> None:
        self.pointed.emit(hit)
        self.canvas.setAccessibleDescription(hit.words)
        at = self.canvas.mapToGlobal(self._at.toPoint() + QPoint(12, 8))
        QToolTip.showText(at, tooltip(hit.words), self.canvas)


class PaneCard(QFrame):
    """The white card around a pane; its heading is part of the picture, so that it is exported with it."""

    def __init__(self, pane: Pane) -> None:
        super().__init__()
        self.setObjectName("card")
        self.view = PaneView(pane)
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 6, 4, 6)
        box.addWidget(self.view)
