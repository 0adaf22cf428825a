"""The words on both sides of every map, and the shares between them. No sizes, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.contract import Array, Explanation, Head
from engine.words import Row, merge_map
from gui.paint import numerals
from gui.paint.kept import kept
from gui.paint.shown_rows import shown_rows
from gui.paint.typeface import reads_right_to_left
from gui.state import ViewState
from gui.told.wording import isolated

SCALE_ENDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0)
BEYOND = 0.05  # of the cells may lie beyond the end of the scale
MOST_COUNTED = 1_000_000  # cells: of more than these, only some receivers are looked at for the scale


@dataclass(frozen=True, slots=True, eq=False)
class MapRows:
    """The rows of a map are also its columns. ``merged`` are all rows, ``kept`` the places of those shown.

    ``names`` are the labels as they stand beside a map: the word whose own answer is explained says so. ``tokens``
    are each shown row's own. ``hidden`` are the labels left out.
    """

    merged: tuple[Row, ...]
    kept: tuple[int, ...]
    labels: tuple[str, ...]
    names: tuple[str, ...]
    tokens: tuple[tuple[int, ...], ...]
    hidden: tuple[str, ...]
    right_to_left: bool

    def __len__(self) -> int:
        return len(self.kept)

    def row_of(self, token: int | None) -> int | None:
        """The row a token stands in, None where it is hidden."""
        return next((index for index, tokens in enumerate(self.tokens) if token in tokens), None)

    def cell_words(self, value: float, receiver: int, source: int) -> str:
        """``wonderful to [CLS]: 0.31``; of many words each gives little, and gets more digits."""
        number = numerals.plain(value)
        if 0 < value < 0.01:
            number = f"{value:.3f}" if value >= 0.0005 else "<0.001"
        return f"{self.labels[source]} to {self.labels[receiver]}: {number}"

    def quoted(self, index: int) -> str:
        """A row as it stands in a sentence: what the model adds as it is, what a person wrote in quotation marks."""
        label = isolated(self.labels[index])
        return label if self.merged[self.kept[index]].is_special else f"“{label}”"

    @property
    def note(self) -> str:
        """What the numbers are divided by, and what is left out of them."""
        if not self.hidden:
            return "every row divided by its sum"
        return f"rows rescaled to the words shown; hidden: {', '.join(self.hidden)}"


def map_look(view: ViewState) -> ViewState:
    """What the maps depend on, all else as it is at first: where this stays the same, nothing is made anew."""
    return ViewState(
        layer=view.layer,
        head=view.head,
        every_layer=view.every_layer,
        whole_words=view.whole_words,
        split_words=view.split_words,
        show_special=view.show_special,
        scale_top=view.scale_top,
        theme=view.theme,
    )


def map_rows(explanation: Explanation, view: ViewState) -> MapRows:
    """The rows of every map of this result looked at this way; the same value for the same choices."""
    look = ViewState(whole_words=view.whole_words, split_words=view.split_words, show_special=view.show_special)
    return _map_rows(explanation, look)


@kept(4)  # two looks at two results
def _map_rows(explanation: Explanation, look: ViewState) -> MapRows:
    merged = shown_rows(explanation, look)
    asked = None if explanation.model.head is Head.SEQUENCE_CLASSIFICATION else explanation.position
    places = range(len(merged))
    kept = [place for place in places if look.show_special or not merged[place].is_special]
    kept = sorted({*kept, *(place for place in places if asked in merged[place].tokens)}) or list(places)
    shown = [merged[place] for place in kept]
    return MapRows(
        merged=merged,
        kept=tuple(kept),
        labels=tuple(row.label for row in shown),
        names=tuple(f"▸ {row.label}" if asked in row.tokens else row.label for row in shown),
        tokens=tuple(row.tokens for row in shown),
        hidden=tuple(dict.fromkeys(merged[place].label for place in places if place not in kept)),
        right_to_left=reads_right_to_left(row.label for row in merged),
    )


def shares_between(mixing: Array, rows: MapRows) -> Array:
    """[..., receiver, source] tokens -> rows shown, every row divided by its sum; a row of zeros stays zeros.

    Raises ValueError where a number cannot be drawn.
    """
    shares = mixing
    if len(rows.merged) < mixing.shape[-1]:
        shares = merge_map(shares, rows.merged)
    if len(rows.kept) < len(rows.merged):
        shares = _only(_only(shares, rows.kept, -1), rows.kept, -2)
    sums = shares.sum(-1, keepdims=True)
    if not np.isfinite(sums).all():
        raise ValueError("the maps hold numbers that are not finite; they cannot be drawn")
    sums[sums == 0] = 1
    return np.asarray(shares / sums)


def _only(shares: Array, kept: tuple[int, ...], axis: int) -> Array:
    """What is kept along one axis; where it lies together, nothing is copied."""
    if kept[-1] - kept[0] + 1 > len(kept):
        return np.take(shares, kept, axis=axis)
    first, last = kept[0], kept[-1]
    return shares[..., first : last + 1] if axis == -1 else shares[..., first : last + 1, :]


def reduced(shares: Array, step: int) -> Array:
    """[..., receiver, source] -> squares of ``step`` words a side, each as strong as its strongest cell."""
    if step == 1:
        return shares
    lines = _strongest(shares, step, -2)  # first where neighbours lie side by side in memory
    return _strongest(lines, step, -1)


def reduced_signed(shares: Array, step: int) -> Array:
    """The same of signed numbers: each square as its cell that lies furthest from zero."""
    above, below = reduced(shares, step), -reduced(-shares, step)
    return np.asarray(np.where(above >= -below, above, below))


def _strongest(shares: Array, step: int, axis: int) -> Array:
    """The largest of every ``step`` neighbours along one axis."""
    along = np.moveaxis(shares, axis, 0)
    most = along[::step].copy()
    for offset in range(1, step):
        others = along[offset::step]
        np.maximum(most[: len(others)], others, out=most[: len(others)])
    return np.moveaxis(most, 0, axis)


def step_for(count: int, pixels: float) -> int:
    """How many words a cell must stand for where ``count`` of them share so many pixels."""
    return max(1, int(np.ceil(count / max(1.0, pixels))))


def scale_top(maps: list[Array], locked: float | None = None) -> float:
    """Where the scale ends: the smallest round number that all but the largest twentieth of the cells stay under.

    What a word keeps of itself is often ten times what it gives to any other; a scale up to that would leave all
    the rest in one pale colour. Of very many cells, those of every so many receivers are counted.
    """
    if locked is not None:
        return locked
    every = -(-sum(shares.size for shares in maps) // MOST_COUNTED) or 1
    counted = [shares[..., ::every, :] for shares in maps]
    allowed = BEYOND * sum(shares.size for shares in counted)
    for end in SCALE_ENDS[:-1]:
        if sum(int(np.count_nonzero(shares > end)) for shares in counted) <= allowed:
            return end
    return SCALE_ENDS[-1]


def strongest_in(shares: Array, first: tuple[int, int], step: int) -> tuple[int, int]:
    """The strongest cell of the square of ``step`` words a side that begins at ``first``."""
    receiver, source = first
    part = shares[receiver : receiver + step, source : source + step]
    down, across = np.unravel_index(int(part.argmax()), part.shape)
    return receiver + int(down), source + int(across)
