"""One map of A, of B, and the one less the other: the same words on both sides of all three."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter, QPen

from engine.contract import Array
from gui.compare.difference import Difference, Pane
from gui.compare.numbers import agreement_words
from gui.compare.pane import Hit, below_heading, headed, unit_of
from gui.paint.colour import qcolor
from gui.paint.heatmap import Extract, Heatmap, NamedMap, light, named_map, paint_scale
from gui.paint.map_rows import scale_top
from gui.paint.numerals import MINUS, plain
from gui.paint.palette import Palette
from gui.paint.typeface import CENTRE, LEFT, RIGHT, Text, place

HIGH = 0.35  # of the height left over lies above a map
FOOT = 3.4  # body heights that the scale takes
STRUCK = 0.08  # of the scale: from here on a number below zero is struck through where there is no colour to tell it by


@dataclass(frozen=True, slots=True, eq=False)
class MapPane:
    """One pane as a finished drawing; ``bar`` is the scale's, ``empty`` the rows that this side has not."""

    difference: Difference
    pane: Pane
    named: NamedMap
    empty: tuple[int, ...]
    bar: QRectF
    pixels: int
    texts: tuple[Text, ...]
    rect: QRectF
    palette: Palette

    @property
    def heatmap(self) -> Heatmap:
        """The cells in their place."""
        return self.named.heatmap

    @property
    def notes(self) -> tuple[str, ...]:
        """What a cell is, and how alike A and B are."""
        if self.pane is not Pane.DIFFERENCE:
            return ()
        return ("every row of a map divided by its sum", agreement_words(self.difference.map_agreement, "cell"))

    def paint(self, painter: QPainter) -> None:
        """Heading, cells, words, scale."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for text in self.texts:
            text.paint(painter, self.palette)
        self.named.paint(painter, self.palette)
        self._paint_empty(painter)
        if self.heatmap.is_signed and self.palette.dashes_against:
            self._paint_strokes(painter)
        paint_scale(painter, self.palette, self.bar, self.heatmap.top, self.pixels, self.heatmap.is_signed)

    def _paint_empty(self, painter: QPainter) -> None:
        card = qcolor(self.palette.card)
        for row in self.empty:
            painter.fillRect(self.heatmap.row_rect(row).adjusted(0, -1, 0, 0), card)
            painter.fillRect(self.heatmap.column_rect(row).adjusted(-1, 0, 0, 0), card)

    def _paint_strokes(self, painter: QPainter) -> None:
        painter.setPen(QPen(qcolor(self.palette.text), max(0.8, 0.04 * self.heatmap.cell)))
        for receiver, source in np.argwhere(self.heatmap.shares < -STRUCK * self.heatmap.top).tolist():
            cell = self.heatmap.cell_rect(receiver, source)
            inset = 0.25 * self.heatmap.cell
            painter.drawLine(
                QLineF(cell.left() + inset, cell.bottom() - inset, cell.right() - inset, cell.top() + inset)
            )

    def paint_lit(self, painter: QPainter, hit: Hit) -> None:
        """Frames around the word's column and the receiver's row."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        light(painter, self.palette, self.heatmap, hit.receiver, hit.row)

    def hit(self, x: float, y: float) -> Hit | None:
        """A cell."""
        cell = self.heatmap.cell_at(x, y)
        if cell is None:
            return None
        receiver, source = cell
        maps, shown = shown_maps(self.difference), self.difference.shown
        one, other = float(maps[Pane.FIRST][cell]), float(maps[Pane.SECOND][cell])
        numbers = f"A {plain(one)}, B {plain(other)}, A minus B {_signed(one - other)}"
        return Hit(source, receiver, f"{shown[source].label} to {shown[receiver].label}: {numbers}")


def _signed(value: float) -> str:
    written = f"{abs(value):.2f}"
    return written if float(written) == 0 else f"{'+' if value > 0 else MINUS}{written}"


def shown_maps(difference: Difference) -> dict[Pane, Array]:
    """[receiver shown, source shown] what each pane draws."""
    kept = difference.kept.nonzero()[0]
    return {pane: difference.maps.of(pane)[np.ix_(kept, kept)] for pane in Pane}


def _top(difference: Difference, pane: Pane) -> float:
    """Where the scale ends: on one scale that of A and B together holds for the difference too."""
    maps, locked = shown_maps(difference), difference.state.view.scale_top
    if difference.state.view.one_scale:
        return scale_top([maps[Pane.FIRST], maps[Pane.SECOND]], locked)
    return scale_top([np.abs(maps[pane])], locked)


def _named(named: NamedMap, difference: Difference, pane: Pane) -> NamedMap:
    """The map with the names of one side; laid out for those of the difference, which are the longest."""
    heatmap, shown = named.heatmap, difference.shown
    last = len(shown) - 1
    labels, columns = [], []
    for text in named.labels:
        row = min(last, int((text.rect.center().y() - heatmap.rect.top()) / heatmap.cell))
        at = text.rect.left() if heatmap.is_mirrored else text.rect.right()
        name = shown[row].drawn(pane).label
        labels.append(
            place(name, text.ink, (at, text.rect.center().y()), LEFT if heatmap.is_mirrored else RIGHT, named.room)
        )
    for text in named.columns:
        row = heatmap.column_of(min(last, int((text.rect.center().x() - heatmap.rect.left()) / heatmap.cell)))
        middle = text.rect.center()
        columns.append(place(shown[row].drawn(pane).label, text.ink, (middle.x(), middle.y()), CENTRE, named.room))
    return replace(named, labels=tuple(labels), columns=tuple(columns))


def _in_the_middle(part: Extract, top: float, area: QRectF, pixels: int) -> NamedMap:
    """The map as large as the area allows, what is left over shared out above and below."""
    named = named_map(part, top, area, pixels)
    spare = area.bottom() - named.heatmap.rect.bottom()
    return named_map(part, top, area.adjusted(0, HIGH * spare, 0, 0), pixels) if spare > 1 else named


def map_pane(difference: Difference, pane: Pane, rect: QRectF, palette: Palette) -> MapPane:
    """Lay one pane out; of one size, all have their cells in the same places."""
    unit, room = unit_of(rect), below_heading(rect)
    pixels = round(0.86 * unit)
    area = room.adjusted(0.8 * unit, 0, -0.8 * unit, -FOOT * unit)
    shown, shares = difference.shown, shown_maps(difference)[pane]
    names = tuple(row.label for row in shown)
    part = Extract(shares, names, names, difference.right_to_left)
    named = _in_the_middle(part, _top(difference, pane), area, round(unit))
    heatmap = replace(named.heatmap, is_signed=pane is Pane.DIFFERENCE)
    square = heatmap.rect
    wide = min(square.width(), 14 * unit)
    top = min(square.bottom() + 0.9 * unit, rect.bottom() - FOOT * unit + 0.9 * unit)
    aside = "" if difference.state.view.one_scale else "own scale"
    if pane is Pane.DIFFERENCE:
        aside = agreement_words(difference.map_agreement, "cell")
    return MapPane(
        difference=difference,
        pane=pane,
        named=_named(replace(named, heatmap=heatmap), difference, pane),
        empty=tuple(line for line, row in enumerate(shown) if not row.drawn(pane).tokens),
        bar=QRectF(square.center().x() - wide / 2, top, wide, 0.75 * unit),
        pixels=pixels,
        texts=headed(difference, pane, rect, aside),
        rect=rect,
        palette=palette,
    )
