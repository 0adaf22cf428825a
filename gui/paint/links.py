"""Which links of a flow are drawn, how much of it they carry, and what can be reached along them. numpy only."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.contract import Array
from gui.paint.kept import kept

MOST_LINKS = 4800  # in one picture: more is a carpet, and takes longer to paint than a person waits


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Links chosen for drawing, weakest first. ``layer``, ``receiver``, ``source``, ``weight``, ``rank`` are [link].

    ``rank`` is the place of each in its :class:`Ranking`, layers one after another.
    ``coverage`` is the smallest share, over the layers, of the layer's absolute sum that these links carry.
    """

    layer: Array
    receiver: Array
    source: Array
    weight: Array
    rank: Array
    coverage: float

    def __len__(self) -> int:
        return len(self.weight)


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """The links of a flow, per layer the strongest first: what does not change while a person moves the threshold.

    ``place`` are their places in [receiver, source] laid flat, ``weight`` their flow, ``reached`` the absolute sum of
    each with all before it; ``whole`` [layer] is the absolute sum of all, hidden rows included, ``rows`` their number.
    """

    place: tuple[Array, ...]
    weight: tuple[Array, ...]
    reached: tuple[Array, ...]
    whole: Array
    rows: int

    @property
    def strongest(self) -> float:
        """The largest link of all, its sign aside."""
        return max((float(abs(weight[0])) for weight in self.weight if len(weight)), default=0.0)

    def until(self, coverage: float) -> Links:
        """Per layer the largest links until ``coverage`` of the layer is reached, or no more are there."""
        counts = [
            min(len(reached), int(np.searchsorted(reached, coverage * whole * (1 - 1e-12))) + 1)
            for reached, whole in zip(self.reached, self.whole, strict=True)
        ]
        covered = [
            float(reached[count - 1] / whole) if count else 0.0
            for reached, count, whole in zip(self.reached, counts, self.whole, strict=True)
            if whole > 0
        ]
        layer = np.repeat(np.arange(len(counts)), counts)
        first = np.cumsum([0, *map(len, self.place[:-1])]).tolist()
        rank = np.concatenate([begin + np.arange(count) for begin, count in zip(first, counts, strict=True)])
        weight = np.concatenate(self.weight)[rank]
        order = np.argsort(np.abs(weight), kind="stable")
        rank = rank[order]
        receiver, source = np.divmod(np.concatenate(self.place)[rank], max(1, self.rows))
        return Links(layer[order], receiver, source, weight[order], rank, min([1.0, *covered]))

    def only(self, kept: Array) -> Ranking:
        """The same links, all of them between rows of ``kept`` [row], counted in the rows that stay."""
        number = np.cumsum(kept) - 1
        count = int(kept.sum())
        places = tuple(number[place // self.rows] * count + number[place % self.rows] for place in self.place)
        return replace(self, place=places, rows=count)


def _strongest_first(strength: Array, most: int) -> Array:
    """Indices of the ``most`` largest entries above zero, largest first."""
    if most < len(strength):
        candidates = np.sort(np.argpartition(strength, len(strength) - most)[-most:])
    else:
        candidates = np.arange(len(strength))
    order = candidates[np.argsort(-strength[candidates], kind="stable")]
    return np.asarray(order[strength[order] > 0])


def ranked(edge: Array, visible: Array, most: int = MOST_LINKS) -> Ranking:
    """The strongest links of ``edge`` [layer, receiver, source] between ``visible`` [row] rows, ``most`` in all."""
    if not np.isfinite(edge).all():
        raise ValueError("the flow holds numbers that are not finite; it cannot be drawn")
    layers, count, _ = edge.shape
    shown = visible[:, None] & visible[None, :]
    places, weights, reached, whole = [], [], [], []
    for layer in edge:
        strength = np.abs(layer).astype(float)
        whole.append(float(strength.sum()))
        place = _strongest_first(np.where(shown, strength, 0).ravel(), max(1, most // layers))
        places.append(place)
        weights.append(layer.ravel()[place].astype(float))
        reached.append(np.cumsum(strength.ravel()[place]))
    return Ranking(tuple(places), tuple(weights), tuple(reached), np.array(whole), count)


def strongest(edge: Array, coverage: float, visible: Array, most: int = MOST_LINKS) -> Links:
    """Per layer of ``edge`` [layer, receiver, source] the largest links between visible rows until ``coverage``.

    Coverage is counted against the whole layer, hidden rows included, so that what is hidden is never claimed.
    """
    return ranked(edge, visible, most).until(coverage)


def strongest_entries(shares: Array, coverage: float, visible: Array, most: int) -> tuple[Array, Array]:
    """Where (layer, row) the largest visible ``shares`` [layer, row] stand, until ``coverage`` of each layer."""
    picked = []
    for layer in np.abs(shares):
        order = _strongest_first(np.where(visible, layer, 0), most)
        wanted = coverage * float(layer.sum()) * (1 - 1e-12)
        picked.append(order[: int(np.searchsorted(np.cumsum(layer[order]), wanted)) + 1])
    layer_of = np.repeat(np.arange(len(shares)), [len(chosen) for chosen in picked])
    return layer_of, np.concatenate(picked) if picked else np.zeros(0, dtype=int)


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What lies upstream and downstream of one node: ``links`` [link] and ``nodes`` [layer+1, row] are masks."""

    boundary: int
    row: int
    links: Array
    nodes: Array


@kept(4)  # asked at every paint and every move of the pointer
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
