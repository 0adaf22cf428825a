"""What a run will cost, told before it starts: seconds from the pace of the last pass, and memory on top of the model.

Each method says in its own file how many multiply-adds and bytes it needs for an input of some size; the pace turns
multiply-adds into seconds. Torch-free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.contract import Explanation, ModelInfo
    from engine.registry import Method

FLOAT_BYTES = {"float32": 4, "float64": 8}


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
    # Per layer: six states, two feed-forward states, the attention weights.
    kept = 6 * states + 2 * size.tokens * size.intermediate + size.heads * size.tokens**2
    answered = size.tokens * size.classes if size.classes > size.hidden else 0
    return Cost(size.layers * (size.tokens * weights + mixing) + answered * size.hidden, size.layers * kept + answered)


def pulled_back(size: Size) -> Cost:
    """One pass of gradients from the head down, for every explained answer."""
    weights = 2 * size.hidden**2 + 2 * size.hidden * size.intermediate
    mixing = 2 * size.tokens**2 * size.hidden
    kept = 3 * size.tokens * size.hidden
    work = size.layers * (size.tokens * weights + mixing)
    space = 2 * size.tokens * size.intermediate + size.heads * size.tokens**2
    return Cost(size.explained * work, size.explained * size.layers * kept + size.explained * space)


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
