"""All frozen layers and the head; gradients of answers everywhere in one pass from the head down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from engine.frozen.block import FewParts, FrozenBlock
from engine.frozen.head import FrozenHead, freeze_head
from engine.frozen.norm import EVERY, FrozenNorm, Rows
from engine.frozen.post_norm import PostNormBlock
from engine.frozen.pre_norm import PreNormBlock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.capture import Capture, LayerRecord
    from engine.context import RunContext
    from engine.loading import OpenModel
    from engine.parts import LayerParts


@dataclass(frozen=True, slots=True, eq=False)
class Pullback:
    """The gradients of some targets everywhere in the frozen network.

    ``states[l]`` [kept, token, hidden] at the states entering layer l (``states[L]`` is what leaves the last; absent
    for l = 0), ``attention[l]`` [kept, row, hidden] at what attention and the first residual made, ``heads[l]``
    [kept, row, head * head_size] at the mixed values; kept are all targets, or one combination of them.
    ``attention_0`` [target, row, hidden] and ``values_0`` [target, head, source, head_size], at layer 1's value
    vectors, are those of every target. Rows are all tokens, in the last layer only those the head reads. ``bias``
    [target] is what all biases add, except what layer 1's value vectors keep (:meth:`FrozenNetwork.credited_values`).
    """

    states: Sequence[Tensor | None]
    attention: Sequence[Tensor]
    heads: Sequence[Tensor]
    attention_0: Tensor
    values_0: Tensor
    rows: Sequence[Rows]
    bias: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class FrozenNetwork:
    """All layers and the head; ``final_states`` [token, hidden] leave the last layer, ``position`` is the one read."""

    blocks: tuple[FrozenBlock, ...]
    final_states: Tensor
    head: FrozenHead
    position: int

    def states(self, boundary: int) -> Tensor:
        """Real states [token, hidden] at a boundary: 0 before the first layer, L after the last."""
        return self.blocks[boundary].states if boundary < len(self.blocks) else self.final_states

    def credited_values(self, layer: int) -> Tensor:
        """The value vectors [head, source, head_size] as far as they are credited to their sources.

        Post-norm families credit layer 1's value bias to its tokens, as DecompX does; everywhere else the offset is a
        bias like the others.
        """
        block = self.blocks[layer]
        keeps_bias = layer == 0 and isinstance(block, PostNormBlock)
        return block.values if keeps_bias else block.values_without_offset

    def pull(self, targets: Tensor, context: RunContext, weights: Tensor | None = None) -> Pullback:
        """Gradients of the logit combinations ``targets`` [target, class], in one pass from the head down.

        Of every layer those of all targets are kept or, with ``weights`` [target], of their sum by these alone.
        """

        def kept(gradients: Tensor) -> Tensor:
            return gradients if weights is None else torch.einsum("k,kid->id", weights, gradients)[None]

        count, tokens = len(targets), len(self.final_states)
        top, bias = self.head.pull(targets)  # [target, row, hidden], [target]
        states: list[Tensor | None] = [self._whole(kept(top))]
        attention, heads, places = [], [], []
        rows = self.head.rows
        space: Tensor | None = None
        parts: FewParts | None = None
        gradients = before = values = top
        for number, block in reversed(list(enumerate(self.blocks))):
            context.raise_if_cancelled()
            before, added = block.pull_to_attention(gradients, rows, space, parts)
            by_head = block.pull_to_heads(before)
            attention.append(kept(before))
            heads.append(kept(by_head))
            places.append(rows)
            bias = bias + added
            if number > 0 or not isinstance(block, PostNormBlock):
                # The offset reaches every receiver whole, because attention rows sum to one.
                bias = bias + (by_head @ block.value_offset).sum(1)
            if number == 0:
                values = block.pull_to_values(by_head, rows)
                break
            if rows is not EVERY:
                parts = block.spread(before, by_head, self.position)
                gradients = parts.whole()
                rows = EVERY
            else:
                parts = None
                gradients = block.pull_from_values(block.pull_to_values(by_head, rows)).add_(before)
            if space is None:
                space = top.new_empty(count + 1, tokens, block.activation.shape[-1])
            states.append(kept(gradients))
        states.append(None)
        return Pullback(states[::-1], attention[::-1], heads[::-1], before, values, places[::-1], bias)

    def _whole(self, top: Tensor) -> Tensor:
        """Gradients at some rows among zeros at all others: [target, row, hidden] -> [target, token, hidden]."""
        if self.head.rows is EVERY:
            return top
        full = top.new_zeros(len(top), len(self.final_states), top.shape[-1])
        full[:, self.head.rows] = top
        return full


def freeze(opened: OpenModel, captured: Capture, position: int) -> FrozenNetwork:
    """The frozen network of one recorded pass, read at ``position``. Shares the model's weights, copies none."""
    blocks = tuple(_freeze_block(*pair) for pair in zip(opened.layers, captured.layers, strict=True))
    head = freeze_head(opened.head, captured, position, mean_pooling=opened.mean_pooling)
    return FrozenNetwork(blocks, captured.layers[-1].states_out, head, position)


def _freeze_block(parts: LayerParts, record: LayerRecord) -> FrozenBlock:
    norm_1 = None if parts.norm_1 is None else FrozenNorm.of(parts.norm_1, record.norm_1_in)
    norm_2 = FrozenNorm.of(parts.norm_2, record.norm_2_in)
    shared: dict[str, Any] = {
        "states": record.states,
        "attention": record.attention,
        "values": record.values,
        "value": parts.value,
        "output": parts.attention_output,
        "norm_1": norm_1,
        "feed_forward_in": parts.feed_forward_in,
        "pre_activation": record.pre_activation[:, parts.gate :],
        "activation": record.activation,
        "feed_forward_out": parts.feed_forward_out,
        "norm_2": norm_2,
        "gated": parts.gate > 0,
        "act": parts.act,
    }
    if parts.norm_first:
        return PreNormBlock(mixed=record.norm_2_in, **shared)
    return PostNormBlock(mixed=record.norm_1_in, **shared)
