"""What a method gets and what it gives back: tensors inside the engine (``session`` alone makes them arrays)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from engine.capture import Capture
    from engine.context import RunContext
    from engine.frozen import FrozenNetwork


@dataclass(frozen=True, slots=True)
class MethodInput:
    """One run as a method sees it.

    ``target``/``against`` are class indices, -1 for nothing; ``position`` is the token whose last state is read.
    """

    capture: Capture
    network: FrozenNetwork
    target: int
    against: int
    position: int
    parameters: Mapping[str, Any]
    context: RunContext


@dataclass(frozen=True, slots=True)
class NetworkFlow:
    """Flow of the frozen network as tensors; fields as in :class:`engine.contract.Flow`."""

    edge: Tensor
    nodes: Tensor
    bias_in: Tensor
    bias: Tensor


@dataclass(frozen=True, slots=True)
class Attribution:
    """What a method found, axes as in :class:`engine.contract.Explanation`.

    A method with ``layer_maps`` and no ``flow`` gets its flow drawn from them. Where ``explains_answer`` is False, a
    setting of a method that otherwise explains an answer tells only how tokens mix: unsigned fractions.
    """

    scores: Tensor
    scores_all: Tensor | None = None
    bias: Tensor | None = None
    layer_maps: Tensor | None = None
    rollout: Tensor | None = None
    flow: NetworkFlow | None = None
    extra: Mapping[str, Tensor] = field(default_factory=dict)
    explains_answer: bool = True
