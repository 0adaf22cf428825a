"""The answer's probability as words are taken away: what is drawn, and the finished drawing.

Two plots share their axes: the strongest words go first, where a good explanation falls fast, and the weakest first,
where it stays up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from engine.contract import Array
from gui.paint.palette import Palette


class Role(Enum):
    """Whose order a line follows: the explanation that is shown, another method, or chance."""

    OWN = "own"
    OTHER = "other"
    CHANCE = "chance"


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """The answer's ``probability`` [step], 0 to 1, with ``counts`` [step] words away, rising from 0.

    ``low`` and ``high`` [step] are what it lies between, for several orders. ``turned`` is the first step at which the
    model gives another answer, -1 where it never does.
    """

    counts: Array
    probability: Array
    low: Array | None = None
    high: Array | None = None
    turned: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One order, or several by chance: ``most`` takes its most important words away first, ``least`` its least.

    ``label`` stands at the line's end. Others are told apart by their colour and dashes, in the sequence given.
    """

    label: str
    role: Role
    most: Course
    least: Course


@dataclass(frozen=True, slots=True)
class CurveWords:
    """What is written around the lines.

    ``title`` stands above, "" for none; ``answer`` is the answer's name; ``unit`` what is taken away, in the plural
    ("words"). ``order`` [unit] are the words of the explanation that is shown, the most important one first.
    ``turning`` is the probability at which another answer wins, None where there are more than two.
    """

    title: str
    answer: str
    unit: str
    order: tuple[str, ...]
    turning: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CurveFigure:
    """The finished drawing."""

    lines: tuple[Line, ...]
    words: CurveWords
    room: QRectF
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """What a caption must say of it."""
        return self.words.notes

    def paint(self, painter: QPainter) -> None:
        """Lines below, words above."""


def curve_figure(
    lines: Sequence[Line], words: CurveWords, room: QRectF, palette: Palette, *, at: int | None = None
) -> CurveFigure:
    """The lines in this room; ``at`` is how many words are away where the reader points, None where nowhere."""
    del at
    return CurveFigure(tuple(lines), words, room, palette)


def step_at(figure: CurveFigure, point: QPointF) -> int | None:
    """How many words are away at the step nearest to a point of a plot, None outside the plots."""
    del figure, point
    return None
