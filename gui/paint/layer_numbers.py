"""What each word holds after each layer, before it has a size: shares, what is hidden, and the baseline to come.

In a conserved flow the words of one boundary and all biases that enter behind it add up to the answer. Where a method
draws no flow but keeps a rollout, a column is what has reached the word the answer is read at from each word instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from engine.contract import Array, Explanation, Flow, Head
from engine.words import Row, merge_shares
from gui.paint.flow_numbers import row_shares
from gui.paint.numerals import MINUS, percent, signed
from gui.paint.shown_rows import shown_rows
from gui.paint.typeface import reads_right_to_left
from gui.state import ViewState, boundaries_of
from gui.told.wording import distinct_names

ROUND_ENDS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)  # where a colour scale may end, times a power of ten


class Tail(Enum):
    """The lines below the words that make every column add up."""

    HIDDEN = "hidden"
    BASELINE = "baseline to come"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True, eq=False)
class LayerNumbers:
    """The content of the picture.

    ``boundaries`` [column]: 0 is the words coming in. ``shares`` [column, row] of the ``rows`` shown, ``hidden_shares``
    [column] of those that are not, ``to_come`` [column] what still enters from the baseline behind that boundary.
    ``total`` is what every column adds up to. ``top`` is where the colour scale ends: the strongest word away
    from where the answer is read, which holds all of it in the end. ``is_rollout`` where columns
    say what has reached it.
    """

    rows: tuple[Row, ...]
    names: tuple[str, ...]
    answer_rows: tuple[int, ...]
    is_answer_named: bool
    boundaries: tuple[int, ...]
    shares: Array
    hidden: tuple[str, ...]
    hidden_shares: Array
    to_come: Array
    total: float
    top: float
    is_signed: bool
    is_rollout: bool
    right_to_left: bool

    @property
    def tails(self) -> tuple[Tail, ...]:
        """Which lines there are below the words."""
        hidden, baseline = (Tail.HIDDEN,) * bool(self.hidden), (Tail.BASELINE,) * self.is_signed
        return (*hidden, *baseline, Tail.TOGETHER)

    def tail_shares(self, tail: Tail) -> Array:
        """[column] of one of them; ``TOGETHER`` adds up the words, those that are hidden, and the baseline to come."""
        if tail is Tail.HIDDEN:
            return self.hidden_shares
        if tail is Tail.BASELINE:
            return self.to_come
        return np.asarray(self.shares.sum(1) + self.hidden_shares + self.to_come)

    @property
    def place(self) -> str:
        """The one row the answer is read from, "" where it is read from several."""
        return self.names[self.answer_rows[0]] if len(self.answer_rows) == 1 else ""

    def label(self, row: int) -> str:
        """What a row is called beside the picture: where the answer is read says so where it was chosen."""
        name = self.rows[row].label
        return f"{name} · answer" if self.is_answer_named and row in self.answer_rows else name

    @property
    def cells(self) -> Array:
        """[column, line] of all that has a colour: the words, those that are hidden, the baseline to come."""
        tails = [self.tail_shares(tail)[:, None] for tail in self.tails if tail is not Tail.TOGETHER]
        return np.concatenate([self.shares, *tails], axis=1)

    def tail_label(self, tail: Tail) -> str:
        """What such a line is called; hidden words are named."""
        return f"hidden: {', '.join(self.hidden)}" if tail is Tail.HIDDEN else tail.value

    def amount(self, value: float) -> str:
        """A share as it is written: in the answer's own measure, or as a percentage."""
        return signed(value) if self.is_signed else percent(value)

    def end(self, value: float) -> str:
        """A round number of the colour scale, without digits that say nothing."""
        if not self.is_signed:
            return f"{100 * value:g}\N{NO-BREAK SPACE}%"
        return f"{value:+g}".replace("-", MINUS) if value else "0"

    def row_of(self, token: int) -> int | None:
        """The row a token stands in, None where it is hidden."""
        return next((index for index, row in enumerate(self.rows) if token in row.tokens), None)


def has_layers(explanation: Explanation) -> bool:
    """Whether this result says anything about single layers."""
    return explanation.flow is not None or explanation.rollout is not None


def layer_numbers(explanation: Explanation, view: ViewState) -> LayerNumbers:
    """Merge into rows, leave out what is hidden. Raises ValueError on numbers that are not finite."""
    merged = shown_rows(explanation, view)
    flow = _shown_flow(explanation, view)
    is_signed = flow is not None and not flow.from_map
    boundaries, shares = _of_flow(flow, merged) if flow is not None else _of_rollout(explanation, merged)
    to_come = _to_come(flow) if flow is not None else np.zeros(len(boundaries))
    if not (np.isfinite(shares).all() and np.isfinite(to_come).all()):
        raise ValueError("the flow holds numbers that are not finite; it cannot be drawn")
    read = _read_rows(explanation, flow, merged)
    kept = np.array([view.show_special or not row.is_special or [index] == read for index, row in enumerate(merged)])
    left = [index for index, stays in enumerate(kept) if stays]
    names = distinct_names(row.label for row in merged)
    is_chosen = explanation.model.head is not Head.SEQUENCE_CLASSIFICATION
    return LayerNumbers(
        rows=tuple(merged[index] for index in left),
        names=tuple(names[index] for index in left),
        answer_rows=tuple(left.index(index) for index in read if kept[index]),
        is_answer_named=len(read) == 1 and (is_chosen or not kept.all()),
        boundaries=boundaries,
        shares=shares[:, kept],
        hidden=tuple(dict.fromkeys(row.label for row, stays in zip(merged, kept, strict=True) if not stays)),
        hidden_shares=shares[:, ~kept].sum(1),
        to_come=to_come,
        total=flow.total if flow is not None else 1.0,
        top=_scale_end(np.delete(shares, read, axis=1), shares),
        is_signed=is_signed,
        is_rollout=flow is None,
        right_to_left=reads_right_to_left(row.label for row in merged),
    )


def _shown_flow(explanation: Explanation, view: ViewState) -> Flow | None:
    """The flow through every layer, or between the groups of layers that are looked at where it is there."""
    grouped = explanation.grouped
    wanted = boundaries_of(view.grouping, explanation.model.layers)
    return grouped if grouped is not None and grouped.boundaries == wanted else explanation.flow


def _of_flow(flow: Flow, merged: tuple[Row, ...]) -> tuple[tuple[int, ...], Array]:
    return flow.boundaries or tuple(range(len(flow.nodes))), merge_shares(flow.nodes, merged)


def _of_rollout(explanation: Explanation, merged: tuple[Row, ...]) -> tuple[tuple[int, ...], Array]:
    """After every layer, the parts of what has reached the explained position."""
    if explanation.rollout is None:
        raise ValueError("this explanation says nothing of single layers")
    reached = merge_shares(explanation.rollout[:, explanation.position], merged)  # [layer, row]
    return tuple(range(1, len(reached) + 1)), row_shares(reached)


def _to_come(flow: Flow) -> Array:
    """[layer+1]: all that enters from the baseline behind each boundary, the head's own bias last."""
    return np.asarray(np.cumsum(flow.bias[::-1])[::-1])


def _read_rows(explanation: Explanation, flow: Flow | None, merged: tuple[Row, ...]) -> list[int]:
    """The rows the answer is read from: all that hold a part of it at the end, or the one of its position."""
    holding = np.flatnonzero(merge_shares(flow.nodes[-1], merged)).tolist() if flow is not None else []
    return holding or [index for index, row in enumerate(merged) if explanation.position in row.tokens]


def _scale_end(cells: Array, shares: Array) -> float:
    """The smallest round number that no cell lies beyond; of all cells where the others hold nothing."""
    most = float(np.abs(cells).max(initial=0)) or float(np.abs(shares).max(initial=0))
    if most == 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    # Rounded once more: 6 times a tenth is not quite 0.6.
    return next(float(f"{end * power:g}") for end in ROUND_ENDS if end * power >= most * (1 - 1e-9))
