"""A pre-norm layer: LayerNorm 1, attention, residual, LayerNorm 2, feed-forward, residual (ModernBERT).

The states are the residual stream; each component reads it through a norm of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from engine.frozen.block import FewParts, FrozenBlock, added_by, with_own
from engine.frozen.norm import EVERY, FrozenNorm, Rows


@dataclass(frozen=True, eq=False)
class PreNormBlock(FrozenBlock):
    """See :class:`engine.frozen.FrozenBlock`."""

    @property
    def norm_after_attention(self) -> FrozenNorm:
        """LayerNorm 2, in front of the feed-forward."""
        return self.norm_2

    @property
    def value_offset(self) -> Tensor:
        """W_v beta_1 + b_v, [head * head_size]."""
        return self.value.bias if self.norm_1 is None else self.value.bias + self.value.weight @ self.norm_1.beta

    @property
    def resultant(self) -> Tensor:
        """The real states after the first residual, [token, hidden]."""
        return self.mixed

    @property
    def resultant_norm(self) -> None:
        """None: the residual stream passes no norm."""
        return None

    def to_values(self, vectors: Tensor) -> Tensor:
        """[..., source, hidden] -> [..., source, head * head_size]."""
        entering = vectors if self.norm_1 is None else self.norm_1.push(vectors)
        return nn.functional.linear(entering, self.value.weight)

    def push_rest(self, vectors: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Feed-forward's part, with the residual, and that again, which leaves: each [..., receiver, hidden]."""
        added = self.push_feed_forward(self.norm_2.push(vectors))
        kept = vectors + added
        return added, kept, kept

    def pull_to_attention(
        self, gradients: Tensor, rows: Rows = EVERY, space: Tensor | None = None, parts: FewParts | None = None
    ) -> tuple[Tensor, Tensor]:
        """See the base class; the biases are b_2, b_1, beta_2 and b_o."""
        inner = self._pull_to_inner(gradients, rows, space, parts)
        entering = inner @ self.feed_forward_in.weight
        before = self.norm_2.pull(entering, rows).add_(gradients)
        added = (
            (gradients, self.feed_forward_out.bias),
            (inner, self.feed_forward_in.bias),
            (entering, self.norm_2.beta),
            (before, self.output.bias),
        )
        return before, added_by(added)

    def pull_from_values(self, value_gradients: Tensor) -> Tensor:
        """[target, head, source, head_size] -> [target, source, hidden]."""
        entering = value_gradients.transpose(1, 2).flatten(2) @ self.value.weight
        return entering if self.norm_1 is None else self.norm_1.pull(entering)

    def spread(self, gradients: Tensor, head_gradients: Tensor, row: int | list[int]) -> FewParts:
        """See the base class."""
        carried, weights = self._spread(head_gradients, row)
        if self.norm_1 is not None:
            carried, weights = self.norm_1.pull_centred(carried), weights / self.norm_1.sigma[:, None]
        return with_own(weights, carried, row, gradients)
