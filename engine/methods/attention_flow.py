"""Attention flow: how much could run from each input word to a state, if attention were a network of pipes.

Abnar and Zuidema, ACL 2020, section 3; the maps beyond their own as in the comparison of GlobEnc (Modarressi et al.,
NAACL 2022, section 4).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.attribution import Attribution
from engine.errors import MethodError, TextError
from engine.forecast import Cost, Size
from engine.registry import Choice, Citation, attribution_method

if TYPE_CHECKING:
    from torch import Tensor

    from engine.attribution import MethodInput

# There is a flow for every pair of tokens in every layer, each through all layers below.
MOST_TOKENS = 32
# A search takes as long as so many multiply-adds of a pass, and as so many more per pipe (measured).
SEARCH_WORK, PIPE_WORK = 4e6, 400.0


def searches_cost(size: Size, _: Mapping[str, Any]) -> Cost:
    """A search for every pair of tokens in every layer but the first, through all pipes below."""
    pipes = size.tokens**2 * (size.layers + 2) / 2
    searches = (size.layers - 1) * size.tokens**2
    return Cost(searches * (SEARCH_WORK + PIPE_WORK * pipes), 2 * size.layers * size.tokens**2)


@attribution_method(
    id="attention_flow",
    label="Attention flow",
    sentence="Treats attention as a network of pipes and measures how much could run from each word to a state.",
    can_say="From which words a state can be reached by wide ways through all layers.",
    cannot_say="Why the model gave this answer; it is the same for every class and knows no against.",
    citation=Citation("Abnar and Zuidema", 2020, "Quantifying attention flow in transformers", "ACL 2020"),
    signed=False,
    class_specific=False,
    unit="fraction",
    parameters=(
        Choice(
            name="map",
            label="Width of a pipe",
            help="W_FixedRes: half attention, half the word itself (2020); W: attention; W_Res: the word itself by"
            " GlobEnc's mixing ratio; N_FixedRes: half attention × values; N_Enc: GlobEnc's map.",
            values=("W_FixedRes", "W", "W_Res", "N_FixedRes", "N_Enc"),
            default="W_FixedRes",
        ),
    ),
    cost=searches_cost,
)
def attention_flow(given: MethodInput) -> Attribution:
    """Pipe widths as maps; the rollout holds every layer's flows to the input, rows divided by their sums.

    Raises TextError for more than 32 tokens, MethodError for a map that needs a second LayerNorm the model lacks.
    """
    import torch

    from engine.flow import row_shares
    from engine.maxflow import maximum_flows

    tokens = len(given.capture.input_ids)
    if tokens > MOST_TOKENS:
        raise TextError(
            "The text is too long for attention flow",
            f"It has {tokens} pieces; this method reads at most {MOST_TOKENS}, for every pair needs a search.",
            "Shorten it, or choose attention rollout.",
        )
    maps = torch.stack([_map(given, layer) for layer in range(len(given.network.blocks))])

    def step(layer: int, receiver: int) -> None:
        given.context.raise_if_cancelled()
        given.context.progress((layer + receiver / tokens) / len(maps), f"Searching ways from layer {layer + 1}")

    found = maximum_flows(maps.cpu().numpy(), step)
    flows = row_shares(torch.as_tensor(found, dtype=maps.dtype, device=maps.device))
    return Attribution(scores=given.read(flows), layer_maps=maps, rollout=flows, follows_maps=False)


def _map(given: MethodInput, layer: int) -> Tensor:
    """The chosen widths of one layer, [receiver, source]."""
    import torch

    from engine.flow import row_shares
    from engine.gram import norms_and_ratios

    given.context.raise_if_cancelled()
    chosen, block = given.parameters["map"], given.network.blocks[layer]
    if chosen in ("W_Res", "N_Enc") and given.opened.family.block.norm_first:
        raise MethodError(
            "This map does not fit this model",
            f"{chosen} follows vectors through a LayerNorm behind the feed-forward, and there is none.",
            "Set map=W_FixedRes.",
        )
    identity = torch.eye(len(block.states), dtype=block.states.dtype, device=block.states.device)
    attention = block.attention.mean(0)
    match chosen:
        case "W":
            return attention
        case "W_FixedRes":
            return (attention + identity) / 2
        case "W_Res":
            _, ratios = norms_and_ratios(block, "N_Enc")
            others = row_shares(attention * (1 - identity))
            return ratios[:, None] * others + (1 - ratios)[:, None] * identity
        case "N_FixedRes":
            return (row_shares(norms_and_ratios(block, "N")[0]) + identity) / 2
        case _:
            return norms_and_ratios(block, "N_Enc")[0]
