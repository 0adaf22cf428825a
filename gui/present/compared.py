"""A comparison on the stage, painted as it is exported: both sentences, all panes, what they say."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout

from engine.contract import Explanation
from gui.controls.canvas import Canvas
from gui.paint.palette import PALETTES, Palette
from gui.paint.typeface import body_pixels
from gui.shown import Shown
from gui.state import ViewState
from gui.viewkit import Figure, HostedView

LETTERS = 0.025  # of the height: three pictures side by side leave less room than one
ENDLESS = 1e6  # pixels
Draw = Callable[[Shown, QRectF, Palette], Figure | None]  # None while there is nothing to compare yet


class ComparedPicture(HostedView):
    """Fills its place with what ``draw`` makes of what is shown."""

    def __init__(self, draw: Draw) -> None:
        super().__init__("")
        self._draw = draw
        self._shown: Shown | None = None
        self.canvas = Canvas(self._paint, self._paint_nothing, self.guarded)
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
            self.canvas.redraw()

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Take the theme's colours."""
        self.canvas.dress(PALETTES[view.theme], stale=stale)

    def _paint(self, painter: QPainter) -> None:
        if self._shown is not None:
            palette = PALETTES[self._shown.state.view.theme]
            room = self.canvas.size()
            # Letters stop growing in very large pictures: painted larger and shrunk, they are as large as wanted.
            shrunk = LETTERS * room.height() / body_pixels(ENDLESS, ENDLESS)
            rect = QRectF(0, 0, room.width() / shrunk, room.height() / shrunk)
            figure = self._draw(self._shown, rect, palette)
            if figure is not None:
                painter.scale(shrunk, shrunk)
                figure.paint(painter)

    def _paint_nothing(self, painter: QPainter) -> None:
        """Nothing is laid over it."""
