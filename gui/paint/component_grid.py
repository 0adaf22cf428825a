"""The seven maps of a layer as one drawing for files: titles, cells, words where they fit, and the scale."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.paint.component_maps import SCALE_TITLE, SCALE_WORDS, ComponentMaps
from gui.paint.heatmap import Heatmap, name_pixels, paint_scale, row_names
from gui.paint.palette import Palette
from gui.paint.typeface import CENTRE, LEFT, Ink, Text, body_pixels, metrics, place, width_of, wrapped


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


def _arrangement(width: float, height: float, head: float) -> tuple[int, int]:
    """Columns and rows of the eight cells that leave the maps largest."""
    shapes = ((8, 1), (4, 2), (3, 3), (2, 4), (1, 8))
    return max(shapes, key=lambda shape: min(width / shape[0], height / shape[1] - head))


def _side(wide: float, tall: float, names: float, head: float, unit: float) -> float:
    return max(8.0, min(wide - names - 1.2 * unit, tall - head - 0.8 * unit))


def component_grid(maps: ComponentMaps, rect: QRectF, palette: Palette) -> ComponentGrid:
    """Lay the grid out for one size."""
    unit = body_pixels(rect.width(), rect.height())
    title, small = Ink(round(unit), bold=True), Ink(round(0.86 * unit), "muted")
    head = metrics(title.pixels).height() + metrics(small.pixels).height() + 0.5 * unit
    across, down = _arrangement(rect.width(), rect.height(), head)
    wide, tall = (rect.width() - unit) / across, (rect.height() - unit) / down
    names = min(max(width_of(label, small) for label in maps.names), 0.26 * wide)
    side = _side(wide, tall, names + 0.4 * unit, head, unit)
    if not name_pixels(side / len(maps.rows), small.pixels):
        names = -0.5 * unit
        side = _side(wide, tall, 0.0, head, unit)
    used = head + side + 1.6 * unit
    above = max(0.0, tall - used) * down / 2
    tall = min(tall, used)
    texts: list[Text] = []
    heatmaps: list[Heatmap | None] = []
    for index, shown in enumerate([*maps.maps, None]):
        before = 0.0 if maps.rows.right_to_left else names
        left = unit + (index % across) * wide + before + 0.5 * unit
        top = 0.5 * unit + above + (index // across) * tall
        words = (shown.title, shown.subtitle) if shown else SCALE_TITLE
        texts += _heading(words, (left, top), (title, small), wide - names - unit)
        square = QRectF(left, top + head, side, side)
        if shown is None:
            break
        if shown.shares is None:
            heatmaps.append(None)
            texts.append(place("not computed", small, (square.center().x(), square.center().y()), CENTRE, side))
            continue
        heatmap = Heatmap(shown.shares, square, maps.top, maps.rows.right_to_left)
        heatmaps.append(heatmap)
        if names > 0:
            texts += row_names(maps.names, heatmap, names, small.pixels)
    bar = QRectF(square.left(), square.top(), min(side, 14 * unit), unit)
    room = wide - names - unit
    lines = [line for words_of_scale in SCALE_WORDS for line in wrapped(words_of_scale, small, room)]
    for number, line in enumerate(lines):
        at = (square.left(), bar.bottom() + (2.4 + 1.4 * number) * unit)
        texts.append(place(line, small, at, LEFT, room))
    return ComponentGrid(maps, palette, (rect.left(), rect.top()), tuple(heatmaps), tuple(texts), bar, small.pixels)


def _heading(words: tuple[str, str], at: tuple[float, float], inks: tuple[Ink, Ink], room: float) -> list[Text]:
    first = at[1] + metrics(inks[0].pixels).height() / 2
    second = first + (metrics(inks[0].pixels).height() + metrics(inks[1].pixels).height()) / 2
    return [
        place(words[0], inks[0], (at[0], first), LEFT, room),
        place(words[1], inks[1], (at[0], second), LEFT, room),
    ]
