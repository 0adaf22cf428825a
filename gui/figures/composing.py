"""A figure and its caption on one card: what becomes a file, in type that depends on its size alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from engine.contract import Explanation
from gui.figures.caption import caption
from gui.figures.sizes import Size
from gui.paint.colour import qcolor
from gui.paint.palette import PALETTES, Palette
from gui.paint.typeface import LEFT, Ink, Text, body_pixels, metrics, place, usual_type, wrapped
from gui.state import ViewState
from gui.viewkit import Figure, View

MOST_CAPTION = 0.5  # of the height
FigureOf = Callable[[QRectF], Figure]
CaptionOf = Callable[[tuple[str, ...]], str]


@dataclass(frozen=True, slots=True)
class CaptionedFigure:
    """A figure with its caption below, on the theme's card."""

    figure: Figure
    lines: tuple[Text, ...]
    rect: QRectF
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """Those of the figure."""
        return self.figure.notes

    def paint(self, painter: QPainter) -> None:
        """The card, the figure, the caption."""
        painter.fillRect(self.rect, qcolor(self.palette.card))
        with usual_type():
            self.figure.paint(painter)
        for line in self.lines:
            line.paint(painter, self.palette)


@usual_type()
def compose(figure_of: FigureOf, size: Size, palette: Palette, caption_of: CaptionOf | None) -> CaptionedFigure:
    """The figure in this size, with what ``caption_of`` makes of its notes; the caption takes its room from the figure.

    The size has a height of its own (:meth:`gui.figures.sizes.Size.fitted`).
    """
    whole = QRectF(0, 0, size.width, size.height)
    figure = figure_of(whole)
    said = caption_of(figure.notes) if caption_of is not None else ""
    if not said:
        return CaptionedFigure(figure, (), whole, palette)
    unit = body_pixels(size.width, size.height)
    ink = Ink(round(0.82 * unit), "muted")
    margin, line = 0.8 * unit, 1.1 * metrics(ink.pixels).height()
    words = wrapped(said, ink, size.width - 2 * margin)
    most = max(1, int(MOST_CAPTION * size.height / line))
    if len(words) > most:  # the last line is elided
        words = [*words[: most - 1], " ".join(words[most - 1 :])]
    top = size.height - len(words) * line - 0.5 * margin
    figure = figure_of(QRectF(0, 0, size.width, top - 0.2 * unit))
    lines = tuple(
        place(text, ink, (margin, top + (index + 0.5) * line), LEFT, size.width - 2 * margin)
        for index, text in enumerate(words)
    )
    return CaptionedFigure(figure, lines, whole, palette)


def compose_view(
    view: View, explanation: Explanation, look: ViewState, size: Size, *, captioned: bool = True
) -> CaptionedFigure:
    """One view of one explanation, with the usual caption."""
    palette = PALETTES[look.theme]

    def figure_of(rect: QRectF) -> Figure:
        return view.figure(explanation, look, rect, palette)

    def caption_of(notes: tuple[str, ...]) -> str:
        return caption(explanation, notes)

    return compose(figure_of, size, palette, caption_of if captioned else None)
