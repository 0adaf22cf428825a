"""Gradient: how fast the answer changes with each word's vector (Simonyan, Vedaldi and Zisserman 2014, section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.attribution import Attribution
from engine.errors import MethodError
from engine.gradients import AT, in_one_pass, reduction, single_pass_cost
from engine.outputs import OUTPUT
from engine.registry import Citation, attribution_method

if TYPE_CHECKING:
    from engine.attribution import MethodInput


@attribution_method(
    id="gradient",
    label="Gradient",
    sentence="Measures how strongly the answer reacts when a word's vector is changed a little.",
    can_say="Which words the answer is most sensitive to, for very small changes.",
    cannot_say="How much a word contributed: the numbers add up to nothing, and lengths know no for and against.",
    citation=Citation(
        "Simonyan, Vedaldi and Zisserman",
        2014,
        "Deep inside convolutional networks: visualising image classification models and saliency maps",
        "ICLR 2014 Workshop",
    ),
    signed=False,
    class_specific=True,
    unit="gradient",
    parameters=(AT, OUTPUT, reduction("l2", "l1", "sum")),
    cost=single_pass_cost,
)
def gradient(given: MethodInput) -> Attribution:
    """The gradient's length, or its sum.

    ``scores_all`` [explained, token] where the listed answers are few. Raises MethodError for output=prob where the
    model gives none, and for a sum at a word's own vector: a LayerNorm follows there, so it is zero but for rounding.
    """
    chosen = given.parameters
    if (chosen["reduce"], chosen["at"]) == ("sum", "word"):
        raise MethodError(
            "At a word's own vector this sum is always zero",
            "The model first takes the mean out of it, so moving all its numbers alike changes no answer.",
            "Set at=embedding.",
        )
    return in_one_pass(given, times_input=False)
