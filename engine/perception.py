"""What methods share that weight attention by gradients: gradients of the answers, perception, and the reading out.

Chen, Li, Yu, Dou and Xiong, TMLR 2023 ("Beyond intuition: rethinking token attributions inside transformers"); the
product over layers goes back to Chefer, Gur and Wolf, ICCV 2021. A *row* here is one explained class; the last row is
what is explained itself, a class alone or one class less another. Gradients take every attention weight as a free
variable: they do not pass back through that layer's softmax.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.attribution import Attribution
from engine.descriptions import TOKENS_AT_ONCE
from engine.passes import EMBEDDING, run_again

if TYPE_CHECKING:
    from engine.attribution import MethodInput


def attention_gradients(given: MethodInput, first: int, steps: int = 1) -> Tensor:
    """Gradients of every row in the attention of the layers from ``first`` on: [row, layer, head, receiver, source].

    ``first`` -1 is the last layer. The plain mean over ``steps`` scalings of the states entering the first layer,
    evenly from 0 to 1 with both ends (no trapezoid rule: Chen et al. 2023, reasoning feedback); one step is the real
    input. Raises Cancelled between layers and rows.
    """
    like = given.capture.attention  # [layer, head, receiver, source]
    first = range(len(like))[first]
    scales = torch.linspace(0, 1, steps, dtype=like.dtype, device=like.device) if steps > 1 else like.new_ones(1)
    total = like.new_zeros(len(given.explained), *like[first:].shape)
    at_once = max(1, TOKENS_AT_ONCE // like.shape[-1])
    for start in range(0, steps, at_once):
        given.context.progress(start / steps, "Following the gradient")
        _add_gradients(given, first, scales[start : start + at_once], total)
    total /= steps
    return torch.cat([total, given.towards_target(total)[None]])


def _add_gradients(given: MethodInput, first: int, scales: Tensor, total: Tensor) -> None:
    """Add to ``total`` [class, layer, head, receiver, source] the gradients at these scalings of the input."""
    beside = {name: row.expand(len(scales), -1) for name, row in given.capture.inputs.items()}  # [scale, token]

    # The graph begins one layer below the first wanted: nothing further down is kept, nor differentiated.
    def scaled(states: Tensor) -> Tensor:
        return (states * scales[:, None, None]).requires_grad_(first == 0)

    def begun(layer: int, values: Tensor) -> Tensor:
        return values.requires_grad_() if layer == first - 1 else values

    with torch.enable_grad():
        made = run_again(given, beside, at=EMBEDDING, change=scaled, change_values=begun)
        for number, answer in enumerate(given.explained):
            given.context.raise_if_cancelled()
            gradients = torch.autograd.grad(made.logits[:, answer].sum(), made.weights[first:], retain_graph=True)
            for layer, gradient in enumerate(gradients):
                total[number, layer] += gradient.sum(0)


def feedback(gradients: Tensor) -> Tensor:
    """Reasoning feedback F: the head mean of what is positive, [row, receiver, source].

    Chen et al. 2023; ``gradients`` [row, head, receiver, source] are the last layer's, averaged over the scalings.
    """
    return gradients.clamp_min(0).mean(1)


def perception(maps: Tensor) -> Tensor:
    """R of every layer from the maps C: R = R + C R, starting at the identity; [layer, receiver, source].

    Chefer, Gur and Wolf 2021 (ICCV), equation 6; Chen et al. 2023, attention perception. Rows are not normalised.
    """
    mixed = torch.eye(maps.shape[-1], dtype=maps.dtype, device=maps.device)
    products = []
    for layer in maps:
        mixed = mixed + layer @ mixed
        products.append(mixed)
    return torch.stack(products)


def read_out(given: MethodInput, matrices: Tensor) -> Tensor:
    """What the answer reads of ``matrices`` [row, receiver, source]: [row, source].

    The row of the position that is read, the entry of that position itself zero, as published for BERT's [CLS]; the
    mean of the receivers where the model answers from the mean of all states.
    """
    if given.opened.mean_pooling:
        return given.capture.pooling @ matrices
    read = matrices[:, given.position].clone()
    read[:, given.position] = 0
    return read


def perceived(
    given: MethodInput,
    maps_of: Callable[[int], Tensor],
    weighing: Tensor | None = None,
    extra: Mapping[str, Tensor] | None = None,
) -> Attribution:
    """The attribution of all rows: perception from ``maps_of(row)``, times ``weighing``, read out.

    ``maps_of`` gives C of every layer [layer, receiver, source], 0 where a layer is not used; ``weighing``
    [row, receiver, source]. Raises Cancelled between rows.
    """
    scores = []
    maps = mixed = given.capture.attention.new_empty(0)
    for row in range(len(given.explained) + 1):
        given.context.raise_if_cancelled()
        maps = maps_of(row)
        mixed = perception(maps)
        final = mixed[-1] if weighing is None else mixed[-1] * weighing[row]
        scores.append(read_out(given, final[None])[0])
    return Attribution(
        scores=scores[-1],
        scores_all=torch.stack(scores[:-1]),
        layer_maps=maps,
        rollout=mixed,
        follows_maps=False,
        extra=extra or {},
    )


def whole_depth(given: MethodInput, used: Tensor) -> Tensor:
    """``used`` [layer used, ...] with zeros for the layers before them: [layer, ...]."""
    layers = len(given.capture.layers)
    return torch.cat([used.new_zeros(layers - len(used), *used.shape[1:]), used])
