"""A switch with its name beside it: on or off at a glance, by mouse and by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from gui.paint.colour import qcolor
from gui.paint.palette import LIGHT, Palette, blend
from gui.style import sized

TRACK, KNOB, GAP, RIM = QSize(28, 16), 5.5, 6, 3  # pixels


class ToggleSwitch(QAbstractButton):
    """A checkable button drawn as a switch; the text belongs to what can be clicked and to its accessible name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._colours = LIGHT
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.rename(text)

    def rename(self, text: str) -> None:
        """Change what the switch is called."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self._colours = palette
        self.update()

    def sizeHint(self) -> QSize:
        """Track, gap and text, with room for the ring that shows the focus."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        tall = max(sized(TRACK.height()), self.fontMetrics().height())
        return QSize(2 * RIM + sized(TRACK.width()) + GAP + words, tall + 2 * RIM)

    def changeEvent(self, event: QEvent) -> None:
        """Larger type needs more room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def hitButton(self, pos: object) -> bool:
        """All of it can be clicked, the text too."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """The track, the knob on its side, the text, and a ring where the keyboard is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._colours
        wide, tall = sized(TRACK.width()), sized(TRACK.height())
        track = QRectF(RIM, (self.height() - tall) / 2, wide, tall)
        off = colours.muted if colours.is_strong else blend(colours.border, colours.muted, 0.35)
        ground = colours.accent if self.isChecked() else off
        round_end = track.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(ground if self.isEnabled() else colours.border))
        painter.drawRoundedRect(track, round_end, round_end)
        knob = track.right() - round_end if self.isChecked() else track.left() + round_end
        painter.setBrush(qcolor(colours.card))
        radius = KNOB * tall / TRACK.height()
        painter.drawEllipse(QPointF(knob, track.center().y()), radius, radius)
        painter.setPen(qcolor(colours.text if self.isEnabled() else colours.idle))
        words = self.rect().adjusted(round(track.right()) + GAP, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.hasFocus():
            painter.setPen(QPen(qcolor(colours.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(track.adjusted(-2, -2, 2, 2), round_end + 2, round_end + 2)
        painter.end()
