"""A line of text that never asks for more room than there is: cut with an ellipsis, whole in the tooltip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from gui.style import sized
from gui.told.wording import tooltip


class ElidedLabel(QLabel):
    """As wide as its text where there is room, at most ``most`` and at least ``least`` pixels (in usual type)."""

    def __init__(self, text: str = "", most: int = 10_000, least: int = 24) -> None:
        super().__init__()
        self._full = ""
        self._most, self._least = most, least
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show as much of it as fits."""
        if text != self._full:
            self._full = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self._fit()

    def full_text(self) -> str:
        """The text before it was cut."""
        return self._full

    def is_cut(self) -> bool:
        """Whether some of it is not seen."""
        return self.text() != self._full

    def sizeHint(self) -> QSize:
        """The whole text, up to the most allowed."""
        self.ensurePolished()
        # One pixel more than the letters: rounding must not cut what fits.
        width = min(sized(self._most), self.fontMetrics().horizontalAdvance(self._full) + 1)
        return QSize(width, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(min(sized(self._least), self.sizeHint().width()), self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Cut anew in larger type."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        self.setToolTip(tooltip(self._full) if shown != self._full else "")
