"""A comparison on the stage, painted as it is exported: both sentences, all panes, what they say.

The pointer lights up a word in all of its panes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QPointF, QRectF, Slot
from PySide6.QtGui import QCursor, QPainter
from PySide6.QtWidgets import QToolTip, QVBoxLayout

from engine.contract import Explanation
from gui.controls.canvas import Canvas
from gui.paint.palette import PALETTES, Palette
from gui.paint.typeface import body_pixels
from gui.shown import Shown
from gui.state import ViewState
from gui.told.wording import tooltip
from gui.viewkit import Figure, HostedView

LETTERS = 0.025  # of the height: three pictures side by side leave less room than one
ENDLESS = 1e6  # pixels


class Told(Protocol):
    """What the pointer is on, in ``words``."""

    @property
    def words(self) -> str:
        """For the tooltip."""
        ...


class LivingFigure(Figure, Protocol):
    """A drawing that answers to the pointer."""

    def hit(self, x: float, y: float) -> Any:
        """What lies under a point, a :class:`Told`; None where nothing does."""
        ...

    def paint_lit(self, painter: QPainter, hit: Any) -> None:
        """Light it up, painted over the figure."""
        ...


Draw = Callable[[Shown, QRectF, Palette], LivingFigure | None]  # None while there is nothing to compare yet


class ComparedPicture(HostedView):
    """Fills its place with what ``draw`` makes of what is shown."""

    def __init__(self, draw: Draw) -> None:
        super().__init__("")
        self._draw = draw
        self._shown: Shown | None = None
        self._figure: LivingFigure | None = None
        self._shrunk = 1.0
        self._hit: Told | None = None
        self.canvas = Canvas(self._paint, self._paint_lit, self.guarded)
        self.canvas.moved.connect(self._on_moved)
        self.canvas.left.connect(self._on_left)
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.canvas)

    def show_shown(self, shown: Shown) -> None:
        """Paint anew only where something has changed."""
        before, self._shown = self._shown, shown
        is_answered = before is not None and before.explanation is shown.explanation and before.first is shown.first
        is_same = is_answered and before is not None and before.state == shown.state
        self.show_result(shown.explanation, shown.state.view, stale=shown.stale)
        if not is_same:
            self._hit = None
            self.canvas.redraw()

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Take the theme's colours."""
        self.canvas.dress(PALETTES[view.theme], stale=stale)

    def forget(self) -> None:
        """Nothing is left to draw."""
        self._shown = self._figure = self._hit = None
        self.canvas.redraw()

    def _paint(self, painter: QPainter) -> None:
        if self._shown is not None:
            palette = PALETTES[self._shown.state.view.theme]
            room = self.canvas.size()
            # Letters stop growing in very large pictures: painted larger and shrunk, they are as large as wanted.
            self._shrunk = LETTERS * room.height() / body_pixels(ENDLESS, ENDLESS)
            rect = QRectF(0, 0, room.width() / self._shrunk, room.height() / self._shrunk)
            self._figure = self._draw(self._shown, rect, palette)
            if self._figure is not None:
                painter.scale(self._shrunk, self._shrunk)
                self._figure.paint(painter)

    def _paint_lit(self, painter: QPainter) -> None:
        if self._figure is not None and self._hit is not None:
            painter.scale(self._shrunk, self._shrunk)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._figure.paint_lit(painter, self._hit)

    def _light(self, hit: Told | None) -> None:
        if hit != self._hit:
            self._hit = hit
            self.canvas.update()

    @Slot(QPointF)
    def _on_moved(self, at: QPointF) -> None:
        with self.guarded():
            hit = None
            if self._figure is not None:
                hit = self._figure.hit(at.x() / self._shrunk, at.y() / self._shrunk)
            self._light(hit)
            QToolTip.showText(QCursor.pos(), tooltip(hit.words) if hit is not None else "", self.canvas)

    @Slot()
    def _on_left(self) -> None:
        self._light(None)
