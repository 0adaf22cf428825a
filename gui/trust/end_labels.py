"""Labels at the ends of lines, moved apart where the lines end close together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def spread(wishes: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """[label] places at least ``gap`` apart between ``top`` and ``bottom``, together as near the wishes as can be.

    ``wishes`` [label] do not fall. Least squares with the order kept: without the gaps this is isotonic regression,
    found by pooling neighbours that stand the wrong way round (Barlow et al. 1972, section 1.2). Where there is no
    room for all, they stand at equal distances from ``top`` on.
    """
    count = len(wishes)
    if count > 1:
        gap = min(gap, max(0.0, bottom - top) / (count - 1))
    pooled: list[tuple[float, int]] = []  # means, and of how many
    for place, wish in enumerate(wishes):
        mean, size = wish - place * gap, 1
        while pooled and pooled[-1][0] >= mean:
            before, many = pooled.pop()
            mean, size = (before * many + mean * size) / (many + size), many + size
        pooled.append((mean, size))
    last = max(top, bottom - max(0, count - 1) * gap)
    level = np.repeat([mean for mean, _ in pooled], [size for _, size in pooled])
    return (np.clip(level, top, last) + gap * np.arange(count)).tolist() if count else []
