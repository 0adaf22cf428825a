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
    from engine.gram import Linear


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
    from torch.nn.functional import linear

    from engine.gram import coefficients, gram_matrices, pair_norms

    residual = chosen != "N"
    mapped, scale = _measured(block, chosen)
    mixing = coefficients(block) if residual else coefficients(block)[..., :-1]
    norms = pair_norms(gram_matrices(block, mapped, residual=residual), mixing) / scale[:, None]

    away = block.attention - block.attention.diagonal(dim1=1, dim2=2).diag_embed()  # [head, receiver, source]
    brought = (away @ block.values).transpose(0, 1).flatten(1)  # [receiver, head * head_size]
    others = mapped(linear(brought, block.output.weight)).norm(dim=-1) / scale
    norms = norms.to(others.dtype)
    return norms, others / (others + norms.diagonal())


def _measured(block: FrozenBlock, chosen: str) -> tuple[Linear, Tensor]:
    """The linear map in front of the norm, and the deviation [receiver] the norm is divided by."""
    from engine.gram import behind_norms

    if chosen in ("N_Enc", "N_ResLN"):
        return behind_norms(block, second=chosen == "N_Enc")
    return lambda vectors: vectors, block.norm_1.sigma.new_ones(len(block.norm_1.sigma))
