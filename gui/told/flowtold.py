"""The flow in words: while a node is traced, what it holds, where that comes from and where it goes. Pure."""

from __future__ import annotations

import numpy as np

from engine.contract import Array, Explanation, Flow
from engine.words import Row
from gui.paint.flow_layers import nearest_boundary, place_words, step_words
from gui.paint.flow_numbers import FlowContent, flow_content, has_picture, merged_flow
from gui.paint.flow_words import amount
from gui.state import Node, ViewState
from gui.told.prose import Paragraph, Run, usual_words
from gui.told.wording import distinct_names

MOST_NAMED = 3
WORTH_NAMING = 0.12  # of the strongest link's flow


def told(explanation: Explanation, view: ViewState) -> tuple[Paragraph, ...]:
    """The usual words, and before them those on the traced node, where one of the picture's own is traced."""
    usual = usual_words(explanation, view)
    if view.traced is None or not has_picture(explanation, view):
        return usual
    traced = _traced(explanation, view, view.traced)
    return (traced, *usual) if traced else usual


def _traced(explanation: Explanation, view: ViewState, node: Node) -> Paragraph:
    content = flow_content(explanation, view)
    flow, merged = merged_flow(explanation, view)
    row = next((index for index, one in enumerate(merged) if node.token in one.tokens), None)
    if row is None or merged[row] not in content.rows or node.boundary > content.boundaries[-1]:
        return ()
    names = distinct_names(one.label for one in merged)
    column = nearest_boundary(content.boundaries, node.boundary)
    ways = _ways(content, names, flow, row, column)
    subject = (Run(names[row], is_bold=True), Run(f" {place_words(content.boundaries, column)}"))
    ends = (*_end(content, merged, row, column), *_hidden(content))
    if content.local:
        return (*subject, Run(" "), *ways, Run("."), *ends) if ways else ()
    held, whole = amount(content, float(flow.nodes[column, row])), amount(content, content.total)
    goes = (Run(" It "), *ways, Run(".")) if ways else ()
    return (*subject, Run(f" holds {held} of {whole}."), *goes, *ends)


def _ways(content: FlowContent, names: list[str], flow: Flow, row: int, column: int) -> Paragraph:
    """``comes from A (layer 3) and goes to B (layer 4)``: the strongest links in and out."""
    entering, leaving = np.zeros(0), np.zeros(0)
    if column > 0:
        entering = np.append(flow.edge[column - 1, row], flow.bias_in[column - 1, row])
    if column < content.layers:
        leaving = flow.edge[column, :, row]
    into = _strongest(content, [*names, "the baseline"], entering, row)
    out = _strongest(content, names, leaving, row)
    runs = [Run("comes from "), *into, Run(f" ({step_words(content.boundaries, column - 1)})")] if into else []
    if out:
        start = " and goes to " if into else "goes to "
        runs += [Run(start), *out, Run(f" ({step_words(content.boundaries, column)})")]
    return tuple(runs)


def _strongest(content: FlowContent, names: list[str], links: Array, own: int) -> list[Run]:
    """``itself +1.10, absolutely +0.20 and [CLS] −0.05``: the links worth naming, strongest first."""
    sizes = np.abs(links)
    most = sizes.max(initial=0)
    order = [int(index) for index in np.argsort(-sizes, kind="stable")[:MOST_NAMED]]
    chosen = [index for index in order if sizes[index] > 0 and sizes[index] >= WORTH_NAMING * most]
    runs = []
    for place, index in enumerate(chosen):
        joint = "" if place == 0 else " and " if place == len(chosen) - 1 else ", "
        name = Run("itself") if index == own else Run(names[index], is_bold=True)
        runs += [Run(joint), name, Run(f" {amount(content, float(links[index]))}")]
    return runs


def _end(content: FlowContent, merged: tuple[Row, ...], row: int, column: int) -> Paragraph:
    """Whether the answer is read from here."""
    if content.local or column < content.layers:
        return ()
    is_read = content.rows.index(merged[row]) in content.answer_rows
    return (Run(" Here the answer is read." if is_read else " Nothing of it is read for the answer."),)


def _hidden(content: FlowContent) -> Paragraph:
    return (Run(f" Left out of the picture: {', '.join(content.hidden)}."),) if content.hidden else ()
