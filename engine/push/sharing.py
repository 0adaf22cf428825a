"""To which tokens a bias is credited: the published ways of sharing one out.

DecompX (Modarressi et al. 2023, section 3.2 and appendix A): a row's vectors a_k and a bias b become a_k + w_k b, with
w = s / (sum of s + 1e-12) and s chosen by name. The weights are those of the vectors just before b is added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

SHARE_EPSILON = 1e-12
COSINE_EPSILON = 1e-8


def share(vectors: Tensor, bias: Tensor, kind: str) -> None:
    """Add ``bias`` to ``vectors`` [receiver, source, hidden] in place, parted among the sources of each receiver.

    ``bias`` [hidden], or [receiver, hidden] where every receiver has its own; ``kind`` is a name of ``SCORES``.
    """
    vectors.addcmul_(weights(vectors, bias, kind)[..., None].to(vectors.dtype), bias[..., None, :].to(vectors.dtype))


def weights(vectors: Tensor, bias: Tensor, kind: str) -> Tensor:
    """The part of ``bias`` each source of a receiver would get: [receiver, source], rows summing to one."""
    scores = SCORES[kind](vectors, bias)
    return scores / (scores.sum(-1, keepdim=True) + SHARE_EPSILON)


def along(vectors: Tensor, direction: Tensor) -> Tensor:
    """Products of vectors [receiver, source, hidden] with one direction, [hidden] or [receiver, hidden]."""
    direction = direction.to(vectors.dtype)
    # A product with a single vector reads memory once; in a batch of matrices it is some ten times slower.
    found = vectors @ direction if direction.dim() == 1 else torch.stack(list(map(torch.mv, vectors, direction)))
    return found.to(_wide(vectors))


def _wide(vectors: Tensor) -> torch.dtype:
    """Weights are never rounded to bfloat16: they have to sum to one."""
    return torch.float32 if vectors.dtype == torch.bfloat16 else vectors.dtype


def _lengths(vectors: Tensor) -> Tensor:
    lengths: Tensor = torch.linalg.vector_norm(vectors, dim=-1, dtype=_wide(vectors))
    return lengths


def _absdot(vectors: Tensor, bias: Tensor) -> Tensor:
    return along(vectors, bias).abs_()


def _abssim(vectors: Tensor, bias: Tensor) -> Tensor:
    """|cos|; a vector of exact zeros has product zero, so it gets no share."""
    lengths = _lengths(vectors).clamp_min_(COSINE_EPSILON)
    whole = torch.linalg.vector_norm(bias, dim=-1, keepdim=True).clamp_min_(COSINE_EPSILON)
    return along(vectors, bias).abs_().div_(lengths * whole)


def _norm(vectors: Tensor, _: Tensor) -> Tensor:
    return _lengths(vectors)


def _equal(vectors: Tensor, _: Tensor) -> Tensor:
    """One for every source but those that send exactly nothing, which padding does."""
    return (_lengths(vectors) != 0).to(_wide(vectors))


def _only(place: int) -> Callable[[Tensor, Tensor], Tensor]:
    def scores(vectors: Tensor, _: Tensor) -> Tensor:
        one = vectors.new_zeros(vectors.shape[:-1], dtype=_wide(vectors))
        one[..., place] = 1
        return one

    return scores


SCORES: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "absdot": _absdot,
    "dot": along,
    "abssim": _abssim,
    "norm": _norm,
    "equal": _equal,
    "cls": _only(0),
    "token": _only(-1),  # a source of its own, behind all tokens
}
