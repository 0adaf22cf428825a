"""A, B, and A minus B: two explanations put onto the same rows. Pure.

What exists on one side alone is nothing on the other. Numbers of one unit are subtracted as they are; of two units,
each side is first divided by the sum of its own sizes (``is_divided``), and where one method knows no sign, words are
compared by size (``is_unsigned``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

import numpy as np

from engine import registry
from engine.agreement import Agreement, agreement
from engine.contract import Array, Explanation
from engine.words import Row, merge_shares
from gui.compare.alignment import aligned_rows
from gui.compare.fitness import own_map, why_not
from gui.paint.component_maps import clamped_layer
from gui.paint.kept import kept
from gui.paint.map_rows import map_rows, shares_between
from gui.paint.numerals import signed
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
        if pane is Pane.DIFFERENCE:
            return self.first or self.second
        return self.second if pane is Pane.SECOND else self.first

    @property
    def is_special(self) -> bool:
        """Whether the model has added it."""
        return all(row.is_special for row in (self.first, self.second) if row is not None)

    @property
    def spoken(self) -> str:
        """What it is called in a sentence: the word itself where only one side has it."""
        alone = self.first or self.second if self.first is None or self.second is None else None
        return self.label if alone is None else alone.label

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

    @property
    def layers(self) -> tuple[int, int]:
        """The layers of A and B that are looked into, 0-based; a model's last where it has no such layer."""
        return self.layer(Pane.FIRST), self.layer(Pane.SECOND)

    def layer(self, pane: Pane) -> int:
        """That of one side."""
        return clamped_layer(self.side(pane), self.view(pane))

    @cached_property
    def kept(self) -> Array:
        """[row] whether a line is shown."""
        if self.compared_as is ComparedAs.MAPS:
            return self._kept_of_maps()
        read = {row for row, aligned in enumerate(self.rows) if self._is_read(aligned)}
        hides = not self.state.view.show_special
        kept = [not (hides and row.is_special) or place in read for place, row in enumerate(self.rows)]
        return np.array(kept if any(kept) else [True] * len(kept), dtype=bool)

    def _kept_of_maps(self) -> Array:
        kept = np.zeros(len(self.rows), dtype=bool)
        for pane in (Pane.FIRST, Pane.SECOND):
            lines, own = self.places(pane)
            kept[lines[np.isin(own, map_rows(self.side(pane), self.view(pane)).kept)]] = True
        return kept

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
        if self.compared is Compared.LAYERS:
            return False
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
        shares = merge_shares(self._scores(pane), self.merged[pane is Pane.SECOND]).astype(float)
        if not np.isfinite(shares).all():
            raise ValueError("the shares hold numbers that are not finite; they cannot be shown")
        if self.is_unsigned:
            shares = np.abs(shares)
        return self.onto_rows(pane, shares / self.divisor(pane))

    def _scores(self, pane: Pane) -> Array:
        """[token] the method's own numbers; where layers are compared, what is held after each."""
        made = self.side(pane)
        if self.compared is Compared.LAYERS and made.flow is not None:
            return np.asarray(made.flow.nodes[self.layer(pane) + 1])
        return made.scores

    @cached_property
    def baselines(self) -> Sided | None:
        """[] what belongs to no word on each side; None unless both keep it in the unit of the words."""
        one, other = self.first.target_bias, self.second.target_bias
        if one is None or other is None or self.is_divided or self.is_unsigned or self.compared is Compared.LAYERS:
            return None
        if signed(one) == signed(other) == signed(0):  # shared out among the words
            return None
        return Sided(np.array(one), np.array(other))

    @cached_property
    def maps(self) -> Sided:
        """[receiver row, source row] of the chosen maps, every row of a side divided by its sum."""
        return Sided(self._map(Pane.FIRST), self._map(Pane.SECOND))

    def _map(self, pane: Pane) -> Array:
        made, rows = self.side(pane), map_rows(self.side(pane), self.view(pane))
        raw = own_map(made, self.compared, self.state.view.component, self.layer(pane))
        if raw is None:
            raise ValueError("this map is not there yet")
        whole = np.zeros((len(rows.merged), len(rows.merged)))
        whole[np.ix_(rows.kept, rows.kept)] = shares_between(raw, rows)
        return self.onto_rows(pane, whole, axes=2)

    @cached_property
    def map_agreement(self) -> Agreement:
        """Of the cells between words that both sides have, special tokens apart."""
        return agreement(*(side[np.ix_(self.both, self.both)].ravel() for side in (self.maps.first, self.maps.second)))

    def divisor(self, pane: Pane) -> float:
        """What a side's numbers are divided by: 1, or the sum of the sizes of all its words' shares."""
        if not self.is_divided:
            return 1.0
        whole = float(np.abs(merge_shares(self.side(pane).scores, self.merged[pane is Pane.SECOND])).sum())
        return whole if whole > WHOLE else 1.0

    @cached_property
    def both(self) -> Array:
        """[row] whether it is a word that A and B both have: these are counted when orders are compared."""
        return np.array([row.first is not None and row.second is not None and not row.is_special for row in self.rows])

    @cached_property
    def agreement(self) -> Agreement:
        """Of the words that both sides have, special tokens apart."""
        return agreement(self.words.first[self.both], self.words.second[self.both])

    @property
    def answers(self) -> tuple[str, str]:
        """What is explained, and instead of what ("" where of nothing)."""
        return target_words(self.first)

    @cached_property
    def why_not(self) -> str:
        """Why A and B cannot be compared in the chosen picture, in a sentence; "" where they can."""
        return why_not(self)


def difference(first: Explanation, second: Explanation, state: AppState) -> Difference:
    """``state`` is B with A as its comparison. Raises ValueError where nothing is compared.

    The same value comes back for the same explanations looked at alike.
    """
    if state.comparison is None:
        raise ValueError("nothing is compared")
    view = replace(state.view, hover=None, traced=None, theme="", view="", head=None)
    return _difference(first, second, replace(second_side(state), comparison=state.comparison, view=view))


@kept(4)
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
