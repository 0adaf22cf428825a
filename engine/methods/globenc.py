"""GlobEnc: norms of what each word contributes to each word over the whole encoder layer, rolled out.

Modarressi, Fayyaz, Yaghoobzadeh and Pilehvar, NAACL 2022, section 3. The norms come from small Gram matrices
(``engine.gram``) and equal the published program's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.attribution import Attribution
from engine.descriptions import head_vectors_cost
from engine.registry import Choice, Citation, attribution_method

if TYPE_CHECKING:
    from engine.attribution import MethodInput
    from engine.registry import Traits


def unfit(traits: Traits) -> str | None:
    """Its measure goes through both norms of a layer, one after the other."""
    if traits.norm_first:
        return "GlobEnc measures behind the two LayerNorms that end a layer; this model's stand inside its layers."
    return None


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
    common=True,
    parameters=(
        Choice(
            name="map",
            label="Measured after",
            help="N: attention × values; N_Res: + residual; N_ResLN: + LayerNorm 1; N_Enc: whole layer, as published.",
            values=("N_Enc", "N_ResLN", "N_Res", "N"),
            default="N_Enc",
        ),
    ),
    unfit=unfit,
    cost=head_vectors_cost,
)
def globenc(given: MethodInput) -> Attribution:
    """Raw norms as maps, their plain product as rollout; ``mixing_ratio`` [layer, token] of the chosen map."""
    import torch

    from engine.flow import rollout
    from engine.gram import norms_and_ratios

    layers = []
    for block in given.network.blocks:
        given.context.raise_if_cancelled()
        layers.append(norms_and_ratios(block, given.parameters["map"]))
    maps, ratios = (torch.stack(column) for column in zip(*layers, strict=True))
    mixed = rollout(maps)
    return Attribution(
        scores=given.read(mixed),
        layer_maps=maps,
        rollout=mixed,
        extra={"mixing_ratio": ratios},
    )
