"""Which layer is it? Seven maps of every layer on one scale, and how much each layer moves between words. No sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.contract import FEED_FORWARD_COMPONENTS, Array, Explanation
from engine.words import merge_flow
from gui.paint.component_maps import TITLES
from gui.paint.kept import kept
from gui.paint.map_rows import MOST_COUNTED, MapRows, reduced, scale_top, shares_between


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """What the flow towards the answer does in each layer, as shares of all of it there.

    ``share`` [layer] goes from one word to another, ``read`` [layer] the part of that into the words the answer is read
    at, which are called ``at``, "" where there are several.
    """

    share: Array
    read: Array
    at: str


@dataclass(frozen=True, slots=True, eq=False)
class LayerMaps:
    """``maps`` [component][layer] are [receiver, source], each cell the strongest of its square; None while awaited."""

    maps: tuple[tuple[Array | None, ...], ...]
    top: float


@kept(2)
def layer_maps(explanation: Explanation, rows: MapRows, step: int) -> LayerMaps:
    """All maps there are, reduced to ``step`` words a cell, and the scale they share."""
    components = explanation.components
    if components is None:
        raise ValueError("this explanation holds no component maps")
    layers = explanation.model.layers
    every = max(1, len(TITLES) * layers * len(rows) ** 2 // MOST_COUNTED)
    counted: list[Array] = []
    found = []
    for key in TITLES:
        is_dear = key in FEED_FORWARD_COMPONENTS
        there = components.feed_forward_layers if is_dear else tuple(range(layers))
        raw = components.feed_forward.get(key) if is_dear else components.maps[key]  # [layer there, receiver, source]
        maps: list[Array | None] = [None] * layers
        if raw is not None and there:
            shares = shares_between(raw, rows)
            counted.append(shares[:, ::every].copy())
            for layer, small in zip(there, reduced(shares, step), strict=True):
                maps[layer] = small
        found.append(tuple(maps))
    return LayerMaps(tuple(found), scale_top(counted))


@kept(2)
def moved(explanation: Explanation, rows: MapRows) -> Moved | None:
    """How much each layer moves between words, hidden ones included; None where there is no flow to the answer."""
    if explanation.flow is None:
        return None
    is_merged = len(rows.merged) < len(explanation.tokens)
    flow = merge_flow(explanation.flow, rows.merged) if is_merged else explanation.flow
    size = np.abs(flow.edge)  # [layer, receiver, source]
    if not np.isfinite(size).all():
        raise ValueError("the flow holds numbers that are not finite; it cannot be drawn")
    crossing = size.sum(-1) - np.diagonal(size, axis1=1, axis2=2)  # [layer, receiver]
    whole = np.maximum(size.sum((1, 2)), np.finfo(size.dtype).tiny)
    read = np.flatnonzero(flow.nodes[-1])
    at = rows.merged[int(read[0])].label if len(read) == 1 else ""
    return Moved(crossing.sum(1) / whole, crossing[:, read].sum(1) / whole, at)


def awaited_layers(explanation: Explanation) -> int:
    """How many layers' feed-forward maps are not there yet."""
    there = explanation.components.feed_forward_layers if explanation.components is not None else ()
    return explanation.model.layers - len(there)
