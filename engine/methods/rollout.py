"""Attention rollout (Abnar and Zuidema, ACL 2020)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.attribution import Attribution
from engine.descriptions import first_used, maps_cost, start_layer
from engine.registry import Citation, Number, attribution_method

if TYPE_CHECKING:
    from engine.attribution import MethodInput


@attribution_method(
    id="rollout",
    label="Attention rollout",
    sentence="Follows attention through all layers, letting every word keep a fixed part of itself.",
    can_say="From which words a state could have been mixed, if attention were all there is.",
    cannot_say="Why the model gave this answer; it is the same for every class and knows no against.",
    citation=Citation("Abnar and Zuidema", 2020, "Quantifying attention flow in transformers", "ACL 2020"),
    signed=False,
    class_specific=False,
    unit="fraction",
    common=True,
    parameters=(
        Number(
            name="residual",
            label="Kept by the word itself",
            help="The part of every state that passes straight on; the paper uses one half.",
            low=0.0,
            high=1.0,
            default="0.5",
        ),
        start_layer("0", "The layers before it pass everything straight on."),
    ),
    cost=maps_cost,
)
def attention_rollout(given: MethodInput) -> Attribution:
    """Maps r I + (1 - r) A with A the head mean [layer, receiver, source] (section 3, equation 1).

    Below ``start_layer`` they are the identity.
    """
    import torch

    from engine.flow import rollout

    given.context.raise_if_cancelled()
    kept = given.parameters["residual"]
    attention = torch.stack([block.attention.mean(0) for block in given.network.blocks])
    identity = torch.eye(attention.shape[-1], dtype=attention.dtype, device=attention.device)
    maps = kept * identity + (1 - kept) * attention
    maps[: first_used(given.parameters, len(maps))] = identity
    mixed = rollout(maps)
    return Attribution(scores=given.read(mixed), layer_maps=maps, rollout=mixed)
