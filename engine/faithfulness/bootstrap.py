"""How sure a mean is: its interval when the sentences are drawn anew (Efron 1979, percentiles). numpy only."""

from __future__ import annotations

import numpy as np

from engine.contract import Array

RESAMPLES = 2000
COVERED = 0.95
AT_ONCE = 50  # resamples whose weights stand in memory together


def means(values: Array) -> Array:
    """[measure] the means of ``values`` [sentence, measure]; NaN is no value, and the mean of none is NaN."""
    is_there = ~np.isnan(values)
    return _divided(np.where(is_there, values, 0).sum(0), is_there.sum(0))


def intervals(values: Array, seed: int) -> tuple[Array, Array]:
    """The low and the high end [measure] of what covers 95 % of the resampled means of ``values`` [sentence, measure].

    All measures share the same resamples: what two of them say of one sentence stays together.
    """
    is_there = ~np.isnan(values)
    filled, there = np.where(is_there, values, 0), is_there.astype(float)
    sentences = len(values)
    drawing = np.random.default_rng(seed)
    drawn = np.empty((RESAMPLES, values.shape[1]))
    for start in range(0, RESAMPLES, AT_ONCE):
        weights = drawing.multinomial(sentences, np.full(sentences, 1 / sentences), AT_ONCE).astype(float)
        drawn[start : start + AT_ONCE] = _divided(weights @ filled, weights @ there)  # [resample, measure]
    ends = np.full((2, values.shape[1]), np.nan)
    tail = (1 - COVERED) / 2
    for measure in np.flatnonzero(is_there.any(0)):
        means_drawn = drawn[:, measure]
        ends[:, measure] = np.quantile(means_drawn[~np.isnan(means_drawn)], [tail, 1 - tail])
    return ends[0], ends[1]


def _divided(sums: Array, counts: Array) -> Array:
    return np.asarray(np.divide(sums, counts, out=np.full(np.shape(sums), np.nan), where=counts > 0))
