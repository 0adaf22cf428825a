"""The three pictures of a comparison: A, B and A minus B, their rows on the same lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.compare.difference import Difference, Pane
from gui.paint.palette import Palette
from gui.paint.quiet import QuietFigure


@dataclass(frozen=True, slots=True)
class Hit:
    """What the pointer is on, the same in all three panes.

    ``row`` is one of the lines shown, ``receiver`` another (on the cell of a map or a link). ``words`` say both
    numbers and the difference.
    """

    row: int
    receiver: int | None
    words: str


class PaneFigure(Protocol):
    """One pane as a finished drawing that also answers to the pointer."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a caption must say of it."""
        ...

    def paint(self, painter: QPainter) -> None:
        """Draw it into its rectangle."""
        ...

    def paint_lit(self, painter: QPainter, hit: Hit) -> None:
        """Light up what the pointer is on, whichever pane it is in; painted over the figure."""
        ...

    def hit(self, x: float, y: float) -> Hit | None:
        """What lies under a point of the rectangle's own coordinates."""
        ...


@dataclass(frozen=True, slots=True)
class QuietPane(QuietFigure):
    """A pane that has nothing to show, and says why."""

    def paint_lit(self, painter: QPainter, hit: Hit) -> None:
        """Nothing lights up."""

    def hit(self, x: float, y: float) -> Hit | None:
        """Nothing is there."""
        return None


def heading(difference: Difference, pane: Pane) -> str:
    """What stands over a pane."""
    return pane.value


def pane_figure(difference: Difference, pane: Pane, rect: QRectF, palette: Palette) -> PaneFigure:
    """One pane for one size; given the same size, rows of all three stand on the same lines."""
    return QuietPane(f"{heading(difference, pane)}: not drawn yet", rect, palette)
