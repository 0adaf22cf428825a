"""A whole comparison as one figure: both sentences, three panes, and what they say in words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.compare.difference import Difference, Pane
from gui.compare.panes import PaneFigure, pane_figure
from gui.paint.palette import Palette


@dataclass(frozen=True, slots=True)
class ComparisonFigure:
    """The finished drawing."""

    panes: tuple[PaneFigure, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a caption must say of it."""
        return ()

    def paint(self, painter: QPainter) -> None:
        """Draw it into its rectangle."""
        for pane in self.panes:
            pane.paint(painter)


def comparison_figure(difference: Difference, rect: QRectF, palette: Palette) -> ComparisonFigure:
    """Side by side where there is room, one below the other in a narrow column."""
    wide = rect.width() / 3
    rooms = [QRectF(rect.left() + place * wide, rect.top(), wide, rect.height()) for place in range(3)]
    return ComparisonFigure(
        tuple(pane_figure(difference, pane, room, palette) for pane, room in zip(Pane, rooms, strict=True))
    )
