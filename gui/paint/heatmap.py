"""A map of cells: as shapes for files, as an image for the screen, and with its words on both sides."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPen

from engine.contract import Array
from gui.paint.colour import qcolor
from gui.paint.map_rows import reduced, reduced_signed, step_for
from gui.paint.numerals import MINUS
from gui.paint.palette import Palette
from gui.paint.typeface import CENTRE, LEFT, RIGHT, Ink, Text, apart, face, metrics, place, width_of

SNAPPED_FROM = 8  # pixels: smaller cells need not be whole pixels
GAPPED_FROM = 6.0  # pixels: smaller cells lie close together
TINT = 90  # of 255
SMALLER = 0.72  # of their size, that words beside a map may shrink to before some are left out
LEVELS, FEWER_LEVELS, SIGNED_LEVELS = 96, 41, 257  # steps of colour, where neighbours of one are one shape, on screen


@lru_cache(maxsize=8)
def colour_table(palette: Palette, steps: int = 256, is_signed: bool = False) -> Array:
    """[step, rgb] from nothing to the end of the scale; of signed numbers from its one end over zero to the other."""
    shares = np.linspace(0, 1, steps).tolist()
    colours = [palette.signed(2 * share - 1) if is_signed else palette.sequential(share) for share in shares]
    table = np.array(colours, dtype=np.uint8)
    table.setflags(write=False)
    return table


@lru_cache(maxsize=8)
def _colour_words(palette: Palette, is_signed: bool) -> Array:
    """[step] the same as Qt's 32-bit pixels."""
    table = colour_table(palette, SIGNED_LEVELS, True) if is_signed else colour_table(palette)
    red, green, blue = table.astype(np.uint32).T
    return np.asarray(0xFF000000 | red << 16 | green << 8 | blue, dtype=np.uint32)


@dataclass(frozen=True, slots=True, eq=False)
class Heatmap:
    """Cells of ``shares`` [receiver, source] in the square ``rect``; row 0 on top; the scale ends at ``top``.

    ``is_mirrored`` puts the first column at the right, for scripts written from there. Where ``is_signed`` the scale
    begins at minus ``top``, and zero is the card.
    """

    shares: Array
    rect: QRectF
    top: float
    is_mirrored: bool = False
    is_signed: bool = False

    @property
    def cell(self) -> float:
        """Side of a cell in pixels."""
        return self.rect.width() / len(self.shares)

    def column_of(self, source: int) -> int:
        """Where a source's column stands, counted from the left; its own inverse."""
        return len(self.shares) - 1 - source if self.is_mirrored else source

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """(receiver, source) under a point."""
        if not self.rect.contains(x, y):
            return None
        last = len(self.shares) - 1
        row, column = int((y - self.rect.top()) / self.cell), int((x - self.rect.left()) / self.cell)
        return min(row, last), self.column_of(min(column, last))

    def cell_rect(self, receiver: int, source: int) -> QRectF:
        """Where one cell lies."""
        left = self.rect.left() + self.column_of(source) * self.cell
        return QRectF(left, self.rect.top() + receiver * self.cell, self.cell, self.cell)

    def row_rect(self, receiver: int) -> QRectF:
        """All cells of one receiver."""
        return QRectF(self.rect.left(), self.rect.top() + receiver * self.cell, self.rect.width(), self.cell)

    def column_rect(self, source: int) -> QRectF:
        """All cells of one source."""
        left = self.rect.left() + self.column_of(source) * self.cell
        return QRectF(left, self.rect.top(), self.cell, self.rect.height())

    def _seen(self, pixels: float) -> Array:
        """[line, column] as they are drawn, no cell smaller than one of so many pixels."""
        step = step_for(len(self.shares), pixels)
        shares = reduced_signed(self.shares, step) if self.is_signed else reduced(self.shares, step)
        return shares[:, ::-1] if self.is_mirrored else shares

    def _steps(self, seen: Array, levels: int) -> Array:
        """[line, column] the place of every cell's colour among so many."""
        shares = np.clip((seen / self.top + 1) / 2, 0, 1) if self.is_signed else np.minimum(seen / self.top, 1)
        return np.asarray((shares * (levels - 1)).round().astype(int))

    def paint(self, painter: QPainter, palette: Palette) -> None:
        """Every cell a rectangle; where cells lie close, each colour is one shape on the commonest."""
        is_gapped = self.cell >= GAPPED_FROM
        levels = LEVELS + self.is_signed if is_gapped else FEWER_LEVELS  # zero has a level of its own
        steps = self._steps(self._seen(self.rect.width()), levels)
        brushes = [qcolor(tuple(rgb)) for rgb in colour_table(palette, levels, self.is_signed).tolist()]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_gapped)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_gapped:
            self._paint_cells(painter, steps, brushes)
        else:
            self._paint_runs(painter, steps, brushes)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_cells(self, painter: QPainter, steps: Array, brushes: list[QColor]) -> None:
        """One colour after another: a file says each but once."""
        left, top, side = self.rect.left(), self.rect.top(), self.cell - 1
        for step in np.unique(steps).tolist():
            painter.setBrush(brushes[step])
            for line, column in np.argwhere(steps == step).tolist():
                painter.drawRect(QRectF(left + column * self.cell, top + line * self.cell, side, side))

    def _paint_runs(self, painter: QPainter, steps: Array, brushes: list[QColor]) -> None:
        """All runs of one colour as one path: a file would say a colour anew for every rectangle."""
        side = self.rect.width() / len(steps)
        ground = int(np.bincount(steps.ravel()).argmax())
        painter.fillRect(self.rect, brushes[ground])
        paths: dict[int, QPainterPath] = {}
        for line, row in enumerate(steps):
            borders = [0, *(np.flatnonzero(np.diff(row)) + 1).tolist(), len(row)]
            above = self.rect.top() + line * side
            for start, end in pairwise(borders):
                path = paths.setdefault(int(row[start]), QPainterPath())
                path.addRect(self.rect.left() + start * side, above, (end - start) * side, side)
        for step, path in paths.items():
            if step != ground:
                painter.fillPath(path, brushes[step])

    def paint_image(self, painter: QPainter, palette: Palette) -> None:
        """The same at once, for the screen."""
        seen = self._seen(self.rect.width() * painter.device().devicePixelRatioF())
        if self.is_signed:
            steps = self._steps(seen, SIGNED_LEVELS)
        else:
            steps = (np.minimum(seen / self.top, 1) * 255).astype(np.uint8)
        pixels = np.take(_colour_words(palette, self.is_signed), steps)
        count = len(pixels)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(self.rect, QImage(pixels.data, count, count, 4 * count, QImage.Format.Format_RGB32))
        if self.cell >= GAPPED_FROM:
            self._paint_gaps(painter, palette)

    def _paint_gaps(self, painter: QPainter, palette: Palette) -> None:
        card, side = qcolor(palette.card), self.rect.width()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for line in range(1, len(self.shares) + 1):
            at = line * self.cell - 1
            painter.fillRect(QRectF(self.rect.left() + at, self.rect.top(), 1, side), card)
            painter.fillRect(QRectF(self.rect.left(), self.rect.top() + at, side, 1), card)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def outline(painter: QPainter, palette: Palette, rect: QRectF) -> None:
    """A frame around a cell, a row or a column."""
    painter.setPen(QPen(qcolor(palette.against), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect)


def light(painter: QPainter, palette: Palette, heatmap: Heatmap, receiver: int | None, source: int | None) -> None:
    """Frame the receiver's row and the source's column, and where they meet; small ones are tinted, not covered."""
    if heatmap.cell < GAPPED_FROM:
        tint = qcolor(palette.accent)
        tint.setAlpha(TINT)
        for rect in (
            heatmap.row_rect(receiver) if receiver is not None else QRectF(),
            heatmap.column_rect(source) if source is not None else QRectF(),
        ):
            painter.fillRect(rect, tint)
        return
    painter.setPen(QPen(qcolor(palette.accent), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if receiver is not None:
        painter.drawRect(heatmap.row_rect(receiver))
    if source is not None:
        painter.drawRect(heatmap.column_rect(source))
    if receiver is not None and source is not None:
        outline(painter, palette, heatmap.cell_rect(receiver, source))


def paint_scale(
    painter: QPainter, palette: Palette, bar: QRectF, top: float, pixels: int, is_signed: bool = False
) -> None:
    """The colour bar with its three numbers; with two where the one in the middle would touch the others."""
    ramp = QLinearGradient(bar.topLeft(), bar.topRight())
    for stop in range(9):
        ramp.setColorAt(stop / 8, qcolor(palette.signed(stop / 4 - 1) if is_signed else palette.sequential(stop / 8)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ramp)
    painter.drawRoundedRect(bar, 3, 3)
    line = bar.bottom() + 0.75 * metrics(pixels).height()
    ink = Ink(pixels, "muted")
    texts = []
    for share, align in ((0.0, LEFT), (0.5, CENTRE), (1.0, RIGHT)):
        said = _signed_number((2 * share - 1) * top) if is_signed else f"{share * top:g}"
        texts.append(place(said, ink, (bar.left() + share * bar.width(), line), align))
    for text in apart(texts, (0, 2, 1), gap=-1.0):
        text.paint(painter, palette)


def _signed_number(value: float) -> str:
    return f"{'+' if value > 0 else ''}{value:g}".replace("-", MINUS)


def name_pixels(cell: float, most: int) -> int:
    """How large the words beside rows of this height may be; 0 where they would be too small to read."""
    pixels = min(most, round(0.86 * cell))
    return pixels if pixels >= max(7, 0.6 * most) else 0


def row_names(labels: tuple[str, ...], heatmap: Heatmap, room: float, most: int) -> tuple[Text, ...]:
    """The words beside the rows, where reading begins, as large as the rows allow; none where too small to read."""
    pixels = name_pixels(heatmap.cell, most)
    if not pixels:
        return ()
    at = _beside(heatmap, pixels)
    align = LEFT if heatmap.is_mirrored else RIGHT
    return tuple(
        place(label, Ink(pixels), (at, heatmap.rect.top() + (index + 0.5) * heatmap.cell), align, room)
        for index, label in enumerate(labels)
    )


def _beside(heatmap: Heatmap, pixels: int) -> float:
    return heatmap.rect.right() + 0.5 * pixels if heatmap.is_mirrored else heatmap.rect.left() - 0.5 * pixels


@dataclass(frozen=True, slots=True, eq=False)
class NamedMap:
    """One map with its words on both sides.

    ``columns`` stand over their columns; where ``is_upright`` they are written upwards from the left end of their
    rectangles. ``room`` is how long a name may run.
    """

    area: QRectF
    heatmap: Heatmap
    labels: tuple[Text, ...]
    columns: tuple[Text, ...]
    is_upright: bool
    room: float

    def paint(self, painter: QPainter, palette: Palette) -> None:
        """The cells, the words beside the rows, the words over the columns."""
        self.heatmap.paint(painter, palette)
        self._paint_words(painter, palette)

    def paint_image(self, painter: QPainter, palette: Palette) -> None:
        """The same for the screen."""
        self.heatmap.paint_image(painter, palette)
        self._paint_words(painter, palette)

    def _paint_words(self, painter: QPainter, palette: Palette) -> None:
        level = () if self.is_upright else self.columns
        for text in (*self.labels, *level):
            text.paint(painter, palette)
        for text in self.columns if self.is_upright else ():
            painter.save()
            painter.setFont(face(text.ink.pixels))
            painter.setPen(qcolor(palette.text))
            painter.translate(text.rect.center().x(), self.heatmap.rect.top() - 5)
            painter.rotate(-90)
            painter.drawText(QPointF(0, text.baseline - text.rect.center().y()), text.text)
            painter.restore()


@dataclass(frozen=True, slots=True, eq=False)
class Extract:
    """A square part of a map and the words of its rows and columns."""

    shares: Array
    receivers: tuple[str, ...]
    sources: tuple[str, ...]
    is_mirrored: bool = False


def named_map(part: Extract, top: float, area: QRectF, pixels: int) -> NamedMap:
    """Lay one map out as large as the area allows, with words on both sides.

    Where the words would touch they are written smaller, and where that is not enough, thinned out.
    """
    for smaller in range(pixels, math.ceil(SMALLER * pixels) - 1, -1):
        named = _named_map(part, top, area, smaller)
        if len(named.labels) == len(part.receivers):
            return named
    return _named_map(part, top, area, pixels)


def _named_map(part: Extract, top: float, area: QRectF, pixels: int) -> NamedMap:
    ink, line = Ink(pixels), metrics(pixels).height()
    widest = max(width_of(label, ink) for label in (*part.receivers, *part.sources))
    beside = 0.7 * pixels
    room = min(widest + 1, 0.3 * min(area.width(), area.height()))
    across = area.width() - room - beside
    is_upright = widest > 0.94 * min(across, area.height() - 1.4 * line) / len(part.sources)
    above = room + beside if is_upright else 1.4 * line
    side = snapped(min(across, area.height() - above), len(part.shares))
    before = 0.0 if part.is_mirrored else room + beside
    left = area.left() + (area.width() - side - room - beside) / 2 + before
    square = QRectF(round(left), round(area.top() + above), side, side)
    heatmap = Heatmap(part.shares, square, top, part.is_mirrored)
    kept = range(0, len(part.receivers), max(1, math.ceil(line * 0.92 / heatmap.cell)))
    at, align = _beside(heatmap, pixels), LEFT if part.is_mirrored else RIGHT
    over = area.top() if is_upright else area.top() + 0.7 * line
    rows = [
        place(part.receivers[index], ink, (at, heatmap.row_rect(index).center().y()), align, room) for index in kept
    ]
    columns = [
        place(part.sources[index], ink, (heatmap.column_rect(index).center().x(), over), CENTRE, room) for index in kept
    ]
    return NamedMap(area, heatmap, tuple(rows), tuple(columns), is_upright, room)


def snapped(side: float, count: int) -> float:
    """The largest side not above this one whose cells are whole pixels; small cells would lose too much by it."""
    if side < SNAPPED_FROM * count:
        return float(max(1, math.floor(side)))
    return float(math.floor(side / count) * count)
