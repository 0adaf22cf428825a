"""Which words of one sentence stand beside which of the other. Pure.

The same words stand together, and similar ones (keys, key). One word that takes another's place between the same
neighbours stands beside it, however unlike they are (good, bad). All others stand alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np

from engine.contract import Array
from engine.words import Row
from gui.annotation import letters_of

SIMILAR = 0.6  # of their letters, in order, that two words must share to be taken for forms of one
GAP = 1.0  # what a word that stands alone costs
UNLIKE = 1.8  # what two words would cost that have nothing in common: a little less than two gaps
RESPELT = 0.1  # the same word but for its capitals
NEVER = 1e9
MOST_LETTERS = 40  # of a word that are looked at
ROLES = (("[CLS]", "<s>", "<bos>"), ("[SEP]", "</s>", "<eos>"))  # what different models call the same place


@dataclass(frozen=True, slots=True)
class Pairing:
    """One line of a comparison: a place in the first rows and one in the second, None where there is none."""

    first: int | None
    second: int | None

    @property
    def mirrored(self) -> Pairing:
        """The same with A and B exchanged."""
        return Pairing(self.second, self.first)


@dataclass(frozen=True, slots=True, order=True)
class _Word:
    """What decides where a row may stand: ``kind`` is "" for words, else the special token it is."""

    segment: int
    kind: str
    label: str

    @property
    def is_spoken(self) -> bool:
        """Whether it has letters or digits: a mark never stands beside a word."""
        return any(char.isalnum() for char in self.label)


def aligned_rows(first: Sequence[Row], second: Sequence[Row], masks: tuple[str, str] = ("", "")) -> list[Pairing]:
    """The rows of A and B in lines, reading down; ``masks`` is how each model writes a gap.

    Exchanging A and B exchanges the two sides of every line and nothing else.
    """
    words, others = (tuple(_word(row, mask) for row in rows) for rows, mask in zip((first, second), masks, strict=True))
    if words <= others:
        return list(_aligned(words, others))
    return [pairing.mirrored for pairing in _aligned(others, words)]


def _word(row: Row, mask: str) -> _Word:
    if mask and row.label == mask:
        return _Word(row.segment, "gap", "gap")
    if not row.is_special:
        return _Word(row.segment, "", row.label)
    role = next((names[0] for names in ROLES if row.label in names), row.label)
    return _Word(row.segment, role, role)


@lru_cache(maxsize=16)
def _aligned(first: tuple[_Word, ...], second: tuple[_Word, ...]) -> tuple[Pairing, ...]:
    """The cheapest alignment; of several as cheap, the one that pairs late words rather than early ones."""
    before = 0
    while before < min(len(first), len(second)) and first[before] == second[before]:
        before += 1
    rest = first[before:], second[before:]
    after = 0
    while after < min(map(len, rest)) and rest[0][-1 - after] == rest[1][-1 - after]:
        after += 1
    middle = _middle(rest[0][: len(rest[0]) - after], rest[1][: len(rest[1]) - after])
    made = [
        *(Pairing(place, place) for place in range(before)),
        *(Pairing(_moved(one.first, before), _moved(one.second, before)) for one in middle),
        *(Pairing(len(first) - back, len(second) - back) for back in range(after, 0, -1)),
    ]
    return tuple(_replaced(made, first, second))


def _moved(place: int | None, by: int) -> int | None:
    return None if place is None else place + by


def _middle(first: tuple[_Word, ...], second: tuple[_Word, ...]) -> list[Pairing]:
    """Edit distance by dynamic programming, read back from the end."""
    costs = _costs(first, second).tolist()
    best = [[GAP * column for column in range(len(second) + 1)]]
    for row, prices in enumerate(costs, 1):
        above, line = best[-1], [GAP * row]
        for column, price in enumerate(prices):
            line.append(min(above[column] + price, above[column + 1] + GAP, line[column] + GAP))
        best.append(line)
    made = []
    row, column = len(first), len(second)
    while row or column:
        if row and column and best[row][column] == best[row - 1][column - 1] + costs[row - 1][column - 1]:
            row, column = row - 1, column - 1
            made.append(Pairing(row, column))
        elif column and best[row][column] == best[row][column - 1] + GAP:
            column -= 1
            made.append(Pairing(None, column))
        else:
            row -= 1
            made.append(Pairing(row, None))
    return made[::-1]


def _costs(first: tuple[_Word, ...], second: tuple[_Word, ...]) -> Array:
    """[first, second] what it costs to put two rows beside one another."""
    kinds = sorted({*first, *second})
    number = {word: index for index, word in enumerate(kinds)}
    table = np.full((len(kinds), len(kinds)), NEVER)
    np.fill_diagonal(table, 0.0)
    spoken = [place for place, word in enumerate(kinds) if not word.kind]
    for one, other, cost in _similar([letters_of(kinds[place].label)[:MOST_LETTERS] for place in spoken]):
        if kinds[spoken[one]].segment == kinds[spoken[other]].segment:
            table[spoken[one], spoken[other]] = table[spoken[other], spoken[one]] = cost
    rows, columns = [number[word] for word in first], [number[word] for word in second]
    return np.asarray(table[np.ix_(rows, columns)])


def _similar(letters: list[str]) -> list[tuple[int, int, float]]:
    """All pairs of similar words, each once, and what they cost."""
    if len(letters) < 2:
        return []
    lengths = np.array([len(word) for word in letters])
    codes = np.full((len(letters), int(lengths.max())), -1)
    for place, word in enumerate(letters):
        codes[place, : len(word)] = [ord(char) for char in word]
    found = []
    for one, word in enumerate(letters[:-1]):
        others = np.arange(one + 1, len(letters))
        both = lengths[one] + lengths[others]
        others = others[2 * np.minimum(lengths[one], lengths[others]) >= SIMILAR * both]  # for others it cannot be
        alike = 2 * _in_common(word, codes[others]) / np.maximum(1, lengths[one] + lengths[others])
        for place in np.flatnonzero(alike >= SIMILAR).tolist():
            cost = RESPELT if alike[place] == 1 else UNLIKE * float(1 - alike[place])
            found.append((one, int(others[place]), cost))
    return found


def _in_common(word: str, codes: Array) -> Array:
    """[word] how many letters of each, in order, are also in ``word``: the longest common subsequence."""
    best = np.zeros((len(codes), codes.shape[1] + 1), dtype=np.int32)
    for char in word:
        longer = np.maximum(best[:, 1:], best[:, :-1] + (codes == ord(char)))
        best[:, 1:] = np.maximum.accumulate(longer, axis=1)
    return np.asarray(best[:, -1])


def _replaced(made: list[Pairing], first: tuple[_Word, ...], second: tuple[_Word, ...]) -> list[Pairing]:
    """One word of each that stand alone between the same neighbours are put beside one another."""
    lines: list[Pairing] = []
    for is_alone, group in groupby(made, lambda one: one.first is None or one.second is None):
        run = list(group)
        ones = [one.first for one in run if one.first is not None]
        others = [one.second for one in run if one.second is not None]
        if is_alone and len(ones) == len(others) == 1 and _may_replace(first[ones[0]], second[others[0]]):
            run = [Pairing(ones[0], others[0])]
        lines += run
    return lines


def _may_replace(one: _Word, other: _Word) -> bool:
    return not one.kind and not other.kind and one.segment == other.segment and one.is_spoken == other.is_spoken
