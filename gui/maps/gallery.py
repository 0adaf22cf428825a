"""Many small maps to choose from, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QToolTip

from gui.controls.canvas import Guard
from gui.controls.closable import ClosableCanvas
from gui.paint.palette import LIGHT, Palette
from gui.paint.tiles import Tiles, frame
from gui.told.wording import tooltip

Layout = Callable[[float, float, float], Tiles]  # width, height, pixels to the unit
STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Gallery(ClosableCanvas):
    """``opened`` tells the key of the tile clicked or entered, ``walked`` of the one the keyboard came to.

    ``pointed`` tells (key, cell) of the tile under the pointer, or None; the cell is the (receiver, source) of the
    first words it stands for, None where the map is still awaited. ``closed`` is Esc.
    """

    opened = Signal(object)
    walked = Signal(object)
    pointed = Signal(object)

    def __init__(self, name: str, guard: Guard) -> None:
        super().__init__(self._paint_tiles, self._paint_marks, guard)
        self._guarded = guard
        self._layout: Layout | None = None
        self._tiles: tuple[tuple[float, float, float], Tiles] | None = None
        self._cursor: int | None = None
        self._lit: tuple[int | None, int | None] = (None, None)
        self._palette = LIGHT
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(name)
        self.moved.connect(self._on_moved)
        self.left.connect(self._on_left)
        self.clicked.connect(self._on_clicked)

    def show_tiles(self, layout: Layout | None, palette: Palette, *, stale: bool) -> None:
        """Show what ``layout`` makes of the size there is; it is asked when the picture is painted."""
        self._layout, self._tiles, self._palette = layout, None, palette
        self.dress(palette, stale=stale)
        self.redraw()

    def forget(self) -> None:
        """Let go of the maps; the keyboard's tile is kept."""
        self._layout = self._tiles = None
        self.redraw()

    def light(self, receiver: int | None, source: int | None) -> None:
        """Frame a word's row and column in every map."""
        if (receiver, source) != self._lit:
            self._lit = (receiver, source)
            self.update()

    def tiles(self) -> Tiles | None:
        """The tiles in the widget as it stands."""
        size = (float(self.width()), float(self.height()), self.devicePixelRatioF())
        if self._layout is None:
            return None
        if self._tiles is None or self._tiles[0] != size:
            self._tiles = (size, self._layout(*size))
        return self._tiles[1]

    def walk_to(self, key: tuple[int, int]) -> None:
        """Put the keyboard on a tile without telling anybody."""
        tiles = self.tiles()
        self._cursor = tiles.index_of(key) if tiles is not None else None
        self.update()

    def _paint_tiles(self, painter: QPainter) -> None:
        tiles = self.tiles()
        if tiles is not None:
            tiles.paint(painter, self._palette, as_image=True)

    def _paint_marks(self, painter: QPainter) -> None:
        tiles = self.tiles()
        if tiles is None:
            return
        if self._lit != (None, None):
            tiles.light(painter, self._palette, *self._lit)
        if self._cursor is not None and self.hasFocus() and self._cursor < len(tiles.tiles):
            frame(painter, self._palette, tiles.tiles[self._cursor].square)

    @Slot(QPointF)
    def _on_moved(self, at: QPointF) -> None:
        with self._guarded():
            tiles = self.tiles()
            index = tiles.tile_at(at) if tiles is not None else None
            if tiles is None or index is None:
                self.pointed.emit(None)
                return
            tile = tiles.tiles[index]
            cell = tile.heatmap.cell_at(at.x(), at.y()) if tile.heatmap is not None else None
            first = (cell[0] * tiles.step, cell[1] * tiles.step) if cell is not None else None
            self.pointed.emit((tile.key, first))

    @Slot()
    def _on_left(self) -> None:
        self.pointed.emit(None)

    @Slot(QPointF)
    def _on_clicked(self, at: QPointF) -> None:
        with self._guarded():
            self.setFocus()
            tiles = self.tiles()
            index = tiles.tile_at(at) if tiles is not None else None
            if tiles is not None and index is not None:
                self._cursor = index
                self.opened.emit(tiles.tiles[index].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk over the tiles, Enter opens one, Esc goes back."""
        key = Qt.Key(event.key())
        with self._guarded():
            tiles = self.tiles()
            if tiles is None or not tiles.tiles:
                return
            if key in STEPS:
                self._walk(tiles, *STEPS[key])
            elif key in ENTER and self._cursor is not None:
                self.opened.emit(tiles.tiles[self._cursor].key)
            else:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is: on the chosen tile or the first, where it was nowhere yet."""
        super().focusInEvent(event)
        if self._cursor is None and self._tiles is not None:
            self._cursor = self._tiles[1].framed or 0
        self.update()

    def _walk(self, tiles: Tiles, across: int, down: int) -> None:
        start = self._cursor if self._cursor is not None else tiles.framed
        index = 0 if start is None else tiles.next_to(start, across, down)
        if index is None:
            return
        self._cursor = index
        tile = tiles.tiles[index]
        words = ", ".join([tile.name, *(text.full for text in tile.texts[1:])])
        self.setAccessibleDescription(words)
        QToolTip.showText(self.mapToGlobal(tile.square.bottomLeft().toPoint() + QPoint(2, 4)), tooltip(words), self)
        self.update()
        self.walked.emit(tile.key)
