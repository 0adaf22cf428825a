"""What the frozen layers of all families have in common: attention, and a feed-forward with its ratio frozen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from engine.frozen.norm import EVERY, FrozenNorm, Rows

if TYPE_CHECKING:
    from engine.parts import Activation, Affine

RATIO_EPSILON = 1e-12


def activation_ratio(pre_activation: Tensor, activation: Tensor) -> Tensor:
    """act(p) / (p + 1e-12), element by element, any shape."""
    return activation / (pre_activation + RATIO_EPSILON)


def activation_slope(act: Activation, pre_activation: Tensor) -> Tensor:
    """act'(p), element by element, any shape."""
    with torch.enable_grad():
        at = pre_activation.detach().requires_grad_(True)
        return torch.autograd.grad(act(at).sum(), at)[0]


@dataclass(frozen=True, slots=True, eq=False)
class FewParts:
    """Gradients that are combinations of a few vectors: ``weights`` [token, part], ``vectors`` [target, part, hidden].

    So they are below a layer that is noticed at one receiver: every head spreads one vector of its own. Where each
    target has a receiver of its own the weights are [target, token, part].
    """

    weights: Tensor
    vectors: Tensor

    def whole(self) -> Tensor:
        """[target, token, hidden]."""
        return self.weights @ self.vectors


@dataclass(frozen=True, eq=False)
class FrozenBlock(ABC):
    """One layer.

    ``states`` [token, hidden] are the real states entering, ``mixed`` [token, hidden] those after the first residual,
    ``attention`` [head, receiver, source], ``values`` [head, source, head_size] the real value vectors with their
    bias. ``pre_activation`` and ``activation`` [token, intermediate]; in a ``gated`` feed-forward the first is the
    branch that is multiplied, the second its gate. ``norm_1`` is None where the states enter attention as they are.
    """

    states: Tensor
    mixed: Tensor
    attention: Tensor
    values: Tensor
    value: Affine
    output: Affine
    norm_1: FrozenNorm | None
    feed_forward_in: Affine
    pre_activation: Tensor
    activation: Tensor
    feed_forward_out: Affine
    norm_2: FrozenNorm
    gated: bool
    act: Activation

    @property
    @abstractmethod
    def norm_after_attention(self) -> FrozenNorm:
        """The norm that acts on what attention and the first residual made."""

    @property
    @abstractmethod
    def value_offset(self) -> Tensor:
        """What every value vector holds whatever its source, [head * head_size]: biases, and nothing else."""

    @property
    @abstractmethod
    def resultant(self) -> Tensor:
        """The real output of the attention block, [token, hidden]."""

    @property
    @abstractmethod
    def resultant_norm(self) -> FrozenNorm | None:
        """The norm the resultant comes out of; None where it is the first residual itself."""

    @abstractmethod
    def to_values(self, vectors: Tensor) -> Tensor:
        """The linear part from a layer's input to its value vectors: [..., source, hidden] -> same."""

    @abstractmethod
    def push_rest(self, vectors: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """From the first residual on, [..., receiver, hidden] each: the feed-forward's part, with the residual, out."""

    @abstractmethod
    def pull_to_attention(
        self, gradients: Tensor, rows: Rows = EVERY, space: Tensor | None = None, parts: FewParts | None = None
    ) -> tuple[Tensor, Tensor]:
        """Back to what attention and the first residual made: [target, row, hidden] -> [target, row, hidden].

        The second result [target] is what the biases in between and attention's output bias add at these rows.
        ``space`` [target + 1, row, intermediate] is written over: fresh pages for every layer cost as much as the
        arithmetic. ``parts``, where given, are the same gradients as few vectors, which makes the widest product a
        small one.
        """

    @abstractmethod
    def pull_from_values(self, value_gradients: Tensor) -> Tensor:
        """Back to the states entering: [target, head, source, head_size] -> [target, source, hidden]."""

    @abstractmethod
    def spread(self, gradients: Tensor, head_gradients: Tensor, row: int | list[int]) -> FewParts:
        """Gradients at the states entering, from one receiver's: [target, 1, hidden] and [target, 1, head * head_size].

        ``row`` is the receiver of all targets, or a list of each one's own. Each head's part is pulled through the
        value projection once instead of once per source.
        """

    @cached_property
    def ratio(self) -> Tensor:
        """Frozen activation ratio [token, intermediate]."""
        return self.activation if self.gated else activation_ratio(self.pre_activation, self.activation)

    @cached_property
    def values_without_offset(self) -> Tensor:
        """[head, source, head_size]."""
        heads, _, size = self.values.shape
        return self.values - self.value_offset.view(heads, 1, size)

    @cached_property
    def head_outputs(self) -> Tensor:
        """W_o^h v_j^h, what each head would carry from each source: [head, source, hidden]."""
        heads, _, size = self.values.shape
        return self.values @ self.output.weight.view(-1, heads, size).permute(1, 2, 0)

    @property
    def carried_offset(self) -> Tensor:
        """W_o times the value offset, what reaches every receiver because attention rows sum to one: [hidden]."""
        return self.output.weight @ self.value_offset

    def push_attention(self, vectors: Tensor) -> Tensor:
        """Through attention and the first residual: [..., source, hidden] -> [..., receiver, hidden]."""
        heads, _, size = self.values.shape
        values = self.to_values(vectors).view(*vectors.shape[:-1], heads, size)
        values = values.transpose(-2, -3)  # [..., head, source, head_size]
        mixed = (self.attention @ values).transpose(-2, -3).flatten(-2)  # [..., receiver, head * head_size]
        return vectors + nn.functional.linear(mixed, self.output.weight)

    def push_feed_forward(self, vectors: Tensor) -> Tensor:
        """Through the feed-forward alone, ratio frozen: [..., receiver, hidden] -> [..., receiver, hidden]."""
        inner = nn.functional.linear(vectors, self.feed_forward_in.weight) * self.ratio
        return nn.functional.linear(inner, self.feed_forward_out.weight)

    def push(self, vectors: Tensor) -> Tensor:
        """Through the whole layer: [..., source, hidden] -> [..., receiver, hidden]."""
        return self.push_rest(self.push_attention(vectors))[-1]

    def pull_to_heads(self, gradients: Tensor) -> Tensor:
        """Back through the output projection: [target, row, hidden] -> [target, row, head * head_size]."""
        pulled: Tensor = gradients @ self.output.weight
        return pulled

    def pull_to_values(self, head_gradients: Tensor, rows: Rows = EVERY) -> Tensor:
        """Back through the mixing: [target, row, head * head_size] -> [target, head, source, head_size]."""
        heads, _, size = self.values.shape
        targets, count = head_gradients.shape[:2]
        # The targets stand side by side in one product per head: [head, row, target * head_size].
        by_head = head_gradients.view(targets, count, heads, size)
        beside = by_head.permute(2, 1, 0, 3).reshape(heads, count, targets * size)
        mixed = self.attention[:, rows].transpose(1, 2) @ beside
        return mixed.view(heads, -1, targets, size).permute(2, 0, 1, 3)

    def _pull_to_inner(self, gradients: Tensor, rows: Rows, space: Tensor | None, few: FewParts | None) -> Tensor:
        """Back through the feed-forward's second map and its ratio: [target, row, hidden] -> [.., intermediate].

        ``few`` are the same gradients as few vectors.
        """
        pre_activation = self.pre_activation[rows]
        if space is None:
            space = gradients.new_empty(len(gradients) + 1, *pre_activation.shape)
        inner, below = space[:-1], space[-1]
        if few is None:
            torch.matmul(gradients, self.feed_forward_out.weight, out=inner)
        else:
            torch.matmul(few.weights, few.vectors @ self.feed_forward_out.weight, out=inner)
        if self.gated:
            return inner.mul_(self.activation[rows])
        torch.add(pre_activation, RATIO_EPSILON, out=below)
        return inner.mul_(torch.div(self.activation[rows], below, out=below))

    def _spread(self, head_gradients: Tensor, row: int | list[int]) -> tuple[Tensor, Tensor]:
        """Each head's part at the value projection's input, [target, head, hidden], and weights [.., token, head]."""
        heads, _, size = self.values.shape
        by_head = self.value.weight.view(heads, size, -1)  # [head, head_size, hidden]
        carried = torch.einsum("khe,hed->khd", head_gradients.view(-1, heads, size), by_head)
        return carried, self.attention[:, row].movedim(0, -1)


def added_by(pairs: tuple[tuple[Tensor, Tensor], ...]) -> Tensor:
    """What biases add to the targets, [target]: pairs of gradients [target, row, space] and a bias [space]."""
    return torch.stack([(there @ bias).sum(1) for there, bias in pairs]).sum(0)


def with_own(weights: Tensor, carried: Tensor, row: int | list[int], gradients: Tensor) -> FewParts:
    """Parts of every head, and of the residual of ``row``."""
    own = torch.eye(weights.shape[-2], dtype=weights.dtype, device=weights.device)[row]  # [.., token]
    return FewParts(torch.cat([weights, own[..., None]], dim=-1), torch.cat([carried, gradients], dim=1))
