"""The answering head, frozen: a final norm, one weighted sum of states, then a chain of linear steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from torch import Tensor, nn

from engine.frozen.block import activation_ratio
from engine.frozen.norm import EVERY, FrozenNorm, Rows
from engine.parts import Activation, Affine

if TYPE_CHECKING:
    from engine.capture import Capture
    from engine.parts import HeadParts


class Step(Protocol):
    """One linear step of the head."""

    def push(self, vectors: Tensor) -> Tensor:
        """[..., in] -> [..., out], without the bias."""

    def pull(self, gradients: Tensor) -> Tensor:
        """[target, out] -> [target, in]."""

    @property
    def bias(self) -> Tensor | None:
        """What the step adds, [out]; None where it adds nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """A dense map."""

    affine: Affine

    def push(self, vectors: Tensor) -> Tensor:
        """[..., in] -> [..., out]."""
        return nn.functional.linear(vectors, self.affine.weight)

    def pull(self, gradients: Tensor) -> Tensor:
        """[target, out] -> [target, in]."""
        pulled: Tensor = gradients @ self.affine.weight
        return pulled

    @property
    def bias(self) -> Tensor:
        """[out]."""
        return self.affine.bias


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """An activation frozen as act(p) / (p + 1e-12): ``pre_activation`` and ``activation`` [inner] are the real ones."""

    pre_activation: Tensor
    activation: Tensor
    act: Activation

    def push(self, vectors: Tensor) -> Tensor:
        """[..., inner] -> [..., inner]."""
        return vectors * activation_ratio(self.pre_activation, self.activation)

    def pull(self, gradients: Tensor) -> Tensor:
        """[target, inner] -> [target, inner]."""
        return self.push(gradients)

    @property
    def bias(self) -> None:
        """None: a ratio adds nothing."""
        return None


@dataclass(frozen=True, slots=True, eq=False)
class HeadNorm:
    """A LayerNorm of the one vector the head works on; its ``sigma`` has one entry."""

    norm: FrozenNorm

    def push(self, vectors: Tensor) -> Tensor:
        """[..., inner] -> [..., inner]."""
        return self.norm.centred(vectors) / self.norm.sigma

    def pull(self, gradients: Tensor) -> Tensor:
        """[target, inner] -> [target, inner]."""
        return self.norm.pull_centred(gradients) / self.norm.sigma

    @property
    def bias(self) -> Tensor:
        """beta, [inner]."""
        return self.norm.beta


@dataclass(frozen=True, slots=True, eq=False)
class FrozenHead:
    """``final_norm`` acts on every state, ``pooling`` [token] weighs them into one vector, ``steps`` answer.

    ``rows`` are the tokens with a weight: all of them, or one.
    """

    final_norm: FrozenNorm | None
    pooling: Tensor
    rows: Rows
    steps: tuple[Step, ...]

    def push(self, vectors: Tensor) -> Tensor:
        """[..., token, hidden] -> [..., class]."""
        normed = vectors if self.final_norm is None else self.final_norm.push(vectors)
        pushed: Tensor = self.pooling @ normed
        for step in self.steps:
            pushed = step.push(pushed)
        return pushed

    def pull(self, targets: Tensor) -> tuple[Tensor, Tensor]:
        """[target, class] -> [target, row, hidden], and what the head's biases add to the targets [target]."""
        gradients, bias = targets, targets.new_zeros(len(targets))
        for step in reversed(self.steps):
            if step.bias is not None:
                bias = bias + gradients @ step.bias
            gradients = step.pull(gradients)
        spread = gradients[:, None] * self.pooling[self.rows][:, None]  # [target, row, hidden]
        if self.final_norm is None:
            return spread, bias
        bias = bias + (spread @ self.final_norm.beta).sum(1)
        return self.final_norm.pull(spread, self.rows), bias


def freeze_head(parts: HeadParts, captured: Capture, position: int, *, mean_pooling: bool) -> FrozenHead:
    """The head of one recorded pass. Without any head the one step is the state's own direction."""
    record = captured.head
    steps: list[Step] = []
    if parts.dense is not None and record.dense is not None and record.activation is not None:
        steps += [Dense(Affine.of(parts.dense)), Ratio(record.dense, record.activation, parts.act)]
    if parts.norm is not None and record.norm_in is not None:
        steps.append(HeadNorm(FrozenNorm.of(parts.norm, record.norm_in[None])))
    if parts.out is not None:
        steps.append(Dense(Affine.of(parts.out)))
    if captured.direction is not None:
        direction = captured.direction[None]
        steps.append(Dense(Affine(direction, direction.new_zeros(1))))
    final = None
    if parts.final_norm is not None and record.final_norm_in is not None:
        final = FrozenNorm.of(parts.final_norm, record.final_norm_in)
    return FrozenHead(final, captured.pooling, EVERY if mean_pooling else [position], tuple(steps))
