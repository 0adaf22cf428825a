"""What the descriptions of several methods share: parameters, costs, a paper, a reason not to fit. Loads no torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.forecast import Cost, graph, passing, recorded_pass
from engine.registry import Choice, Citation, Number, Traits

if TYPE_CHECKING:
    from engine.forecast import Size

BEYOND_INTUITION = Citation(
    "Chen, Li, Yu, Dou and Xiong", 2023, "Beyond intuition: rethinking token attributions inside transformers", "TMLR"
)
OURS, ORIG = "ours", "orig"
RULES = (OURS, ORIG)
LAYERS_AT_MOST = 100
STEPS_AT_MOST = 200
# Scaled copies of the input run together until they hold so many tokens.
TOKENS_AT_ONCE = 1024


def start_layer(default: str, why: str) -> Number:
    """The parameter that names the first layer used; ``why`` tells what stands behind its default."""
    return Number(
        name="start_layer",
        label="First layer used",
        help="0 is the first layer of all; below 0 counts from the end: -1 uses the last layer alone, -4 the last "
        f"four. Past either end means that end. {why}",
        low=-LAYERS_AT_MOST,
        high=LAYERS_AT_MOST,
        default=default,
        whole=True,
    )


def first_used(parameters: Mapping[str, Any], layers: int) -> int:
    """The layer that ``start_layer`` names, 0-based."""
    asked: int = parameters["start_layer"]
    return min(max(asked + layers if asked < 0 else asked, 0), layers - 1)


def path_steps(default: str, low: int, meaning: str) -> Number:
    """The parameter that says at how many scalings of the input a gradient is taken."""
    return Number(name="steps", label="Steps", help=meaning, low=low, high=STEPS_AT_MOST, default=default, whole=True)


def few_steps(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same on a path of at most four steps, for a first picture."""
    return {**parameters, "steps": min(parameters["steps"], 4)}


def relevance_rules(default: str, why: str) -> Choice:
    """The parameter that chooses how relevance is handed down; ``why`` tells what stands behind its default."""
    return Choice(
        name="rules",
        label="Rules",
        help="ours: the rules of Chefer, Gur and Wolf (2021), whose relevance keeps adding up to 1; orig: the plain "
        f"rules they compare with, which do not keep the sum and grow with depth. {why}",
        values=RULES,
        default=default,
    )


def post_norm_only(traits: Traits) -> str | None:
    """Why relevance rules do not fit a model, None where they do."""
    if traits.norm_first or traits.gated:
        return (
            "Its published rules are for layers that normalise after each sum, with queries, keys and values apart; "
            "this model's layers are built otherwise."
        )
    return None


def maps_cost(size: Size, _: Mapping[str, Any]) -> Cost:
    """Maps of all layers, their product and the flow drawn from them, as tensors and as arrays."""
    return Cost(0, 6 * size.layers * size.tokens**2)


def head_vectors_cost(size: Size, parameters: Mapping[str, Any]) -> Cost:
    """Maps made of what every head would carry from every token; the session keeps those vectors."""
    vectors = size.heads * size.tokens * size.hidden
    work = size.layers * (vectors * size.heads + size.tokens * size.hidden**2)
    # A layer's weights in double precision, twice.
    mixing = 4 * (size.heads + 1) * size.tokens**2
    return maps_cost(size, parameters) + Cost(work, size.layers * vectors + mixing)


def gradient_cost(size: Size, used: int, steps: int) -> Cost:
    """Passes of scaled copies of the input, with gradients of every explained answer down through ``used`` layers."""
    copies = min(steps, max(1, TOKENS_AT_ONCE // size.tokens))
    weights = size.heads * size.tokens**2
    kept = passing(size, copies) + copies * graph(size, min(used + 1, size.layers))
    back = size.explained * used / size.layers
    return Cost(recorded_pass(size).work * steps * (1 + back), kept + (size.explained + 1) * used * weights)


def relevance_cost(size: Size, parameters: Mapping[str, Any]) -> Cost:
    """Relevance of every explained answer, and of what is explained itself, down to the first layer used."""
    used = size.layers - first_used(parameters, size.layers)
    rows = size.explained + 1
    per_layer = size.tokens * (4 * size.hidden**2 + 2 * size.hidden * size.intermediate)
    weights = size.heads * size.tokens**2
    numbers = rows * ((used + 2) * weights + 6 * size.tokens * (size.hidden + size.intermediate))
    return Cost(used * per_layer * (2 + 2 * rows), numbers)
