"""Beyond Intuition, token-wise (BT-token): attention scaled by how much each word's value vector weighs.

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
    return gradient_cost(size, 1, parameters["steps"])


@attribution_method(
    id="beyond_intuition_token",
    label="Beyond Intuition (token)",
    sentence="Multiplies what could reach the answer, attention weighted by the size of each word's value vector, "
    "by how much more attention would raise it.",
    can_say="Which words the last layers pass on towards this answer, and that more attention to them would help it.",
    cannot_say="Which words speak against it: all scores are 0 or more and add up to nothing. The position the answer "
    "is read at always gets 0.",
    citation=BEYOND_INTUITION,
    signed=False,
    class_specific=True,
    unit="fraction",
    parameters=(
        path_steps("20", 2, "At how many strengths of the input, from nothing to the real one, the gradient is taken."),
        start_layer("-4", "Published for text: the last four."),
    ),
    cost=_cost,
    common=True,
    preview=few_steps,
    preview_note="a coarser path of four steps",
)
def beyond_intuition_token(given: MethodInput) -> Attribution:
    """C = head mean of A, each column times |W_o v| / |z|; scores are the read-out of R * F.

    W_o v is the whole value vector, its bias included, through the output projection without bias; z the state that
    enters the layer, in pre-norm layers before their LayerNorm. ``extra``: ``token_ratio`` [layer, source], 0 where a
    layer is not used, and ``feedback`` F [receiver, source].
    """
    import torch

    from engine.perception import attention_gradients, feedback, perceived, whole_depth

    first = first_used(given.parameters, len(given.capture.layers))
    ratio = torch.stack([_value_ratio(given, layer) for layer in range(first, len(given.capture.layers))])
    maps = whole_depth(given, given.capture.attention[first:].mean(1) * ratio[:, None])  # [layer, receiver, source]
    weighing = feedback(attention_gradients(given, -1, given.parameters["steps"])[:, 0])
    extra = {"token_ratio": whole_depth(given, ratio), "feedback": weighing[-1]}
    return perceived(given, lambda _row: maps, weighing, extra)


def _value_ratio(given: MethodInput, layer: int) -> Tensor:
    """|W_o v| / |z| of every source, [source]."""
    import torch

    record = given.capture.layers[layer]
    values = record.values.transpose(0, 1).flatten(1)  # [source, head * head_size]
    carried = values @ given.opened.layers[layer].attention_output.weight.T
    ratio: Tensor = torch.linalg.vector_norm(carried, dim=-1) / torch.linalg.vector_norm(record.states, dim=-1)
    return ratio
