"""Why two explanations cannot be compared in a picture, in one sentence each. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import registry
from engine.contract import Array, Explanation
from gui.paint.component_maps import TITLES
from gui.paint.flow_numbers import drawn_flow, has_picture, is_grouping_awaited
from gui.state import Compared, ComparedAs
from gui.told.prose import target_words

if TYPE_CHECKING:
    from gui.compare.difference import Difference


def own_map(explanation: Explanation, compared: Compared, component: str, layer: int) -> Array | None:
    """[receiver, source] the map that is compared: a component's, of two methods each one's own.

    None where it is not there, or not yet.
    """
    if compared is Compared.METHODS:
        return None if explanation.layer_maps is None else explanation.layer_maps[layer]
    return None if explanation.components is None else explanation.components.layer_map(component, layer)


def why_not(difference: Difference) -> str:
    """The first reason there is, "" where A and B can be compared."""
    reason = {ComparedAs.FLOW: _flow, ComparedAs.MAPS: _maps, ComparedAs.WORDS: _words}[difference.compared_as]
    if difference.compared_as is ComparedAs.MAPS:
        return reason(difference)
    return _answers(difference) or reason(difference)


def _answers(difference: Difference) -> str:
    """A word cannot speak for two answers at once."""
    sides = difference.first, difference.second
    one, other = (target_words(side) for side in sides)
    if one == other or not any(side.explains_answer for side in sides):
        return ""
    explained = [f"{answer} instead of {rival}" if rival else answer for answer, rival in (one, other)]
    return f"A explains {explained[0]}, B {explained[1]}. Choose one answer to explain in both."


def _method(explanation: Explanation) -> str:
    return registry.find(explanation.request.method).label


def _flow(difference: Difference) -> str:
    view = difference.state.view
    without = [side for side in (difference.first, difference.second) if not has_picture(side, view)]
    if without:
        return f"{_method(without[0])} gives each word one number and shows no flow. Compare the words instead."
    if difference.compared is Compared.LAYERS:
        return ""
    if any(is_grouping_awaited(side, view) for side in (difference.first, difference.second)):
        return "The flow between groups of layers is still being computed."
    steps = [_steps(difference, side) for side in (difference.first, difference.second)]
    if steps[0] == steps[1]:
        return ""
    layers = difference.first.model.layers, difference.second.model.layers
    return f"A has {layers[0]} layers, B {layers[1]}. Take layers together as early, middle and late to compare them."


def _steps(difference: Difference, side: Explanation) -> int:
    flow = drawn_flow(side, difference.state.view) if difference.state.view.paths_only else None
    return side.model.layers if flow is None else len(flow.edge)


def _maps(difference: Difference) -> str:
    view, compared = difference.state.view, difference.compared
    sides = difference.first, difference.second
    if compared is Compared.METHODS:
        without = [side for side in sides if side.layer_maps is None]
        if without:
            return f"{_method(without[0])} makes no maps of its own. Compare the flow or the words instead."
        return ""
    if any(side.components is None for side in sides):
        return "There are no maps of this model's components. Compare the flow or the words instead."
    found = [
        own_map(side, compared, view.component, layer) for side, layer in zip(sides, difference.layers, strict=True)
    ]
    if any(one is None for one in found):
        return f"The map “{TITLES[view.component][0]}” is still being computed."
    return ""


def _words(difference: Difference) -> str:
    if difference.compared is Compared.LAYERS and difference.first.flow is None:
        return f"{_method(difference.first)} shows no flow, so no word holds anything after a layer. Compare the maps."
    return ""
