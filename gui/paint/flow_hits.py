"""What lies under the pointer in the flow picture."""

from __future__ import annotations

import numpy as np

from gui.paint.flow_scene import FlowScene, drawn_links
from gui.paint.flow_strands import curve_rise, curve_steepness
from gui.paint.links import Trace

NODE_REACH, LINK_REACH = 30.0, 6.0  # pixels


def _is_inside(scene: FlowScene, x: float, y: float) -> bool:
    """Whether the graph is seen there; the whole picture hides nothing of it."""
    return scene.is_whole or scene.interior.contains(x, y)


def nearest_node(scene: FlowScene, x: float, y: float, within: float = NODE_REACH) -> tuple[int, int] | None:
    """(boundary, row) of the node closest to a point, of those in view."""
    boundary = int(np.argmin(np.abs(scene.columns - x)))
    row = int(np.argmin(np.abs(scene.lines - y)))
    at = float(scene.columns[boundary]), float(scene.lines[row])
    is_near = np.hypot(at[0] - x, at[1] - y) <= within
    return (boundary, row) if is_near and _is_inside(scene, *at) else None


def nearest_row(scene: FlowScene, x: float, y: float) -> int | None:
    """The row a point is on: its name or its line."""
    row = int(np.argmin(np.abs(scene.lines - y)))
    inside = 0 <= x <= scene.width and not any(box.rect.contains(x, y) for box in scene.boxes)
    inside = inside and (scene.is_whole or scene.interior.top() <= y <= scene.interior.bottom())
    return row if inside and abs(scene.lines[row] - y) <= max(scene.pitch / 2, 2.0) else None


def nearest_link(
    scene: FlowScene, x: float, y: float, trace: Trace | None = None, within: float = LINK_REACH
) -> int | None:
    """Index of the link closest to a point as it is drawn; of several as close, the one drawn on top."""
    drawn = drawn_links(scene, trace)
    strands = drawn.strands
    if not len(strands) or not _is_inside(scene, x, y):
        return None
    run = strands.end[:, 0] - strands.start[:, 0]
    share = (x - strands.start[:, 0]) / run
    climb = strands.end[:, 1] - strands.start[:, 1]
    rise = np.where(drawn.curved, curve_rise(share), share)
    steepness = np.where(drawn.curved, curve_steepness(share), 1.0)
    apart = np.abs(strands.start[:, 1] + climb * rise - y) / np.hypot(1, climb * steepness / run)
    apart = np.where((share < 0) | (share > 1), np.inf, np.maximum(0, apart - strands.width / 2))
    # Weak ones are drawn first, and what is traced after all the rest.
    on_top = np.arange(len(apart)) + (len(apart) * trace.links if trace is not None else 0)
    closest = int(np.lexsort((-on_top, apart))[0])
    return closest if apart[closest] <= within else None


def on_baseline(scene: FlowScene, x: float, y: float) -> int | None:
    """The boundary of the baseline node near a point, None away from the baseline."""
    if np.isnan(scene.baseline) or abs(y - scene.baseline) > scene.unit or not _is_inside(scene, x, scene.baseline):
        return None
    return int(np.argmin(np.abs(scene.columns - x)))
