"""The model asked again about a text with some of its tokens taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import torch

from engine.descriptions import TOKENS_AT_ONCE

if TYPE_CHECKING:
    from torch import Tensor

Removed = tuple[int, ...]


def batches(removed: Sequence[Removed], tokens: int, *, is_closed_up: bool, read: int) -> Iterator[list[int]]:
    """Which variants go through the model together: as many as fit, all of one length and read at one place.

    ``removed`` are the tokens each variant lacks; ``is_closed_up`` tells that the rest moves up, ``read`` is the token
    the answer is read from.
    """
    alike: dict[tuple[int, int], list[int]] = {}
    for variant, places in enumerate(removed):
        gone = (len(places), sum(place < read for place in places)) if is_closed_up else (0, 0)
        alike.setdefault(gone, []).append(variant)
    for (gone_tokens, _), variants in alike.items():
        step = max(1, TOKENS_AT_ONCE // max(1, tokens - gone_tokens))
        for begin in range(0, len(variants), step):
            yield variants[begin : begin + step]


def inputs_without(inputs: Mapping[str, Tensor], removed: Sequence[Removed], mask: int | None) -> dict[str, Tensor]:
    """``inputs`` [1, token] once for every variant: [variant, token].

    Where ``mask`` is None the tokens are deleted, which takes variants that lack equally many; otherwise it stands in
    their place.
    """
    repeated = {name: row.repeat(len(removed), 1) for name, row in inputs.items()}
    is_gone = torch.zeros_like(repeated["input_ids"], dtype=torch.bool)  # [variant, token]
    for variant, places in enumerate(removed):
        is_gone[variant, list(places)] = True
    if mask is not None:
        repeated["input_ids"][is_gone] = mask
        return repeated
    return {name: row[~is_gone].view(len(removed), -1) for name, row in repeated.items()}
