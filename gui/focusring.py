"""A frame around the picture that the keyboard is in. Buttons and fields frame themselves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSplitterHandle,
    QWidget,
)

from gui.paint.colour import qcolor
from gui.paint.palette import LIGHT, Palette

WIDTH, RADIUS = 2, 6  # pixels
FRAMED = (  # what frames itself
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSplitterHandle,
)


class FocusRing(QWidget):
    """Lies over the window and follows the focus while it is moved by keys; a click needs no frame."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._colours = LIGHT
        self._ringed: QWidget | None = None
        self.moves_by_key = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self._colours = palette
        self.update()

    def key_moved(self) -> None:
        """The focus is on its way by Tab."""
        self.moves_by_key = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay with the picture."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self._fit()
        elif event.type() == QEvent.Type.Hide:
            self.hide()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(qcolor(self._colours.accent), WIDTH))
        half = WIDTH / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), RADIUS, RADIUS)
        painter.end()

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self.moves_by_key = False
        if self._ringed is not None:
            self._ringed.removeEventFilter(self)
        is_inside = now is not None and self.window().isAncestorOf(now)
        self._ringed = now if is_inside and self.moves_by_key and not isinstance(now, FRAMED) else None
        if self._ringed is not None:
            self._ringed.installEventFilter(self)
            self._fit()
        else:
            self.hide()

    def _fit(self) -> None:
        if self._ringed is None:
            return
        # Inside the picture: what lies beside it may be another card.
        corner = self._ringed.mapTo(self.window(), QPoint(0, 0))
        self.setGeometry(corner.x(), corner.y(), self._ringed.width(), self._ringed.height())
        self.raise_()
        self.show()
