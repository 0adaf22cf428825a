"""Which words of two texts differ, told from the texts alone: it keeps up with typing. Pure."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise

from engine.boundaries import is_space, without_spaces, word_boundaries

Stretch = tuple[int, int]  # first character and end


def differing_words(one: str, other: str) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """The words of each text that the other has not in the same order; neighbours make one stretch."""
    places = _words(one), _words(other)
    words = [one[slice(*place)] for place in places[0]], [other[slice(*place)] for place in places[1]]
    found: tuple[list[Stretch], list[Stretch]] = ([], [])
    for kind, *bounds in SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        if kind != "equal":
            for side, (first, end) in enumerate((bounds[:2], bounds[2:])):
                if first < end:
                    found[side].append((places[side][first][0], places[side][end - 1][1]))
    return tuple(found[0]), tuple(found[1])


def _words(text: str) -> list[Stretch]:
    begins = [place for place, is_begin in enumerate(word_boundaries(text)) if is_begin]
    stretches = (without_spaces(text, *ends) for ends in pairwise([*begins, len(text)]))
    return [(start, end) for start, end in stretches if not all(map(is_space, text[start:end]))]
