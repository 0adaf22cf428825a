"""Which links of a flow are drawn, how much of it they carry, and what can be reached along them. numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.contract import Array

MOST_LINKS = 4800  # in one picture: more is a carpet, and takes longer to paint than a person waits


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Links chosen for drawing, weakest first. ``layer``, ``receiver``, ``source``, ``weight`` are [link].

    ``coverage`` is the smallest share, over the layers, of the layer's absolute sum that these links carry.
    """

    layer: Array
    receiver: Array
    source: Array
    weight: Array
    coverage: float

    def __len__(self) -> int:
        return len(self.weight)


def _largest(strength: Array, wanted: float, most: int) -> Array:
    """Indices of the largest entries, largest first, until their sum reaches ``wanted``."""
    if most < len(strength):
        candidates = np.sort(np.argpartition(strength, len(strength) - most)[-most:])
    else:
        candidates = np.arange(len(strength))
    order = candidates[np.argsort(-strength[candidates], kind="stable")]
    order = order[strength[order] > 0]
    reached = np.cumsum(strength[order])
    return order[: int(np.searchsorted(reached, wanted * (1 - 1e-12))) + 1]


def strongest(edge: Array, coverage: float, visible: Array, most: int = MOST_LINKS) -> Links:
    """Per layer of ``edge`` [layer, receiver, source] the largest links between visible rows until ``coverage``.

    Coverage is counted against the whole layer, hidden rows included, so that what is hidden is never claimed.
    """
    if not np.isfinite(edge).all():
        raise ValueError("the flow holds numbers that are not finite; it cannot be drawn")
    layers, count, _ = edge.shape
    shown = visible[:, None] & visible[None, :]
    chosen: list[Array] = []
    covered = [1.0]
    for layer in range(layers):
        strength = np.abs(edge[layer]).astype(float)
        whole = strength.sum()
        if whole == 0:
            continue
        flat = np.where(shown, strength, 0).ravel()
        picked = _largest(flat, coverage * whole, max(1, most // layers))
        covered.append(min(1.0, float(flat[picked].sum() / whole)))
        chosen.append(picked + layer * count * count)
    flat_index = np.concatenate(chosen) if chosen else np.zeros(0, dtype=int)
    weight = edge.ravel()[flat_index].astype(float)
    order = np.argsort(np.abs(weight), kind="stable")
    place = np.unravel_index(flat_index[order], edge.shape)
    return Links(place[0], place[1], place[2], weight[order], min(covered))


def strongest_entries(shares: Array, coverage: float, visible: Array, most: int) -> tuple[Array, Array]:
    """Where (layer, row) the largest visible ``shares`` [layer, row] stand, until ``coverage`` of each layer."""
    picked = [
        _largest(np.where(visible, np.abs(layer), 0), coverage * float(np.abs(layer).sum()), most) for layer in shares
    ]
    layer_of = np.repeat(np.arange(len(shares)), [len(chosen) for chosen in picked])
    return layer_of, np.concatenate(picked) if picked else np.zeros(0, dtype=int)


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What lies upstream and downstream of one node: ``links`` [link] and ``nodes`` [layer+1, row] are masks."""

    boundary: int
    row: int
    links: Array
    nodes: Array


def reachable(links: Links, layers: int, rows: int, boundary: int, row: int) -> Trace:
    """Everything that can be reached from a node, and from which it can be reached, along the chosen links."""
    nodes = np.zeros((layers + 1, rows), dtype=bool)
    nodes[boundary, row] = True
    used = np.zeros(len(links), dtype=bool)
    for layer in range(boundary, layers):
        here = (links.layer == layer) & nodes[layer][links.source]
        nodes[layer + 1, links.receiver[here]] = True
        used |= here
    for layer in reversed(range(boundary)):
        here = (links.layer == layer) & nodes[layer + 1][links.receiver]
        nodes[layer, links.source[here]] = True
        used |= here
    return Trace(boundary, row, used, nodes)
