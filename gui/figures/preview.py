"""The very figure that will be written, on its paper, as large as there is room."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QVBoxLayout

from gui.controls.canvas import Canvas
from gui.figures.sizes import Size
from gui.guide.help import help_text
from gui.paint.colour import qcolor
from gui.paint.palette import LIGHT, Palette
from gui.viewkit import Figure, HostedView

MARGIN = 20  # pixels around the paper
LARGEST_ZOOM = 2.0  # beyond it a small figure would look coarser than it is


class FigurePreview(HostedView):
    """Shows one figure, or a quiet sentence; a figure that cannot be drawn costs the preview alone."""

    def __init__(self) -> None:
        super().__init__(help_text("exporting", "empty"))
        self._figure: Figure | None = None
        self._size = Size(16, 9)
        self._colours = LIGHT
        self.canvas = Canvas(self._paint, self._paint_nothing, self.guarded)
        self.canvas.setAccessibleName(help_text("exporting", "preview"))
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.canvas)

    def show_figure(self, figure: Figure, size: Size, *, stale: bool) -> None:
        """Show this figure of this size; faded where it does not belong to the text any more."""
        self._figure, self._size = figure, size
        self._turn_to(self.stage)
        self.canvas.dress(self._colours, stale=stale)
        self.canvas.redraw()

    def forget(self) -> None:
        """Nothing is left to draw."""
        self._figure = None
        self.canvas.redraw()

    def fade(self) -> None:
        """What is shown does not belong to the text any more."""
        self.canvas.dress(self._colours, stale=True)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours around the paper."""
        self._colours = palette
        self.dress_quiet(palette)
        self.canvas.dress(palette, stale=False)

    def paper(self) -> QRectF:
        """Where the paper lies."""
        room = QRectF(self.canvas.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        width, height = max(1, self._size.width), max(1, self._size.height)
        zoom = max(0.01, min(room.width() / width, room.height() / height, LARGEST_ZOOM))
        wide, tall = zoom * width, zoom * height
        return QRectF(room.center() - QPointF(wide / 2, tall / 2), room.center() + QPointF(wide / 2, tall / 2))

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.canvas.rect(), qcolor(self._colours.page))
        if self._figure is None:
            return
        paper = self.paper()
        painter.setPen(QPen(qcolor(self._colours.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(paper.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.save()
        painter.setClipRect(paper)
        painter.translate(paper.topLeft())
        painter.scale(paper.width() / self._size.width, paper.height() / self._size.height)
        self._figure.paint(painter)
        painter.restore()

    def _paint_nothing(self, _: QPainter) -> None:
        """Nothing lies over a preview."""
