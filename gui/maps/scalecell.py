"""The colour scale of the maps, its lock, and the cell under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.guide.help import help_text
from gui.paint.colour import css, qcolor
from gui.paint.heatmap import paint_scale
from gui.paint.palette import LIGHT, Palette
from gui.style import sized

LOCK = QSize(24, 24)


class ColourBar(QWidget):
    """The scale from nothing to its end."""

    def __init__(self) -> None:
        super().__init__()
        self._top, self._colours = 1.0, LIGHT
        self.setMaximumWidth(220)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours and the room its type needs."""
        self._colours = palette
        self.setMinimumHeight(sized(40))
        self.update()

    def show_top(self, top: float) -> None:
        """From nothing to ``top``."""
        self._top = top
        self.setAccessibleName(help_text("maps", "scale_name", top=f"{top:g}"))
        self.update()

    def sizeHint(self) -> QSize:
        """About as wide as a map."""
        return QSize(sized(140), sized(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ramp and three numbers."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pixels = round(0.92 * self.fontInfo().pixelSize())
        paint_scale(painter, self._colours, QRectF(1, 6, self.width() - 2, 13), self._top, pixels)
        painter.end()


class LockButton(QAbstractButton):
    """A padlock: shut, the scale stays where it is."""

    def __init__(self) -> None:
        super().__init__()
        self._colours = LIGHT
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(help_text("maps", "lock"))
        self.toggled.connect(self._on_toggled)
        self._on_toggled(False)

    def _on_toggled(self, on: bool) -> None:
        self.setToolTip(help_text("maps", "lock_on" if on else "lock_off"))

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self._colours = palette
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the lock and the ring that shows the focus."""
        return LOCK

    def paintEvent(self, event: QPaintEvent) -> None:
        """Body and shackle; the shackle stands open where the scale follows the layer."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, on = self._colours, self.isChecked()
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(qcolor(colours.accent if self.hasFocus() else colours.border), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1), 6, 6)
        ink = qcolor(colours.accent if on else colours.muted)
        painter.setPen(QPen(ink, 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        shackle = QRectF(9 if on else 12, 5, 6, 9)
        painter.drawArc(shackle, 0, 180 * 16)
        painter.drawLine(QPointF(shackle.left(), shackle.center().y()), QPointF(shackle.left(), 12))
        if on:
            painter.drawLine(QPointF(shackle.right(), shackle.center().y()), QPointF(shackle.right(), 12))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawRoundedRect(QRectF(7, 11.5, 10, 7.5), 1.5, 1.5)
        painter.end()


class Heading(QWidget):
    """A title, and below it in plain words what is shown."""

    def __init__(self, title: str, subtitle: str) -> None:
        super().__init__()
        self._title, self._subtitle = QLabel(title), QLabel(subtitle)
        self._subtitle.setWordWrap(True)
        self.setToolTip(f"{title}: {subtitle}")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._title)
        box.addWidget(self._subtitle)
        box.addStretch(1)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self._title.setStyleSheet(f"color: {css(palette.text)}; font-weight: 600;")
        small = round(0.84 * self.fontInfo().pixelSize())
        self._subtitle.setStyleSheet(f"color: {css(palette.muted)}; font-size: {small}px;")


class ScaleCell(QWidget):
    """The eighth cell beside seven maps: bar and lock, how to read a cell, what is hidden, the cell pointed at."""

    def __init__(self) -> None:
        super().__init__()
        self._heading = Heading(help_text("maps", "scale"), help_text("maps", "scale_unit"))
        self._bar = ColourBar()
        self.lock = LockButton()
        self._how = QLabel(help_text("maps", "scale_how"))
        self.note, self.cell = QLabel(), QLabel()
        for label in (self._how, self.note, self.cell):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.setToolTip(help_text("maps", "scale_how"))
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self.lock, 0, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(head)
        for widget in (self._bar, self._how, self.note, self.cell):
            box.addWidget(widget)
        box.addStretch(1)

    def explain(self, fully: bool) -> None:
        """Say how to read a cell where there is room, on the tooltip everywhere."""
        self._how.setVisible(fully)

    def show_scale(self, top: float, *, is_locked: bool, note: str) -> None:
        """Where the scale ends and whether it stays there; ``note`` names what is hidden, "" where nothing is."""
        self._bar.show_top(top)
        self.lock.setChecked(is_locked)
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self._heading.dress(palette)
        self._bar.dress(palette)
        self.lock.dress(palette)
        small = round(0.92 * self.fontInfo().pixelSize())
        for label in (self._how, self.note):
            label.setStyleSheet(f"color: {css(palette.muted)}; font-size: {small}px;")
        self.cell.setStyleSheet(f"color: {css(palette.text)}; font-size: {small}px; font-weight: 600;")
