"""Lines and words for plots, made by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gui.trust.curves import Course, CurveWords, Line, Role

WORDS = ("wonderful", "absolutely", "actors", "but", "thin", "plot", "were", "the", "was", ",", ".")


def course(probability: Sequence[float], spread: float = 0.0, turned: int = -1) -> Course:
    shares = np.array(probability)
    counts = np.arange(len(shares))
    if not spread:
        return Course(counts, shares, turned=turned)
    return Course(counts, shares, shares - spread, shares + spread)


def line(
    label: str,
    role: Role,
    most: Sequence[float],
    least: Sequence[float] | None = None,
    *,
    spread: float = 0.0,
    turned: int = -1,
) -> Line:
    return Line(label, role, course(most, spread, turned), course(most if least is None else least, spread, turned))


def words(count: int, turning: float | None = 0.5, unit: str = "words") -> CurveWords:
    order = tuple(WORDS[index % len(WORDS)] for index in range(count))
    return CurveWords(
        "Probability of “Positive” as words are taken away", "Positive", unit, order, turning, ("a note",)
    )


def four(most: Sequence[float], least: Sequence[float] | None = None) -> tuple[Line, ...]:
    """One of every kind, all with the same values."""
    return (
        line("Random order", Role.CHANCE, most, least, spread=0.0),
        line("Gradient × input", Role.OTHER, most, least),
        line("Attention rollout", Role.OTHER, most, least),
        line("DecompX", Role.OWN, most, least),
    )
