"""A surface that keeps its painted picture: hovering only lays something over it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui.paint.colour import qcolor
from gui.paint.palette import LIGHT, Palette

Paint = Callable[[QPainter], None]
Guard = Callable[[], AbstractContextManager[None]]


class Canvas(QWidget):
    """Shows ``picture`` from an image and ``overlay`` over it, both inside ``guard``.

    Signals give places of the picture: ``moved`` (QPointF), ``left``, ``clicked`` (QPointF).
    """

    moved = Signal(QPointF)
    left = Signal()
    clicked = Signal(QPointF)

    def __init__(self, picture: Paint, overlay: Paint, guard: Guard) -> None:
        super().__init__()
        self._picture, self._overlay, self._guard = picture, overlay, guard
        self._image: QImage | None = None
        self._colours = LIGHT
        self._stale = False
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

    def paintEvent(self, event: QPaintEvent) -> None:
        """The kept picture, half faded where stale, and what is laid over it."""
        with self._guard():
            ratio = self.devicePixelRatioF()
            if self._image is None or self._image.size() != self.size() * ratio:
                self._image = self._paint_image(ratio)
            painter = QPainter(self)
            try:
                self.paint_kept(painter, self._image)
                if self._stale:
                    veil = QColor(qcolor(self._colours.card))
                    veil.setAlpha(128)
                    painter.fillRect(self.rect(), veil)
                self._overlay(painter)
            finally:
                painter.end()  # a painter left open outlives the widget and takes the program down

    def paint_kept(self, painter: QPainter, image: QImage) -> None:
        """Lay the kept picture down."""
        painter.drawImage(0, 0, image)

    def _paint_image(self, ratio: float) -> QImage:
        image = QImage(self.size() * ratio, QImage.Format.Format_RGB32)  # opaque: laid down without blending
        image.setDevicePixelRatio(ratio)
        image.fill(qcolor(self._colours.card))
        painter = QPainter(image)
        try:
            self._picture(painter)
        finally:
            painter.end()
        return image

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click or a drag begins."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what is under the pointer, or that the picture is dragged."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self.moved.emit(event.position())
            return
        way = event.position() - self._pressed
        self._dragging |= way.manhattanLength() >= QApplication.startDragDistance()
        if self._dragging:
            self._pressed = event.position()
            self.drag(way)

    def drag(self, way: QPointF) -> None:
        """What dragging does: here nothing."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press without a drag is a click."""
        if event.button() == Qt.MouseButton.LeftButton:
            if self._pressed is not None and not self._dragging:
                self.clicked.emit(event.position())
            self._pressed = None

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone."""
        self.left.emit()
