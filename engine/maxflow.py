"""Maximum flow through a stack of maps, from every token of every layer down to every token of the input.

Abnar and Zuidema 2020, section 3: each layer's map is a row of pipes, an entry the width of one; what can flow from one
token to another is found for every pair by itself. Solved by SciPy (Dinic's algorithm).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from engine.contract import Array

# The solver counts in 32-bit integers: the widest row becomes this many units, so that no sum can run over.
UNITS = 2**30


def maximum_flows(maps: Array, step: Callable[[int, int], None]) -> Array:
    """Flow values [layer, receiver, source] from each layer's tokens to the input's, through ``maps`` of that shape.

    ``maps`` hold no negative number; widths are rounded to a part in 2**30 of the widest row. ``step`` is called with
    the layer and the receiver before every single flow, and may raise to stop.
    """
    layers, tokens, _ = maps.shape
    widest = float(maps.sum(-1).max())
    if widest == 0:
        return np.zeros_like(maps, dtype=np.float64)
    units = np.rint(maps.astype(np.float64) * (UNITS / widest)).astype(np.int32)
    values = np.empty((layers, tokens, tokens))
    values[0] = maps[0]  # one pipe and no way round
    for layer in range(1, layers):
        graph = _graph(units[: layer + 1])
        for receiver in range(tokens):
            for source in range(tokens):
                step(layer, receiver)
                found = maximum_flow(graph, (layer + 1) * tokens + receiver, source)
                values[layer, receiver, source] = found.flow_value * (widest / UNITS)
    return values


def _graph(units: Array) -> csr_array:
    """Widths between nodes, numbered from the input's tokens upwards: [node, node] from integers [layer, token, token].

    The input's nodes have no way on; every other has one to each token below it.
    """
    layers, tokens, _ = units.shape
    below = np.arange(layers)[:, None, None] * tokens + np.arange(tokens)  # [layer, 1, source]
    ends = np.broadcast_to(below, units.shape).ravel()
    starts = np.concatenate([np.zeros(tokens, dtype=int), np.arange(layers * tokens + 1) * tokens])
    nodes = (layers + 1) * tokens
    return csr_array((units.ravel(), ends.astype(np.int32), starts.astype(np.int32)), shape=(nodes, nodes))
