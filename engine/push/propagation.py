"""Pushing what every token contributes through all layers and the head (DecompX, Modarressi et al. 2023, section 3).

One state [source, receiver, hidden] holds all vectors and is changed where it lies: attention chunk by chunk of
sources, all else chunk by chunk of receivers, because a bias is shared out among all sources of a receiver.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from engine.push.sharing import share
from engine.push.sites import Gate, Layer, Spaces

if TYPE_CHECKING:
    from engine.context import RunContext
    from engine.frozen import FrozenHead, FrozenNetwork

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
    hidden] that reach the explained position. Raises Cancelled between chunks.
    """
    pushing = _Pushing(network, setting, context)
    norms = pushing.through_layers(local=False)
    # A copy, so that the state of all pairs is given back.
    return norms, pushing.state[:, network.position].clone()


def local_norms(network: FrozenNetwork, setting: Setting, context: RunContext) -> Tensor:
    """Norms of what each token contributes within each layer alone, from the real states: [layer, receiver, source]."""
    return _Pushing(network, setting, context).through_layers(local=True)


def answer(head: FrozenHead, vectors: Tensor, setting: Setting) -> Tensor:
    """Through the head, its biases shared out, the last one with one weight per source: [source, hidden] -> [., class].

    The share of a source in the last bias is the same for all classes (section 3.5).
    """
    inner = nn.functional.linear(vectors, head.dense.weight)[None]  # [1, source, inner]
    if setting.bias is not None:
        share(inner, head.dense.bias, setting.bias)
    gate = Gate.of(setting.head, head.pre_activation[None], head.activation[None], head.act)
    gate.apply(inner, slice(None), setting.bias)
    logits = nn.functional.linear(inner, head.out.weight)  # [1, source, class]
    if setting.bias is not None:
        share(logits, head.out.bias, setting.bias)
    return logits[0]


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
            kind = self.setting.ffn or "zo"
            gate = Gate.of(kind, block.pre_activation, block.activation, block.act)
            layer = Layer.of(block, gate, self.setting.bias, self.spaces)
            bias: Tensor = block.output.bias
            if local or number == 0:
                self._mix_states(layer)
            else:
                self._mix_vectors(layer)
                bias = bias + block.carried_value_bias
            self._through_rest(layer, bias, norms[number])
        return norms

    def _mix_states(self, layer: Layer) -> None:
        for some in self._chunks(self.tokens, self.tokens):
            self.context.raise_if_cancelled()
            layer.mix_states(self.state, some)

    def _mix_vectors(self, layer: Layer) -> None:
        for some in self._chunks(self.sources, self.tokens):
            self.context.raise_if_cancelled()
            layer.mix_vectors(self.state[some])

    def _through_rest(self, layer: Layer, bias: Tensor, norms: Tensor) -> None:
        """From behind the mixing to the layer's end; ``norms`` [receiver, source] is written."""
        for rows in self._chunks(self.tokens, self.sources):
            self.context.raise_if_cancelled()
            here = self.state[:, rows].transpose(0, 1)  # [receiver, source, hidden]
            vectors = self.spaces.vectors[: here.shape[0] * here.shape[1]].view(here.shape).copy_(here)
            layer.share(vectors, bias)
            if self.setting.norms[0]:
                layer.normalise(vectors, layer.block.norm_1, rows)
            if self.setting.ffn is not None:
                vectors.add_(layer.feed_forward(vectors, rows))
            if self.setting.norms[1]:
                layer.normalise(vectors, layer.block.norm_2, rows)
            torch.linalg.vector_norm(vectors[:, : self.tokens], dim=-1, out=norms[rows])
            here.copy_(vectors)

    def _chunks(self, count: int, others: int) -> list[slice]:
        """``count`` tokens, each paired with ``others``."""
        step = max(1, self.pairs // others)
        return [slice(start, min(start + step, count)) for start in range(0, count, step)]
