"""Gradients of an answer where the words enter the model, and what makes one number per token of them.

Importing this loads no torch. The gradient of a difference is the difference of the gradients, so a contrast costs no
pass of its own; its length is not a difference of lengths.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.attribution import Attribution
from engine.errors import MethodError
from engine.forecast import Cost, Size, graph, recorded_pass
from engine.outputs import OUTPUT, UNITS, outputs
from engine.registry import Choice

if TYPE_CHECKING:
    from torch import Tensor

    from engine.attribution import MethodInput

AT = Choice(
    name="at",
    label="Measured at",
    help="word: the word's own vector; embedding: what enters the first layer, with position and LayerNorm.",
    values=("word", "embedding"),
    default="word",
)
# One backward pass each: with more classes only the explained ones get a row.
CLASSES_AT_MOST = 8
ORDERS = {"l2": 2, "l1": 1}


def pass_with_gradients(size: Size, backwards: int, copies: int) -> Cost:
    """Some ``copies`` of the input through the model together, and ``backwards`` passes of gradients each."""
    return Cost(copies * (1 + backwards) * recorded_pass(size).work, copies * graph(size, size.layers))


def single_pass_cost(size: Size, _: Mapping[str, Any]) -> Cost:
    """What :func:`in_one_pass` needs."""
    return pass_with_gradients(size, size.explained if size.explained <= CLASSES_AT_MOST else 1, copies=1)


def reduction(*values: str) -> Choice:
    """How a vector per token becomes a number; the first way is the default."""
    meanings = {
        "sum": "sum: all numbers of a word's vector together, which alone tells for from against",
        "l2": "l2: the vector's length",
        "l1": "l1: the sizes of its numbers together",
    }
    return Choice(
        name="reduce",
        label="One number per word",
        help="; ".join(meanings[value] for value in values) + ".",
        values=values,
        default=values[0],
    )


def check_length_counts(given: MethodInput) -> None:
    """Raise MethodError where a vector's length changes nothing, which makes the gradient along it zero."""
    if given.parameters[AT.name] == "word" and given.opened.family.words_alone:
        raise MethodError(
            "The length of a word's own vector means nothing to this model",
            "It brings all of them to one length first, so shrinking one changes no answer.",
            "Set at=embedding.",
        )


def reduced(given: MethodInput, vectors: Tensor) -> Tensor:
    """[..., token, hidden] -> [..., token], as the parameter ``reduce`` says."""
    import torch

    how = given.parameters["reduce"]
    made: Tensor = vectors.sum(-1) if how == "sum" else torch.linalg.vector_norm(vectors, ORDERS[how], dim=-1)
    return made


def signed(given: MethodInput) -> bool:
    """Sums keep the sign, lengths have none."""
    return bool(given.parameters["reduce"] == "sum")


def unit(given: MethodInput) -> str:
    """Sums of gradients times states are parts of the output; a length is a slope's and adds up to nothing."""
    return UNITS[given.parameters[OUTPUT.name]] if signed(given) else "gradient"


def differentiate(
    given: MethodInput,
    quantities: Callable[[Tensor], Sequence[Tensor]],
    inputs: Mapping[str, Tensor] | None = None,
    states: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """States at the place, and each quantity's gradient there: one forward pass, and one back per quantity.

    ``quantities`` makes some [batch] of the outputs [batch, class]. ``inputs`` (each [batch, token]) are by default
    the run's own, ``states`` [batch, token, hidden] what they give at the place. Returns [batch, token, hidden] and
    [quantity, batch, token, hidden]. Raises Cancelled between layers, there and back.
    """
    import torch

    from engine.passes import run_again

    entering: list[Tensor] = []

    def begin(own: Tensor) -> Tensor:
        entering.append((own if states is None else states).detach().requires_grad_())
        return entering[0]

    with torch.enable_grad():
        logits = run_again(given, inputs, at=given.parameters[AT.name], change=begin).logits
        asked = quantities(outputs(given, logits))
        gradients = [
            torch.autograd.grad(one.sum(), entering[0], retain_graph=number + 1 < len(asked))[0]
            for number, one in enumerate(asked)
        ]
    return entering[0].detach(), torch.stack(gradients)


def in_one_pass(given: MethodInput, *, times_input: bool) -> Attribution:
    """An attribution from one pass's gradients, or from their products with the states they belong to.

    ``scores_all`` [explained, token] is there where at most ``CLASSES_AT_MOST`` answers are listed. Raises MethodError
    for sums of products that are zero whatever the text.
    """
    from engine.passes import explained_scalar

    if times_input and signed(given):
        check_length_counts(given)
    few = len(given.explained) <= CLASSES_AT_MOST

    def quantities(found: Tensor) -> list[Tensor]:
        return [found[:, number] for number in given.explained] if few else [explained_scalar(given, found)]

    states, gradients = differentiate(given, quantities)
    vectors = gradients[:, 0] * states[0] if times_input else gradients[:, 0]  # [quantity, token, hidden]
    return Attribution(
        scores=reduced(given, given.towards_target(vectors) if few else vectors[0]),
        scores_all=reduced(given, vectors) if few else None,
        signed=signed(given),
        unit=unit(given) if times_input else "gradient",
    )
