"""A canvas that a person enlarges and moves: it tells the gestures, and shows the kept picture until they rest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QImage, QMouseEvent, QNativeGestureEvent, QPainter, QTransform, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QGridLayout, QHBoxLayout, QPinchGesture, QPushButton, QWidget

from gui.controls.canvas import Canvas, Guard, Paint
from gui.guide.help import help_text
from gui.paint.colour import css, qcolor
from gui.paint.palette import Palette
from gui.style import sized

ZOOM_STEP = 1.2  # one notch of the wheel
REST_MS = 80  # after the last move of a gesture the picture is painted anew
SIDE = 26  # pixels


class ZoomCanvas(Canvas):
    """``picture`` is kept; ``words`` are written anew over it at every paint and fade with it where it is stale.

    ``zoom_asked`` (factor, place) and ``pan_asked`` (way) tell gestures in pixels of the widget, ``fit_asked`` the wish
    for the whole picture. Whoever listens answers with :meth:`drift` or ``redraw``.
    """

    zoom_asked = Signal(float, QPointF)
    pan_asked = Signal(QPointF)
    fit_asked = Signal()

    def __init__(self, picture: Paint, words: Paint, overlay: Paint, guard: Guard) -> None:
        super().__init__(picture, overlay, guard)
        self._words = words
        self._drift = QTransform()
        self._within = QRectF()
        self._is_movable = False
        self.is_draft = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.redraw)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.buttons = ZoomButtons()
        self.buttons.entered.connect(self.left)
        self._corner = QGridLayout(self)
        self._corner.setContentsMargins(4, 4, 4, 4)
        self._corner.addWidget(self.buttons)
        self.show_camera(is_enlarged=False, is_crowded=False, is_mirrored=False)

    def redraw(self) -> None:
        """Paint the picture anew, as well as can be."""
        self._rest.stop()
        self._drift, self.is_draft = QTransform(), False
        super().redraw()

    def redraw_soon(self) -> None:
        """Paint a draft now, and anew when no more changes come."""
        self.redraw()
        self.is_draft = True
        self._rest.start()

    def drift(self, way: QTransform, within: QRectF) -> None:
        """Show the kept picture moved so, inside ``within``, until the gesture rests."""
        self._drift, self._within = way, within
        self._rest.start()
        self.update()

    def show_camera(self, *, is_enlarged: bool, is_crowded: bool, is_mirrored: bool) -> None:
        """Offer what can be done: ``is_crowded`` where enlarging shows more."""
        self._is_movable = is_enlarged
        self.setCursor(Qt.CursorShape.OpenHandCursor if is_enlarged else Qt.CursorShape.ArrowCursor)
        side = Qt.AlignmentFlag.AlignLeft if is_mirrored else Qt.AlignmentFlag.AlignRight
        self._corner.setAlignment(self.buttons, side | Qt.AlignmentFlag.AlignBottom)
        self.buttons.show_camera(is_enlarged=is_enlarged, is_crowded=is_crowded)

    def paint_kept(self, painter: QPainter, image: QImage) -> None:
        """The kept picture where the gesture has brought it, the words where they belong."""
        painter.save()
        if not self._drift.isIdentity():
            painter.fillRect(self.rect(), qcolor(self._colours.card))
            painter.setClipRect(self._within)
            painter.setTransform(self._drift, True)
        painter.drawImage(0, 0, image)
        painter.restore()
        self._words(painter)

    def _paint_image(self, ratio: float) -> QImage:
        self._drift = QTransform()
        return super()._paint_image(ratio)

    def drag(self, way: QPointF) -> None:
        """Move the enlarged picture."""
        if self._is_movable:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.pan_asked.emit(way)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the picture go."""
        if self._is_movable:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the whole picture; of the whole picture, a second click like any other."""
        if self._is_movable:
            self.fit_asked.emit()
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Enlarge around the pointer."""
        turned = event.angleDelta().y()
        if turned:
            self.zoom_asked.emit(ZOOM_STEP ** (turned / 120), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Two fingers, on a touchpad or on the screen."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_asked.emit(max(0.2, 1 + event.value()), event.position())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self.zoom_asked.emit(pinch.scaleFactor(), QPointF(self.mapFromGlobal(pinch.centerPoint().toPoint())))
                return True
        return super().event(event)


class ZoomButtons(QWidget):
    """Larger, smaller, the whole picture; as many as can do anything. ``entered`` tells that the pointer came."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.smaller, self.larger, self.fit = (self._button(key) for key in ("smaller", "larger", "fit"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in (self.smaller, self.larger, self.fit):
            row.addWidget(button)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def _button(self, key: str) -> QPushButton:
        button = QPushButton(help_text("zoom", key))
        button.setAccessibleName(help_text("zoom", f"{key}_name"))
        button.setToolTip(help_text("zoom", f"{key}_hint"))
        button.setFixedHeight(sized(SIDE))
        if key != "fit":
            button.setFixedWidth(sized(SIDE))
        return button

    def show_camera(self, *, is_enlarged: bool, is_crowded: bool) -> None:
        """Show what there is to do."""
        for button in (self.smaller, self.fit):
            button.setVisible(is_enlarged)
        self.larger.setVisible(is_enlarged or is_crowded)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours and the room its type needs."""
        for button in self.findChildren(QPushButton):
            button.setFixedHeight(sized(SIDE))
            if button.maximumWidth() == button.minimumWidth():
                button.setFixedWidth(sized(SIDE))
        self.setStyleSheet(
            f"QPushButton {{ background: {css(palette.card)}; color: {css(palette.muted)}; padding: 0 6px;"
            f" border: 1px solid {css(palette.border)}; border-radius: 6px; min-height: 0; }}"
            f"QPushButton:hover {{ color: {css(palette.text)}; border-color: {css(palette.faint)}; }}"
            f"QPushButton:focus {{ border-color: {css(palette.accent)}; }}"
        )

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is on no word any more."""
        self.entered.emit()
