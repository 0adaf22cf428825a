"""The seven maps of a layer as one drawing for files: titles, cells, words where they fit, and the scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from gui.paint.component_maps import SCALE_TITLE, SCALE_WORDS, ComponentMaps
from gui.paint.heatmap import Heatmap, name_pixels, paint_scale, row_names
from gui.paint.map_headings import MapHeading, map_headings
from gui.paint.palette import Palette
from gui.paint.typeface import CENTRE, LEFT, Ink, Text, body_pixels, place, width_of, wrapped

ACROSS = (1, 2, 3, 4, 8)  # cells in a row: seven maps and the scale


@dataclass(frozen=True, slots=True, eq=False)
class ComponentGrid:
    """Everything in its place. ``heatmaps`` holds None where a map is not there yet."""

    maps: ComponentMaps
    palette: Palette
    origin: tuple[float, float]
    heatmaps: tuple[Heatmap | None, ...]
    texts: tuple[Text, ...]
    bar: QRectF
    pixels: int

    @property
    def notes(self) -> tuple[str, ...]:
        """Which layer, what a cell is, and what is hidden."""
        locked = (f"scale locked at {self.maps.top:g}",) if self.maps.is_locked else ()
        return (f"layer {self.maps.layer + 1} of {self.maps.layers}", self.maps.rows.note, *locked)

    def paint(self, painter: QPainter) -> None:
        """Cells as rectangles, words as text."""
        painter.save()
        painter.translate(*self.origin)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for heatmap in self.heatmaps:
            if heatmap is not None:
                heatmap.paint(painter, self.palette)
        for text in self.texts:
            text.paint(painter, self.palette)
        paint_scale(painter, self.palette, self.bar, self.maps.top, self.pixels)
        painter.restore()


@dataclass(frozen=True, slots=True)
class _Cells:
    """Eight cells in rows of ``across``, each ``wide``: words beside a square, ``headings`` over it."""

    across: int
    wide: float
    names: float
    room: float
    headings: tuple[MapHeading, ...]
    side: float

    @property
    def heads(self) -> list[float]:
        """[row] how tall its headings are."""
        rows = range(0, len(self.headings), self.across)
        return [max(heading.height for heading in self.headings[row : row + self.across]) for row in rows]


def _cells(maps: ComponentMaps, rect: QRectF, unit: float, inks: tuple[Ink, Ink], across: int) -> _Cells:
    """As large as this many in a row can be; the words go where they would be too small to read."""
    words = [(shown.title, shown.subtitle) for shown in maps.maps] + [SCALE_TITLE]
    wide, down = (rect.width() - unit) / across, -(-len(words) // across)
    beside = min(max(width_of(label, inks[1]) for label in maps.names), 0.26 * wide)
    for names, taken in ((beside, beside + 0.4 * unit), (-0.5 * unit, 0.0)):
        room = wide - names - unit
        found = _Cells(across, wide, names, room, map_headings(words, inks, room), 0.0)
        tall = (rect.height() - unit - sum(found.heads)) / down - 1.3 * unit
        found = replace(found, side=max(8.0, min(wide - taken - 1.2 * unit, tall)))
        if name_pixels(found.side / len(maps.rows), inks[1].pixels):
            break
    return found


def component_grid(maps: ComponentMaps, rect: QRectF, palette: Palette) -> ComponentGrid:
    """Lay the grid out for one size."""
    unit = body_pixels(rect.width(), rect.height())
    title, small = Ink(round(unit), bold=True), Ink(round(0.86 * unit), "muted")
    found = (_cells(maps, rect, unit, (title, small), across) for across in ACROSS)
    cells = max(found, key=lambda cells: (cells.side, -cells.across))
    heads = [head + 0.5 * unit for head in cells.heads]
    free = rect.height() - unit - sum(heads) - len(heads) * cells.side
    gap = min(1.6 * unit, free / len(heads))
    top = 0.5 * unit + (free - len(heads) * gap) / 2
    tops = [*accumulate((head + cells.side + gap for head in heads), initial=top)]
    names = cells.names
    before = 0.0 if maps.rows.right_to_left else names
    texts: list[Text] = []
    heatmaps: list[Heatmap | None] = []
    for index, shown in enumerate([*maps.maps, None]):
        row, column = divmod(index, cells.across)
        square = QRectF(1.5 * unit + column * cells.wide + before, tops[row] + heads[row], cells.side, cells.side)
        texts += cells.headings[index].above(square.left(), square.top() - 0.5 * unit, cells.room)
        if shown is None:
            break
        if shown.shares is None:
            heatmaps.append(None)
            texts.append(place("not computed", small, (square.center().x(), square.center().y()), CENTRE, cells.side))
            continue
        heatmap = Heatmap(shown.shares, square, maps.top, maps.rows.right_to_left)
        heatmaps.append(heatmap)
        if names > 0:
            texts += row_names(maps.names, heatmap, names, small.pixels)
    bar = QRectF(square.left(), square.top(), min(cells.side, 14 * unit), unit)
    texts += _scale_words(QRectF(bar.bottomLeft(), QPointF(rect.width() - 0.5 * unit, rect.height())), small, unit)
    return ComponentGrid(maps, palette, (rect.left(), rect.top()), tuple(heatmaps), tuple(texts), bar, small.pixels)


def _scale_words(room: QRectF, ink: Ink, unit: float) -> list[Text]:
    """How to read a cell, in as many whole sentences as there is room for below the scale's numbers."""
    lines: list[str] = []
    for sentence in SCALE_WORDS:
        longer = [*lines, *wrapped(sentence, ink, room.width())]
        if (1.7 + 1.4 * len(longer)) * unit > room.height():
            break
        lines = longer
    at = room.left(), room.top() + 2.4 * unit
    return [
        place(line, ink, (at[0], at[1] + 1.4 * number * unit), LEFT, room.width()) for number, line in enumerate(lines)
    ]
