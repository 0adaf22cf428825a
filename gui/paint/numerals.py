"""How numbers are written on screen: a true minus sign, no more digits than can be trusted."""

from __future__ import annotations

import math

from gui.told.wording import tiny

MINUS = "\N{MINUS SIGN}"


def signed(value: float) -> str:
    """A share of a logit: ``+1.32``, ``−0.72``, and ``0.00`` without a sign."""
    text = f"{value:+.2f}"
    if float(text) == 0:
        return "0.00"
    return text.replace("-", MINUS)


def plain(value: float) -> str:
    """A probability or a logit: ``0.94``, ``−1.30``, and ``0.00`` without a sign."""
    return signed(value).removeprefix("+")


def percent(value: float) -> str:
    """A share of a whole, rounded: ``31 %``; what is there but less than half a percent is ``<1 %``."""
    if 0 < value < 0.005:
        return "<1\N{NO-BREAK SPACE}%"
    return f"{100 * value:.0f}\N{NO-BREAK SPACE}%"


def figure(value: float, unit: str, *, is_signed: bool) -> str:
    """A number, its unit unsaid: two digits of a logit, a fraction as a percentage, three figures of all else."""
    if unit == "logit":
        return signed(value) if is_signed else plain(value)
    sign = MINUS if value < 0 else "+" if value > 0 and is_signed else ""
    size = abs(value)
    if unit == "fraction":
        return f"{sign}{percent(size)}"
    written = tiny(size) if 0 < size < 0.001 else f"{size:.3g}"
    return f"{sign}{written}"


def is_named(unit: str) -> bool:
    """Whether a unit must be said with a number: all but the logit and the fraction, written as a percentage."""
    return unit not in ("logit", "fraction")


def amount(value: float, unit: str, *, is_signed: bool) -> str:
    """A number with its unit: ``+1.32``, ``31 %``, ``0.0123 gradient``."""
    written = figure(value, unit, is_signed=is_signed)
    return f"{written}\N{NO-BREAK SPACE}{unit}" if is_named(unit) else written


def at_least_percent(value: float) -> str:
    """A share rounded down, so that the words never claim more than the picture shows."""
    return f"{math.floor(100 * value + 1e-7)}\N{NO-BREAK SPACE}%"


def counted(number: int, noun: str) -> str:
    """``1 link``, ``37 links``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
