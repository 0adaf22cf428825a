"""One map as large as there is room, with its words on both sides: pointed at, walked over, zoomed into."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QCursor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QToolTip

from engine.contract import Array
from gui.controls.canvas import Guard
from gui.controls.closable import ClosableCanvas
from gui.guide.help import help_text
from gui.paint.heatmap import Extract, NamedMap, light, named_map, outline, paint_scale
from gui.paint.map_rows import MapRows
from gui.paint.palette import LIGHT, Palette
from gui.paint.tiles import frame
from gui.paint.typeface import LEFT, RIGHT, Ink, metrics, place, width_of
from gui.told.wording import tooltip

ZOOM_STEP, FEWEST = 1.25, 6  # words across in the closest view
WORTH_ZOOMING = 24  # words: of fewer, the person need not be told
STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
ZOOMS = {Qt.Key.Key_Plus: ZOOM_STEP, Qt.Key.Key_Equal: ZOOM_STEP, Qt.Key.Key_Minus: 1 / ZOOM_STEP, Qt.Key.Key_0: 0.0}


@dataclass(frozen=True, slots=True, eq=False)
class LargeContent:
    """``shares`` [receiver, source] between ``rows`` on a scale up to ``top``, and what stands over them."""

    shares: Array
    rows: MapRows
    top: float
    title: str
    subtitle: str


class LargeMap(ClosableCanvas):
    """``pointed`` tells (receiver, source) or None; ``closed`` is a click or Esc.

    The letters keep their size: the wheel shows fewer words larger, dragging moves among them.
    """

    pointed = Signal(object)

    def __init__(self, guard: Guard) -> None:
        super().__init__(self._paint_map, self._paint_marks, guard)
        self._guarded = guard
        self._content: LargeContent | None = None
        self._named: NamedMap | None = None
        self._words = 0  # a side
        self._window = (0, 0, 0)  # first receiver, first source, how many of each
        self._cursor: tuple[int, int] | None = None
        self._lit: tuple[int | None, int | None] = (None, None)
        self._palette = LIGHT
        self._dragged = QPointF()
        self.setAccessibleName(help_text("maps", "large"))
        self.setMinimumSize(160, 160)
        self.moved.connect(self._on_moved)
        self.left.connect(self._on_left)
        self.clicked.connect(self._on_clicked)

    def show_content(self, content: LargeContent | None, palette: Palette, *, stale: bool) -> None:
        """Show this map; another one between as many words keeps the part that is seen and the cell walked to."""
        self._content, self._palette, self._named = content, palette, None
        if content is not None and len(content.rows) != self._words:
            self._words = len(content.rows)
            self._window, self._cursor = (0, 0, self._words), None
        self.dress(palette, stale=stale)
        self.redraw()

    def forget(self) -> None:
        """Let go of the map; the next one between as many words shows the same part of it."""
        self._content = self._named = None
        self.redraw()

    def light(self, receiver: int | None, source: int | None) -> None:
        """Frame a word's row and column."""
        if (receiver, source) != self._lit:
            self._lit = (receiver, source)
            self.update()

    def named(self) -> NamedMap | None:
        """The part that is seen, laid out for the widget as it stands."""
        content = self._content
        if content is None:
            return None
        pixels = self.fontInfo().pixelSize()
        line = metrics(pixels).height()
        under = 4.6 if content.rows.hidden else 3.6
        area = QRectF(self.rect()).adjusted(2, 2.3 * line, -4, -under * line)
        if self._named is None or self._named.area != area:
            row, column, count = self._window
            part = Extract(
                content.shares[row : row + count, column : column + count],
                content.rows.names[row : row + count],
                content.rows.labels[column : column + count],
                content.rows.right_to_left,
            )
            self._named = named_map(part, content.top, area, pixels)
        return self._named

    def cell_rect(self, receiver: int, source: int) -> QRectF | None:
        """Where a cell is seen, None where it is not."""
        named, (row, column, count) = self.named(), self._window
        if named is None or not (0 <= receiver - row < count and 0 <= source - column < count):
            return None
        return named.heatmap.cell_rect(receiver - row, source - column)

    def _paint_map(self, painter: QPainter) -> None:
        named, content = self.named(), self._content
        if named is None or content is None:
            return
        pixels = self.fontInfo().pixelSize()
        line = metrics(pixels).height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        title = place(content.title, Ink(pixels, bold=True), (0, line / 2), LEFT, self.width())
        title.paint(painter, self._palette)
        place(content.subtitle, Ink(pixels, "muted"), (0, 1.5 * line), LEFT, self.width()).paint(painter, self._palette)
        named.paint_image(painter, self._palette)
        self._paint_foot(painter, content, named.heatmap.rect, round(0.9 * pixels))

    def _paint_foot(self, painter: QPainter, content: LargeContent, square: QRectF, pixels: int) -> None:
        """The scale, how to zoom, and what is hidden; beside each other as far as they fit."""
        line = metrics(pixels).height()
        bar = QRectF(square.left(), square.bottom() + pixels, max(110.0, min(0.5 * square.width(), 200.0)), pixels)
        paint_scale(painter, self._palette, bar, content.top, pixels)
        ink, under = Ink(pixels, "muted"), bar.bottom() + 2.0 * line
        zoom = self._zoom_words(content)
        if width_of(zoom, ink) < square.right() - bar.right() - pixels:
            place(zoom, ink, (square.right(), bar.center().y()), RIGHT).paint(painter, self._palette)
        elif not content.rows.hidden:
            place(zoom, ink, (bar.left(), under), LEFT).paint(painter, self._palette)
        if content.rows.hidden:
            note = content.rows.note
            lines = [note] if width_of(note, ink) <= self.width() else note.split("; ", 1)
            for index, text in enumerate(lines):
                place(text, ink, (0.0, under + index * line), LEFT, self.width()).paint(painter, self._palette)

    def _zoom_words(self, content: LargeContent) -> str:
        count, seen = len(content.rows), self._window[2]
        if seen < count:
            return help_text("maps", "zoomed", seen=str(seen), count=str(count))
        return help_text("maps", "zoom") if count > WORTH_ZOOMING else ""

    def _paint_marks(self, painter: QPainter) -> None:
        named = self.named()
        if named is None:
            return
        row, column, count = self._window
        lit = [
            index - first if index is not None and 0 <= index - first < count else None
            for index, first in zip(self._lit, (row, column), strict=True)
        ]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        light(painter, self._palette, named.heatmap, *lit)
        cursor = self.cell_rect(*self._cursor) if self._cursor is not None and self.hasFocus() else None
        if cursor is not None:
            outline(painter, self._palette, cursor.adjusted(-1, -1, 0, 0))
        elif self.hasFocus():
            frame(painter, self._palette, named.heatmap.rect)

    def _cell_at(self, at: QPointF) -> tuple[int, int] | None:
        named = self.named()
        cell = named.heatmap.cell_at(at.x(), at.y()) if named is not None else None
        return (cell[0] + self._window[0], cell[1] + self._window[1]) if cell is not None else None

    def words_of(self, cell: tuple[int, int]) -> str:
        """``wonderful to [CLS]: 0.31``."""
        content = self._content
        return content.rows.cell_words(float(content.shares[cell]), *cell) if content is not None else ""

    @Slot(QPointF)
    def _on_moved(self, at: QPointF) -> None:
        with self._guarded():
            cell = self._cell_at(at)
            self.pointed.emit(cell)
            QToolTip.showText(QCursor.pos(), tooltip(self.words_of(cell)) if cell is not None else "", self)

    @Slot()
    def _on_left(self) -> None:
        self.pointed.emit(None)

    @Slot(QPointF)
    def _on_clicked(self, at: QPointF) -> None:
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk over the cells, + and - zoom, 0 shows all, Esc closes."""
        key = Qt.Key(event.key())
        with self._guarded():
            if key in STEPS and self._content is not None:
                self._walk(self._content, *STEPS[key])
            elif key in ZOOMS and self._content is not None:
                self._zoom(self._content, ZOOMS[key], self._cursor or (0, 0))
            else:
                super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The cell walked to is no longer lit."""
        super().focusOutEvent(event)
        if self._cursor is not None:
            self.pointed.emit(None)

    def _walk(self, content: LargeContent, down: int, across: int) -> None:
        last = len(content.rows) - 1
        across = -across if content.rows.right_to_left else across
        row, column = self._cursor or (self._window[0], self._window[1])
        if self._cursor is not None:
            row, column = min(max(row + down, 0), last), min(max(column + across, 0), last)
        self._cursor = (row, column)
        first_row, first_column, count = self._window
        self._look_at(
            content,
            min(max(first_row, row - count + 1), row),
            min(max(first_column, column - count + 1), column),
            count,
        )
        words = self.words_of(self._cursor)
        self.setAccessibleDescription(words)
        self.pointed.emit(self._cursor)
        cell = self.cell_rect(row, column)
        if cell is not None:
            at = cell.bottomRight().toPoint() + QPoint(2, 2)
            QToolTip.showText(self.mapToGlobal(at), tooltip(words), self)

    def _look_at(self, content: LargeContent, row: int, column: int, count: int) -> None:
        """Show this part of the map, as far as there is one."""
        most = len(content.rows) - count
        window = (min(max(row, 0), most), min(max(column, 0), most), count)
        if window != self._window:
            self._window, self._named = window, None
            self.redraw()
        self.update()

    def _zoom(self, content: LargeContent, factor: float, around: tuple[int, int]) -> None:
        """Show fewer words, or more; the cell zoomed around keeps its place. A factor of 0 shows all."""
        row, column, count = self._window
        whole = len(content.rows)
        now = min(whole, max(min(whole, FEWEST), round(count / factor))) if factor else whole
        if now == count and factor and factor < 1:
            now = min(whole, count + 1)
        share = now / count
        self._look_at(
            content, round(around[0] - (around[0] - row) * share), round(around[1] - (around[1] - column) * share), now
        )

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Fewer words or more, around the cell under the pointer."""
        with self._guarded():
            cell = self._cell_at(event.position())
            if self._content is not None and cell is not None and event.angleDelta().y():
                self._zoom(self._content, ZOOM_STEP ** (event.angleDelta().y() / 120), cell)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where dragging begins."""
        super().mousePressEvent(event)
        self._dragged = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """What is under the pointer; dragging moves among the words."""
        super().mouseMoveEvent(event)
        named = self.named()
        if self._content is None or named is None or not self._dragging or self._pressed is None:
            return
        way = event.position() - self._dragged
        down, across = int(way.y() / named.heatmap.cell), int(way.x() / named.heatmap.cell)
        if down or across:
            self._dragged += QPointF(across * named.heatmap.cell, down * named.heatmap.cell)
            across = -across if self._content.rows.right_to_left else across
            self._look_at(self._content, self._window[0] - down, self._window[1] - across, self._window[2])
