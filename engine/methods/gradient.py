"""Gradient: how fast the answer changes with each word's vector (Simonyan, Vedaldi and Zisserman 2014, section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.attribution import Attribution
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
    parameters=(AT, OUTPUT, reduction("l2", "l1")),
    cost=single_pass_cost,
)
def gradient(given: MethodInput) -> Attribution:
    """The gradient's length (its sum says nothing: behind a LayerNorm it is zero at every word's own vector).

    ``scores_all`` [explained, token] where the listed answers are few. Raises MethodError for output=prob
    where the model gives none.
    """
    return in_one_pass(given, times_input=False)
