"""Leaving a word out of a text, so that a model may guess it. Pure."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QTextBoundaryFinder

from engine.boundaries import is_space


def with_gap(text: str, start: int, end: int, mask: str) -> tuple[str, int]:
    """The text with a gap in place of these characters, and the place behind it.

    Put where no characters are replaced, it keeps apart from the words at its sides.
    """
    before, after = text[:start], text[end:]
    is_new = start == end
    left = " " if is_new and before and not is_space(before[-1]) else ""
    right = " " if is_new and after and after[0].isalnum() else ""
    made = f"{before}{left}{mask}"
    return f"{made}{right}{after}", len(made)


def last_word(text: str) -> tuple[int, int] | None:
    """Where the last word stands, first character and end; None in a text without letters."""
    units = text.encode("utf-16-le")
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Word, text)
    bounds = [0]
    while (at := finder.toNextBoundary()) != -1:
        bounds.append(len(units[: 2 * at].decode("utf-16-le")))
    for start, end in reversed(list(pairwise(bounds))):
        if any(char.isalnum() for char in text[start:end]):
            return start, end
    return None


def selected(text: str, start: int, end: int) -> tuple[int, int]:
    """A selection less the spaces at its ends."""
    while start < end and is_space(text[start]):
        start += 1
    while end > start and is_space(text[end - 1]):
        end -= 1
    return start, end
