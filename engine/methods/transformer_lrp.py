"""Transformer attribution: relevance of the attention weights times their gradient, carried through the layers.

Chefer, Gur and Wolf, CVPR 2021; the text form of their own program, whose rollout divides rows by their sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.attribution import Attribution
from engine.descriptions import first_used, gradient_cost, post_norm_only, relevance_cost, relevance_rules, start_layer
from engine.forecast import Cost
from engine.registry import Citation, attribution_method

if TYPE_CHECKING:
    from engine.attribution import MethodInput
    from engine.forecast import Size


def _cost(size: Size, parameters: Mapping[str, Any]) -> Cost:
    used = size.layers - first_used(parameters, size.layers)
    gradient, relevance = gradient_cost(size, used, 1), relevance_cost(size, parameters)
    # One after the other, while the gradients found stay.
    found = (size.explained + 1) * used * size.heads * size.tokens**2
    return Cost(gradient.work + relevance.work, max(gradient.numbers, found + relevance.numbers))


@attribution_method(
    id="transformer_lrp",
    label="Transformer attribution (LRP)",
    sentence="Hands the answer's relevance down to the attention weights and keeps what their gradient confirms.",
    can_say="Which words the answer's relevance and its gradient both lead to.",
    cannot_say="Which words speak against it: all scores are 0 or more and add up to nothing. The position the answer "
    "is read at always gets 0.",
    citation=Citation(
        "Chefer, Gur and Wolf", 2021, "Transformer interpretability beyond attention visualization", "CVPR 2021"
    ),
    signed=False,
    class_specific=True,
    unit="fraction",
    parameters=(
        relevance_rules("ours", "The default is the paper's own."),
        start_layer("-1", "Published for text: the last layer alone."),
    ),
    cost=_cost,
    unfit=post_norm_only,
)
def transformer_lrp(given: MethodInput) -> Attribution:
    """C = head mean of [G * relevance of A]+, (C + I) with rows divided by their sums, their product read out."""
    import torch

    from engine.flow import rollout, row_shares
    from engine.perception import attention_gradients, read_out
    from engine.relevance import explained_relevance

    first = first_used(given.parameters, len(given.capture.layers))
    gradients = attention_gradients(given, first)  # [row, layer, head, receiver, source]
    relevance = explained_relevance(given, given.parameters["rules"], first)  # the same axes
    maps = (gradients * relevance).clamp_min(0).mean(2)
    identity = torch.eye(maps.shape[-1], dtype=maps.dtype, device=maps.device)
    mixed = torch.stack([rollout(row_shares(row + identity))[-1] for row in maps])  # [row, receiver, source]
    scores = read_out(given, mixed)
    return Attribution(scores=scores[-1], scores_all=scores[:-1])
