"""Where Tab goes, and a frame around the picture that the keyboard is in; buttons and fields frame themselves."""

from __future__ import annotations

from collections.abc import Sequence

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
    QScrollArea,
    QSplitterHandle,
    QWidget,
)

from gui.paint.colour import qcolor
from gui.paint.palette import LIGHT, Palette

WIDTH, RADIUS = 2, 6  # pixels
LINE = 12  # pixels: what lies nearer to one height stands in one line
FRAMED = (  # what frames itself
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSplitterHandle,
)


def tab_stops(regions: Sequence[QWidget]) -> list[QWidget]:
    """Everything that Tab stops at, region by region, each as it is read: line by line from the left."""
    stops: dict[QWidget, None] = {}
    for region in regions:
        found = [widget for widget in (region, *region.findChildren(QWidget)) if _is_stop(widget)]
        stops |= dict.fromkeys(sorted(found, key=_reading_place))
    return list(stops)


def reveal(widget: QWidget) -> None:
    """Scroll to where it is seen."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()


def _is_stop(widget: QWidget) -> bool:
    reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    return reached and widget.isVisible() and widget.isEnabled()


def _reading_place(widget: QWidget) -> tuple[int, int]:
    middle = widget.mapTo(widget.window(), widget.rect().center())
    return round(middle.y() / LINE), middle.x()


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
