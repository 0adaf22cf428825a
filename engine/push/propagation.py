"""Pushing what every token contributes through all layers and the head (DecompX, Modarressi et al. 2023, section 3).

One state [source, receiver, hidden] holds all vectors and is changed where it lies: attention chunk by chunk of
sources, all else chunk by chunk of receivers, because a bias is shared out among all sources of a receiver.

The paper knows post-norm layers. In pre-norm ones the same sites come in the order of the layer: LayerNorm 1's beta
before the values, value and output bias after the residual, LayerNorm 2's beta before the feed-forward; no bias stays
with the tokens of layer 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.frozen import PreNormBlock, Ratio
from engine.push.sharing import share, weights
from engine.push.sites import Gate, Layer, Spaces, scale

if TYPE_CHECKING:
    from engine.context import RunContext
    from engine.frozen import FrozenBlock, FrozenHead, FrozenNetwork, FrozenNorm

# The vectors of a chunk: enough for the matrix products, few enough to stay in cache and to answer a cancel.
NUMBERS_AT_ONCE = 3 * 2**16


@dataclass(frozen=True, slots=True)
class Setting:
    """What a propagation keeps, and how.

    ``bias`` is a name of :data:`engine.push.sharing.SCORES`, None to leave all biases out (layer 1's value bias stays
    with its tokens); with ``token`` there is one source more, which gets them all. ``ffn`` (zo, la, relu; None leaves
    the feed-forward out) and ``head`` (zo, la) are linearisations of :class:`Gate`. ``norms`` says which of a layer's
    two LayerNorms are kept. ``precision`` is that of the layers' matrix products.
    """

    bias: str | None
    ffn: str | None
    head: str
    norms: tuple[bool, bool]
    precision: torch.dtype


def propagate(network: FrozenNetwork, setting: Setting, context: RunContext) -> tuple[Tensor, Tensor]:
    """Push all vectors from the first layer to the last.

    Returns the norms of the propagated vectors after each layer [layer, receiver, source] and the vectors [source,
    hidden] the head reads, behind its final norm and pooling. Raises Cancelled between chunks.
    """
    pushing = _Pushing(network, setting, context)
    norms = pushing.through_layers(local=False)
    return norms, pushing.pooled(network.head)


def local_norms(network: FrozenNetwork, setting: Setting, context: RunContext) -> Tensor:
    """Norms of what each token contributes within each layer alone, from the real states: [layer, receiver, source]."""
    return _Pushing(network, setting, context).through_layers(local=True)


def answer(head: FrozenHead, vectors: Tensor, setting: Setting) -> Tensor:
    """Through the head's steps, their biases shared out: [source, hidden] -> [source, class].

    The share of a source in the last bias is the same for all classes (section 3.5).
    """
    pushed = vectors[None]  # [1, source, hidden]
    for step in head.steps:
        if isinstance(step, Ratio):
            pushed = pushed.clone()
            gate = Gate.of(setting.head, step.pre_activation[None], step.activation[None], step.act)
            gate.apply(pushed, slice(None), setting.bias)
            continue
        pushed = step.push(pushed)
        if step.bias is not None and setting.bias is not None:
            share(pushed, step.bias, setting.bias)
    return pushed[0]


class _Pushing:
    """One propagation: ``state`` [source, receiver, hidden] and the spaces it works in."""

    def __init__(self, network: FrozenNetwork, setting: Setting, context: RunContext) -> None:
        tokens, hidden = network.final_states.shape
        self.tokens = tokens
        self.sources = tokens + (setting.bias == "token")
        self.blocks, self.setting, self.context = network.blocks, setting, context
        self.state = network.final_states.new_empty(self.sources, tokens, hidden)
        self.state[tokens:] = 0
        self.pairs = max(1, NUMBERS_AT_ONCE // hidden)  # of tokens, at once
        self.spaces = Spaces.of(network.blocks[0], max(self.pairs, self.sources), setting.precision)

    def through_layers(self, *, local: bool) -> Tensor:
        """Norms after each layer [layer, receiver, source], without the source that stands for the biases.

        ``local`` starts every layer from its real states.
        """
        norms = self.state.new_empty(len(self.blocks), self.tokens, self.tokens)
        for number, block in enumerate(self.blocks):
            self.context.progress(number / len(self.blocks), f"Following every word through layer {number + 1}")
            layer = Layer.of(block, self._gate(block), self.setting.bias, self.spaces)
            bias: Tensor = block.output.bias
            if isinstance(block, PreNormBlock):
                if local or number == 0:
                    self._start(block)
                self._mix_normed(layer, block.norm_1 if self.setting.norms[0] else None)
                bias = bias + block.output.weight @ block.value.bias
            elif local or number == 0:
                self._mix_states(layer)
            else:
                self._mix_vectors(layer)
                bias = bias + block.carried_offset
            self._through_rest(layer, bias, norms[number])
        return norms

    def pooled(self, head: FrozenHead) -> Tensor:
        """What each source gave to the vector the head works on, behind the final norm: [source, hidden]."""
        if head.final_norm is None and isinstance(head.rows, list):
            # A copy, so that the state of all pairs is given back.
            return self.state[:, head.rows[0]].clone()
        pooled = self.state.new_zeros(self.state[:, 0].shape)
        read = range(self.tokens) if isinstance(head.rows, slice) else head.rows
        for row in read:
            self.context.raise_if_cancelled()
            vectors = self.state[None, :, row].clone()  # [1, source, hidden]
            if head.final_norm is not None:
                scale(vectors, head.final_norm, slice(row, row + 1))
                if self.setting.bias is not None:
                    share(vectors, head.final_norm.beta, self.setting.bias)
            pooled.add_(vectors[0] * head.pooling[row])
        return pooled

    def _gate(self, block: FrozenBlock) -> Gate:
        if block.gated:
            return Gate(block.activation)
        return Gate.of(self.setting.ffn or "zo", block.pre_activation, block.activation, block.act)

    def _start(self, block: FrozenBlock) -> None:
        """Every token's own state, and nothing of the others."""
        self.state.zero_()
        own = torch.arange(self.tokens, device=self.state.device)
        self.state[own, own] = block.states

    def _mix_states(self, layer: Layer) -> None:
        for some in self._chunks(self.tokens, self.tokens):
            self.context.raise_if_cancelled()
            layer.mix_states(self.state, some)

    def _mix_vectors(self, layer: Layer) -> None:
        for some in self._chunks(self.sources, self.tokens):
            self.context.raise_if_cancelled()
            layer.mix_vectors(self.state[some])

    def _mix_normed(self, layer: Layer, norm: FrozenNorm | None) -> None:
        """Attention behind a norm of its own branch, whose beta is shared out among all sources of a receiver.

        The weights of that sharing are found first, receiver by receiver; the vectors are normed again for mixing.
        """
        if norm is None:
            self._mix_vectors(layer)
            return
        kind, parted = self.setting.bias, None
        if kind is not None and bool(norm.beta.any()):
            parted = self.state.new_empty(self.tokens, self.sources)  # [receiver, source]
            for rows in self._chunks(self.tokens, self.sources):
                self.context.raise_if_cancelled()
                vectors = self._copied(self.state[:, rows].transpose(0, 1))
                scale(vectors, norm, rows)
                parted[rows] = weights(vectors, norm.beta, kind)
        for some in self._chunks(self.sources, self.tokens):
            self.context.raise_if_cancelled()
            entering = self._copied(self.state[some])  # [source, receiver, hidden]
            scale(entering.transpose(0, 1), norm, slice(None))
            if parted is not None:
                entering.addcmul_(parted[:, some].T[..., None], norm.beta)
            layer.mix_vectors(self.state[some], entering)

    def _copied(self, vectors: Tensor) -> Tensor:
        """The vectors in the space for one chunk."""
        pairs = vectors.shape[0] * vectors.shape[1]
        return self.spaces.vectors[:pairs].view(vectors.shape).copy_(vectors)

    def _through_rest(self, layer: Layer, bias: Tensor, norms: Tensor) -> None:
        """From behind the mixing to the layer's end; ``norms`` [receiver, source] is written."""
        through = self._before_feed_forward if isinstance(layer.block, PreNormBlock) else self._after_residual
        for rows in self._chunks(self.tokens, self.sources):
            self.context.raise_if_cancelled()
            here = self.state[:, rows].transpose(0, 1)  # [receiver, source, hidden]
            vectors = self._copied(here)
            layer.share(vectors, bias)
            through(layer, vectors, rows)
            torch.linalg.vector_norm(vectors[:, : self.tokens], dim=-1, out=norms[rows])
            here.copy_(vectors)

    def _after_residual(self, layer: Layer, vectors: Tensor, rows: slice) -> None:
        """Post-norm: LayerNorm 1, feed-forward, residual, LayerNorm 2; [receiver, source, hidden], in place."""
        first, second = layer.block.norm_1, layer.block.norm_2
        if self.setting.norms[0] and first is not None:
            layer.normalise(vectors, first, rows)
        if self.setting.ffn is not None:
            vectors.add_(layer.feed_forward(vectors, rows))
        if self.setting.norms[1]:
            layer.normalise(vectors, second, rows)

    def _before_feed_forward(self, layer: Layer, vectors: Tensor, rows: slice) -> None:
        """Pre-norm: LayerNorm 2, feed-forward, residual; [receiver, source, hidden], in place."""
        if self.setting.ffn is None:
            return
        pairs = vectors.shape[0] * vectors.shape[1]
        entering = self.spaces.added[:pairs].view(vectors.shape).copy_(vectors)
        if self.setting.norms[1]:
            layer.normalise(entering, layer.block.norm_2, rows)
        vectors.add_(layer.feed_forward(entering, rows))

    def _chunks(self, count: int, others: int) -> list[slice]:
        """``count`` tokens, each paired with ``others``."""
        step = max(1, self.pairs // others)
        return [slice(start, min(start + step, count)) for start in range(0, count, step)]
