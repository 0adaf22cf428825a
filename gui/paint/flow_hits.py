"""What lies under the pointer in the flow picture, and the words that say what it holds."""

from __future__ import annotations

import numpy as np

from gui.paint import numerals
from gui.paint.flow_scene import FlowScene
from gui.paint.flow_strands import CURVED_AT_MOST

NODE_REACH, LINK_REACH = 30.0, 6.0  # pixels

# How far an S-curve has risen (0 to 1) when it has run a share of its way across; its handles stand at half way.
_T = np.linspace(0, 1, 65)
_RUN = 1.5 * _T * (1 - _T) + _T**3
_RISE = 3 * _T**2 - 2 * _T**3


def nearest_node(scene: FlowScene, x: float, y: float, within: float = NODE_REACH) -> tuple[int, int] | None:
    """(boundary, row) of the node closest to a point."""
    boundary = int(np.argmin(np.abs(scene.columns - x)))
    row = int(np.argmin(np.abs(scene.lines - y)))
    distance = np.hypot(scene.columns[boundary] - x, scene.lines[row] - y)
    return (boundary, row) if distance <= within else None


def nearest_row(scene: FlowScene, x: float, y: float) -> int | None:
    """The row a point is on: its name or its line."""
    row = int(np.argmin(np.abs(scene.lines - y)))
    inside = 0 <= x <= scene.width and not any(box.rect.contains(x, y) for box in scene.boxes)
    return row if inside and abs(scene.lines[row] - y) <= max(scene.pitch / 2, 2.0) else None


def nearest_link(scene: FlowScene, x: float, y: float, within: float = LINK_REACH) -> int | None:
    """Index of the drawn link closest to a point; of several as close, the one drawn on top."""
    strands = scene.links
    if not len(strands):
        return None
    run = strands.end[:, 0] - strands.start[:, 0]
    share = (x - strands.start[:, 0]) / run
    climb = strands.end[:, 1] - strands.start[:, 1]
    if len(strands) <= CURVED_AT_MOST:
        rise = np.interp(share, _RUN, _RISE)
        steepness = np.interp(share, _RUN, np.gradient(_RISE, _RUN))
    else:
        rise, steepness = share, np.ones(len(strands))
    apart = np.abs(strands.start[:, 1] + climb * rise - y) / np.hypot(1, climb * steepness / run)
    apart = np.where((share < 0) | (share > 1), np.inf, np.maximum(0, apart - strands.width / 2))
    closest = len(apart) - 1 - int(np.argmin(apart[::-1]))
    return closest if apart[closest] <= within else None


def on_baseline(scene: FlowScene, x: float, y: float) -> int | None:
    """The boundary of the baseline node near a point, None away from the baseline."""
    if np.isnan(scene.baseline) or abs(y - scene.baseline) > scene.unit:
        return None
    return int(np.argmin(np.abs(scene.columns - x)))


def _where(boundary: int) -> str:
    return "coming in" if boundary == 0 else f"after layer {boundary}"


def _amount(scene: FlowScene, value: float) -> str:
    return numerals.signed(value) if scene.numbers.signed else numerals.percent(value)


def node_words(scene: FlowScene, boundary: int, row: int) -> str:
    """``wonderful after layer 3 holds +1.32 of +2.75``."""
    numbers = scene.numbers
    name = f"{numbers.rows[row].label} {_where(boundary)}"
    if numbers.local:
        return name
    held = _amount(scene, float(numbers.nodes[boundary, row]))
    whole = _amount(scene, numbers.total)
    return f"{name} holds {held} of {whole}"


def link_words(scene: FlowScene, link: int) -> str:
    """``wonderful → [CLS] in layer 4: +0.83``."""
    numbers, links = scene.numbers, scene.numbers.links
    source, receiver = numbers.rows[links.source[link]].label, numbers.rows[links.receiver[link]].label
    amount = _amount(scene, float(links.weight[link]))
    layer = int(links.layer[link]) + 1
    if links.source[link] == links.receiver[link]:
        return f"{source} keeps {amount} through layer {layer}"
    return f"{source} → {receiver} in layer {layer}: {amount}"


def baseline_words(scene: FlowScene, boundary: int) -> str:
    """What enters at one layer, what it comes to in all, and what it means."""
    numbers = scene.numbers
    place = "in the answer itself" if boundary == numbers.layers else f"in layer {boundary + 1}"
    entering, whole = numerals.signed(float(numbers.bias[boundary])), numerals.signed(float(numbers.bias.sum()))
    return f"baseline: where the model leans whatever the words\n{entering} enters {place}, {whole} in all"
