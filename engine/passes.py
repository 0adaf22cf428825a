"""Running the untouched model again: on changed inputs, from changed states, with gradients.

What a method learns here it learns from the model itself, not from the frozen network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from engine.capture import Attended, answers, attending

if TYPE_CHECKING:
    from engine.attribution import MethodInput

WORD = "word"  # the embedding table's rows; positions, segments and the norm come after
EMBEDDING = "embedding"  # the states entering the first layer
PLACES = (WORD, EMBEDDING)


@dataclass(frozen=True, slots=True)
class Pass:
    """One more pass: ``logits`` [batch, class], ``weights`` and ``values`` of attention, one entry per layer.

    ``weights[l]`` [batch, head, receiver, source], ``values[l]`` [batch, head, source, head_size]; under
    ``torch.enable_grad`` all of them belong to the graph.
    """

    logits: Tensor
    weights: tuple[Tensor, ...]
    values: tuple[Tensor, ...]


def run_again(
    given: MethodInput,
    inputs: Mapping[str, Tensor] | None = None,
    *,
    position: int | None = None,
    at: str | None = None,
    change: Callable[[Tensor], Tensor] | None = None,
    change_values: Callable[[int, Tensor], Tensor] | None = None,
) -> Pass:
    """One forward pass of the model, on ``inputs`` (each [batch, token]) or on the run's own.

    The answer is read at ``position``, by default the run's. ``change`` replaces the states at ``at`` (``word`` or
    ``embedding``) [batch, token, hidden] by what it returns; ``change_values`` replaces the value vectors
    [batch, head, source, head_size] of the layer it is told. Raises Cancelled between layers, on the way back too.
    """
    opened = given.opened
    fed = dict(given.capture.inputs if inputs is None else inputs)
    attended = Attended(changed=change_values)
    with attending(opened, given.context, attended), _changing(given, at, change):
        output = opened.model(**fed)[0]
    where = given.position if position is None else position
    logits = answers(opened, output, where, given.capture.direction)
    return Pass(logits, tuple(attended.weights), tuple(attended.values))


@contextmanager
def _changing(given: MethodInput, at: str | None, change: Callable[[Tensor], Tensor] | None) -> Iterator[None]:
    if change is None:
        yield
        return
    opened, replaced = given.opened, change
    if at == WORD:
        handle = opened.model.get_input_embeddings().register_forward_hook(lambda _m, _i, output: replaced(output))
    else:
        entered = False

        def enter(_module: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...] | None:
            nonlocal entered
            if entered:  # a family may run the same module for every layer
                return None
            entered = True
            return replaced(inputs[0]), *inputs[1:]

        handle = opened.layers[0].layer.register_forward_pre_hook(enter, prepend=True)
    try:
        yield
    finally:
        handle.remove()


def explained_scalar(given: MethodInput, logits: Tensor) -> Tensor:
    """What is explained, from ``logits`` [batch, class]: [batch], the target's logit less that of its rival."""
    target = logits[:, given.target]
    return target if given.against < 0 else target - logits[:, given.against]
