"""Norms of what each word brings each word: attention weighs, but the vectors it weighs differ in length.

Kobayashi, Kuribayashi, Yokoi and Inui, EMNLP 2020 (attention x values) and EMNLP 2021 (+ residual, + LayerNorm).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.attribution import Attribution
from engine.descriptions import head_vectors_cost
from engine.registry import Choice, Citation, attribution_method

if TYPE_CHECKING:
    from engine.attribution import MethodInput


@attribution_method(
    id="norms",
    label="Vector norms",
    sentence="Measures the length of what every word brings every other in each layer's attention.",
    can_say="How much of each word really arrives, not only how much it is looked at, and how much each word keeps.",
    cannot_say="Whether a word spoke for or against the answer; it is the same for every class.",
    citation=Citation(
        "Kobayashi, Kuribayashi, Yokoi and Inui",
        2021,
        "Incorporating residual and normalization layers into analysis of masked language models",
        "EMNLP 2021",
    ),
    signed=False,
    class_specific=False,
    unit="fraction",
    parameters=(
        Choice(
            name="map",
            label="Measured after",
            help="N: attention × values (2020); N_Res: + residual; N_ResLN: + LayerNorm 1 (2021).",
            values=("N_ResLN", "N_Res", "N"),
            default="N_ResLN",
        ),
        Choice(
            name="epsilon",
            label="LayerNorm's epsilon",
            help="model: as the model computes; none: left out, as the ALTI paper's comparison does.",
            values=("model", "none"),
            default="model",
        ),
    ),
    cost=head_vectors_cost,
)
def norms(given: MethodInput) -> Attribution:
    """Raw norms as maps; the rollout multiplies rows divided by their sums; ``mixing_ratio`` [layer, token]."""
    import torch

    from engine.flow import rollout, row_shares
    from engine.gram import norms_and_ratios

    place, bare = given.parameters["map"], given.parameters["epsilon"] == "none"
    layers = []
    for block in given.network.blocks:
        given.context.raise_if_cancelled()
        made, ratios = norms_and_ratios(block, place)
        norm = block.norm_after_attention
        if bare and place == "N_ResLN":
            made = made * (norm.sigma / norm.bare_sigma())[:, None]
        layers.append((made, ratios))
    maps, ratios = (torch.stack(column) for column in zip(*layers, strict=True))
    mixed = rollout(row_shares(maps))
    return Attribution(scores=given.read(mixed), layer_maps=maps, rollout=mixed, extra={"mixing_ratio": ratios})
