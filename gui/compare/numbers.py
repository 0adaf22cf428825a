"""How the numbers of a comparison are written. Pure."""

from __future__ import annotations

import numpy as np

from engine.agreement import FEWEST, Agreement
from gui.paint.numerals import MINUS, counted, figure, percent

ONE_DIGIT_FROM = 1.0  # of a logit: differences smaller than this are told with two digits


def signed_percent(value: float) -> str:
    """``+12 %``, ``−0.4 %``, and ``0 %`` without a sign."""
    size = percent(abs(value)) if abs(value) >= 0.01 else f"{100 * abs(value):.1f}\N{NO-BREAK SPACE}%"
    if size.startswith("0.0"):
        return percent(0.0)
    return f"{'+' if value > 0 else MINUS}{size}"


def rounded(value: float, whole: float) -> str:
    """A size as a sentence tells it: one digit behind the point, two where the ``whole`` is small."""
    return f"{abs(value):.{1 if abs(whole) >= ONE_DIGIT_FROM else 2}f}"


def signed_rounded(value: float) -> str:
    """``+2.6``, ``−0.43``, and ``0.0`` without a sign."""
    written = rounded(value, value)
    if float(written) == 0:
        return "0.00" if abs(value) < ONE_DIGIT_FROM else written
    return f"{'+' if value > 0 else MINUS}{written}"


def written(value: float, unit: str, *, is_signed: bool) -> str:
    """A number of one pane: of shares of 1 as a percentage."""
    if unit == "fraction":
        return signed_percent(value) if is_signed else percent(value)
    return figure(value, unit, is_signed=is_signed)


def correlation(value: float) -> str:
    """A rank correlation: ``0.83``, ``−0.12``."""
    return f"{np.round(value, 2) + 0.0:.2f}".replace("-", MINUS)


def agreement_words(found: Agreement, noun: str) -> str:
    """``Spearman 0.83, Kendall 0.67 over 11 words``, or why there is no such number."""
    if found.count < FEWEST:
        return f"too few {noun}s in common to compare their order"
    if found.spearman is None:
        return f"no order to compare: one side gives all {noun}s the same"
    parts = [f"Spearman {correlation(found.spearman)}"]
    if found.kendall is not None:
        parts.append(f"Kendall {correlation(found.kendall)}")
    return f"{', '.join(parts)} over {counted(found.count, noun)}"
