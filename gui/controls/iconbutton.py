"""A small button with a drawn sign instead of a word."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QPushButton, QSizePolicy

from gui.style import sized

TALL = 34  # pixels, in usual type; signs are drawn on a grid of 16


def undo_sign() -> QPainterPath:
    """An arrow that turns back to the left."""
    path = QPainterPath(QPointF(5.5, 2.5))
    path.lineTo(2.5, 5.5)
    path.lineTo(5.5, 8.5)
    path.moveTo(2.5, 5.5)
    path.lineTo(9.5, 5.5)
    path.arcTo(QRectF(5.5, 5.5, 8, 8), 90, -180)
    path.lineTo(6, 13.5)
    return path


def redo_sign() -> QPainterPath:
    """The same to the right."""
    return QTransform(-1, 0, 0, 1, 16, 0).map(undo_sign())


def more_sign() -> QPainterPath:
    """Three dots."""
    path = QPainterPath()
    for x in (3.0, 8.0, 13.0):
        path.addEllipse(QPointF(x, 8), 0.6, 0.6)
    return path


def previous_sign() -> QPainterPath:
    """A mark that points to the left."""
    path = QPainterPath(QPointF(9.5, 4))
    path.lineTo(5.5, 8)
    path.lineTo(9.5, 12)
    return path


def next_sign() -> QPainterPath:
    """The same to the right."""
    return QTransform(-1, 0, 0, 1, 16, 0).map(previous_sign())


def panel_sign() -> QPainterPath:
    """A window with a column at its right."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(1.5, 2.5, 13, 11), 2, 2)
    path.moveTo(10, 2.5)
    path.lineTo(10, 13.5)
    return path


class IconButton(QPushButton):
    """``sign`` is drawn in the colour of words; ``name`` is what it is called, ``hint`` what it does."""

    def __init__(self, sign: QPainterPath, name: str, hint: str, tall: int = TALL) -> None:
        super().__init__()
        self._sign, self._tall = sign, tall
        self.setObjectName("icon")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.rename(name, hint)

    def rename(self, name: str, hint: str) -> None:
        """Call it otherwise."""
        self.setAccessibleName(name)
        self.setToolTip(hint)

    def sizeHint(self) -> QSize:
        """A square as high as the buttons beside it."""
        return QSize(sized(self._tall), sized(self._tall))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and the sign in its middle."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = sized(160) / 160
        painter.translate(self.width() / 2 - 8 * scale, self.height() / 2 - 8 * scale)
        painter.scale(scale, scale)
        pen = QPen(self.palette().color(self.foregroundRole()), 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPath(self._sign)
        painter.end()
