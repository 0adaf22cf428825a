"""The steps layers and heads are made of, on vectors [receiver, source, hidden], in place wherever they can be.

DecompX (Modarressi et al. 2023), section 3: frozen are the attention weights, the LayerNorm deviations and what
:class:`Gate` holds. Everything but the mixing by attention treats each receiver alone, the mixing each source alone: so
a state of all pairs of tokens is worked through in chunks of either, and stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.frozen import activation_ratio, activation_slope
from engine.push.sharing import share

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.frozen import FrozenBlock, FrozenNorm


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """An activation as an affine map: u becomes slope * u, then ``intercept`` is shared out like a bias.

    Both [receiver, inner]; a map through the origin has no intercept.
    """

    slope: Tensor
    intercept: Tensor | None = None

    @classmethod
    def of(cls, kind: str, pre_activation: Tensor, activation: Tensor, act: Callable[[Tensor], Tensor]) -> Gate:
        """Linearise ``act`` at its real input p and output f, both [receiver, inner].

        zo: the line from the origin through (p, f). la: the tangent at p. relu: open where p is positive.
        """
        if kind == "la":
            slope = activation_slope(act, pre_activation)
            return cls(slope, activation - slope * pre_activation)
        if kind == "relu":
            return cls((pre_activation > 0).to(activation.dtype))
        return cls(activation_ratio(pre_activation, activation))

    def apply(self, inner: Tensor, rows: slice, kind: str | None) -> None:
        """Let [receiver, source, inner] at the receivers ``rows`` through, in place.

        An intercept is no parameter of the model: where biases are left out it still goes by ``absdot``, as published.
        """
        inner.mul_(self.slope[rows, None].to(inner.dtype))
        if self.intercept is not None:
            share(inner, self.intercept[rows], kind or "absdot")


@dataclass(frozen=True, slots=True, eq=False)
class Spaces:
    """Memory written over by every chunk of every layer: fresh pages would cost as much as the arithmetic.

    ``vectors``, ``added`` [row, hidden]; ``values`` [row, hidden], ``inner`` [row, intermediate] and ``mixed``
    [head, receiver, head_size] in the precision of the matrix products.
    """

    vectors: Tensor
    added: Tensor
    values: Tensor
    inner: Tensor
    mixed: Tensor

    @classmethod
    def of(cls, block: FrozenBlock, rows: int, precision: torch.dtype) -> Spaces:
        """Room for ``rows`` pairs of tokens at once."""
        like, (heads, tokens, size) = block.states, block.values.shape
        hidden, inner = like.shape[-1], block.pre_activation.shape[-1]
        return cls(
            like.new_empty(rows, hidden),
            like.new_empty(rows, hidden),
            like.new_empty(rows, heads * size, dtype=precision),
            like.new_empty(rows, inner, dtype=precision),
            like.new_empty(heads, tokens, size, dtype=precision),
        )


def project(vectors: Tensor, weight: Tensor, out: Tensor) -> Tensor:
    """Vectors [row, hidden] times ``weight`` [inner, hidden], written to ``out`` [row, inner]."""
    vectors = vectors.to(weight.dtype)
    return torch.mm(vectors, weight.T, out=out) if out.dtype == weight.dtype else out.copy_(vectors @ weight.T)


def scale(vectors: Tensor, norm: FrozenNorm, rows: slice) -> None:
    """LayerNorm without its beta, at the receivers ``rows``: [receiver, source, hidden], in place."""
    vectors.sub_(vectors.mean(-1, keepdim=True))
    vectors.mul_((norm.gamma / norm.sigma[rows, None])[:, None])  # [receiver, 1, hidden]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One frozen layer set up for pushing: its weights and attention in the precision they are multiplied in.

    ``gate`` is its activation, ``kind`` the way biases are shared out, None where they are left out.
    """

    block: FrozenBlock
    gate: Gate
    kind: str | None
    spaces: Spaces
    attention: Tensor
    value: Tensor
    output: Tensor
    feed_forward_in: Tensor
    feed_forward_out: Tensor

    @classmethod
    def of(cls, block: FrozenBlock, gate: Gate, kind: str | None, spaces: Spaces) -> Layer:
        """Weights are copied only where the precision is not theirs."""
        linear = (block.value, block.output, block.feed_forward_in, block.feed_forward_out)
        weights = (affine.weight.to(spaces.inner.dtype) for affine in linear)
        return cls(block, gate, kind, spaces, block.attention.to(spaces.inner.dtype), *weights)

    def mix_states(self, state: Tensor, some: slice) -> None:
        """What each of the sources ``some`` sends by itself, its value bias included, and the residual.

        Written to ``state`` [source, receiver, hidden]: the vectors of a layer whose input is not taken apart.
        """
        block = self.block
        weights = block.attention[:, :, some].permute(2, 1, 0)  # [source, receiver, head]
        sent = torch.bmm(weights, block.head_outputs[:, some].transpose(0, 1), out=state[some])
        own = torch.arange(len(sent), device=sent.device)
        sent[own, own + some.start] += block.states[some]

    def mix_vectors(self, state: Tensor, entering: Tensor | None = None) -> None:
        """Through attention and the residual, no bias added: [source, receiver, hidden], in place.

        A source mixes with no other: each goes through all heads on its own. The values are made from ``entering``
        where it is given, of the same shape.
        """
        heads, tokens, size = self.spaces.mixed.shape
        pairs = state.flatten(0, 1)  # [source * receiver, hidden]
        sending = pairs if entering is None else entering.flatten(0, 1)
        values = project(sending, self.value, self.spaces.values[: len(pairs)])
        for of_source in values.view(-1, tokens, heads, size):
            mixed = torch.bmm(self.attention, of_source.transpose(0, 1), out=self.spaces.mixed)
            of_source.copy_(mixed.transpose(0, 1))  # [receiver, head, head_size]
        pairs.add_(project(values, self.output, self.spaces.added[: len(pairs)]))

    def share(self, vectors: Tensor, bias: Tensor) -> None:
        """Share ``bias`` [hidden] out among the sources of [receiver, source, hidden], in place."""
        if self.kind is not None:
            share(vectors, bias, self.kind)

    def normalise(self, vectors: Tensor, norm: FrozenNorm, rows: slice) -> None:
        """LayerNorm, each vector's own mean and the real deviation of its receiver, beta shared out; in place."""
        scale(vectors, norm, rows)
        self.share(vectors, norm.beta)

    def feed_forward(self, vectors: Tensor, rows: slice) -> Tensor:
        """What the feed-forward makes of [receiver, source, hidden], its biases shared out; written to a space.

        That space, ``added``, may hold ``vectors`` themselves.
        """
        pairs = vectors.flatten(0, 1)  # [receiver * source, hidden]
        inner = project(pairs, self.feed_forward_in, self.spaces.inner[: len(pairs)])
        by_receiver = inner.view(*vectors.shape[:2], -1)  # [receiver, source, intermediate]
        self.share(by_receiver, self.block.feed_forward_in.bias)
        self.gate.apply(by_receiver, rows, self.kind)
        added = project(inner, self.feed_forward_out, self.spaces.added[: len(pairs)]).view_as(vectors)
        self.share(added, self.block.feed_forward_out.bias)
        return added
