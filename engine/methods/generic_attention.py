"""Generic attention explainability: attention times its gradient, carried through the layers.

Chefer, Gur and Wolf, ICCV 2021, equations 5 and 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.attribution import Attribution
from engine.descriptions import first_used, gradient_cost, path_steps, start_layer
from engine.registry import Citation, attribution_method

if TYPE_CHECKING:
    from torch import Tensor

    from engine.attribution import MethodInput
    from engine.forecast import Cost, Size


def _cost(size: Size, parameters: Mapping[str, Any]) -> Cost:
    return gradient_cost(size, size.layers - first_used(parameters, size.layers), parameters["steps"])


@attribution_method(
    id="generic_attention",
    label="Generic attention",
    sentence="Keeps the attention whose increase would raise the answer and carries it through the layers.",
    can_say="To which words attention was paid that helped this answer.",
    cannot_say="Which words speak against it: all scores are 0 or more and add up to nothing. The position the answer "
    "is read at always gets 0.",
    citation=Citation(
        "Chefer, Gur and Wolf",
        2021,
        "Generic attention-model explainability for interpreting bi-modal and encoder-decoder transformers",
        "ICCV 2021",
    ),
    signed=False,
    class_specific=True,
    unit="fraction",
    parameters=(
        path_steps(
            "1",
            1,
            "1: the gradient at the real input, as published. More: its mean over as many strengths of the input, "
            "from nothing to the real one, as in Beyond Intuition; no paper measured that.",
        ),
        start_layer("-1", "Published for text: the last layer alone; the paper's rule runs through all of them (0)."),
    ),
    cost=_cost,
)
def generic_attention(given: MethodInput) -> Attribution:
    """C = head mean of [G * A]+; scores are the read-out of R."""
    from engine.perception import attention_gradients, perceived, whole_depth

    first = first_used(given.parameters, len(given.capture.layers))
    attention = given.capture.attention[first:]  # [layer, head, receiver, source]
    gradients = attention_gradients(given, first, given.parameters["steps"])

    def maps_of(row: int) -> Tensor:
        return whole_depth(given, (gradients[row] * attention).clamp_min(0).mean(1))

    return perceived(given, maps_of)
