"""A map of cells as shapes: for files, and for one map enlarged with its words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPen

from engine.contract import Array
from gui.paint.colour import qcolor
from gui.paint.palette import Palette
from gui.paint.typeface import CENTRE, LEFT, RIGHT, Ink, Text, apart, face, metrics, place, width_of

GAPPED_FROM = 6.0  # pixels: smaller cells lie close together
LEVELS = 96  # steps of colour: neighbours of one step are drawn as one shape where there are no gaps


def colour_table(palette: Palette, steps: int = 256) -> Array:
    """[step, rgb] from nothing to the end of the scale."""
    return np.array([palette.sequential(step / (steps - 1)) for step in range(steps)], dtype=np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Heatmap:
    """Cells of ``shares`` [receiver, source] in the square ``rect``; row 0 on top; the scale ends at ``top``."""

    shares: Array
    rect: QRectF
    top: float

    @property
    def cell(self) -> float:
        """Side of a cell in pixels."""
        return self.rect.width() / len(self.shares)

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """(receiver, source) under a point."""
        if not self.rect.contains(x, y):
            return None
        last = len(self.shares) - 1
        row, column = int((y - self.rect.top()) / self.cell), int((x - self.rect.left()) / self.cell)
        return min(row, last), min(column, last)

    def cell_rect(self, receiver: int, source: int) -> QRectF:
        """Where one cell lies."""
        return QRectF(
            self.rect.left() + source * self.cell, self.rect.top() + receiver * self.cell, self.cell, self.cell
        )

    def paint(self, painter: QPainter, palette: Palette) -> None:
        """Every cell a rectangle; runs of one colour are one rectangle where cells lie close."""
        gap = 1.0 if self.cell >= GAPPED_FROM else 0.0
        steps = np.minimum((self.shares / self.top * (LEVELS - 1)).round(), LEVELS - 1).astype(int)
        table = colour_table(palette, LEVELS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, gap > 0)
        painter.setPen(Qt.PenStyle.NoPen)
        for receiver, row in enumerate(steps):
            borders = np.arange(len(row) + 1)
            if not gap:
                borders = np.concatenate([[0], np.flatnonzero(np.diff(row)) + 1, [len(row)]])
            for start, end in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True):
                painter.setBrush(qcolor(tuple(table[row[start]].tolist())))
                cell = self.cell_rect(receiver, start)
                cell.setWidth((end - start) * self.cell - gap)
                cell.setHeight(self.cell - gap)
                painter.drawRect(cell)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def outline(painter: QPainter, palette: Palette, rect: QRectF) -> None:
    """A frame around a cell, a row or a column."""
    painter.setPen(QPen(qcolor(palette.against), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect)


def paint_scale(painter: QPainter, palette: Palette, bar: QRectF, top: float, pixels: int) -> None:
    """The colour bar with its three numbers."""
    ramp = QLinearGradient(bar.topLeft(), bar.topRight())
    for stop in range(9):
        ramp.setColorAt(stop / 8, qcolor(palette.sequential(stop / 8)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ramp)
    painter.drawRoundedRect(bar, 3, 3)
    line = bar.bottom() + 0.75 * metrics(pixels).height()
    for share, align in ((0.0, LEFT), (0.5, CENTRE), (1.0, RIGHT)):
        text = f"{share * top:g}"
        place(text, Ink(pixels, "muted"), (bar.left() + share * bar.width(), line), align).paint(painter, palette)


def name_pixels(cell: float, most: int) -> int:
    """How large the words beside rows of this height may be; 0 where they would be too small to read."""
    pixels = min(most, round(0.86 * cell))
    return pixels if pixels >= max(7, 0.6 * most) else 0


def row_names(labels: tuple[str, ...], heatmap: Heatmap, room: float, most: int) -> tuple[Text, ...]:
    """The words left of the rows, as large as the rows allow; none where they would be too small to read."""
    pixels = name_pixels(heatmap.cell, most)
    if not pixels:
        return ()
    at = heatmap.rect.left() - 0.5 * pixels
    return tuple(
        place(label, Ink(pixels), (at, heatmap.rect.top() + (index + 0.5) * heatmap.cell), RIGHT, room)
        for index, label in enumerate(labels)
    )


@dataclass(frozen=True, slots=True, eq=False)
class NamedMap:
    """One map with its words on both sides; ``columns`` are written upwards from the left end of their rectangles."""

    area: QRectF
    heatmap: Heatmap
    labels: tuple[Text, ...]
    columns: tuple[Text, ...]

    def paint(self, painter: QPainter, palette: Palette) -> None:
        """The cells, the words beside the rows, the words over the columns."""
        self.heatmap.paint(painter, palette)
        for text in self.labels:
            text.paint(painter, palette)
        for text in self.columns:
            painter.save()
            painter.setFont(face(text.ink.pixels))
            painter.setPen(qcolor(palette.text))
            painter.translate(text.rect.center().x(), self.heatmap.rect.top() - 5)
            painter.rotate(-90)
            painter.drawText(QPointF(0, text.baseline - text.rect.center().y()), text.text)
            painter.restore()


def named_map(shares: Array, labels: tuple[str, ...], top: float, area: QRectF, pixels: int) -> NamedMap:
    """Lay one map out as large as the area allows, with words on both sides, thinned out where they would touch."""
    ink = Ink(pixels)
    room = min(max(width_of(label, ink) for label in labels), 0.3 * min(area.width(), area.height())) + 0.6 * pixels
    side = max(1.0, min(area.width() - room, area.height() - room))
    heatmap = Heatmap(shares, QRectF(area.left() + room, area.top() + room, side, side), top)
    centres = [(index + 0.5) * heatmap.cell for index in range(len(labels))]
    rows = [
        place(label, ink, (heatmap.rect.left() - 0.5 * pixels, heatmap.rect.top() + centre), RIGHT, room - 0.6 * pixels)
        for label, centre in zip(labels, centres, strict=True)
    ]
    step = max(1, int(np.ceil(metrics(pixels).height() * 0.92 / heatmap.cell)))
    kept = range(0, len(labels), step)
    columns = [
        place(rows[index].full, ink, (heatmap.rect.left() + centres[index], area.top()), CENTRE, room - 0.6 * pixels)
        for index in kept
    ]
    return NamedMap(area, heatmap, apart(rows, kept, gap=-0.2 * pixels), tuple(columns))
