"""Beyond Intuition, head-wise (BT-head): attention with its heads weighted by how much they matter to the answer.

Chen, Li, Yu, Dou and Xiong, TMLR 2023.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.attribution import Attribution
from engine.descriptions import BEYOND_INTUITION, few_steps, first_used, gradient_cost, path_steps, start_layer
from engine.registry import attribution_method

if TYPE_CHECKING:
    from torch import Tensor

    from engine.attribution import MethodInput
    from engine.forecast import Cost, Size


def _cost(size: Size, parameters: Mapping[str, Any]) -> Cost:
    plain = gradient_cost(size, size.layers - first_used(parameters, size.layers), 1)
    return plain + gradient_cost(size, 1, parameters["steps"])


@attribution_method(
    id="beyond_intuition_head",
    label="Beyond Intuition (head)",
    sentence="Multiplies what could reach the answer, attention with its heads weighted by what they do for it, "
    "by how much more attention would raise it.",
    can_say="Which words the heads that matter pass on towards this answer, and which heads those are.",
    cannot_say="Which words speak against it: all scores are 0 or more and add up to nothing. The position the answer "
    "is read at always gets 0. Padding changes the weights of the heads: use unpadded text.",
    citation=BEYOND_INTUITION,
    signed=False,
    class_specific=True,
    unit="fraction",
    parameters=(
        path_steps("20", 2, "At how many strengths of the input, from nothing to the real one, the gradient is taken."),
        start_layer("-1", "Published for text: the last layer alone."),
    ),
    cost=_cost,
    preview=few_steps,
    preview_note="a coarser path of four steps",
)
def beyond_intuition_head(given: MethodInput) -> Attribution:
    """C = sum over heads of w A with w from the mean of |A^T G|; scores are the read-out of R * F.

    Masked columns of G are not zero, although their attention is: they are part of that mean, as in the published
    program. ``extra``: ``head_weights`` [layer, head], 0 where a layer is not used, ``feedback`` F [receiver, source].
    """
    from engine.perception import attention_gradients, feedback, perceived, whole_depth

    first = first_used(given.parameters, len(given.capture.layers))
    attention = given.capture.attention[first:]  # [layer, head, receiver, source]
    gradients = attention_gradients(given, first)
    weighing = feedback(attention_gradients(given, -1, given.parameters["steps"])[:, 0])

    def maps_of(row: int) -> Tensor:
        weights = _head_weights(attention, gradients[row])
        return whole_depth(given, (weights[..., None, None] * attention).sum(1))

    extra = {"head_weights": whole_depth(given, _head_weights(attention, gradients[-1])), "feedback": weighing[-1]}
    return perceived(given, maps_of, weighing, extra)


def _head_weights(attention: Tensor, gradients: Tensor) -> Tensor:
    """Weights summing to one over the heads of a layer, [layer, head]; all 0 where no head matters."""
    importance = (attention.mT @ gradients).abs().mean((-2, -1))
    total = importance.sum(-1, keepdim=True)
    return importance / total.masked_fill(total == 0, 1)
