"""One interactive heatmap: a pyqtgraph image without axes, its gaps, and a frame around what is pointed at."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QLabel, QSizePolicy, QStyleOptionGraphicsItem, QWidget

from engine.contract import Array
from gui.paint.colour import css, qcolor
from gui.paint.heatmap import GAPPED_FROM, colour_table
from gui.paint.palette import LIGHT, Palette


class _Marks(QGraphicsItem):
    """Gaps between the cells, frames around the lit row and column, and around the cell under the pointer."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 1
        self.palette = LIGHT
        self.row: int | None = None
        self.column: int | None = None

    def boundingRect(self) -> QRectF:
        return QRectF(-0.5, -0.5, self.count + 1, self.count + 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if abs(painter.worldTransform().m11()) >= GAPPED_FROM:
            painter.setPen(self._pen(self.palette.card, 1.0))
            for line in range(1, self.count):
                painter.drawLine(line, 0, line, self.count)
                painter.drawLine(0, line, self.count, line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
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
    """``pointed`` tells (receiver, source) or None; ``opened`` is a click."""

    pointed = Signal(object)
    opened = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.shares: Array | None = None
        self._view = pg.GraphicsView(self, background=None)
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, invertY=True, lockAspect=1.0, defaultPadding=0)
        self._box.setBorder(None)
        self._view.setCentralItem(self._box)
        self._view.setMouseTracking(True)
        self._view.viewport().setMouseTracking(True)
        self._view.viewport().installEventFilter(self)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.image = pg.ImageItem(axisOrder="row-major", autoDownsample=True)
        self.marks = _Marks()
        self._box.addItem(self.image)
        self._box.addItem(self.marks, ignoreBounds=True)
        self._waiting = QLabel(self)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(60, 60)

    def sizeHint(self) -> QSize:
        """About as large as in a panel a quarter of the screen wide."""
        return QSize(140, 140)

    def show_map(self, shares: Array | None, top: float, palette: Palette, *, stale: bool, waits: str = "") -> None:
        """Show these shares on the scale from 0 to ``top``, or what they wait for."""
        self.shares = shares
        self._waiting.setText(waits)
        self._waiting.setVisible(shares is None)
        self._waiting.setStyleSheet(
            f"color: {css(palette.faint)}; border: 1px dashed {css(palette.border)}; border-radius: 6px;"
        )
        self._view.setVisible(shares is not None)
        if shares is None:
            return
        self.image.setLookupTable(colour_table(palette))
        self.image.setImage(shares, levels=(0.0, top))
        self.image.setOpacity(0.5 if stale else 1.0)
        self.marks.prepareGeometryChange()
        self.marks.count, self.marks.palette = len(shares), palette
        self._box.setRange(QRectF(0, 0, len(shares), len(shares)), padding=0)
        self.marks.update()

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

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """(receiver, source) under a point of the pane."""
        if self.shares is None:
            return None
        at = self.image.mapFromScene(self._view.mapToScene(round(x), round(y)))
        row, column = int(at.y() // 1), int(at.x() // 1)
        count = len(self.shares)
        return (row, column) if 0 <= row < count and 0 <= column < count else None

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
