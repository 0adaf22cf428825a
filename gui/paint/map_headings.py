"""What stands over maps of one size: titles and subtitles, in one size each, on as many lines as the room asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gui.paint.typeface import LEFT, Ink, Text, metrics, place, width_of, wrapped

SIZES = (1.0, 0.92, 0.84)  # of the ink that is asked for: smaller before broken, broken before cut
MOST_LINES = 2  # of a title, and of a subtitle


@dataclass(frozen=True, slots=True)
class MapHeading:
    """The lines over one map, each with its ink."""

    lines: tuple[tuple[str, Ink], ...]

    @property
    def height(self) -> float:
        """Of all lines."""
        return sum(metrics(ink.pixels).height() for _, ink in self.lines)

    def above(self, left: float, bottom: float, room: float) -> list[Text]:
        """The lines in their places, the last one at ``bottom``."""
        texts, y = list[Text](), bottom - self.height
        for line, ink in self.lines:
            tall = metrics(ink.pixels).height()
            texts.append(place(line, ink, (left, y + tall / 2), LEFT, room))
            y += tall
        return texts


def map_headings(words: Sequence[tuple[str, str]], inks: tuple[Ink, Ink], room: float) -> tuple[MapHeading, ...]:
    """One heading for each title and subtitle of ``words``, no wider than ``room``."""
    titles = _lines([kept_together(title) for title, _ in words], inks[0], room)
    subtitles = _lines([subtitle for _, subtitle in words], inks[1], room)
    return tuple(MapHeading((*over, *below)) for over, below in zip(titles, subtitles, strict=True))


def kept_together(title: str) -> str:
    """A sign is never parted from its word, nor a number from what it counts."""
    return re.sub(r"(?<=[+×]) | (?=\d)", "\N{NO-BREAK SPACE}", title)


def _lines(texts: Sequence[str], ink: Ink, room: float) -> list[list[tuple[str, Ink]]]:
    for most in range(1, MOST_LINES + 1):
        for size in SIZES:
            smaller = replace(ink, pixels=round(size * ink.pixels))
            broken = [wrapped(text, smaller, room) for text in texts]
            if all(len(lines) <= most and all(width_of(line, smaller) <= room for line in lines) for lines in broken):
                return [[(line, smaller) for line in lines] for lines in broken]
    kept = [[*lines[: MOST_LINES - 1], " ".join(lines[MOST_LINES - 1 :])] for lines in broken]
    return [[(line, smaller) for line in lines if line] for lines in kept]
