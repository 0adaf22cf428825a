"""Many small maps on one scale: where each stands, and how they are drawn. Who makes them says what they show."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.paint.colour import qcolor
from gui.paint.heatmap import Heatmap, light, paint_scale
from gui.paint.map_rows import MapRows
from gui.paint.palette import Palette, blend
from gui.paint.typeface import Text

ASIDE = 3.0  # how much further a tile seems that is not straight ahead
ROUND = 4.0  # pixels: corners of what stands behind and around a tile


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One small map. ``key`` is its layer and its number there (a head, a component); ``name`` is how it is called.

    ``heatmap`` is None while the map is still awaited.
    """

    key: tuple[int, int]
    name: str
    square: QRectF
    heatmap: Heatmap | None
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A share as a bar: ``whole`` its ground, ``share`` of it filled palely, ``deep`` of it in full colour."""

    whole: QRectF
    share: float
    deep: float


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """The whole picture; each cell of its ``tiles`` stands for ``step`` words a side.

    ``bands`` lie behind what is chosen, ``framed`` is the chosen tile. ``bar`` is the colour scale's. ``notes`` are the
    figure's, for its caption.
    """

    rows: MapRows
    step: int
    top: float
    tiles: tuple[Tile, ...]
    texts: tuple[Text, ...]
    bar: QRectF
    pixels: int
    notes: tuple[str, ...]
    bands: tuple[QRectF, ...] = ()
    bars: tuple[Bar, ...] = ()
    framed: int | None = None

    def tile_at(self, at: QPointF) -> int | None:
        """The tile under a point, captions included where they are the tile's own."""
        return next((index for index, tile in enumerate(self.tiles) if tile.square.contains(at)), None)

    def next_to(self, index: int, across: int, down: int) -> int | None:
        """The nearest tile to the right (``across`` 1), the left (-1), below (``down`` 1) or above (-1), if any."""
        start = self.tiles[index].square.center()
        found: list[tuple[float, int]] = []
        for other, tile in enumerate(self.tiles):
            way = tile.square.center() - start
            ahead, aside = (way.x() * across, way.y()) if across else (way.y() * down, way.x())
            if ahead > abs(aside):
                found.append((ahead + ASIDE * abs(aside), other))
        return min(found, default=(0.0, None))[1]

    def index_of(self, key: tuple[int, int]) -> int | None:
        """Where a tile stands among the others."""
        return next((index for index, tile in enumerate(self.tiles) if tile.key == key), None)

    def paint(self, painter: QPainter, palette: Palette, *, as_image: bool) -> None:
        """Everything; ``as_image`` where it goes to the screen, as shapes where it goes to a file."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(palette.accent_soft))
        for band in self.bands:
            painter.drawRoundedRect(band, ROUND, ROUND)
        for tile in self.tiles:
            if tile.heatmap is None:
                _paint_awaited(painter, palette, tile.square)
            elif as_image:
                tile.heatmap.paint_image(painter, palette)
            else:
                tile.heatmap.paint(painter, palette)
        for bar in self.bars:
            _paint_bar(painter, palette, bar)
        if self.framed is not None:
            frame(painter, palette, self.tiles[self.framed].square)
        for text in (*self.texts, *(text for tile in self.tiles for text in tile.texts)):
            text.paint(painter, palette)
        if not self.bar.isEmpty():
            paint_scale(painter, palette, self.bar, self.top, self.pixels)

    def light(self, painter: QPainter, palette: Palette, receiver: int | None, source: int | None) -> None:
        """Frame a word's row and column in every map."""
        lit = [None if row is None else row // self.step for row in (receiver, source)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for tile in self.tiles:
            if tile.heatmap is not None:
                light(painter, palette, tile.heatmap, *lit)


@dataclass(frozen=True, slots=True, eq=False)
class TilesFigure:
    """The picture as a finished drawing."""

    tiles: Tiles
    origin: QPointF
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """Those of the picture."""
        return self.tiles.notes

    def paint(self, painter: QPainter) -> None:
        """Cells as shapes, words as text."""
        painter.save()
        painter.translate(self.origin)
        self.tiles.paint(painter, self.palette, as_image=False)
        painter.restore()


def frame(painter: QPainter, palette: Palette, square: QRectF) -> None:
    """A frame around a whole map, a little apart from it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(qcolor(palette.accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(square.adjusted(-2.5, -2.5, 2.5, 2.5), ROUND, ROUND)


def _paint_awaited(painter: QPainter, palette: Palette, square: QRectF) -> None:
    """A quiet mark: the place of a map on its way, and three dots."""
    painter.setPen(QPen(qcolor(palette.border), 1, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), ROUND, ROUND)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(palette.faint))
    dot = max(1.0, min(1.8, 0.03 * square.width()))
    for place_ in (-1, 0, 1):
        painter.drawEllipse(square.center() + QPointF(4 * dot * place_, 0), dot, dot)


def _paint_bar(painter: QPainter, palette: Palette, bar: Bar) -> None:
    pale = blend(palette.card, palette.accent, 0.4)
    painter.setPen(Qt.PenStyle.NoPen)
    for share, colour in ((1.0, palette.grid), (bar.share, pale), (bar.deep, palette.accent)):
        painter.setBrush(qcolor(colour))
        part = QRectF(bar.whole)
        part.setWidth(bar.whole.width() * min(1.0, share))
        painter.drawRoundedRect(part, 2, 2)
