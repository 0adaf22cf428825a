"""Norms of the vectors each source sends each receiver, without ever forming them.

The vector from source j to receiver i is a combination of heads+1 vectors that belong to j alone, what each head
would carry and (for i = j) the state itself, with the attention weights as coefficients; a fixed linear map may
follow. So one (heads+1) x (heads+1) Gram matrix per source holds all its norms. The matrices are formed in double
precision, because a norm is a difference of large numbers wherever heads cancel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from engine.frozen import FrozenBlock


def source_vectors(block: FrozenBlock, *, residual: bool) -> Tensor:
    """What each source can send: [source, part, hidden]; the parts are the heads, then the state or zeros."""
    state = block.states if residual else torch.zeros_like(block.states)
    return torch.cat([block.head_outputs, state[None]]).transpose(0, 1)


def coefficients(block: FrozenBlock) -> Tensor:
    """How much of each part reaches each receiver: [source, receiver, part]; the state's part only its own."""
    heads, tokens, _ = block.attention.shape
    weights = block.attention.new_zeros(tokens, tokens, heads + 1, dtype=torch.float64)
    weights[..., :heads] = block.attention.permute(2, 1, 0)
    weights[..., heads] = torch.eye(tokens, dtype=torch.float64, device=weights.device)
    return weights


def pair_norms(vectors: Tensor, mixing: Tensor) -> Tensor:
    """Norms [receiver, source] from ``vectors`` [source, part, hidden] and ``mixing`` [source, receiver, part]."""
    exact = vectors.double()
    gram = exact @ exact.transpose(1, 2)  # [source, part, part]
    squares = ((mixing @ gram) * mixing).sum(-1)  # [source, receiver]
    return squares.clamp_min_(0).sqrt_().T.to(vectors.dtype)
