"""The curves of a trial in the window: the pointer and the arrow keys walk along their steps."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QVBoxLayout

from gui.controls.canvas import Canvas, Guard, Paint
from gui.guide.help import help_text
from gui.paint.palette import LIGHT, Palette
from gui.style import sized
from gui.trust.curves import CurveFigure, curve_figure, step_at
from gui.trust.tried import Tried, lines, words
from gui.viewkit import HostedView

LEAST_TALL = 230  # pixels, in usual type
WAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -10_000, Qt.Key.Key_End: 10_000}


class CurvesView(HostedView):
    """``pointed`` tells how many words are away at the step that is looked at, None where nobody looks."""

    pointed = Signal(object)

    def __init__(self) -> None:
        super().__init__("")
        self._tried: Tried | None = None
        self._at: int | None = None
        self._drawn: CurveFigure | None = None
        self._colours = LIGHT
        self.canvas = _Keyed(self._paint, self._paint_nothing, self.guarded)
        self.canvas.setAccessibleName(help_text("trust", "curves"))
        self.canvas.setToolTip(help_text("trust", "curves_hint"))
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.canvas)
        self.canvas.moved.connect(self._on_moved)
        self.canvas.left.connect(self._on_left)
        self.canvas.stepped.connect(self._on_stepped)

    @property
    def at(self) -> int | None:
        """How many words are away at the step that is looked at."""
        return self._at

    def show_tried(self, tried: Tried) -> None:
        """Draw these curves; where somebody looks is kept while it is the same explanation that grows."""
        if self._tried is None or self._tried.own is not tried.own:
            self._look_at(None)
        self._tried = tried
        self._turn_to(self.stage)
        self.canvas.redraw()

    def show_stale(self, *, stale: bool) -> None:
        """Half faded where it is not for what is shown now."""
        self.canvas.dress(self._colours, stale=stale)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours and the room its type needs."""
        self._colours = palette
        self.dress_quiet(palette)
        self.canvas.setMinimumHeight(sized(LEAST_TALL))
        self.canvas.dress(palette, stale=False)
        self.canvas.redraw()

    def _paint(self, painter: QPainter) -> None:
        if self._tried is not None:
            room = QRectF(self.canvas.rect())
            told = replace(words(self._tried), title="")
            self._drawn = curve_figure(lines(self._tried), told, room, self._colours, at=self._at)
            self._drawn.paint(painter)

    def _paint_nothing(self, _: QPainter) -> None:
        """All is in the picture."""

    def _look_at(self, count: int | None) -> None:
        if count != self._at:
            self._at = count
            self.canvas.redraw()
            self.pointed.emit(count)

    @Slot(QPointF)
    def _on_moved(self, point: QPointF) -> None:
        with self.guarded():
            self._look_at(None if self._drawn is None else step_at(self._drawn, point))

    @Slot()
    def _on_left(self) -> None:
        self._look_at(None)

    @Slot(int)
    def _on_stepped(self, way: int) -> None:
        if self._tried is None:
            return
        counts = [int(count) for count in self._tried.own.most.counts]
        at = counts.index(self._at) if self._at in counts else (0 if way > 0 else len(counts))
        self._look_at(counts[max(0, min(len(counts) - 1, at + way))])


class _Keyed(Canvas):
    """``stepped`` tells how many steps the keyboard goes on."""

    stepped = Signal(int)

    def __init__(self, picture: Paint, overlay: Paint, guard: Guard) -> None:
        super().__init__(picture, overlay, guard)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk."""
        way = WAYS.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(way)
