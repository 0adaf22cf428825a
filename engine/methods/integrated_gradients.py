"""Integrated gradients: gradients gathered along the straight way from an empty text to the real one.

Sundararajan, Taly and Yan, ICML 2017, section 3. The integral is taken by Gauss and Legendre's rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.attribution import Attribution
from engine.forecast import Cost, Size
from engine.gradients import (
    AT,
    check_length_counts,
    differentiate,
    pass_with_gradients,
    reduced,
    reduction,
    signed,
    unit,
)
from engine.outputs import OUTPUT, mask_id, outputs
from engine.registry import Choice, Citation, Number, attribution_method

if TYPE_CHECKING:
    from torch import Tensor

    from engine.attribution import MethodInput

# Tokens whose whole graph is kept for the way back at once: bounds memory, and the time until a cancel is noticed.
TOKENS_AT_ONCE = 256


def path_cost(size: Size, parameters: Mapping[str, Any]) -> Cost:
    """A pass there and back for every step, a few steps in memory at once."""
    step = pass_with_gradients(size, backwards=1, copies=1)
    return Cost(parameters["steps"] * step.work, max(1, TOKENS_AT_ONCE // size.tokens) * step.numbers)


@attribution_method(
    id="integrated_gradients",
    label="Integrated gradients",
    sentence="Turns an empty text into the real one by small steps and credits each step's change to the words.",
    can_say="How much each word added to the answer on the way from the empty text; the parts add up to the change.",
    cannot_say="What another empty text would have said: the numbers depend on where the way begins.",
    citation=Citation("Sundararajan, Taly and Yan", 2017, "Axiomatic attribution for deep networks", "ICML 2017"),
    signed=True,
    class_specific=True,
    unit="logit",
    parameters=(
        AT,
        OUTPUT,
        reduction("sum", "l2", "l1"),
        Number(
            name="steps",
            label="Steps",
            help="Points on the way where the gradient is taken. More make the sum more exact and take longer.",
            low=1,
            high=500,
            default="50",
            whole=True,
        ),
        Choice(
            name="baseline",
            label="Empty text",
            help="zero: every vector is zero; mask: every token is the mask token, except the first and the last.",
            values=("zero", "mask"),
            default="zero",
        ),
    ),
    cost=path_cost,
)
def integrated_gradients(given: MethodInput) -> Attribution:
    """The path's gradients times the whole way, summed over the vector by default.

    ``bias`` [explained] is what the model answers to the empty text, given where scores are parts of a logit;
    ``checks/completeness`` how far the parts miss the change, in the output's unit. Raises MethodError for
    baseline=mask without a mask token, for output=prob where the model gives none, and where the way from zero changes
    no answer.
    """
    from engine.passes import explained_scalar

    if given.parameters["baseline"] == "zero":
        check_length_counts(given)
    end, whole = _states_and_logits(given, empty=False)
    start, nothing = _states_and_logits(given, empty=True)
    away = end - start  # [token, hidden]
    vectors = away * _mean_gradient(given, start, away)
    changed = outputs(given, whole) - outputs(given, nothing)  # [batch, class]
    return Attribution(
        scores=reduced(given, vectors),
        bias=nothing[0, list(given.explained)] if unit(given) == "logit" else None,
        signed=signed(given),
        unit=unit(given),
        checks={"completeness": abs(float(vectors.sum() - explained_scalar(given, changed)))},
    )


def _states_and_logits(given: MethodInput, *, empty: bool) -> tuple[Tensor, Tensor]:
    """States [token, hidden] at the place and logits [batch, class], for the real text or for the empty one."""
    from engine.passes import run_again

    seen: list[Tensor] = []
    inputs, by_mask = dict(given.capture.inputs), given.parameters["baseline"] == "mask"
    if empty and by_mask:
        inputs["input_ids"] = _masked(given)

    def keep(states: Tensor) -> Tensor:
        seen.append(states.new_zeros(states.shape) if empty and not by_mask else states)
        return seen[0]

    found = run_again(given, inputs, at=given.parameters[AT.name], change=keep)
    return seen[0][0], found.logits


def _masked(given: MethodInput) -> Tensor:
    """Ids [1, token] of the mask token, with the first and the last real one kept."""
    import torch

    ids = given.capture.inputs["input_ids"]
    real = given.capture.inputs.get("attention_mask", torch.ones_like(ids))[0].nonzero()[:, 0]
    masked = torch.full_like(ids, mask_id(given, "baseline=zero"))
    for kept in (real[:1], real[-1:]):
        masked[0, kept] = ids[0, kept]
    return masked


def _mean_gradient(given: MethodInput, start: Tensor, away: Tensor) -> Tensor:
    """The gradient of what is explained, averaged along the way from ``start``: [token, hidden]."""
    import numpy as np
    import torch

    from engine.passes import explained_scalar

    nodes, weights = np.polynomial.legendre.leggauss(given.parameters["steps"])
    places = torch.as_tensor((nodes + 1) / 2, dtype=start.dtype, device=start.device)
    shares = torch.as_tensor(weights / 2, dtype=start.dtype, device=start.device)
    gathered = torch.zeros_like(start)
    step = max(1, TOKENS_AT_ONCE // len(start))
    for begin in range(0, len(places), step):
        given.context.progress(begin / len(places), "Following the way")
        some = slice(begin, begin + step)
        points = start + places[some, None, None] * away  # [step, token, hidden]
        inputs = {name: row.expand(len(points), -1) for name, row in given.capture.inputs.items()}
        _, (gradients,) = differentiate(given, lambda found: [explained_scalar(given, found)], inputs, points)
        gathered += torch.einsum("s,std->td", shares[some], gradients)
    return gathered
