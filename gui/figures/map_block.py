"""The seven maps of one layer and their scale, small and without the words beside them: the picture names those."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from engine.contract import Explanation
from gui.guide.help import help_text
from gui.paint.component_maps import SCALE_TITLE, SCALE_WORDS, ComponentMaps, component_maps
from gui.paint.heatmap import Heatmap, paint_scale, snapped
from gui.paint.map_headings import kept_together
from gui.paint.palette import Palette
from gui.paint.typeface import CENTRE, LEFT, Ink, Text, metrics, place, width_of, wrapped
from gui.state import ViewState

ACROSS = (8, 4, 3, 2)
CELLS = 8  # the maps and the scale
TITLES, NUMBERS = (0.78, 0.7, 0.62), 0.7  # in body letters; titles as large as their longest word allows
BETWEEN = 0.9  # maps, in body letters
SMALLEST = 3.2  # side of a map, in body letters


@dataclass(frozen=True, slots=True)
class MapBlock:
    """Maps in their places; ``bar`` is that of the scale."""

    maps: ComponentMaps
    heatmaps: tuple[Heatmap, ...]
    texts: tuple[Text, ...]
    bar: QRectF
    pixels: int
    height: float
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """Which layer, what a cell is, and what is hidden."""
        locked = (f"scale locked at {self.maps.top:g}",) if self.maps.is_locked else ()
        return (f"layer {self.maps.layer + 1} of {self.maps.layers}", self.maps.rows.note, *locked)

    def paint(self, painter: QPainter) -> None:
        """Cells as rectangles, words as text."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for heatmap in self.heatmaps:
            heatmap.paint(painter, self.palette)
        for text in self.texts:
            text.paint(painter, self.palette)
        paint_scale(painter, self.palette, self.bar, self.maps.top, self.pixels)


@dataclass(frozen=True, slots=True)
class _Grid:
    """How the cells are arranged: ``across`` in a line, each ``wide``, with ``lines`` of title over a square."""

    across: int
    wide: float
    title: Ink
    lines: int
    side: float


def map_block(
    explanation: Explanation, look: ViewState, room: tuple[float, float], unit: float, palette: Palette
) -> MapBlock:
    """As large as the room (width, height) allows, and never too small to be seen. There have to be maps."""
    maps = component_maps(explanation, look)
    small, gap = Ink(round(NUMBERS * unit), "muted"), BETWEEN * unit
    grid = max((_grid(maps, across, room, unit) for across in ACROSS), key=lambda found: found.side)
    title, line = grid.title, metrics(grid.title.pixels, bold=True).height()
    side = max(snapped(grid.side, len(maps.rows)), SMALLEST * unit)
    head = grid.lines * line + 0.2 * unit
    texts: list[Text] = []
    heatmaps: list[Heatmap] = []
    for index, shown in enumerate([*maps.maps, None]):
        left = (index % grid.across) * (grid.wide + gap)
        top = (index // grid.across) * (head + side + gap)
        words = wrapped(kept_together(shown.title) if shown else SCALE_TITLE[0], title, grid.wide)[: grid.lines]
        below = (grid.lines - len(words)) * line
        texts += [
            place(word, title, (left, top + below + (number + 0.5) * line), LEFT, grid.wide)
            for number, word in enumerate(words)
        ]
        square = QRectF(left, top + head, side, side)
        if shown is None:
            break
        if shown.shares is not None:
            heatmaps.append(Heatmap(shown.shares, square, maps.top, maps.rows.right_to_left))
            continue
        middle = (square.center().x(), square.center().y())
        texts.append(place(help_text("composition", "no_map"), small, middle, CENTRE, grid.wide))
    bar = QRectF(square.left(), square.top(), min(max(side, 4.5 * unit), grid.wide), 0.6 * unit)
    texts += _scale_words(bar, square.bottom(), grid.wide, small)
    lines = -(-CELLS // grid.across)
    height = lines * (head + side + gap) - gap
    return MapBlock(maps, tuple(heatmaps), tuple(texts), bar, small.pixels, height, palette)


def _grid(maps: ComponentMaps, across: int, room: tuple[float, float], unit: float) -> _Grid:
    gap = BETWEEN * unit
    wide = (room[0] - (across - 1) * gap) / across
    titles = [kept_together(shown.title) for shown in maps.maps]
    for size in TITLES:
        title = Ink(round(size * unit), bold=True)
        if all(width_of(word, title) <= wide for words in titles for word in words.split(" ")):
            break
    lines = min(2, max(len(wrapped(words, title, wide)) for words in titles))
    down = -(-CELLS // across)
    head = lines * metrics(title.pixels, bold=True).height() + 0.25 * gap
    return _Grid(across, wide, title, lines, min(wide, (room[1] + gap) / down - head - gap))


def _scale_words(bar: QRectF, bottom: float, wide: float, ink: Ink) -> list[Text]:
    """How to read a cell, as far as there is room below the scale."""
    line = 1.15 * metrics(ink.pixels).height()
    top = bar.bottom() + 1.5 * metrics(ink.pixels).height()
    words = [
        part for sentence in (SCALE_TITLE[1].capitalize() + ".", *SCALE_WORDS) for part in wrapped(sentence, ink, wide)
    ]
    if top + len(words) * line > bottom + 0.3 * line:
        words = wrapped(SCALE_TITLE[1], ink, wide)
    return [
        place(word, ink, (bar.left(), top + (number + 0.5) * line), LEFT, wide) for number, word in enumerate(words)
    ]
