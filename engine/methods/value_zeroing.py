"""Value zeroing: how much a layer's output turns when one word's value vectors are set to zero.

Mohebbi, Zuidema, Chrupała and Alishahi, EACL 2023, section 3. The attention weights stay as they are, the rest of the
layer is computed anew from what it then gets, and every layer starts from its real input.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.attribution import Attribution
from engine.descriptions import head_vectors_cost
from engine.forecast import Cost, Size, passing, recorded_pass
from engine.registry import Citation, attribution_method

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.attribution import MethodInput

# Pairs of tokens pushed through the feed-forward at once: bounds memory, and the time until a cancel is noticed.
PAIRS_AT_ONCE = 1024


def layers_cost(size: Size, parameters: Mapping[str, Any]) -> Cost:
    """One more pass, and in every layer a feed-forward per pair of tokens."""
    per_pair = size.heads * size.hidden + 2 * size.hidden * size.intermediate
    work = recorded_pass(size).work + size.layers * size.tokens**2 * per_pair
    space = PAIRS_AT_ONCE * (10 * size.hidden + 2 * size.intermediate)
    return head_vectors_cost(size, parameters) + Cost(work, max(space, passing(size, 1)))


Call = tuple[tuple[Any, ...], dict[str, Any]]


@attribution_method(
    id="value_zeroing",
    label="Value zeroing",
    sentence="Takes away what one word gives in a layer and measures how far every state of the next layer turns.",
    can_say="From which words the states were mixed, layer by layer, feed-forward and norms included.",
    cannot_say="Whether a word spoke for or against the answer; it is the same for every class.",
    citation=Citation(
        "Mohebbi, Zuidema, Chrupała and Alishahi",
        2023,
        "Quantifying context mixing in transformers",
        "EACL 2023",
    ),
    signed=False,
    class_specific=False,
    unit="fraction",
    parameters=(),
    cost=layers_cost,
)
def value_zeroing(given: MethodInput) -> Attribution:
    """Cosine distances with rows divided by their sums as maps [layer, receiver, source]; their product the rollout.

    A row of zeros passes everything straight on, where the published program divides zero by zero.
    """
    import torch

    from engine.flow import rollout, row_shares

    calls = _layer_calls(given)
    layers = []
    for number in range(len(calls)):
        given.context.progress(number / len(calls), f"Taking values away in layer {number + 1}")
        layers.append(_distances(given, number, calls[number]))
    distances = torch.stack(layers)
    maps = row_shares(distances)
    mixed = rollout(maps)
    return Attribution(scores=given.read(mixed), layer_maps=maps, rollout=mixed, extra={"cosine_distance": distances})


def _layer_calls(given: MethodInput) -> list[Call]:
    """What the model calls each of its layers with, in order."""
    from engine.passes import run_again

    calls: list[Call] = []

    def keep(_layer: nn.Module, positional: tuple[Any, ...], named: dict[str, Any]) -> None:
        calls.append((positional, named))

    layers = dict.fromkeys(parts.layer for parts in given.opened.layers)  # a family may run one for all
    handles = [layer.register_forward_pre_hook(keep, with_kwargs=True) for layer in layers]
    try:
        run_again(given)
    finally:
        for handle in handles:
            handle.remove()
    return calls


def _distances(given: MethodInput, number: int, call: Call) -> Tensor:
    """How far each state leaving layer ``number`` turns without each token's values: [receiver, source].

    1 - cos is half the square of the distance between the unit vectors, which loses no digits where that is small.
    """
    from torch.nn.functional import normalize

    from engine.capture import Attended, attending
    from engine.gram import coefficients, source_vectors

    block = given.network.blocks[number]
    tokens = len(block.states)
    mixing = coefficients(block)[..., :-1].to(block.mixed.dtype)  # [source, receiver, head]
    real = normalize(given.network.states(number + 1).double(), dim=-1)
    found = block.states.new_empty(tokens, tokens)
    step = max(1, PAIRS_AT_ONCE // tokens)
    with attending(given.opened, given.context, Attended()):
        for begin in range(0, tokens, step):
            some = slice(begin, begin + step)
            brought = mixing[some] @ source_vectors(block, some, residual=False)  # [source, receiver, hidden]
            left = normalize(_rest_of_layer(given, number, call, block.mixed - brought).double(), dim=-1)
            found[:, some] = ((left - real).square().sum(-1) / 2).T
    # What is not attended to brings nothing, and rounding is no distance.
    return found.masked_fill_(~block.attention.any(0), 0)


def _rest_of_layer(given: MethodInput, number: int, call: Call, mixed: Tensor) -> Tensor:
    """What layer ``number`` makes of ``mixed`` in place of its own first residual sum: [source, receiver, hidden].

    The model's own module runs as in the real pass, and the norm that reads the sum is handed ``mixed`` instead.
    """
    parts = given.opened.layers[number]
    reader = parts.norm_1 if parts.norm_1 is not None and not parts.norm_first else parts.norm_2
    positional, named = call
    handle = reader.register_forward_pre_hook(lambda _norm, _inputs: mixed)
    try:
        left: Tensor = parts.layer(*positional, **named)
    finally:
        handle.remove()
    # In front of the feed-forward the norm stands on a branch: the sum itself passes it by.
    return left + (mixed - given.network.blocks[number].mixed) if parts.norm_first else left
