"""How each component of a layer mixes the tokens: norms of what every source contributes after it.

The four maps of the attention block are those of GlobEnc (Modarressi et al. 2022, section 3): attention, attention x
values, + residual, + LayerNorm 1, without biases but the value bias. The last three follow the same vectors through the
feed-forward with its activation ratio frozen; they need a feed-forward per pair of tokens and are made on demand.
In pre-norm families "LayerNorm 1" is the norm in front of the feed-forward, and the layer ends with the residual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.contract import FEED_FORWARD_COMPONENTS
from engine.gram import coefficients, gram_matrices, pair_norms, source_vectors, unchanged

if TYPE_CHECKING:
    from engine.context import RunContext
    from engine.frozen import FrozenBlock, FrozenNetwork

# Pairs of tokens pushed through the feed-forward at once: bounds memory, and the time until a cancel is noticed.
PAIRS_AT_ONCE = 1024


def attention_components(network: FrozenNetwork, context: RunContext) -> dict[str, Tensor]:
    """attention, attention_values, residual_1 and layernorm_1, each [layer, receiver, source]."""
    maps: dict[str, list[Tensor]] = {"attention": [], "attention_values": [], "residual_1": [], "layernorm_1": []}
    for block in network.blocks:
        context.raise_if_cancelled()
        mixing = coefficients(block)
        plain = gram_matrices(block, unchanged, residual=True)
        norm = block.norm_after_attention
        centred = gram_matrices(block, norm.centred, residual=True)
        maps["attention"].append(block.attention.mean(0))
        maps["attention_values"].append(pair_norms(plain[:, :-1, :-1], mixing[..., :-1]))
        maps["residual_1"].append(pair_norms(plain, mixing))
        maps["layernorm_1"].append(pair_norms(centred, mixing) / norm.sigma[:, None])
    dtype = network.final_states.dtype
    return {name: torch.stack(layers).to(dtype) for name, layers in maps.items()}


def feed_forward_components(block: FrozenBlock, context: RunContext) -> dict[str, Tensor]:
    """feed_forward, residual_2 and layer of one block, each [receiver, source]."""
    tokens = len(block.states)
    mixing = coefficients(block).to(block.states.dtype)
    maps = {name: block.states.new_empty(tokens, tokens) for name in FEED_FORWARD_COMPONENTS}
    step = max(1, PAIRS_AT_ONCE // tokens)
    for start in range(0, tokens, step):
        context.raise_if_cancelled()
        some = slice(start, start + step)  # sources of this chunk
        sent = mixing[some] @ source_vectors(block, some, residual=True)  # [source, receiver, hidden]
        for name, made in zip(FEED_FORWARD_COMPONENTS, block.push_rest(sent), strict=True):
            maps[name][:, some] = made.norm(dim=-1).T
    return maps
