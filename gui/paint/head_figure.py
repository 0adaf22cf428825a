"""One head as a drawing for files: its map with words on both sides, and what it mostly does."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.paint.head_maps import HeadMaps
from gui.paint.head_tiles import HOW, head_name, head_notes
from gui.paint.heatmap import Extract, named_map, paint_scale
from gui.paint.map_foot import MapFoot
from gui.paint.palette import Palette
from gui.paint.typeface import LEFT, Ink, body_pixels, metrics, place


@dataclass(frozen=True, slots=True, eq=False)
class HeadFigure:
    """The head ``front`` of a layer."""

    maps: HeadMaps
    front: int
    rect: QRectF
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """Which head, and what is hidden."""
        return (head_name(self.front), *head_notes(self.maps))

    def paint(self, painter: QPainter) -> None:
        """Title, map, words and scale."""
        width, height = self.rect.width(), self.rect.height()
        pixels = round(body_pixels(width, height))
        small, line = round(0.86 * pixels), metrics(pixels).height()
        rows = self.maps.rows
        foot = MapFoot(rows, HOW, width, small, is_ordered=False)
        area = QRectF(0.5 * pixels, 2.4 * line, width - pixels, height - 2.4 * line - foot.height)
        part = Extract(self.maps.shares[self.front], rows.names, rows.labels, rows.right_to_left)
        title = f"Layer {self.maps.layer + 1}, {head_name(self.front)}"
        bar, how = foot.placed(height)
        painter.save()
        painter.translate(self.rect.topLeft())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = width - pixels
        place(title, Ink(pixels, bold=True), (0.5 * pixels, 0.6 * line), LEFT, room).paint(painter, self.palette)
        words = place(self.maps.habits[self.front].words, Ink(small, "muted"), (0.5 * pixels, 1.6 * line), LEFT, room)
        words.paint(painter, self.palette)
        named_map(part, self.maps.top, area, pixels).paint(painter, self.palette)
        paint_scale(painter, self.palette, bar, self.maps.top, small)
        for text in how:
            text.paint(painter, self.palette)
        painter.restore()
