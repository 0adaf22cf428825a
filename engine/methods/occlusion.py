"""Occlusion: what the answer loses when a word is taken away.

Zeiler and Fergus 2014, section 4.2; for words Li, Monroe and Jurafsky 2016.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.attribution import Attribution
from engine.descriptions import TOKENS_AT_ONCE
from engine.forecast import Cost, Size, passing, recorded_pass
from engine.outputs import OUTPUT, UNITS, mask_id, outputs
from engine.registry import Choice, Citation, attribution_method

if TYPE_CHECKING:
    from torch import Tensor

    from engine.attribution import MethodInput


def passes_cost(size: Size, _: Mapping[str, Any]) -> Cost:
    """A pass for every token, a few in memory at once."""
    copies = max(1, TOKENS_AT_ONCE // size.tokens)
    return Cost(size.tokens * recorded_pass(size).work, passing(size, copies))


@attribution_method(
    id="occlusion",
    label="Occlusion",
    sentence="Takes each word away in turn and asks the model again.",
    can_say="How much the real model's answer changes without a word: positive where the word spoke for it.",
    cannot_say="What words do together: two that say the same can each be missed without loss.",
    citation=Citation(
        "Li, Monroe and Jurafsky",
        2016,
        "Understanding neural networks through representation erasure",
        "arXiv:1612.08220",
    ),
    signed=True,
    class_specific=True,
    unit="logit",
    parameters=(
        Choice(
            name="replace",
            label="Taken away by",
            help="mask: the mask token stands in its place; delete: the text closes up. A mask already in the text, and"
            " with delete the token the answer is read from, stay and count 0.",
            values=("mask", "delete"),
            default="mask",
        ),
        OUTPUT,
    ),
    cost=passes_cost,
)
def occlusion(given: MethodInput) -> Attribution:
    """f(x) - f(x without j) for every token j, ``scores_all`` [explained, token]; 0 for what cannot be taken away.

    Raises MethodError for replace=mask without a mask token, and for output=prob where the model gives none.
    """
    by_mask = given.parameters["replace"] == "mask"
    mask = mask_id(given, "replace=delete") if by_mask else None
    whole = outputs(given, given.capture.logits)
    lost = whole.new_zeros(len(given.explained), len(given.capture.input_ids))
    removable = _removable(given, mask)
    # Where a token before it is deleted, the one the answer is read from moves up.
    before = [place for place in removable if mask is None and place < given.position]
    after = [place for place in removable if mask is not None or place >= given.position]
    step = max(1, TOKENS_AT_ONCE // lost.shape[1])
    batches = [
        (places[begin : begin + step], position)
        for places, position in ((before, given.position - 1), (after, given.position))
        for begin in range(0, len(places), step)
    ]
    for done, (places, position) in enumerate(batches):
        given.context.progress(done / len(batches), "Taking words away")
        left = outputs(given, _without(given, places, mask, position))  # [place, class]
        lost[:, places] = (whole - left)[:, list(given.explained)].T
    unit = UNITS[given.parameters[OUTPUT.name]]
    return Attribution(scores=given.towards_target(lost), scores_all=lost, unit=unit)


def _removable(given: MethodInput, mask: int | None) -> list[int]:
    """The places whose token can be replaced by ``mask`` or, where it is None, deleted; padding cannot."""
    capture = given.capture
    padded = capture.inputs.get("attention_mask")
    kept = capture.pooling == 1 if mask is None else capture.input_ids == mask
    if padded is not None:
        kept = kept | (padded[0] == 0)
    return [int(place) for place in (~kept).nonzero()[:, 0]]


def _without(given: MethodInput, places: list[int], mask: int | None, position: int) -> Tensor:
    """Logits [place, class] of the text with one of ``places`` taken away each time, read at ``position``."""
    from engine.passes import run_again
    from engine.removal import inputs_without

    inputs = inputs_without(given.capture.inputs, [(place,) for place in places], mask)
    return run_again(given, inputs, position=position).logits
