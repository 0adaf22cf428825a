"""What the plots of a tried explanation are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from engine.contract import Array


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
    ``turning`` is the probability below which the ``other`` answer wins, None where there are more than two. ``notes``
    go into a caption.
    """

    title: str
    answer: str
    unit: str
    order: tuple[str, ...]
    turning: float | None = None
    notes: tuple[str, ...] = ()
    other: str = ""
