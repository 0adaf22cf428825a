"""One interactive heatmap: a pyqtgraph image without axes, its gaps, and a frame around what is pointed at."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QLabel, QSizePolicy, QStyleOptionGraphicsItem, QWidget

from engine.contract import Array
from gui.paint.colour import css, qcolor
from gui.paint.heatmap import GAPPED_FROM, colour_table
from gui.paint.map_rows import reduced, step_for
from gui.paint.palette import LIGHT, Palette


class _Marks(QGraphicsItem):
    """Gaps between the cells, frames around the lit row and column, and around the cell under the pointer."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 1
        self.palette = LIGHT
        self.row: int | None = None
        self.column: int | None = None
        self.is_focused = False

    def boundingRect(self) -> QRectF:
        return QRectF(-0.5, -0.5, self.count + 1, self.count + 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if abs(painter.worldTransform().m11()) >= GAPPED_FROM:
            painter.setPen(self._pen(self.palette.card, 1.0))
            for line in range(1, self.count):
                painter.drawLine(line, 0, line, self.count)
                painter.drawLine(0, line, self.count, line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.is_focused:
            painter.setPen(self._pen(self.palette.accent, 4.0))
            painter.drawRect(QRectF(0, 0, self.count, self.count))
        painter.setPen(self._pen(self.palette.accent, 1.0))
        if self.row is not None:
            painter.drawRect(QRectF(0, self.row, self.count, 1))
        if self.column is not None:
            painter.drawRect(QRectF(self.column, 0, 1, self.count))
        if self.row is not None and self.column is not None:
            painter.setPen(self._pen(self.palette.against, 2.0))
            painter.drawRect(QRectF(self.column, self.row, 1, 1))

    def _pen(self, colour: tuple[int, int, int], width: float) -> QPen:
        pen = QPen(qcolor(colour), width)
        pen.setCosmetic(True)
        return pen


class MapPane(QWidget):
    """``pointed`` tells (receiver, source) or None; ``opened`` is a click or Enter."""

    pointed = Signal(object)
    opened = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.shares: Array | None = None
        self._top, self._step = 1.0, 0  # words to a cell of the image, 0 before there is one
        self._view = pg.GraphicsView(self, background=None)
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, invertY=True, lockAspect=1.0, defaultPadding=0)
        self._box.setBorder(None)
        self._view.setCentralItem(self._box)
        self._view.setMouseTracking(True)
        self._view.viewport().setMouseTracking(True)
        self._view.viewport().installEventFilter(self)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.marks = _Marks()
        self._box.addItem(self.image)
        self._box.addItem(self.marks, ignoreBounds=True)
        self._waiting = QLabel(self)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(60, 60)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """About as large as in a panel a quarter of the screen wide."""
        return QSize(140, 140)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self._waiting.setStyleSheet(
            f"color: {css(palette.faint)}; border: 1px dashed {css(palette.border)}; border-radius: 6px;"
        )
        self.image.setLookupTable(colour_table(palette))
        self.marks.palette = palette
        self.marks.update()

    def show_map(
        self, shares: Array | None, top: float, *, is_mirrored: bool = False, stale: bool, waits: str = ""
    ) -> None:
        """Show these shares on the scale from 0 to ``top``, or what they wait for.

        ``is_mirrored`` puts the first column at the right.
        """
        self.shares = shares
        self._waiting.setText(waits)
        self._waiting.setVisible(shares is None)
        self._view.setVisible(shares is not None)
        if shares is None:
            return
        self._top, self._step = top, 0
        self._box.invertX(is_mirrored)
        self._set_image()
        self.image.setOpacity(0.5 if stale else 1.0)
        self.marks.prepareGeometryChange()
        self.marks.count = len(shares)
        self._box.setRange(QRectF(0, 0, len(shares), len(shares)), padding=0)
        self.marks.update()

    def forget(self) -> None:
        """Let go of the map."""
        self.shares, self._step = None, 0
        self.image.clear()

    def waits_for(self) -> str:
        """What stands in place of the map, "" where there is one."""
        return "" if self.shares is not None else self._waiting.text()

    def light(self, row: int | None, column: int | None) -> None:
        """Frame the receiver's row and the source's column."""
        if (row, column) != (self.marks.row, self.marks.column):
            self.marks.row, self.marks.column = row, column
            self.marks.update()

    def fit_square(self, side: int) -> None:
        """A square of this side at the upper left, under its title."""
        self._view.setGeometry(0, 0, side, side)
        self._waiting.setGeometry(0, 0, side, side)
        self._set_image()

    def _set_image(self) -> None:
        """No cell smaller than a pixel: a strong one among hundreds would be lost between two."""
        if self.shares is None:
            return
        count = len(self.shares)
        step = step_for(count, self._view.width() * self.devicePixelRatioF())
        if step != self._step:
            self._step = step
            self.image.setImage(reduced(self.shares, step), levels=(0.0, self._top))
            self.image.setRect(QRectF(0, 0, count, count))

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """(receiver, source) under a point of the pane."""
        if self.shares is None:
            return None
        at = self.marks.mapFromScene(self._view.mapToScene(round(x), round(y)))
        row, column = int(at.y() // 1), int(at.x() // 1)
        count = len(self.shares)
        return (row, column) if 0 <= row < count and 0 <= column < count else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Frame the whole map."""
        super().focusInEvent(event)
        self._frame()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No frame any more."""
        super().focusOutEvent(event)
        self._frame()

    def _frame(self) -> None:
        self.marks.is_focused = self.hasFocus()
        self.marks.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What the pointer does over the image; pyqtgraph's own mouse handling is not wanted here."""
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseMove:
                self.pointed.emit(self.cell_at(event.position().x(), event.position().y()))
            elif event.type() == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
                self.opened.emit()
            return True
        if event.type() == QEvent.Type.Leave:
            self.pointed.emit(None)
        return False
