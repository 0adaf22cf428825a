"""A, B, and A minus B: two explanations put onto the same rows. Pure.

What exists on one side alone is nothing on the other. Numbers of one unit are subtracted as they are; of two units,
each side is first divided by the sum of its own sizes (``is_divided``), and where one method knows no sign, words are
compared by size (``is_unsigned``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property, lru_cache

import numpy as np

from engine import registry
from engine.contract import Array, Explanation
from engine.words import Row, merge_shares
from gui.compare.agreement import Agreement, agreement
from gui.compare.alignment import aligned_rows
from gui.paint.shown_rows import shown_rows
from gui.paint.typeface import reads_right_to_left
from gui.state import AppState, Compared, ComparedAs, ViewState, first_side, second_side
from gui.told.prose import target_words
from gui.told.wording import isolated

NOTHING = "∅"  # in place of a word that one side does not have
SHORTEST_STEM, LONGEST_ENDING = 3, 3  # letters, where of two forms only the ending is written
WHOLE = 1e-12  # sums of sizes below this are no measure to divide by


class Pane(Enum):
    """One of the three pictures of a comparison."""

    FIRST = "A"
    SECOND = "B"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """One line of all three pictures: a row of A, one of B, or both; ``label`` is that of the difference."""

    label: str
    first: Row | None
    second: Row | None

    def side(self, pane: Pane) -> Row | None:
        """The row itself in A or B; for the difference that of A, where there is one."""
        return self.second if pane is Pane.SECOND or (self.first is None and pane is Pane.DIFFERENCE) else self.first

    @property
    def is_special(self) -> bool:
        """Whether the model has added it."""
        return all(row.is_special for row in (self.first, self.second) if row is not None)

    @property
    def is_changed(self) -> bool:
        """Whether A and B have something else here; what different models add is the same place."""
        if self.first is None or self.second is None:
            return True
        return not self.is_special and self.first.label != self.second.label

    def drawn(self, pane: Pane) -> Row:
        """The row as it is drawn in one pane, without a name where that side has none."""
        own = self.side(pane)
        if own is None:
            return Row("", (), False, 0)
        return replace(own, label=self.label) if pane is Pane.DIFFERENCE else own


@dataclass(frozen=True, slots=True, eq=False)
class Sided:
    """The same numbers of A and of B on the common rows, ``first`` and ``second``, of one shape."""

    first: Array
    second: Array

    def of(self, pane: Pane) -> Array:
        """Those of one pane."""
        if pane is Pane.DIFFERENCE:
            return np.asarray(self.first - self.second)
        return self.first if pane is Pane.FIRST else self.second


@dataclass(frozen=True, eq=False)
class Difference:
    """``first`` is A, ``second`` B, ``state`` what is chosen; ``rows`` are all lines, hidden ones included."""

    first: Explanation
    second: Explanation
    state: AppState
    rows: tuple[AlignedRow, ...]
    merged: tuple[tuple[Row, ...], tuple[Row, ...]]

    @property
    def compared(self) -> Compared:
        """What A and B differ in."""
        return Compared.SENTENCES if self.state.comparison is None else self.state.comparison.compared

    @property
    def compared_as(self) -> ComparedAs:
        """The picture they are compared in."""
        return self.state.view.compared_as

    def side(self, pane: Pane) -> Explanation:
        """The explanation of A or B."""
        return self.second if pane is Pane.SECOND else self.first

    def view(self, pane: Pane) -> ViewState:
        """How one side is looked at: A may have a layer of its own."""
        return self.state.view if pane is Pane.SECOND else first_side(self.state).view

    @cached_property
    def right_to_left(self) -> bool:
        """Whether most of both is written from right to left; all panes are mirrored then."""
        return reads_right_to_left(row.label for rows in self.merged for row in rows)

    @cached_property
    def kept(self) -> Array:
        """[row] whether a line is shown."""
        read = {row for row, aligned in enumerate(self.rows) if self._is_read(aligned)}
        hides = not self.state.view.show_special
        kept = [not (hides and row.is_special) or place in read for place, row in enumerate(self.rows)]
        return np.array(kept if any(kept) else [True] * len(kept), dtype=bool)

    def _is_read(self, row: AlignedRow) -> bool:
        """Whether an answer is read here."""
        sides = ((row.first, self.first), (row.second, self.second))
        return any(own is not None and side.position in own.tokens for own, side in sides)

    @property
    def shown(self) -> tuple[AlignedRow, ...]:
        """The lines that are shown."""
        return tuple(row for row, stays in zip(self.rows, self.kept, strict=True) if stays)

    @property
    def hidden(self) -> tuple[str, ...]:
        """What is left out of the pictures."""
        return tuple(dict.fromkeys(row.label for row, stays in zip(self.rows, self.kept, strict=True) if not stays))

    def places(self, pane: Pane) -> tuple[Array, Array]:
        """For A or B: the lines its own rows stand in, and which of its rows they are."""
        own = self.merged[pane is Pane.SECOND]
        number = {row: place for place, row in enumerate(own)}
        lines = [(line, number[row]) for line, row in self._of(pane)]
        return np.array([line for line, _ in lines], dtype=int), np.array([row for _, row in lines], dtype=int)

    def _of(self, pane: Pane) -> list[tuple[int, Row]]:
        sides = ((line, row.second if pane is Pane.SECOND else row.first) for line, row in enumerate(self.rows))
        return [(line, row) for line, row in sides if row is not None]

    def onto_rows(self, pane: Pane, values: Array, axes: int = 1) -> Array:
        """A side's own rows along the last ``axes`` axes -> the common ones; where it has none, zero."""
        lines, own = self.places(pane)
        count = len(self.rows)
        made = np.zeros((*values.shape[: values.ndim - axes], *(count,) * axes))
        if axes == 1:
            made[..., lines] = values[..., own]
        else:
            made[..., lines[:, None], lines[None, :]] = values[..., own[:, None], own[None, :]]
        return made

    @property
    def is_divided(self) -> bool:
        """Whether each side's numbers are parts of the sum of their sizes, so that two units can be compared."""
        return self.first.unit != self.second.unit or self.first.unit == "fraction"

    @property
    def is_unsigned(self) -> bool:
        """Whether words are compared by size, for want of a sign on one side at least."""
        return not (self.first.signed and self.second.signed)

    @cached_property
    def words(self) -> Sided:
        """[row] what each method gives each word."""
        return Sided(self._shares(Pane.FIRST), self._shares(Pane.SECOND))

    def _shares(self, pane: Pane) -> Array:
        made = self.side(pane)
        shares = merge_shares(made.scores, self.merged[pane is Pane.SECOND]).astype(float)
        if not np.isfinite(shares).all():
            raise ValueError("the shares hold numbers that are not finite; they cannot be shown")
        if self.is_unsigned:
            shares = np.abs(shares)
        return self.onto_rows(pane, shares / self.divisor(pane))

    def divisor(self, pane: Pane) -> float:
        """What a side's numbers are divided by: 1, or the sum of the sizes of all its words' shares."""
        if not self.is_divided:
            return 1.0
        whole = float(np.abs(merge_shares(self.side(pane).scores, self.merged[pane is Pane.SECOND])).sum())
        return whole if whole > WHOLE else 1.0

    @cached_property
    def agreement(self) -> Agreement:
        """Of the words that both sides have, special tokens apart."""
        both = np.array([row.first is not None and row.second is not None and not row.is_special for row in self.rows])
        return agreement(self.words.first[both], self.words.second[both])

    @property
    def answers(self) -> tuple[str, str]:
        """What is explained, and instead of what ("" where of nothing)."""
        return target_words(self.first)

    @cached_property
    def why_not(self) -> str:
        """Why A and B cannot be compared in the chosen picture, in a sentence; "" where they can."""
        from gui.compare.fitness import why_not

        return why_not(self)


def difference(first: Explanation, second: Explanation, state: AppState) -> Difference:
    """``state`` is B with A as its comparison. Raises ValueError where nothing is compared.

    The same value comes back for the same explanations looked at alike.
    """
    if state.comparison is None:
        raise ValueError("nothing is compared")
    view = replace(state.view, hover=None, traced=None, theme="", view="", scale_top=None, head=None)
    return _difference(first, second, replace(second_side(state), comparison=state.comparison, view=view))


@lru_cache(maxsize=4)
def _difference(first: Explanation, second: Explanation, state: AppState) -> Difference:
    merged = shown_rows(first, state.view), shown_rows(second, state.view)
    masks = first.model.mask_token, second.model.mask_token
    rows = []
    for pairing in aligned_rows(*merged, masks):
        one = None if pairing.first is None else merged[0][pairing.first]
        other = None if pairing.second is None else merged[1][pairing.second]
        rows.append(AlignedRow(_label(one, other), one, other))
    return Difference(first, second, state, tuple(rows), merged)


def _label(one: Row | None, other: Row | None) -> str:
    """``keys | key``, ``cabinet | -s``, ``not | ∅``, and the word itself where both have it."""
    first, second = (NOTHING if row is None else isolated(row.label) for row in (one, other))
    if first == second:
        return first
    ending = second.removeprefix(first)
    is_form = ending != second and len(first) >= SHORTEST_STEM and len(ending) <= LONGEST_ENDING
    return f"{first} | {f'-{ending}' if is_form and ending.isalpha() else second}"


def method_name(explanation: Explanation) -> str:
    """What a method is called on the screen."""
    return registry.find(explanation.request.method).label
