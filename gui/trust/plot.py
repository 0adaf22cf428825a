"""One finished plot of the answer's probability over the number of words that are away."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from gui.paint.colour import qcolor
from gui.paint.palette import Palette, blend
from gui.paint.typeface import Text
from gui.trust.lines import Role
from gui.trust.strokes import Stroke

BAND, GRID = 0.17, 0.32  # how much of the muted colour


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line: its points, the band around it, the way to its label, and the label; None where there is no room."""

    role: Role
    stroke: Stroke
    points: tuple[QPointF, ...]
    band: tuple[QPointF, ...]
    leader: tuple[QPointF, ...]
    label: Text | None


@dataclass(frozen=True, slots=True)
class Turning:
    """The line below which another answer wins, up to its label."""

    points: tuple[QPointF, ...]
    label: Text | None


@dataclass(frozen=True, slots=True)
class Plot:
    """A finished plot. ``area`` is where the lines are, ``reach`` where pointing means a step.

    ``steps`` are how many words are away at each step of the explanation's own line, with the places they have.
    ``ring`` is the point at which that line comes to another answer where there are more than two, ``marked`` the one
    the reader points at; ``upright`` goes through it.
    """

    area: QRectF
    reach: QRectF
    steps: tuple[tuple[int, float], ...]
    drawn: tuple[Drawn, ...]
    texts: tuple[Text, ...]
    grid: tuple[QLineF, ...]
    turning: Turning | None
    ring: QPointF | None
    marked: QPointF | None
    upright: QLineF | None
    unit: float

    def count_at(self, x: float) -> int:
        """How many words are away at the step nearest to there."""
        return min(self.steps, key=lambda step: abs(step[1] - x))[0]

    @property
    def labels(self) -> tuple[Text, ...]:
        """Those at the right."""
        found = [line.label for line in self.drawn] + [self.turning.label if self.turning else None]
        return tuple(label for label in found if label is not None)

    def paint(self, painter: QPainter, palette: Palette) -> None:
        """Bands, grid, lines, marks, words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, palette)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in self.drawn:
            painter.setPen(line.stroke.pen(palette))
            painter.drawPolyline(QPolygonF((*line.points, *line.leader)))
        self._paint_marks(painter, palette)
        for text in (*self.texts, *self.labels):
            text.paint(painter, palette)

    def _paint_ground(self, painter: QPainter, palette: Palette) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(blend(palette.card, palette.muted, BAND)))
        for line in self.drawn:
            if line.band:
                painter.drawPolygon(QPolygonF(line.band))
        thin = max(1.0, 0.06 * self.unit)
        painter.setPen(QPen(qcolor(blend(palette.card, palette.muted, GRID)), thin))
        painter.drawLines(list(self.grid))
        painter.setPen(QPen(qcolor(palette.faint), 1.4 * thin))
        if self.turning is not None:
            painter.drawPolyline(QPolygonF(self.turning.points))
        if self.upright is not None:
            painter.drawLines([self.upright])

    def _paint_marks(self, painter: QPainter, palette: Palette) -> None:
        painter.setPen(QPen(qcolor(palette.accent), max(1.5, 0.12 * self.unit)))
        if self.ring is not None:
            painter.setBrush(qcolor(palette.card))
            painter.drawEllipse(self.ring, 0.45 * self.unit, 0.45 * self.unit)
        if self.marked is not None:
            painter.setBrush(qcolor(palette.accent))
            painter.drawEllipse(self.marked, 0.36 * self.unit, 0.36 * self.unit)
