"""Layer-wise relevance propagation through a post-norm transformer, written out as the authors define it.

Chefer, Gur and Wolf, CVPR 2021 ("Transformer interpretability beyond attention visualization"), section 3: alpha = 1,
beta = 0. Relevance 1 starts at the explained answer and is handed down from every output to its inputs, each by what it
added. Biases, LayerNorms, activations and the softmax hand it on as it is. ``ours`` are the rules of that paper;
``orig`` the plain ones it is compared with, which divide the two signs of a linear map apart and let residuals amplify:
those do not keep the sum. The paper reads [CLS]; other positions and heads are walked through by the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import torch
from torch import Tensor, nn

from engine.descriptions import ORIG, OURS

if TYPE_CHECKING:
    from engine.attribution import MethodInput
    from engine.capture import LayerRecord
    from engine.parts import LayerParts

EPSILON = 1e-9
ANSWERS_AT_ONCE = 8
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True, eq=False)
class Relevance:
    """What arrived in the layers walked through.

    ``attention`` [target, head, receiver, source] of each, the lowest first; ``states`` [target, token, hidden]
    entering that one.
    """

    attention: tuple[Tensor, ...]
    states: Tensor


def divided(relevance: Tensor, total: Tensor) -> Tensor:
    """relevance / (total + 1e-9), and 0 where ``total`` is 0; shapes as they broadcast."""
    below = total + EPSILON
    below = torch.where(below == 0, EPSILON, below)
    return torch.where(total == 0, 0, relevance / below)


def through_linear(relevance: Tensor, entering: Tensor, weight: Tensor, rules: str) -> Tensor:
    """From the outputs of a dense map to its inputs: [target, ..., out] -> [target, ..., in].

    ``entering`` [..., in], ``weight`` [out, in]. Only what pushes an output up counts (the z+ rule of both signs).
    """
    above, below = entering.clamp_min(0), entering.clamp_max(0)
    raising, lowering = weight.clamp_min(0), weight.clamp_max(0)
    up, down = above @ raising.T, below @ lowering.T  # [..., out]
    if rules == OURS:
        share = divided(relevance, up + down)
        return above * (share @ raising) + below * (share @ lowering)
    return above * (divided(relevance, up) @ raising) + below * (divided(relevance, down) @ lowering)


def through_sum(relevance: Tensor, one: Tensor, other: Tensor, rules: str) -> tuple[Tensor, Tensor]:
    """From a sum to its two terms, each the shape of ``relevance`` [target, ...].

    ``ours`` scales the two so that their sums keep the sizes' proportion and together the whole (equation 9).
    """
    share = divided(relevance, one + other)
    first, second = one * share, other * share
    if rules == ORIG:
        return first, second
    inner = tuple(range(1, relevance.dim()))
    whole, sum_1, sum_2 = (part.sum(inner, keepdim=True) for part in (relevance, first, second))
    sizes = sum_1.abs() + sum_2.abs()
    factor_1 = divided(divided(sum_1.abs(), sizes) * whole, sum_1)
    factor_2 = divided(divided(sum_2.abs(), sizes) * whole, sum_2)
    return first * factor_1, second * factor_2


def through_copies(relevances: Sequence[Tensor], copied: Tensor) -> Tensor:
    """From the uses of one tensor back to it: each [target, ...], ``copied`` [...]."""
    return copied * sum(divided(relevance, copied) for relevance in relevances)


def through_product(relevance: Tensor, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """From ``left @ right`` to both, half to each (equation 8 normalises so): [target, ..., row, column]."""
    share = divided(relevance, left @ right)
    return left * (share @ right.mT) / 2, right * (left.mT @ share) / 2


def explained_relevance(given: MethodInput, rules: str, first: int) -> Tensor:
    """Relevance of the attention from layer ``first`` on, for every row: [row, layer, head, receiver, source].

    Rows are the explained classes, then what is explained itself. One class less another is explained as one answer
    whose last weights are the difference of theirs, so that its relevance too starts as 1.
    """
    alone = given.capture.logits.new_zeros(len(given.explained), len(given.capture.logits))
    alone[range(len(alone)), list(given.explained)] = 1
    rows = alone if given.against < 0 else torch.cat([alone, given.towards_target(alone)[None]])
    found = [propagate(given, some, rules, first).attention for some in torch.split(rows, ANSWERS_AT_ONCE)]
    relevance = torch.cat([torch.stack(layers, 1) for layers in found])
    return relevance if given.against >= 0 else torch.cat([relevance, given.towards_target(relevance)[None]])


def propagate(given: MethodInput, targets: Tensor, rules: str, first: int = 0) -> Relevance:
    """Relevance of the logit combinations ``targets`` [target, class], down to the states entering layer ``first``.

    Raises Cancelled between layers.
    """
    relevance = _through_head(given, targets, rules)
    attention: list[Tensor] = []
    pairs = list(zip(given.opened.layers, given.capture.layers, strict=True))[first:]
    for parts, record in reversed(pairs):
        given.context.raise_if_cancelled()
        relevance, weights = _through_layer(relevance, parts, record, rules)
        attention.append(weights)
    return Relevance(tuple(attention[::-1]), relevance)


def _through_head(given: MethodInput, targets: Tensor, rules: str) -> Tensor:
    """From the answers to the last states: [target, token, hidden], all of it at the position read."""
    head, record = given.opened.head, given.capture.head
    states = given.capture.layers[-1].states_out
    at = states[given.position]  # [hidden]
    if given.capture.direction is not None:
        entering, weights = at, targets @ given.capture.direction[None]
    else:
        entering = at if record.activation is None else record.activation
        entering = entering if head.norm is None else head.norm(entering)
        weights = targets @ _there(head.out).weight
    one = targets.new_ones(1, 1)
    # Each target has one output of its own: [target, inner].
    relevance = torch.cat([through_linear(one, entering, row[None], rules) for row in weights])
    if head.dense is not None:
        relevance = through_linear(relevance, at, head.dense.weight, rules)
    placed = states.new_zeros(len(targets), *states.shape)
    placed[:, given.position] = through_copies((relevance,), at)  # reading a state out of all counts as one use of it
    return placed


def _through_layer(relevance: Tensor, parts: LayerParts, record: LayerRecord, rules: str) -> tuple[Tensor, Tensor]:
    """Relevance of the states entering a layer [target, token, hidden] and of its attention."""
    middle = _there(parts.norm_1)(record.norm_1_in)  # [token, hidden]
    fed = nn.functional.linear(record.activation, parts.feed_forward_out.weight, parts.feed_forward_out.bias)
    inner, kept = through_sum(relevance, fed, middle, rules)
    inner = through_linear(inner, record.activation, parts.feed_forward_out.weight, rules)
    inner = through_linear(inner, middle, parts.feed_forward_in.weight, rules)
    relevance = through_copies((inner, kept), middle)
    mixed = record.attention @ record.values  # [head, receiver, head_size]
    beside = _beside(mixed)
    given_out = nn.functional.linear(beside, parts.attention_output.weight, parts.attention_output.bias)
    inner, kept = through_sum(relevance, given_out, record.states, rules)
    inner = through_linear(inner, beside, parts.attention_output.weight, rules)
    attention, values = through_product(_apart(inner, len(mixed)), record.attention, record.values)
    inner = _through_scores(attention, values, parts, record, rules)
    return through_copies((inner, kept), record.states), attention


def _through_scores(attention: Tensor, values: Tensor, parts: LayerParts, record: LayerRecord, rules: str) -> Tensor:
    """From attention [target, head, receiver, source] and values to the states they are made of."""
    states, heads = record.states, len(record.attention)
    query, key = _there(parts.query), _there(parts.key)
    # [head, token, head_size]
    queries, keys = (_apart(nn.functional.linear(states, part.weight, part.bias), heads) for part in (query, key))
    scores = queries @ keys.mT * queries.shape[-1] ** -0.5
    # The mask is added to the scores; where it is not zero no relevance arrives.
    attention, _ = through_sum(attention, scores, torch.zeros_like(scores), rules)
    asked, answered = through_product(attention, queries, keys.mT)
    uses = ((asked, query), (answered.mT, key), (values, parts.value))
    return through_copies([through_linear(_beside(part), states, map_.weight, rules) for part, map_ in uses], states)


def _there(part: Part | None) -> Part:
    """A part these rules walk through; raises TypeError where the model is built without it."""
    if part is None:
        raise TypeError("relevance rules need every part of a post-norm layer")
    return part


def _apart(beside: Tensor, heads: int) -> Tensor:
    """[..., token, head * head_size] -> [..., head, token, head_size]."""
    return beside.view(*beside.shape[:-1], heads, -1).transpose(-2, -3)


def _beside(apart: Tensor) -> Tensor:
    """[..., head, token, head_size] -> [..., token, head * head_size]."""
    return apart.transpose(-2, -3).flatten(-2)
