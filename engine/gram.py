"""Norms of the vectors each source sends each receiver, without ever forming them.

The vector from source j to receiver i is a combination of heads+1 vectors that belong to j alone, what each head would
carry and (for i = j) the state itself, with the attention weights as coefficients; a fixed linear map may follow. So
one (heads+1) x (heads+1) Gram matrix per source holds all its norms. The matrices are formed in double precision,
because a norm is a difference of large numbers wherever heads cancel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from engine.frozen import FrozenBlock

# Few enough that a chunk's vectors stay in the processor's cache, in double precision too.
SOURCES_AT_ONCE = 16

Linear = Callable[[Tensor], Tensor]


def behind_norms(block: FrozenBlock, *, second: bool) -> tuple[Linear, Tensor]:
    """The linear part of the norm after attention, and its divisor [receiver].

    With ``second`` (post-norm families) both norms, the feed-forward between them skipped.
    """
    first = block.norm_after_attention
    if not second:
        return first.centred, first.sigma
    return lambda vectors: block.norm_2.centred(first.centred(vectors)), first.sigma * block.norm_2.sigma


def to_resultant(block: FrozenBlock, *, second: bool) -> tuple[Linear, Tensor]:
    """The linear part between the first residual and the attention block's output, and its divisor [receiver]."""
    if block.resultant_norm is None:
        return unchanged, torch.ones_like(block.norm_2.sigma)
    return behind_norms(block, second=second)


def norms_and_ratios(block: FrozenBlock, place: str) -> tuple[Tensor, Tensor]:
    """Norms [receiver, source] measured at one ``place`` of a layer, and mixing ratios [token] there.

    N: attention x values; N_Res: + residual; N_ResLN: + the norm that follows; N_Enc: + LayerNorm 2. The ratio is
    m / (m + p): m is the norm of all that a word gets from the others together, p of what it keeps (Kobayashi et al.
    2021, section 3).
    """
    residual = place != "N"
    if place in ("N_ResLN", "N_Enc"):
        mapped, scale = behind_norms(block, second=place == "N_Enc")
    else:
        mapped, scale = unchanged, torch.ones_like(block.norm_2.sigma)
    mixing = coefficients(block) if residual else coefficients(block)[..., :-1]
    norms = pair_norms(gram_matrices(block, mapped, residual=residual), mixing) / scale[:, None]

    away = block.attention - block.attention.diagonal(dim1=1, dim2=2).diag_embed()  # [head, receiver, source]
    brought = (away @ block.values).transpose(0, 1).flatten(1)  # [receiver, head * head_size]
    others = mapped(nn.functional.linear(brought, block.output.weight)).norm(dim=-1) / scale
    norms = norms.to(others.dtype)
    return norms, others / (others + norms.diagonal())


def unchanged(vectors: Tensor) -> Tensor:
    """No map in front of the norm: [..., hidden] -> [..., hidden]."""
    return vectors


def source_vectors(block: FrozenBlock, some: slice, *, residual: bool) -> Tensor:
    """What some sources can send: [source, part, hidden]; the parts are the heads and, if asked, the state itself."""
    by_head = block.head_outputs[:, some].transpose(0, 1)
    return torch.cat([by_head, block.states[some, None]], dim=1) if residual else by_head


def gram_matrices(block: FrozenBlock, mapped: Linear, *, residual: bool) -> Tensor:
    """Inner products of what each source can send after the linear map ``mapped``: [source, part, part], float64."""
    tokens = len(block.states)
    made = []
    for start in range(0, tokens, SOURCES_AT_ONCE):
        vectors = source_vectors(block, slice(start, start + SOURCES_AT_ONCE), residual=residual)
        exact = mapped(vectors).double()
        made.append(exact @ exact.transpose(1, 2))
    return torch.cat(made)


def coefficients(block: FrozenBlock) -> Tensor:
    """How much of each part reaches each receiver: [source, receiver, part], float64; the state's part only its own."""
    heads, tokens, _ = block.attention.shape
    weights = block.attention.new_zeros(tokens, tokens, heads + 1, dtype=torch.float64)
    weights[..., :heads] = block.attention.permute(2, 1, 0)
    weights[..., heads].fill_diagonal_(1)
    return weights


def pair_norms(gram: Tensor, mixing: Tensor) -> Tensor:
    """Norms [receiver, source], float64, from ``gram`` [source, part, part] and ``mixing`` [source, receiver, part]."""
    squares = ((mixing @ gram) * mixing).sum(-1)  # [source, receiver]
    return squares.clamp_min_(0).sqrt_().T
