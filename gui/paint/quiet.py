"""One sentence where there is nothing to draw."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.paint.palette import Palette
from gui.paint.typeface import CENTRE, Ink, body_pixels, place


@dataclass(frozen=True, slots=True)
class QuietFigure:
    """Says why there is no picture."""

    sentence: str
    rect: QRectF
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentence itself: the caption says it too."""
        return (self.sentence,)

    def paint(self, painter: QPainter) -> None:
        """Write it in the middle."""
        ink = Ink(round(body_pixels(self.rect.width(), self.rect.height())), "muted")
        middle = (self.rect.center().x(), self.rect.center().y())
        place(self.sentence, ink, middle, CENTRE, self.rect.width() - 20).paint(painter, self.palette)
