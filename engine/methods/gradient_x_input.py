"""Gradient x input: each word's vector along the direction in which the answer grows.

Shrikumar, Greenside, Shcherbina and Kundaje 2016, section 3; for words Denil, Demiraj and de Freitas 2014.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.attribution import Attribution
from engine.gradients import AT, in_one_pass, reduction, single_pass_cost
from engine.outputs import OUTPUT
from engine.registry import Citation, attribution_method

if TYPE_CHECKING:
    from engine.attribution import MethodInput


@attribution_method(
    id="gradient_x_input",
    label="Gradient × input",
    sentence="Multiplies each word's vector with the direction in which the answer grows.",
    can_say="Which words push the answer up or down, as far as the model is straight around this text.",
    cannot_say="Where the answer comes from as a whole: the numbers need not add up to it.",
    citation=Citation(
        "Shrikumar, Greenside, Shcherbina and Kundaje",
        2016,
        "Not just a black box: learning important features through propagating activation differences",
        "arXiv:1605.01713",
    ),
    signed=True,
    class_specific=True,
    unit="logit",
    parameters=(AT, OUTPUT, reduction("sum", "l2", "l1")),
    cost=single_pass_cost,
)
def gradient_x_input(given: MethodInput) -> Attribution:
    """Products summed over the vector, by default; ``scores_all`` [explained, token] where the listed answers are few.

    Raises MethodError for output=prob where the model gives none, and where the sum is zero whatever the text.
    """
    return in_one_pass(given, times_input=True)
