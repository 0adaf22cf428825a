"""Raw attention weights, averaged over heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.attribution import Attribution
from engine.descriptions import maps_cost
from engine.registry import Citation, attribution_method

if TYPE_CHECKING:
    from engine.attribution import MethodInput


@attribution_method(
    id="attention",
    label="Attention",
    sentence="Shows where each word looks, averaged over the heads of a layer.",
    can_say="Which words a layer reads from, and how evenly.",
    cannot_say="What is done with what was read: a word looked at may still change nothing.",
    citation=Citation(
        "Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser and Polosukhin",
        2017,
        "Attention is all you need",
        "NeurIPS 2017",
    ),
    signed=False,
    class_specific=False,
    unit="fraction",
    common=True,
    parameters=(),
    cost=maps_cost,
)
def attention(given: MethodInput) -> Attribution:
    """Head means as maps [layer, receiver, source]; scores are the last layer's row of the explained position."""
    import torch

    from engine.flow import rollout

    given.context.raise_if_cancelled()
    maps = torch.stack([block.attention.mean(0) for block in given.network.blocks])
    return Attribution(scores=given.read(maps), layer_maps=maps, rollout=rollout(maps))
