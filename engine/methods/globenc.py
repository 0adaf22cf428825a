"""GlobEnc: norms of what each word contributes to each word over the whole encoder layer, rolled out.

Modarressi, Fayyaz, Yaghoobzadeh and Pilehvar, NAACL 2022, section 3. The norms come from small Gram matrices
(``engine.gram``) and equal the published program's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.attribution import Attribution
from engine.registry import Choice, Citation, attribution_method

if TYPE_CHECKING:
    from torch import Tensor

    from engine.attribution import MethodInput
    from engine.frozen import FrozenBlock


@attribution_method(
    id="globenc",
    label="GlobEnc",
    sentence="Measures how much of every word is in every other after each layer, and follows it through all of them.",
    can_say="How strongly the words were mixed into the state the answer is read from.",
    cannot_say="Whether a word spoke for or against the answer; it is the same for every class.",
    citation=Citation(
        "Modarressi, Fayyaz, Yaghoobzadeh and Pilehvar",
        2022,
        "GlobEnc: Quantifying global token attribution by incorporating the whole encoder layer in transformers",
        "NAACL 2022",
    ),
    signed=False,
    class_specific=False,
    unit="fraction",
    parameters=(
        Choice(
            name="map",
            label="Measured after",
            help="N: attention × values; N_Res: + residual; N_ResLN: + LayerNorm 1; N_Enc: whole layer, as published.",
            values=("N_Enc", "N_ResLN", "N_Res", "N"),
            default="N_Enc",
        ),
    ),
)
def globenc(given: MethodInput) -> Attribution:
    """Raw norms as maps, their plain product as rollout; ``mixing_ratio`` [layer, token] of the chosen map."""
    import torch

    from engine.flow import rollout

    chosen = given.parameters["map"]
    maps, ratios = [], []
    for block in given.network.blocks:
        given.context.raise_if_cancelled()
        layer_map, ratio = _layer(block, chosen)
        maps.append(layer_map)
        ratios.append(ratio)
    stacked = torch.stack(maps)
    mixed = rollout(stacked)
    return Attribution(
        scores=mixed[-1, given.position],
        layer_maps=stacked,
        rollout=mixed,
        extra={"mixing_ratio": torch.stack(ratios)},
    )


def _layer(block: FrozenBlock, chosen: str) -> tuple[Tensor, Tensor]:
    """Norms [receiver, source] and mixing ratios [token] of one layer.

    ratio = m / (m + p): m is the norm of everything a word gets from the others, p of what it keeps (section 3.2).
    """
    from engine.gram import coefficients, pair_norms, source_vectors

    mapped = source_vectors(block, residual=chosen != "N")  # [source, part, hidden]
    scale = block.states.new_ones(len(block.states))
    if chosen in ("N_ResLN", "N_Enc"):
        mapped, scale = block.norm_1.centred(mapped), scale * block.norm_1.sigma
    if chosen == "N_Enc":
        mapped, scale = block.norm_2.centred(mapped), scale * block.norm_2.sigma
    norms = pair_norms(mapped, coefficients(block)) / scale[:, None]

    heads = len(block.attention)
    whole = (block.attention @ mapped[:, :heads].transpose(0, 1)).sum(0) + mapped[:, heads]  # [receiver, hidden]
    own_weights = block.attention.diagonal(dim1=1, dim2=2).T  # [token, head]
    own = (own_weights[:, None] @ mapped[:, :heads])[:, 0] + mapped[:, heads]  # [token, hidden]
    others = (whole - own).norm(dim=-1)
    return norms, others / (others + own.norm(dim=-1))
