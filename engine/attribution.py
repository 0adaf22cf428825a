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
    from engine.loading import OpenModel


@dataclass(frozen=True, slots=True)
class MethodInput:
    """One run as a method sees it.

    ``target``/``against`` are class indices, -1 for nothing; ``explained`` the classes that ``scores_all`` and
    ``bias`` list, both among them; ``position`` is the token whose last state is read. ``opened`` is the model itself,
    for methods that run it again (``engine.passes``).
    """

    opened: OpenModel
    capture: Capture
    network: FrozenNetwork
    target: int
    against: int
    explained: tuple[int, ...]
    position: int
    parameters: Mapping[str, Any]
    context: RunContext

    def read(self, mixing: Tensor) -> Tensor:
        """How the answer's own state is mixed, [token]: the row it is read from in the last map of [layer, ...]."""
        pooled: Tensor = self.capture.pooling @ mixing[-1]
        return pooled

    def towards_target(self, by_class: Tensor) -> Tensor:
        """The target's row less its rival's: [explained, ...] -> [...]."""
        row = by_class[self.explained.index(self.target)]
        return row if self.against < 0 else row - by_class[self.explained.index(self.against)]


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

    A method with ``layer_maps`` and no ``flow`` gets its flow drawn from them, unless ``follows_maps`` says that its
    scores do not follow them. ``signed`` and ``unit`` are given where the parameters decide them, otherwise the
    method's own hold; ``explains_answer`` is False where a setting of a method that otherwise explains an answer tells
    only how tokens mix. ``checks`` are added to the session's.
    """

    scores: Tensor
    scores_all: Tensor | None = None
    bias: Tensor | None = None
    layer_maps: Tensor | None = None
    rollout: Tensor | None = None
    flow: NetworkFlow | None = None
    follows_maps: bool = True
    signed: bool | None = None
    unit: str | None = None
    checks: Mapping[str, float] = field(default_factory=dict)
    extra: Mapping[str, Tensor] = field(default_factory=dict)
    explains_answer: bool = True
