"""Which number of an answer is explained: its logit, or its probability. Importing this loads no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import MethodError
from engine.registry import Choice

if TYPE_CHECKING:
    from torch import Tensor

    from engine.attribution import MethodInput

OUTPUT = Choice(
    name="output",
    label="Explained number",
    help="logit: the model's raw value for the answer; prob: the answer's probability, in which all answers compete.",
    values=("logit", "prob"),
    default="logit",
)
UNITS = {"logit": "logit", "prob": "probability"}


def outputs(given: MethodInput, logits: Tensor) -> Tensor:
    """The chosen numbers of all answers, [..., class] -> [..., class].

    Raises MethodError where probabilities are asked of a model that gives none.
    """
    if given.parameters[OUTPUT.name] == "logit":
        return logits
    if not given.opened.has_softmax:
        raise MethodError(
            "This model gives no probabilities",
            "Its answers are independent values, not classes that exclude each other.",
            "Set output=logit.",
        )
    return logits.softmax(-1)


def mask_id(given: MethodInput, setting: str) -> int:
    """The mask token's id; raises MethodError where there is none, telling which other ``setting`` does without."""
    found = given.opened.mask_id
    if found is None:
        raise MethodError(
            "This model has no mask token",
            "There is nothing neutral to put in a word's place.",
            f"Set {setting}.",
        )
    return found
