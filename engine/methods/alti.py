"""ALTI: how near what each word contributes comes to what the attention block makes of all of them.

Ferrando, Gállego and Costa-jussà, EMNLP 2022, section 3. The length of the block's real output less the distance of
one word's vector from it is the word's contribution; clamped at zero and divided by the row's sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.attribution import Attribution
from engine.descriptions import head_vectors_cost
from engine.errors import MethodError
from engine.forecast import Cost
from engine.registry import Choice, Citation, attribution_method

if TYPE_CHECKING:
    from torch import Tensor

    from engine.attribution import MethodInput
    from engine.forecast import Size
    from engine.frozen import FrozenBlock

# The published program adds this to every component of a difference (torch's pairwise distance does).
DISTANCE_EPSILON = 1e-6
ORDERS = {"l1": 1, "l2": 2}


def distances_cost(size: Size, parameters: Mapping[str, Any]) -> Cost:
    """A distance for every pair of tokens in every layer."""
    return head_vectors_cost(size, parameters) + Cost(size.layers * size.tokens**2 * size.heads * size.hidden, 0)


@attribution_method(
    id="alti",
    label="ALTI",
    sentence="Measures how near each word alone comes to what a layer's attention makes of all of them.",
    can_say="From which words the states were mixed, layer by layer, residual and first LayerNorm included.",
    cannot_say="Whether a word spoke for or against the answer; it is the same for every class.",
    citation=Citation(
        "Ferrando, Gállego and Costa-jussà",
        2022,
        "Measuring the mixing of contextual information in the transformer",
        "EMNLP 2022",
    ),
    signed=False,
    class_specific=False,
    unit="fraction",
    common=True,
    parameters=(
        Choice(
            name="norm",
            label="Distance",
            help="l1: the sum of absolute differences, as published; l2: the straight line, an ablation of the paper.",
            values=("l1", "l2"),
            default="l1",
        ),
        Choice(
            name="second_layernorm",
            label="Second LayerNorm",
            help="on: carry the vectors through the second LayerNorm too; compare them with the layer's output.",
            values=("off", "on"),
            default="off",
        ),
    ),
    cost=distances_cost,
)
def alti(given: MethodInput) -> Attribution:
    """Contributions C as maps [layer, receiver, source], rows summing to one; their product is the rollout.

    In pre-norm models the attention block's output is the residual stream itself, which no norm follows (as in
    Ferrando et al. 2023, "Explaining how transformers use context to build predictions", ACL 2023). Raises
    MethodError where a second LayerNorm is asked of such a model.
    """
    import torch

    from engine.flow import rollout

    order, second = ORDERS[given.parameters["norm"]], given.parameters["second_layernorm"] == "on"
    if second and given.opened.family.block.norm_first:
        raise MethodError(
            "second_layernorm does not fit this model",
            "Its LayerNorms stand in front of attention and feed-forward; none follows the sum of the words.",
            "Set second_layernorm=off.",
        )
    maps = []
    for number, block in enumerate(given.network.blocks):
        output = given.network.states(number + 1) if second else block.resultant  # [receiver, hidden]
        maps.append(_contributions(given, block, output, order, second=second))
    stacked = torch.stack(maps)
    mixed = rollout(stacked)
    return Attribution(scores=given.read(mixed), layer_maps=stacked, rollout=mixed)


def _contributions(given: MethodInput, block: FrozenBlock, output: Tensor, order: int, *, second: bool) -> Tensor:
    """Row-normalised contributions of one layer, [receiver, source].

    A row whose every word is further away than the output is long passes everything straight on, where the published
    program divides zero by zero.
    """
    import torch

    from engine.flow import row_shares
    from engine.gram import SOURCES_AT_ONCE, coefficients, source_vectors, to_resultant

    mapped, sigma = to_resultant(block, second=second)
    mixing = coefficients(block).to(output.dtype) / sigma[:, None]  # [source, receiver, part]
    lengths = torch.linalg.vector_norm(output, order, dim=-1)  # [receiver]
    shifted = DISTANCE_EPSILON - output
    near = output.new_empty(len(output), len(output))
    for start in range(0, len(output), SOURCES_AT_ONCE):
        given.context.raise_if_cancelled()
        some = slice(start, start + SOURCES_AT_ONCE)
        vectors = mapped(source_vectors(block, some, residual=True))  # [source, part, hidden]
        apart = torch.baddbmm(shifted.expand(len(vectors), -1, -1), mixing[some], vectors)  # [source, receiver, hidden]
        near[:, some] = lengths[:, None] - torch.linalg.vector_norm(apart, order, dim=-1).T
    return row_shares(near.clamp_min_(0))
