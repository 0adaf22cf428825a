"""Bands between the nodes of the flow picture: as wide as the flow they carry, lying side by side where they meet.

A word's own band (the residual) runs straight along its row; what arrives from above lies above it, what arrives
from below lies below it, and likewise where bands leave. One measure for the whole picture: no node ever gives out
more width than the flow that passes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.contract import Array
from gui.paint.flow_numbers import FlowNumbers
from gui.paint.links import Trace, strongest_entries

CURVED_AT_MOST = 400  # more bands than this are drawn as straight lines (one curve costs as much as ten lines)
THINNEST = 0.9  # pixels
FAN_AT_MOST, FAN_COVERAGE = 5, 0.6  # bands from the baseline into one layer: it is background, not the story


# How far an S-curve has risen (0 to 1) when it has run a share of its way across; its handles stand at half way.
_T = np.linspace(0, 1, 65)
_RUN = 1.5 * _T * (1 - _T) + _T**3
_RISE = 3 * _T**2 - 2 * _T**3
_STEEPNESS = np.gradient(_RISE, _RUN)


def curve_rise(share: Array) -> Array:
    """How much of its way up or down a curve has gone after this share of its way across."""
    return np.asarray(np.interp(share, _RUN, _RISE))


def curve_steepness(share: Array) -> Array:
    """How steep it is there, against the straight line."""
    return np.asarray(np.interp(share, _RUN, _STEEPNESS))


@dataclass(frozen=True, slots=True, eq=False)
class Strands:
    """Bands from ``start`` to ``end`` ([strand, 2] each), ``width`` in pixels, ``weight`` signed as in the flow."""

    start: Array
    end: Array
    width: Array
    weight: Array

    def __len__(self) -> int:
        return len(self.weight)

    def only(self, mask: Array) -> Strands:
        """The chosen bands alone."""
        return Strands(self.start[mask], self.end[mask], self.width[mask], self.weight[mask])


def no_strands() -> Strands:
    """No band at all."""
    return Strands(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0), np.zeros(0))


def _stack(group: Array, own: Array, other: Array, width: Array) -> Array:
    """[strand] how far each band lies below its node's centre so that the bands of one node lie side by side.

    Sorted by where they lead (``other``), so that they do not cross; a straight one (``own`` equals ``other``) keeps
    the centre.
    """
    order = np.lexsort((other, group))
    sizes = width[order]
    is_first = np.diff(group[order], prepend=-1) != 0
    node = np.cumsum(is_first) - 1  # [strand]: its node, counted anew
    ends = np.cumsum(sizes)
    ends = ends - (ends - sizes)[is_first][node]
    centre = np.zeros(int(is_first.sum()))
    np.maximum.at(centre, node, ends / 2)
    middles = ends - sizes / 2
    straight = np.flatnonzero(own[order] == other[order])[::-1]  # of several the first one counts: written last
    centre[node[straight]] = middles[straight]
    offset = np.empty(len(width))
    offset[order] = middles - centre[node]
    return offset


def _beside(strands: Strands, leaving: Array, arriving: Array) -> Strands:
    """Move the ends apart where bands share a node; ``leaving`` and ``arriving`` number the nodes."""
    y_start, y_end = strands.start[:, 1], strands.end[:, 1]
    out = _stack(leaving, y_start, y_end, strands.width)
    into = _stack(arriving, y_end, y_start, strands.width)
    nothing = np.zeros(len(strands))
    return replace(
        strands,
        start=strands.start + np.stack([nothing, out], 1),
        end=strands.end + np.stack([nothing, into], 1),
    )


def _widths(weight: Array, scale: float, band: float) -> Array:
    return np.maximum(THINNEST, np.abs(weight) / scale * band) if scale > 0 else np.full(len(weight), THINNEST)


@dataclass(frozen=True, slots=True, eq=False)
class DrawnLinks:
    """The links as they lie on the picture; ``curved`` [link] tells curves from lines, ``seen`` what is in view."""

    strands: Strands
    curved: Array
    seen: Array


def _straight(numbers: FlowNumbers, columns: Array, lines: Array, band: float) -> Strands:
    """The chosen links from centre to centre, weakest first."""
    links = numbers.links
    start = np.stack([columns[links.layer], lines[links.source]], 1)
    end = np.stack([columns[links.layer + 1], lines[links.receiver]], 1)
    return Strands(start, end, _widths(links.weight, numbers.scale, band), links.weight)


def _in_view(strands: Strands, room: tuple[float, float, float, float]) -> Array:
    """[strand] whether any of it may lie between left, right, top and bottom."""
    left, right, top, bottom = room
    across, climb = strands.end[:, 0] - strands.start[:, 0], strands.end[:, 1] - strands.start[:, 1]
    edges = (np.array([[left], [right]]) - strands.start[:, 0]) / across
    enters, leaves = np.sort(np.clip(edges, 0, 1), axis=0)  # [strand]: the part of its way that is in view sideways
    rise = np.stack([np.minimum(enters, curve_rise(enters)), np.maximum(leaves, curve_rise(leaves))])
    highest, lowest = np.sort(strands.start[:, 1] + climb * rise, axis=0)
    half = strands.width / 2
    return np.asarray((leaves > enters) & (lowest + half >= top) & (highest - half <= bottom))


def drawn_strands(
    numbers: FlowNumbers,
    places: tuple[Array, Array],
    band: float,
    room: tuple[float, float, float, float],
    trace: Trace | None,
) -> DrawnLinks:
    """How the links lie between the ``places`` (columns, lines) where ``room`` is in view.

    Few are curves that lie side by side. Of many, those of a traced node alone are, the strongest of them at most.
    """
    links, (columns, lines) = numbers.links, places
    strands = _straight(numbers, columns, lines, band)
    seen = _in_view(strands, room)
    leaving, arriving = links.layer * len(lines) + links.source, links.layer * len(lines) + links.receiver
    if seen.sum() <= CURVED_AT_MOST:
        return DrawnLinks(_beside(strands, leaving, arriving), np.ones(len(links), dtype=bool), seen)
    curved = np.zeros(len(links), dtype=bool)
    if trace is not None:
        curved[np.flatnonzero(trace.links & seen)[-CURVED_AT_MOST:]] = True
        apart = _beside(strands.only(curved), leaving[curved], arriving[curved])
        start, end = strands.start.copy(), strands.end.copy()
        start[curved], end[curved] = apart.start, apart.end
        strands = replace(strands, start=start, end=end)
    return DrawnLinks(strands, curved, seen)


def baseline_strands(
    numbers: FlowNumbers,
    columns: Array,
    lines: Array,
    baseline: float,
    targets: Sequence[tuple[float, float]],
    band: float,
) -> Strands:
    """From the baseline to the rows it enters, and with its last part into the answer."""
    layer, row = strongest_entries(numbers.bias_in, FAN_COVERAGE, np.ones(len(lines), dtype=bool), FAN_AT_MOST)
    weight = numbers.bias_in[layer, row]
    start = np.stack([columns[layer], np.full(len(layer), baseline)], 1)
    end = np.stack([columns[layer + 1], lines[row]], 1)
    head = float(numbers.bias[-1])
    if targets and head != 0:
        goal = targets[0] if head > 0 or len(targets) == 1 else targets[1]
        start = np.concatenate([start, [[columns[-1], baseline]]])
        end = np.concatenate([end, [goal]])
        weight = np.append(weight, head)
    # A hint, not a band: its numbers are written under its nodes.
    width = np.minimum(_widths(weight, numbers.scale, band), 2.2 * THINNEST)
    return Strands(start, end, width, weight)


def answer_strands(
    numbers: FlowNumbers, columns: Array, lines: Array, targets: Sequence[tuple[float, float]], band: float
) -> Strands:
    """From the states that are read into the answers: what speaks for the first, what against it."""
    side, row = np.nonzero((numbers.arriving > 0) & (np.abs(numbers.nodes[-1]) > 0))
    weight = np.where(side == 0, 1.0, -1.0) * numbers.arriving[side, row]
    goal = np.array(targets)[np.minimum(side, len(targets) - 1)]
    start = np.stack([np.full(len(row), columns[-1]), lines[row]], 1)
    strands = Strands(start, goal.reshape(-1, 2), _widths(weight, numbers.scale, band), weight)
    leaving, arriving = row, np.minimum(side, len(targets) - 1)
    # Which of two bands to the same box lies above is decided by their sign, not by height: nudge, stack, put back.
    nudge = np.stack([np.zeros(len(row)), 1e-3 * (side + 1.0)], 1)
    apart = _beside(replace(strands, end=strands.end + nudge, start=strands.start + nudge), leaving, arriving)
    return replace(apart, start=apart.start - nudge, end=apart.end - nudge)
