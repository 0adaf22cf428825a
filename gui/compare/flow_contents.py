"""The flows of A and B on common rows, and the one less the other: what the three flow pictures hold. Pure.

The difference of two conserved flows is conserved: at every node, and in its total.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.contract import Flow, Head
from gui.compare.difference import WHOLE, Difference, Pane
from gui.paint.flow_layers import THIRDS, column_names
from gui.paint.flow_numbers import FlowContent, arriving, has_picture, merged_flow, read_rows, row_glosses
from gui.paint.kept import kept
from gui.paint.links import ranked
from gui.state import Compared, Grouping

AROUND = (("before", "after"),)  # the columns where two layers are compared


@dataclass(frozen=True, slots=True, eq=False)
class SideFlow:
    """A flow on the common rows; ``boundaries`` are those of its model, ``read`` the lines its answer is read from."""

    flow: Flow
    boundaries: tuple[int, ...]
    read: tuple[int, ...]


@kept(4)
def side_flow(difference: Difference, pane: Pane) -> SideFlow:
    """The flow of A or B on all common rows, hidden ones included."""
    made, view = difference.side(pane), difference.view(pane)
    is_layer = difference.compared is Compared.LAYERS
    flow, merged = merged_flow(made, replace(view, grouping=Grouping.EVERY) if is_layer else view)
    lines, own = difference.places(pane)
    line_of = {int(row): int(line) for line, row in zip(lines, own, strict=True)}
    read = [] if is_layer else read_rows(flow, merged, made.position, view.paths_only)
    boundaries = flow.boundaries or tuple(range(len(flow.nodes)))
    if is_layer:
        layer = difference.layer(pane)
        flow, boundaries = _one_layer(flow, layer), (layer, layer + 1)
    return SideFlow(_onto_rows(difference, pane, flow), boundaries, tuple(line_of[row] for row in read))


def _one_layer(flow: Flow, layer: int) -> Flow:
    """What passes through one layer; its total is what its states hold together."""
    held = flow.nodes[layer : layer + 2]
    return Flow(
        edge=flow.edge[layer : layer + 1],
        nodes=held,
        bias_in=flow.bias_in[layer : layer + 1],
        bias=np.array([flow.bias_in[layer].sum(), 0.0]),
        total=float(held[1].sum()),
        from_map=flow.from_map,
    )


def _onto_rows(difference: Difference, pane: Pane, flow: Flow) -> Flow:
    whole = divisor(difference, pane, flow)
    return Flow(
        edge=difference.onto_rows(pane, flow.edge, axes=2) / whole,
        nodes=difference.onto_rows(pane, flow.nodes) / whole,
        bias_in=difference.onto_rows(pane, flow.bias_in) / whole,
        bias=flow.bias / whole,
        total=flow.total / whole,
        from_map=flow.from_map,
    )


def are_unlike(difference: Difference) -> bool:
    """Whether one flow is of logits and the other of shares of 1."""
    if not difference.state.view.paths_only:
        return False
    flows = difference.first.flow, difference.second.flow
    return all(flow is not None for flow in flows) and len({flow.from_map for flow in flows if flow}) == 2


def divisor(difference: Difference, pane: Pane, flow: Flow) -> float:
    """What a flow is divided by: 1, or the sum of the sizes of all that its words bring in."""
    if not are_unlike(difference):
        return 1.0
    whole = float(np.abs(flow.nodes[0]).sum())
    return whole if whole > WHOLE else 1.0


@kept(4)
def difference_flow(difference: Difference) -> Flow:
    """A minus B, link by link."""
    one, other = (side_flow(difference, pane).flow for pane in (Pane.FIRST, Pane.SECOND))
    return Flow(
        edge=one.edge - other.edge,
        nodes=one.nodes - other.nodes,
        bias_in=one.bias_in - other.bias_in,
        bias=one.bias - other.bias,
        total=one.total - other.total,
        from_map=one.from_map and other.from_map,
    )


def pane_flow(difference: Difference, pane: Pane) -> Flow:
    """What one pane draws, on all common rows."""
    return difference_flow(difference) if pane is Pane.DIFFERENCE else side_flow(difference, pane).flow


@kept(4)
def flow_contents(difference: Difference) -> Mapping[Pane, FlowContent]:
    """What each pane holds that has a picture: the difference only where A and B can be compared.

    On one scale, all share the measures of the largest.
    """
    made = {
        pane: _content(difference, pane, pane_flow(difference, pane))
        for pane in (Pane.FIRST, Pane.SECOND)
        if has_picture(difference.side(pane), difference.view(pane))
    }
    if not difference.why_not:
        made[Pane.DIFFERENCE] = _content(difference, Pane.DIFFERENCE, pane_flow(difference, Pane.DIFFERENCE))
    if not difference.state.view.one_scale:
        return made
    measures = {
        name: max(getattr(content, name) for content in made.values())
        for name in ("scale", "deepest_link", "deepest_node", "largest_node")
        if made
    }
    return {pane: replace(content, **measures) for pane, content in made.items()}


def _content(difference: Difference, pane: Pane, flow: Flow) -> FlowContent:
    kept, view = difference.kept, difference.state.view
    shown = tuple(row.drawn(pane) for row in difference.shown)
    sides = [pane] if pane is not Pane.DIFFERENCE else [Pane.FIRST, Pane.SECOND]
    read = sorted({line for side in sides for line in side_flow(difference, side).read})
    ranking, nodes = ranked(flow.edge, kept).only(kept), flow.nodes[:, kept]
    deepest_node = float(np.abs(nodes).max())
    return FlowContent(
        boundaries=_boundaries(difference, pane, len(flow.edge)),
        columns=_columns(difference, pane, len(flow.edge)),
        rows=shown,
        glosses=_glosses(difference, pane),
        answer_rows=tuple(int(kept[:line].sum()) for line in read if kept[line]),
        is_answer_named=len(read) == 1 and _is_place_said(difference),
        ranking=ranking,
        nodes=nodes,
        arriving=arriving(flow)[:, kept],
        bias_in=flow.bias_in[:, kept],
        bias=flow.bias,
        total=flow.total,
        scale=float(np.abs(flow.edge).sum((1, 2)).max()) if view.paths_only else 1.0,
        deepest_link=ranking.strongest,
        deepest_node=deepest_node,
        largest_node=max(deepest_node, float(np.abs(flow.bias).max())),
        signed=pane is Pane.DIFFERENCE or not flow.from_map,
        has_baseline=any(_has_baseline(difference, side) for side in sides),
        local=not view.paths_only,
        right_to_left=difference.right_to_left,
        hidden=difference.hidden if pane is Pane.FIRST else (),
    )


def _glosses(difference: Difference, pane: Pane) -> tuple[str, ...]:
    """[shown row] what a person wrote about the words of one side."""
    made = [""] * len(difference.rows)
    if pane is not Pane.DIFFERENCE:
        lines, own = difference.places(pane)
        written = row_glosses(difference.merged[pane is Pane.SECOND], difference.view(pane).annotation)
        for line, row in zip(lines.tolist(), own.tolist(), strict=True):
            made[line] = written[row]
    return tuple(gloss for gloss, stays in zip(made, difference.kept, strict=True) if stays)


def _has_baseline(difference: Difference, pane: Pane) -> bool:
    flow = difference.side(pane).flow
    return difference.state.view.paths_only and flow is not None and not flow.from_map


def _is_place_said(difference: Difference) -> bool:
    is_chosen = any(
        side.model.head is not Head.SEQUENCE_CLASSIFICATION for side in (difference.first, difference.second)
    )
    return is_chosen or not bool(difference.kept.all())


def _boundaries(difference: Difference, pane: Pane, steps: int) -> tuple[int, ...]:
    """Those of the side's model; of a difference only where both have the same, else simply counted."""
    if pane is not Pane.DIFFERENCE:
        return side_flow(difference, pane).boundaries
    one, other = (side_flow(difference, side).boundaries for side in (Pane.FIRST, Pane.SECOND))
    return one if one == other else tuple(range(steps + 1))


def _columns(difference: Difference, pane: Pane, steps: int) -> tuple[tuple[str, ...], ...]:
    if difference.compared is Compared.LAYERS:
        return AROUND
    view = difference.state.view
    thirds = view.paths_only and view.grouping is Grouping.THIRDS and steps == len(THIRDS)
    if thirds and pane is Pane.DIFFERENCE and difference.first.model.layers != difference.second.model.layers:
        return (("words in", *THIRDS), ("in", *THIRDS))
    return tuple(column_names(_boundaries(difference, pane, steps), thirds=thirds))
