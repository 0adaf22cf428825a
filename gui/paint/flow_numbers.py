"""What the flow picture draws, before it has a size: rows, links, nodes, baseline, and the words that state them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.contract import Array, Explanation, Flow, Head
from engine.words import Row, merge_flow, merge_map
from gui.paint.links import Links, strongest
from gui.paint.numerals import at_least_percent, counted
from gui.paint.shown_rows import shown_rows
from gui.paint.typeface import reads_right_to_left
from gui.state import ViewState

LOCAL_NOTE = "how each layer mixes words, whatever the answer"


@dataclass(frozen=True, slots=True, eq=False)
class FlowNumbers:
    """The content of a flow picture.

    ``rows`` are those shown. ``nodes`` [layer+1, row] are shares held; ``arriving`` [2, row] is the last of them in
    its parts for and against. ``bias_in`` [layer, row] enters from the baseline, ``bias`` [layer+1] holds the true
    sums, hidden rows included. ``scale`` is the absolute flow drawn at full width.
    ``answer_rows`` are the rows whose last states are read; ``is_answer_named`` where there is one and its label must
    say so. ``signed`` flows have two hues and a baseline; ``local`` pictures show how layers mix words and know no
    answer.
    """

    rows: tuple[Row, ...]
    answer_rows: tuple[int, ...]
    is_answer_named: bool
    links: Links
    nodes: Array
    arriving: Array
    bias_in: Array
    bias: Array
    total: float
    scale: float
    signed: bool
    local: bool
    right_to_left: bool
    hidden: tuple[str, ...]

    @property
    def layers(self) -> int:
        """How many layers the model has."""
        return len(self.nodes) - 1

    @property
    def statement(self) -> str:
        """How much of every layer is drawn, in how many links; never more than is true."""
        if not len(self.links):
            return "nothing to show"
        return f"{at_least_percent(self.links.coverage)} in {counted(len(self.links), 'link')}"

    @property
    def badge(self) -> str:
        """What is hidden, for the picture itself."""
        return f"hidden: {', '.join(self.hidden)}" if self.hidden else ""

    @property
    def note(self) -> str:
        """What kind of picture this is, where it is not the usual one."""
        return LOCAL_NOTE if self.local else ""


def row_shares(mixing: Array) -> Array:
    """[..., receiver, source] with every row divided by its sum; a row of zeros stays zeros."""
    sums = mixing.sum(-1, keepdims=True)
    shares: Array = np.divide(mixing, sums, out=np.zeros_like(mixing, dtype=float), where=sums != 0)
    return shares


def local_maps(explanation: Explanation) -> Array | None:
    """[layer, receiver, source] how each layer mixes tokens: the method's own maps, else those behind LayerNorm 1."""
    if explanation.layer_maps is not None:
        return explanation.layer_maps
    if explanation.components is not None:
        return explanation.components.maps.get("layernorm_1")
    return None


def has_picture(explanation: Explanation, view: ViewState) -> bool:
    """Whether there is anything to draw for this method looked at this way."""
    return explanation.flow is not None if view.paths_only else local_maps(explanation) is not None


def _local_flow(explanation: Explanation, merged: tuple[Row, ...]) -> Flow:
    maps = local_maps(explanation)
    if maps is None:
        raise ValueError("this explanation holds no maps of single layers")
    if not np.isfinite(maps).all():
        raise ValueError("the maps hold numbers that are not finite; they cannot be drawn")
    edge = row_shares(merge_map(maps, merged))
    layers, count, _ = edge.shape
    nodes = np.concatenate([edge.sum(1), np.ones((1, count))])
    return Flow(edge, nodes, np.zeros((layers, count)), np.zeros(layers + 1), 1.0, from_map=True)


def _only(links: Links, kept: Array) -> Links:
    """The same links counted in the rows that stay."""
    place = np.cumsum(kept) - 1
    return Links(links.layer, place[links.receiver], place[links.source], links.weight, links.coverage)


def _arriving(flow: Flow) -> Array:
    """[2, row]: what speaks for and what against among all that enters each row's last state."""
    entering = np.concatenate([flow.edge[-1], flow.bias_in[-1][:, None]], axis=1)
    return np.stack([np.maximum(entering, 0).sum(1), np.maximum(-entering, 0).sum(1)])


@lru_cache(maxsize=2)  # moving the slider or the window's edge must not merge again
def _merged_flow(explanation: Explanation, merged: tuple[Row, ...], paths_only: bool) -> Flow:
    if not paths_only:
        return _local_flow(explanation, merged)
    flow = explanation.flow
    if flow is None:
        raise ValueError("this method draws no flow to the answer")
    if not all(np.isfinite(values).all() for values in (flow.edge, flow.nodes, flow.bias_in, flow.bias)):
        raise ValueError("the flow holds numbers that are not finite; it cannot be drawn")
    return merge_flow(flow, merged)


def _read_rows(explanation: Explanation, flow: Flow, merged: tuple[Row, ...], paths_only: bool) -> list[int]:
    """The rows the answer is read from: all that hold a part of it at the end, or the one of its position."""
    holding = np.flatnonzero(flow.nodes[-1]).tolist() if paths_only else []
    return holding or [index for index, row in enumerate(merged) if explanation.position in row.tokens]


def flow_numbers(explanation: Explanation, view: ViewState) -> FlowNumbers:
    """Merge into rows, leave out what is hidden, choose the links."""
    merged = shown_rows(explanation, view)
    flow = _merged_flow(explanation, merged, view.paths_only)
    read = _read_rows(explanation, flow, merged, view.paths_only)
    kept = np.array([view.show_special or not row.is_special or [index] == read for index, row in enumerate(merged)])
    is_chosen = explanation.model.head is not Head.SEQUENCE_CLASSIFICATION
    return FlowNumbers(
        rows=tuple(row for row, stays in zip(merged, kept, strict=True) if stays),
        answer_rows=tuple(int(kept[:index].sum()) for index in read if kept[index]),
        is_answer_named=len(read) == 1 and (is_chosen or not kept.all()),
        links=_only(strongest(flow.edge, view.coverage, kept), kept),
        nodes=flow.nodes[:, kept],
        arriving=_arriving(flow)[:, kept],
        bias_in=flow.bias_in[:, kept],
        bias=flow.bias,
        total=flow.total,
        scale=float(np.abs(flow.edge).sum((1, 2)).max()) if view.paths_only else 1.0,
        signed=not flow.from_map,
        local=not view.paths_only,
        right_to_left=reads_right_to_left(row.label for row in merged),
        hidden=tuple(dict.fromkeys(row.label for row, stays in zip(merged, kept, strict=True) if not stays)),
    )
