"""What stands over maps of one size: titles and subtitles, in one size each, on as many lines as the room asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gui.paint.typeface import LEFT, Ink, Text, metrics, place, width_of, wrapped

SIZES = (1.0, 0.92, 0.84, 0.76, 0.68, 0.6, 0.52)  # of the ink that is asked for
SMALLEST = 8  # pixels


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
    titles = in_lines([title for title, _ in words], inks[0], room)
    subtitles = in_lines([subtitle for _, subtitle in words], inks[1], room)
    return tuple(MapHeading((*over, *below)) for over, below in zip(titles, subtitles, strict=True))


def kept_together(title: str) -> str:
    """A sign is never parted from its word, nor a number from what it counts."""
    return re.sub(r"(?<=[+×]) | (?=\d)", "\N{NO-BREAK SPACE}", title)


def smallest(ink: Ink) -> Ink:
    """As small as it may become."""
    return _scaled(ink, SIZES[-1])


def _scaled(ink: Ink, size: float) -> Ink:
    return replace(ink, pixels=max(SMALLEST, round(size * ink.pixels)))


def widest_part(titles: Iterable[str], ink: Ink) -> float:
    """How much room they want at least to stand on two lines in this ink."""
    return max(width_of(part, ink) for title in titles for part in _loosened(title).split(" "))


def in_lines(titles: Sequence[str], ink: Ink, room: float) -> list[list[tuple[str, Ink]]]:
    """All in one size: smaller before they are broken in two, and smaller still before they are cut."""
    for parted, most, size in TRIED:
        smaller = _scaled(ink, size)
        broken = [wrapped(parted(title), smaller, room) for title in titles]
        if all(len(lines) <= most and all(width_of(line, smaller) <= room for line in lines) for lines in broken):
            break
    kept = [[lines[0], " ".join(lines[1:])] for lines in broken]
    return [[(line, smaller) for line in lines if line] for lines in kept]


def fitted(text: str, ink: Ink, room: float) -> Ink:
    """The ink in which it fits on one line, as small as it must be."""
    inks = [_scaled(ink, size) for size in SIZES]
    return next((smaller for smaller in inks if width_of(text, smaller) <= room), inks[-1])


def _loosened(title: str) -> str:
    """A number may go onto the next line."""
    return re.sub(r"(?<=[+×]) ", "\N{NO-BREAK SPACE}", title)


# How a title may be broken, into how many lines, how large: the best first.
TRIED = (
    *((kept_together, 1, size) for size in SIZES[:3]),
    *((kept_together, 2, size) for size in SIZES[:3]),
    *((_loosened, 2, size) for size in SIZES),
)
