"""What the flow picture draws, before it has a size: rows, links, nodes, baseline, and the words that state them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.contract import Array, Explanation, Flow, Head
from engine.words import Row, merge_flow, merge_map
from gui.annotation import Annotation, aligned
from gui.paint.flow_layers import column_names
from gui.paint.kept import kept
from gui.paint.links import Links, Ranking, ranked
from gui.paint.numerals import at_least_percent, counted
from gui.paint.shown_rows import shown_rows
from gui.paint.typeface import reads_right_to_left
from gui.state import Grouping, ViewState, boundaries_of

LOCAL_NOTE = "how each layer mixes words, whatever the answer"


@dataclass(frozen=True, eq=False)
class FlowContent:
    """What a flow picture holds, however much of it is drawn.

    ``boundaries`` [layer+1] are those of the model that the columns of nodes stand at: where layers are grouped,
    "layer" means a group. ``columns`` are the names over them, from full to short.
    ``rows`` are those shown, ``glosses`` [row] what a person wrote about them.
    ``nodes`` [layer+1, row] are shares held; ``arriving`` [2, row] is the last of them in its parts for and against.
    ``bias_in`` [layer, row] enters from the baseline, ``bias`` [layer+1] holds the true sums, hidden rows included.
    ``scale`` is the absolute flow drawn at full width, ``deepest_link`` and ``deepest_node`` what is drawn in full
    colour, ``largest_node`` what is drawn largest: pictures that are compared share them.
    ``answer_rows`` are the rows whose last states are read; ``is_answer_named`` where there is one and its label must
    say so. ``signed`` flows have two hues, and a baseline where it ``has_baseline``; ``local`` pictures show how layers
    mix words and know no answer.
    """

    boundaries: tuple[int, ...]
    columns: tuple[tuple[str, ...], ...]
    rows: tuple[Row, ...]
    glosses: tuple[str, ...]
    answer_rows: tuple[int, ...]
    is_answer_named: bool
    ranking: Ranking
    nodes: Array
    arriving: Array
    bias_in: Array
    bias: Array
    total: float
    scale: float
    deepest_link: float
    deepest_node: float
    largest_node: float
    signed: bool
    has_baseline: bool
    local: bool
    right_to_left: bool
    hidden: tuple[str, ...]

    @property
    def layers(self) -> int:
        """How many steps the picture has."""
        return len(self.nodes) - 1

    @property
    def badge(self) -> str:
        """What is hidden, for the picture itself."""
        return f"hidden: {', '.join(self.hidden)}" if self.hidden else ""

    @property
    def note(self) -> str:
        """What kind of picture this is, where it is not the usual one."""
        return LOCAL_NOTE if self.local else ""


@dataclass(frozen=True, eq=False)
class FlowNumbers(FlowContent):
    """The content of a flow picture with the ``links`` chosen for drawing."""

    links: Links

    @property
    def statement(self) -> str:
        """How much of every layer is drawn, in how many links; never more than is true."""
        if not len(self.links):
            return "nothing to show"
        return f"{at_least_percent(self.links.coverage)} in {counted(len(self.links), 'link')}"


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


def drawn_flow(explanation: Explanation, view: ViewState) -> Flow | None:
    """The flow between the chosen groups of layers, the one through every layer until that is there."""
    grouped = explanation.grouped
    if grouped is not None and grouped.boundaries == boundaries_of(view.grouping, explanation.model.layers):
        return grouped
    return explanation.flow


def is_grouping_awaited(explanation: Explanation, view: ViewState) -> bool:
    """Whether groups of layers are chosen that are not there yet."""
    wanted = boundaries_of(view.grouping, explanation.model.layers)
    flow = drawn_flow(explanation, view)
    return view.paths_only and bool(wanted) and flow is not None and flow.boundaries != wanted


def has_picture(explanation: Explanation, view: ViewState) -> bool:
    """Whether there is anything to draw for this method looked at this way."""
    return explanation.flow is not None if view.paths_only else local_maps(explanation) is not None


def _local_flow(maps: Array, merged: tuple[Row, ...]) -> Flow:
    if not np.isfinite(maps).all():
        raise ValueError("the maps hold numbers that are not finite; they cannot be drawn")
    edge = row_shares(merge_map(maps, merged))
    layers, count, _ = edge.shape
    nodes = np.concatenate([edge.sum(1), np.ones((1, count))])
    return Flow(edge, nodes, np.zeros((layers, count)), np.zeros(layers + 1), 1.0, from_map=True)


def arriving(flow: Flow) -> Array:
    """[2, row]: what speaks for and what against among all that enters each row's last state."""
    entering = np.concatenate([flow.edge[-1], flow.bias_in[-1][:, None]], axis=1)
    return np.stack([np.maximum(entering, 0).sum(1), np.maximum(-entering, 0).sum(1)])


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Arrays compared by identity: another explanation that carries the same ones draws the same picture."""

    array: Array | Flow

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Drawn) and self.array is other.array

    def __hash__(self) -> int:
        return id(self.array)


@kept(2)  # moving the slider or the window's edge must not merge again
def _merged(drawn: _Drawn, merged: tuple[Row, ...]) -> Flow:
    if not isinstance(drawn.array, Flow):
        return _local_flow(drawn.array, merged)
    flow = drawn.array
    if not all(np.isfinite(values).all() for values in (flow.edge, flow.nodes, flow.bias_in, flow.bias)):
        raise ValueError("the flow holds numbers that are not finite; it cannot be drawn")
    return merge_flow(flow, merged)


def _drawn(explanation: Explanation, view: ViewState) -> _Drawn:
    found = drawn_flow(explanation, view) if view.paths_only else local_maps(explanation)
    if found is None:
        raise ValueError("this explanation holds nothing to draw a flow from")
    return _Drawn(found)


def merged_flow(explanation: Explanation, view: ViewState) -> tuple[Flow, tuple[Row, ...]]:
    """Everything between all rows, hidden ones included: what the picture chooses its links from."""
    merged = shown_rows(explanation, view)
    return _merged(_drawn(explanation, view), merged), merged


def read_rows(flow: Flow, merged: tuple[Row, ...], position: int, paths_only: bool) -> list[int]:
    """The rows the answer is read from: all that hold a part of it at the end, or the one of its position."""
    holding = np.flatnonzero(flow.nodes[-1]).tolist() if paths_only else []
    return holding or [index for index, row in enumerate(merged) if position in row.tokens]


def row_glosses(merged: tuple[Row, ...], annotation: Annotation | None) -> list[str]:
    """[row] what a person wrote about each, "" where nothing."""
    if annotation is None:
        return [""] * len(merged)
    return [word.gloss if word is not None else "" for word in aligned(annotation, merged)]


@dataclass(frozen=True, slots=True)
class _Choice:
    """How the same arrays are looked at, as far as it changes what is drawn."""

    boundaries: tuple[int, ...]
    thirds: bool
    position: int
    is_chosen: bool
    paths_only: bool
    show_special: bool
    annotation: Annotation | None


@kept(3)
def _content(drawn: _Drawn, merged: tuple[Row, ...], choice: _Choice) -> FlowContent:
    flow = _merged(drawn, merged)
    read = read_rows(flow, merged, choice.position, choice.paths_only)
    kept = np.array([choice.show_special or not row.is_special or [index] == read for index, row in enumerate(merged)])
    labels = [row.label for row, stays in zip(merged, kept, strict=True) if not stays]
    ranking, nodes = ranked(flow.edge, kept).only(kept), flow.nodes[:, kept]
    deepest_node = float(np.abs(nodes).max())
    return FlowContent(
        boundaries=choice.boundaries,
        columns=tuple(column_names(choice.boundaries, thirds=choice.thirds)),
        rows=tuple(row for row, stays in zip(merged, kept, strict=True) if stays),
        glosses=tuple(
            gloss for gloss, stays in zip(row_glosses(merged, choice.annotation), kept, strict=True) if stays
        ),
        answer_rows=tuple(int(kept[:index].sum()) for index in read if kept[index]),
        is_answer_named=len(read) == 1 and (choice.is_chosen or not kept.all()),
        ranking=ranking,
        nodes=nodes,
        arriving=arriving(flow)[:, kept],
        bias_in=flow.bias_in[:, kept],
        bias=flow.bias,
        total=flow.total,
        scale=float(np.abs(flow.edge).sum((1, 2)).max()) if choice.paths_only else 1.0,
        deepest_link=ranking.strongest,
        deepest_node=deepest_node,
        largest_node=max(deepest_node, float(np.abs(flow.bias).max())),
        signed=not flow.from_map,
        has_baseline=not flow.from_map,
        local=not choice.paths_only,
        right_to_left=reads_right_to_left(row.label for row in merged),
        hidden=tuple(dict.fromkeys(labels)),
    )


def flow_content(explanation: Explanation, view: ViewState) -> FlowContent:
    """Merge into rows, leave out what is hidden, rank the links; one object for the same arrays looked at alike."""
    layers = explanation.model.layers
    flow = drawn_flow(explanation, view) if view.paths_only else None
    boundaries = flow.boundaries if flow is not None else ()
    choice = _Choice(
        boundaries=boundaries or tuple(range(layers + 1)),
        thirds=bool(boundaries) and view.grouping is Grouping.THIRDS,
        position=explanation.position,
        is_chosen=explanation.model.head is not Head.SEQUENCE_CLASSIFICATION,
        paths_only=view.paths_only,
        show_special=view.show_special,
        annotation=view.annotation,
    )
    return _content(_drawn(explanation, view), shown_rows(explanation, view), choice)


@kept(4)
def chosen_links(content: FlowContent, coverage: float) -> FlowNumbers:
    """The content with as many links as carry this share of every layer."""
    return FlowNumbers(**vars(content), links=content.ranking.until(coverage))


def flow_numbers(explanation: Explanation, view: ViewState) -> FlowNumbers:
    """What the picture draws of this explanation, looked at this way."""
    return chosen_links(flow_content(explanation, view), view.coverage)
