"""A surface that keeps its painted picture: hovering only lays something over it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui.paint.colour import qcolor
from gui.paint.palette import LIGHT, Palette

Paint = Callable[[QPainter], None]
Guard = Callable[[], AbstractContextManager[None]]
ZOOM_STEP, ZOOM_MOST = 1.2, 12.0


class Canvas(QWidget):
    """Shows ``picture`` from an image and ``overlay`` over it, both inside ``guard``.

    Signals give places in the picture's own coordinates, whatever the zoom: ``moved`` (QPointF), ``left``,
    ``clicked`` (QPointF). ``zooms`` lets the wheel enlarge the picture and dragging move it.
    """

    moved = Signal(QPointF)
    left = Signal()
    clicked = Signal(QPointF)

    def __init__(self, picture: Paint, overlay: Paint, guard: Guard, *, zooms: bool = False) -> None:
        super().__init__()
        self._picture, self._overlay, self._guard, self._zooms = picture, overlay, guard, zooms
        self._image: QImage | None = None
        self._colours = LIGHT
        self._stale = False
        self._transform = QTransform()
        self._pressed: QPointF | None = None
        self._dragging = False
        self.setMouseTracking(True)

    def dress(self, palette: Palette, *, stale: bool) -> None:
        """Take the theme's colours; a ``stale`` picture is shown half faded into the card."""
        if palette is not self._colours:
            self._image = None
        self._colours, self._stale = palette, stale
        self.update()

    def redraw(self) -> None:
        """The picture has changed: paint it anew."""
        self._image = None
        self.update()

    def fit(self) -> None:
        """Show the whole picture."""
        self._transform = QTransform()
        self.redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The kept picture, half faded where stale, and what is laid over it."""
        with self._guard():
            ratio = self.devicePixelRatioF()
            if self._image is None or self._image.size() != self.size() * ratio:
                self._image = self._paint_image(ratio)
            painter = QPainter(self)
            try:
                self._paint_over(painter, self._image)
            finally:
                painter.end()  # a painter left open outlives the widget and takes the program down

    def _paint_over(self, painter: QPainter, image: QImage) -> None:
        painter.drawImage(0, 0, image)
        if self._stale:
            veil = QColor(qcolor(self._colours.card))
            veil.setAlpha(128)
            painter.fillRect(self.rect(), veil)
        painter.setTransform(self._transform, True)
        self._overlay(painter)

    def _paint_image(self, ratio: float) -> QImage:
        image = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(qcolor(self._colours.card))
        painter = QPainter(image)
        painter.setTransform(self._transform, True)
        try:
            self._picture(painter)
        finally:
            painter.end()
        return image

    def place(self, position: QPointF) -> QPointF:
        """A point of the widget in the picture's coordinates."""
        inverse, _ = self._transform.inverted()
        return inverse.map(position)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click or a drag begins."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what is under the pointer, or move the enlarged picture."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self.moved.emit(self.place(event.position()))
            return
        way = event.position() - self._pressed
        self._dragging |= way.manhattanLength() >= QApplication.startDragDistance()
        if self._dragging and self._transform.m11() > 1:
            self._pressed = event.position()
            self._transform *= QTransform.fromTranslate(way.x(), way.y())
            self.redraw()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press without a drag is a click."""
        if event.button() == Qt.MouseButton.LeftButton:
            if self._pressed is not None and not self._dragging:
                self.clicked.emit(self.place(event.position()))
            self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the whole picture."""
        if self._zooms:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Enlarge around the pointer; the whole picture is the smallest."""
        if not self._zooms:
            event.ignore()
            return
        factor = ZOOM_STEP ** (event.angleDelta().y() / 120)
        factor = min(ZOOM_MOST / self._transform.m11(), factor)
        if self._transform.m11() * factor <= 1:
            self.fit()
            return
        at = event.position()
        around = QTransform.fromTranslate(-at.x(), -at.y()) * QTransform.fromScale(factor, factor)
        self._transform *= around * QTransform.fromTranslate(at.x(), at.y())
        self.redraw()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone."""
        self.left.emit()
