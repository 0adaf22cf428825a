"""How numbers are written on screen: a true minus sign, no more digits than can be trusted."""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"


def signed(value: float) -> str:
    """A share of a logit: ``+1.32``, ``−0.72``, and ``0.00`` without a sign."""
    text = f"{value:+.2f}"
    if float(text) == 0:
        return "0.00"
    return text.replace("-", MINUS)


def plain(value: float) -> str:
    """A probability or a logit: ``0.94``, ``−1.30``."""
    return f"{value:.2f}".replace("-", MINUS)


def percent(value: float) -> str:
    """A share of a whole, rounded: ``31 %``; what is there but less than half a percent is ``<1 %``."""
    if 0 < value < 0.005:
        return "<1\N{NO-BREAK SPACE}%"
    return f"{100 * value:.0f}\N{NO-BREAK SPACE}%"


def at_least_percent(value: float) -> str:
    """A share rounded down, so that the words never claim more than the picture shows."""
    return f"{math.floor(100 * value + 1e-7)}\N{NO-BREAK SPACE}%"


def counted(number: int, noun: str) -> str:
    """``1 link``, ``37 links``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
