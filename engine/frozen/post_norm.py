"""A post-norm layer: attention, residual, LayerNorm 1, feed-forward, residual, LayerNorm 2 (BERT and its kin)."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from engine.frozen.block import FewParts, FrozenBlock, added_by, with_own
from engine.frozen.norm import EVERY, FrozenNorm, Rows


@dataclass(frozen=True, eq=False)
class PostNormBlock(FrozenBlock):
    """See :class:`engine.frozen.FrozenBlock`."""

    norm_1: FrozenNorm

    @property
    def norm_after_attention(self) -> FrozenNorm:
        """LayerNorm 1."""
        return self.norm_1

    @property
    def value_offset(self) -> Tensor:
        """b_v, [head * head_size]."""
        return self.value.bias

    @property
    def resultant(self) -> Tensor:
        """The real output of LayerNorm 1, [token, hidden]."""
        return self.norm_1.push(self.mixed) + self.norm_1.beta

    @property
    def resultant_norm(self) -> FrozenNorm:
        """LayerNorm 1."""
        return self.norm_1

    def to_values(self, vectors: Tensor) -> Tensor:
        """[..., source, hidden] -> [..., source, head * head_size]."""
        return nn.functional.linear(vectors, self.value.weight)

    def push_rest(self, vectors: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Feed-forward's part, with the residual, after LayerNorm 2: each [..., receiver, hidden]."""
        middle = self.norm_1.push(vectors)
        added = self.push_feed_forward(middle)
        kept = middle + added
        return added, kept, self.norm_2.push(kept)

    def pull_to_attention(
        self, gradients: Tensor, rows: Rows = EVERY, space: Tensor | None = None, parts: FewParts | None = None
    ) -> tuple[Tensor, Tensor]:
        """See the base class; the biases are beta_2, b_2, b_1, beta_1 and b_o."""
        after = self.norm_2.pull(gradients, rows)
        few = parts and FewParts(parts.weights / self.norm_2.sigma[:, None], self.norm_2.pull_centred(parts.vectors))
        inner = self._pull_to_inner(after, rows, space, few)
        middle = (inner @ self.feed_forward_in.weight).add_(after)
        before = self.norm_1.pull(middle, rows)
        added = (
            (gradients, self.norm_2.beta),
            (after, self.feed_forward_out.bias),
            (inner, self.feed_forward_in.bias),
            (middle, self.norm_1.beta),
            (before, self.output.bias),
        )
        return before, added_by(added)

    def pull_from_values(self, value_gradients: Tensor) -> Tensor:
        """[target, head, source, head_size] -> [target, source, hidden]."""
        return value_gradients.transpose(1, 2).flatten(2) @ self.value.weight

    def spread(self, gradients: Tensor, head_gradients: Tensor, row: int | list[int]) -> FewParts:
        """See the base class."""
        carried, weights = self._spread(head_gradients, row)
        return with_own(weights, carried, row, gradients)
