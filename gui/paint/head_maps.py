"""What the attention heads show: where each looks, and in plain words what it mostly does. No sizes, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.contract import Array, Explanation
from gui.paint.component_maps import clamped_layer
from gui.paint.kept import kept
from gui.paint.map_rows import MOST_COUNTED, MapRows, map_rows, reduced, scale_top, shares_between
from gui.paint.numerals import percent
from gui.state import ViewState

MOSTLY = 0.4  # of what a head looks at, on average: from there on it is said to look there
ITSELF, BEFORE, AFTER = "itself", "the word before", "the word after"


@dataclass(frozen=True, slots=True)
class Habit:
    """What a head mostly does. ``at`` is where it looks, "" where it looks at many words; ``share`` how much of it.

    ``spread`` is the number of words it looks at, if it looked at all of them equally.
    """

    at: str
    share: float
    spread: float

    @property
    def words(self) -> str:
        """``looks at the word before 62 %``."""
        return f"looks at {self.short}" if self.at else self.short

    @property
    def short(self) -> str:
        """The same where there is little room."""
        if self.at:
            return f"{self.at} {percent(self.share)}"
        return f"spread over {self.spread:.0f} words"


@dataclass(frozen=True, slots=True, eq=False)
class HeadMaps:
    """The heads of one layer: ``shares`` [head, receiver row, source row], every row summing to 1."""

    layer: int
    layers: int
    rows: MapRows
    shares: Array
    habits: tuple[Habit, ...]
    top: float
    is_locked: bool

    def __len__(self) -> int:
        return len(self.habits)


def front_head(explanation: Explanation, view: ViewState) -> int | None:
    """The head in front, None for all of them or where the model has no such head."""
    return view.head if view.head is not None and view.head < explanation.attention.shape[1] else None


def habit_of(shares: Array, rows: MapRows) -> Habit:
    """What one head [receiver, source] mostly does, averaged over the receivers."""
    count, means = len(shares), shares.mean(0)
    drawn = int(means.argmax())
    at = [(float(np.trace(shares)) / count, ITSELF), (float(means[drawn]), rows.quoted(drawn))]
    if count > 1:
        at.append((float(np.trace(shares, offset=-1)) / (count - 1), BEFORE))
        at.append((float(np.trace(shares, offset=1)) / (count - 1), AFTER))
    share, where = max(at)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.where(shares > 0, shares * np.log(shares), 0).sum(1)
    return Habit(where if share >= MOSTLY else "", share, float(np.exp(entropy.mean())))


@kept(4)
def _layer_heads(explanation: Explanation, rows: MapRows, layer: int) -> tuple[Array, tuple[Habit, ...]]:
    shares = shares_between(explanation.attention[layer], rows)
    return shares, tuple(habit_of(head, rows) for head in shares)


def head_maps(explanation: Explanation, view: ViewState) -> HeadMaps:
    """The heads of the chosen layer between the words shown."""
    rows, layer = map_rows(explanation, view), clamped_layer(explanation, view)
    shares, habits = _layer_heads(explanation, rows, layer)
    top = scale_top([shares], view.scale_top)
    layers = len(explanation.attention)
    return HeadMaps(layer, layers, rows, shares, habits, top, view.scale_top is not None)


@kept(2)
def all_heads(explanation: Explanation, rows: MapRows, step: int) -> tuple[Array, float]:
    """[layer, head, receiver, source] of every head, each cell the strongest of ``step`` words a side; their scale."""
    found, counted = [], []
    every = -(-explanation.attention.size // MOST_COUNTED)
    for attention in explanation.attention:  # one after another: a layer at a time stays near the processor
        shares = shares_between(attention, rows)
        counted.append(shares[:, ::every].copy())
        found.append(reduced(shares, step))
    return np.stack(found), scale_top(counted)
