"""DecompX: the answer split into one share per word, through every layer and the head.

Modarressi, Fayyaz, Aghazadeh, Yaghoobzadeh and Pilehvar, ACL 2023. This is the form with the biases kept apart
(``include_bias_token`` with nothing shared out): one backward pass of the frozen network gives every share of every
class, equal to the published forward decomposition to rounding, and the conserved flow with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.attribution import Attribution
from engine.registry import Choice, Citation, attribution_method

if TYPE_CHECKING:
    from torch import Tensor

    from engine.attribution import MethodInput, NetworkFlow

# Classes pulled back together: enough to use the matrix products well, few enough to bound memory.
CLASSES_AT_ONCE = 4


@attribution_method(
    id="decompx",
    label="DecompX",
    sentence="Splits the model's answer exactly into one share per word, following each word through every layer.",
    can_say="How much each word, by which path, pushed the answer up or down with the network's choices held fixed.",
    cannot_say="What the model would do with the word changed: its attention and activations would change too.",
    citation=Citation(
        "Modarressi, Fayyaz, Aghazadeh, Yaghoobzadeh and Pilehvar",
        2023,
        "DecompX: Explaining transformers decisions by propagating token decomposition",
        "ACL 2023",
    ),
    signed=True,
    class_specific=True,
    unit="logit",
    common=True,
    parameters=(
        Choice(
            name="bias",
            label="Biases",
            help="token: what belongs to no word is kept apart and shown as the baseline.",
            values=("token",),
            default="token",
        ),
    ),
)
def decompx(given: MethodInput) -> Attribution:
    """Shares [class, token], the bias left over [class], and the flow to the target (sections 3.2 to 3.5)."""
    logits = given.capture.logits
    first = [given.target] + ([given.against] if given.against >= 0 else [])
    order = first + [index for index in given.explained if index not in first]
    by_class = logits.new_zeros(len(order), len(given.capture.input_ids))  # [explained, token]
    bias = logits.new_zeros(len(order))
    flow: NetworkFlow | None = None
    for start in range(0, len(order), CLASSES_AT_ONCE):
        classes = order[start : start + CLASSES_AT_ONCE]
        rows = [given.explained.index(index) for index in classes]
        by_class[rows], bias[rows], towards = _pull(given, classes, with_flow=flow is None)
        flow = flow or towards
    return Attribution(scores=given.towards_target(by_class), scores_all=by_class, bias=bias, flow=flow)


def _pull(given: MethodInput, classes: list[int], *, with_flow: bool) -> tuple[Tensor, Tensor, NetworkFlow | None]:
    """Shares [class, token] and biases [class] of a few classes.

    If asked, also the flow to the target: the first class, less the second in a contrast.
    """
    from engine.flow import network_flow, shares

    logits = given.capture.logits
    targets = logits.new_zeros(len(classes), len(logits))  # [target, class]
    targets[range(len(classes)), classes] = 1
    pulled = given.network.pull(targets, given.context)
    found = shares(given.network, pulled)
    if not with_flow:
        return found, pulled.bias, None
    weights = logits.new_zeros(len(classes))
    weights[0] = 1
    if given.against >= 0:
        weights[1] = -1
    return found, pulled.bias, network_flow(given.network, pulled, weights)
