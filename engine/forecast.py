"""What a run will cost, told before it starts: seconds from the pace of the last pass, and memory on top of the model.

Each method says in its own file how many multiply-adds and bytes it needs for an input of some size; the pace turns
multiply-adds into seconds. Torch-free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.contract import Explanation, ModelInfo
    from engine.registry import Method

FLOAT_BYTES = {"float32": 4, "float64": 8}
# Pairs of a receiver and a token pulled back together: bounds memory, and the time until a cancel is noticed.
PAIRS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Size:
    """How large one run is. ``classes`` are the model's answers, ``explained`` those listed one by one."""

    layers: int
    heads: int
    hidden: int
    intermediate: int
    tokens: int
    classes: int
    explained: int

    @classmethod
    def of(cls, model: ModelInfo, tokens: int, explained: int) -> Size:
        """The size of a run of ``model`` on some number of tokens."""
        return cls(model.layers, model.heads, model.hidden, model.intermediate, tokens, len(model.labels), explained)


@dataclass(frozen=True, slots=True)
class Cost:
    """``work`` in multiply-adds; ``numbers`` is how many values stand in memory at the peak, beside the model."""

    work: float
    numbers: float

    def __add__(self, other: Cost) -> Cost:
        """One after the other, both in memory."""
        return Cost(self.work + other.work, self.numbers + other.numbers)


@dataclass(frozen=True, slots=True)
class Forecast:
    """``seconds`` and ``bytes`` of one run; ``seconds`` is None until a pass has been timed."""

    seconds: float | None
    bytes: float


def recorded_pass(size: Size) -> Cost:
    """The model's own pass, and what is recorded of it."""
    states = size.tokens * size.hidden
    weights = 4 * size.hidden**2 + 2 * size.hidden * size.intermediate
    mixing = 2 * size.tokens**2 * size.hidden
    # Per layer: four states, two feed-forward states, the attention weights.
    kept = 4 * states + 2 * size.tokens * size.intermediate + size.heads * size.tokens**2
    answered = size.tokens * size.classes if size.classes > size.hidden else 0
    return Cost(size.layers * (size.tokens * weights + mixing) + answered * size.hidden, size.layers * kept + answered)


def passing(size: Size, copies: int) -> float:
    """Numbers in memory while ``copies`` of the input run through the model again."""
    weights, states = size.heads * size.tokens**2, size.tokens * size.hidden
    # Of every layer attention weights and values until the pass ends; what the layer at work needs besides.
    working = 2 * weights + 6 * states + 2 * size.tokens * size.intermediate
    return copies * (size.layers * (weights + states) + working)


def graph(size: Size, layers: int) -> float:
    """Numbers a pass keeps of some layers for the way back."""
    return layers * size.tokens * (8 * size.hidden + 2 * size.intermediate + size.heads * size.tokens)


def pulled_back(size: Size) -> Cost:
    """One pass of gradients through the frozen network, for every explained answer, and the flow it gives."""
    weights = 2 * size.hidden**2 + 2 * size.hidden * size.intermediate
    mixing = 2 * size.tokens**2 * size.hidden
    states = size.tokens * size.hidden
    work = size.layers * (size.tokens * weights + mixing)
    # Of every layer three gradients of one combination and the values without their bias, the edges twice.
    kept = size.layers * (4 * states + 2 * size.tokens**2)
    space = (size.explained + 1) * size.tokens * size.intermediate + size.heads * size.tokens**2
    return Cost(size.explained * work, kept + size.explained * 5 * states + space)


def receivers_at_once(tokens: int) -> int:
    """How many receivers' gradients are pulled back together between groups of layers."""
    return max(1, PAIRS_AT_ONCE // tokens)


def pulled_between(size: Size, boundaries: tuple[int, ...]) -> Cost:
    """The flow between groups of layers: through all but the last of a group every receiver is pulled by itself."""
    one = pulled_back(replace(size, explained=1))
    pulled = sum(high - low - 1 for low, high in pairwise(boundaries))
    receivers = receivers_at_once(size.tokens)
    # The gradients, what they are pulled to, and each receiver's few parts.
    beside = receivers * size.tokens * (size.intermediate + 7 * size.hidden)
    parts = receivers * (size.heads + 1) * (size.hidden + size.intermediate + size.tokens)
    work = one.work * (1 + size.tokens * pulled / size.layers)
    return Cost(work, one.numbers + beside + parts + (len(boundaries) - 1) * size.tokens**2)


def forecast(
    method: Method, parameters: Mapping[str, Any], size: Size, dtype: str, last: Explanation | None = None
) -> Forecast:
    """What ``method`` will need; ``last`` is an earlier explanation of the same model, whose pass sets the pace."""
    plain, own = recorded_pass(size), method.cost(size, parameters)
    whole = plain + own
    seconds = None
    if last is not None and last.pass_seconds > 0:
        then = recorded_pass(Size.of(last.model, len(last.tokens), len(last.explained)))
        seconds = last.pass_seconds * whole.work / then.work
    return Forecast(seconds, whole.numbers * FLOAT_BYTES[dtype])
