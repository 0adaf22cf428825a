"""Painting figures into images, and asking images simple questions."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui.paint.colour import qcolor
from gui.paint.palette import Palette


def painted(figure, width: int, height: int, palette: Palette) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(qcolor(palette.card))
    painter = QPainter(image)
    figure.paint(painter)
    painter.end()
    return image


def share_unlike(image: QImage, colour: tuple[int, int, int], step: int = 3) -> float:
    """Share of sampled pixels that differ from one colour: 0 is a blank picture."""
    ground = QColor(*colour).rgb()
    places = [(x, y) for x in range(0, image.width(), step) for y in range(0, image.height(), step)]
    return sum(image.pixel(x, y) != ground for x, y in places) / len(places)


def far(a: QColor, rgb: tuple[int, int, int]) -> int:
    """How far a pixel is from a colour: 0 is the colour itself."""
    return max(abs(a.red() - rgb[0]), abs(a.green() - rgb[1]), abs(a.blue() - rgb[2]))


def point(widget: QWidget, at: QPointF) -> None:
    """Move the pointer there, from elsewhere: where it stands already nothing happens."""
    QTest.mouseMove(widget, QPoint(1, 1))
    QTest.mouseMove(widget, at.toPoint())


def inside(inner: QRectF, width: float, height: float) -> bool:
    return inner.left() >= 0 and inner.top() >= 0 and inner.right() <= width and inner.bottom() <= height
