"""A comparison from the command line: what its options mean, and asking for both sides.

What the other options describe is A; one option more says what B differs in.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace

from engine import registry
from engine.contract import Against, Explanation, ModelInfo, Request
from engine.errors import TextError
from gui.asking import Look, request_of
from gui.compare.difference import Difference, difference
from gui.paint.component_maps import TITLES
from gui.state import (
    AppState,
    Compared,
    ComparedAs,
    Comparison,
    Grouping,
    Place,
    ViewState,
    boundaries_of,
    first_side,
    second_side,
)

OPTIONS = ("compare", "compare_method", "compare_model", "compare_layer")
COMPARED = dict(zip(OPTIONS, (Compared.SENTENCES, Compared.METHODS, Compared.MODELS, Compared.LAYERS), strict=True))


@dataclass(frozen=True, slots=True)
class Engine:
    """The two things a comparison wants of the engine: to ``explain`` a request, and to know a ``model``."""

    explain: Callable[[Request], Explanation]
    model: Callable[[str], ModelInfo]


def add_comparison_options(parser: argparse.ArgumentParser, layer: Callable[[str], int]) -> None:
    """``--compare`` and its kin; ``layer`` reads a layer counted from 1."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--compare", metavar="TEXT", help="a second sentence: draw both, and the first minus it")
    group.add_argument("--compare-method", metavar="METHOD", help="the same with a second method")
    group.add_argument("--compare-model", metavar="MODEL", help="the same with a second model")
    group.add_argument("--compare-layer", metavar="LAYER", type=layer, help="the same with a second layer")
    parser.add_argument(
        "--compared-as",
        choices=tuple(picture.value for picture in ComparedAs),
        default=ComparedAs.FLOW.value,
        help="the picture of a comparison",
    )
    titles = ", ".join(f"{key}: {title}" for key, (title, _) in TITLES.items())
    parser.add_argument(
        "--component", choices=tuple(TITLES), help=f"the map that --compared-as maps compares; {titles}. Default: layer"
    )


def is_comparison(parsed: argparse.Namespace) -> bool:
    """Whether something is to be compared."""
    return any(getattr(parsed, option) is not None for option in OPTIONS)


def check_component(parsed: argparse.Namespace, *, is_compared: bool) -> None:
    """Raises TextError where a component is named and no comparison shows its map."""
    if parsed.component is None:
        return
    if not is_compared:
        told = "--component chooses the map of a comparison, and nothing is compared here."
        raise TextError("Idle option", told, "Leave it out, or compare something: see --compare.")
    if parsed.compared_as != ComparedAs.MAPS.value:
        told = f"--component chooses a map, and the picture of this comparison is “{parsed.compared_as}”."
        raise TextError("Idle option", told, "Add --compared-as maps, or leave it out.")
    if parsed.compare_method is not None:
        told = "Of two methods each one's own map is compared, not that of a component."
        raise TextError("Idle option", told, "Leave --component out.")


def compared_state(parsed: argparse.Namespace, look: ViewState) -> AppState:
    """The state whose sides the options describe. Raises TextError without a text, MethodError as parsing does."""
    if parsed.text is None:
        raise TextError("Nothing to compare", "A comparison needs a text.", 'Add --text "A sentence."')
    option = next(option for option in OPTIONS if getattr(parsed, option) is not None)
    other = getattr(parsed, option)
    settings = tuple(registry.split_setting(setting) for setting in parsed.set)
    place = None if parsed.position is None else Place(0, parsed.position)
    first = Comparison(
        compared=COMPARED[option],
        text=parsed.text,
        pair=parsed.pair,
        place=place,
        model=parsed.model,
        method=parsed.method,
        parameters=settings,
        layer=look.layer,
    )
    state = AppState(
        text=parsed.text,
        pair=parsed.pair,
        model=parsed.model,
        method=parsed.method,
        parameters=settings,
        target=parsed.target,
        place=place,
        view=replace(look, compared_as=ComparedAs(parsed.compared_as)),
        comparison=first,
    )
    if parsed.against is not None:
        state = replace(state, against=parsed.against)
    match first.compared:
        case Compared.SENTENCES:
            return replace(state, text=other)
        case Compared.METHODS:
            return replace(state, method=other, parameters=settings if other == parsed.method else ())
        case Compared.MODELS:
            return replace(state, model=other)
        case Compared.LAYERS:
            return replace(state, view=replace(state.view, layer=other - 1))


def compared(state: AppState, engine: Engine, seed: int = 0) -> Difference:
    """Both sides explained, for the answer that A is explained for.

    Models of different depth are taken as thirds. Raises EngineError as the engine does, TextError where A and B
    cannot be compared in this picture.
    """
    sides = first_side(state), second_side(state)
    models = [engine.model(side.model) for side in sides]
    if models[0].layers != models[1].layers and state.view.grouping is Grouping.EVERY:
        state = replace(state, view=replace(state.view, grouping=Grouping.THIRDS))
        sides = first_side(state), second_side(state)
    _check_layers(state, models)
    requests = [replace(_request(side, model), seed=seed) for side, model in zip(sides, models, strict=True)]
    first = engine.explain(requests[0])
    target, against = _answers(first, is_by_name=sides[0].model != sides[1].model)
    made = difference(first, engine.explain(replace(requests[1], target=target, against=against)), state)
    if made.why_not:
        raise TextError("A and B cannot be compared so", made.why_not, "See --compared-as and --target.")
    return made


def _answers(explanation: Explanation, *, is_by_name: bool) -> tuple[int | str, int | str | Against]:
    """What was explained, and instead of what; by name for another model, which may count its answers otherwise."""
    labels, against = explanation.prediction.labels, explanation.against
    if is_by_name:
        return labels[explanation.target], labels[against] if against >= 0 else Against.NOTHING
    return explanation.target, against if against >= 0 else Against.NOTHING


def _check_layers(state: AppState, models: list[ModelInfo]) -> None:
    """Raises TextError where a layer is looked into that a model has not."""
    compared = Compared.SENTENCES if state.comparison is None else state.comparison.compared
    if compared is not Compared.LAYERS and state.view.compared_as is not ComparedAs.MAPS:
        return
    for side, model in zip((first_side(state), second_side(state)), models, strict=True):
        if side.view.layer >= model.layers:
            told = f"{model.title} has {model.layers} layers."
            raise TextError("There is no such layer", told, f"Name one from 1 to {model.layers}.")


def _request(state: AppState, model: ModelInfo) -> Request:
    layers = (state.view.layer,) if state.view.compared_as is ComparedAs.MAPS else ()
    is_flow = state.view.compared_as is ComparedAs.FLOW
    boundaries = boundaries_of(state.view.grouping, model.layers) if is_flow else ()
    return request_of(state, 0, Look(layers, boundaries))
