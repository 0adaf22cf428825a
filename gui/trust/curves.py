"""The answer's probability as words are taken away, drawn.

Two plots with the same axes: the strongest words go first, where a good explanation falls fast, and the weakest
first, where it stays up. Side by side where there is room, one below the other in a column, the first alone in a
small one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from gui.guide.help import help_text
from gui.paint.palette import Palette
from gui.paint.typeface import LEFT, Ink, Text, body_pixels, metrics, place, wrapped
from gui.trust.lines import Course, CurveWords, Line, Role
from gui.trust.plot import Plot
from gui.trust.plotting import KINDS, plot

__all__ = ["Course", "CurveFigure", "CurveWords", "Line", "Role", "curve_figure", "step_at"]

WIDE, TALL = 46.0, 32.0  # in body letters: room for two plots side by side, and for two below one another
MARGIN, BETWEEN = 0.9, 1.6  # in body letters
AMPLE, MOST_LARGER = (62.0, 35.0), 1.25  # width and height in body letters
MOST_TITLE = 2  # lines


@dataclass(frozen=True, slots=True)
class CurveFigure:
    """The finished drawing."""

    title: tuple[Text, ...]
    plots: tuple[Plot, ...]
    notes: tuple[str, ...]
    palette: Palette

    def paint(self, painter: QPainter) -> None:
        """The title, then plot by plot."""
        for text in self.title:
            text.paint(painter, self.palette)
        for part in self.plots:
            part.paint(painter, self.palette)


def curve_figure(
    lines: Sequence[Line], words: CurveWords, room: QRectF, palette: Palette, *, at: int | None = None
) -> CurveFigure:
    """The lines in this room; ``at`` is how many words are away where the reader points, None where nowhere."""
    unit = _letters(room)
    inner = room.adjusted(MARGIN * unit, 0.6 * unit, -MARGIN * unit, -0.6 * unit)
    title = _title(words.title, inner, unit)
    if title:
        inner.setTop(title[-1].rect.bottom() + 0.7 * unit)
    rooms = _rooms(inner, unit)
    left_out = () if len(rooms) > 1 else (help_text("trust_plot", "left_out", unit=words.unit),)
    return CurveFigure(
        title=title,
        plots=tuple(plot(kind, lines, words, where, unit, at=at) for kind, where in zip(KINDS, rooms, strict=False)),
        notes=(*words.notes, *left_out),
        palette=palette,
    )


def step_at(figure: CurveFigure, point: QPointF) -> int | None:
    """How many words are away at the step nearest to a point of a plot, None outside the plots."""
    for part in figure.plots:
        if part.reach.contains(point):
            return part.count_at(point.x())
    return None


def _letters(room: QRectF) -> float:
    """Body letters in pixels: larger where there is room to spare, for those who sit at the back."""
    unit = body_pixels(room.width(), room.height())
    spare = min(room.width() / (AMPLE[0] * unit), room.height() / (AMPLE[1] * unit))
    return unit * min(MOST_LARGER, max(1.0, spare))


def _title(title: str, room: QRectF, unit: float) -> tuple[Text, ...]:
    if not title:
        return ()
    ink = Ink(round(unit), bold=True)
    tall = metrics(ink.pixels, bold=True).height()
    said = wrapped(title, ink, room.width())
    if len(said) > MOST_TITLE:  # the last line is elided
        said = [*said[: MOST_TITLE - 1], " ".join(said[MOST_TITLE - 1 :])]
    return tuple(
        place(text, ink, (room.left(), room.top() + (index + 0.5) * tall), LEFT, room.width())
        for index, text in enumerate(said)
    )


def _rooms(room: QRectF, unit: float) -> list[QRectF]:
    gap = BETWEEN * unit
    if room.width() >= WIDE * unit:
        wide = (room.width() - gap) / 2
        return [QRectF(left, room.top(), wide, room.height()) for left in (room.left(), room.left() + wide + gap)]
    if room.height() >= TALL * unit:
        tall = (room.height() - gap) / 2
        return [QRectF(room.left(), top, room.width(), tall) for top in (room.top(), room.top() + tall + gap)]
    return [room]
