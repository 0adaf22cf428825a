"""How alike two orders are: Spearman's and Kendall's rank correlation. numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.contract import Array

FEWEST = 3  # pairs of numbers an order can be told from
MOST_PAIRED = 1500  # numbers of which every pair is compared for Kendall's: of a map's cells there are more


@dataclass(frozen=True, slots=True)
class Agreement:
    """Rank correlations of ``count`` pairs of numbers, -1 to 1, ties counted as ties.

    Both are None where there are too few, or one side is all alike; ``kendall`` also where there are very many.
    """

    count: int
    spearman: float | None
    kendall: float | None


def ranks(values: Array) -> Array:
    """[n] places from the smallest on; equal ones share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[place])


def agreement(first: Array, second: Array) -> Agreement:
    """Between two arrays [n]. Kendall's is tau-b."""
    if len(first) < FEWEST:
        return Agreement(len(first), None, None)
    kendall = _kendall(first, second) if len(first) <= MOST_PAIRED else None
    return Agreement(len(first), _correlation(ranks(first), ranks(second)), kendall)


def _correlation(one: Array, other: Array) -> float | None:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float(np.clip((one * other).sum() / scale, -1, 1)) if scale > 0 else None


def _kendall(first: Array, second: Array) -> float | None:
    # Of all pairs of places, tau-b is the correlation of the signs of their differences.
    one, other = (np.sign(values[:, None] - values[None, :]) for values in (first, second))
    scale = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum() / scale) if scale > 0 else None
