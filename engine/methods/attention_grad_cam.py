"""Grad-CAM on attention: the last layer's heads, each weighted by the mean of its gradient.

Selvaraju et al., ICCV 2017, carried over to attention maps by Chefer, Gur and Wolf, CVPR 2021 (their comparison).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.attribution import Attribution
from engine.descriptions import gradient_cost
from engine.registry import Citation, attribution_method

if TYPE_CHECKING:
    from torch import Tensor

    from engine.attribution import MethodInput
    from engine.forecast import Cost, Size


def _cost(size: Size, _: Mapping[str, Any]) -> Cost:
    return gradient_cost(size, 1, 1)


@attribution_method(
    id="attention_grad_cam",
    label="Attention Grad-CAM",
    sentence="Adds up the last layer's heads, each as strongly as more of its attention would raise the answer.",
    can_say="Where the last layer's helpful heads look, relative to the strongest link of that layer.",
    cannot_say="Anything, often: where the heads together would lower the answer every word gets 0 "
    "(extra/nothing_left is then 1). Nor what stood in earlier layers; the position the answer is read at gets 0. "
    "Padding changes its scale: use unpadded text.",
    citation=Citation(
        "Selvaraju, Cogswell, Das, Vedantam, Parikh and Batra",
        2017,
        "Grad-CAM: visual explanations from deep networks via gradient-based localization",
        "ICCV 2017",
    ),
    signed=False,
    class_specific=True,
    unit="fraction",
    parameters=(),
    cost=_cost,
)
def attention_grad_cam(given: MethodInput) -> Attribution:
    """[head mean of w A]+ with w the mean of G, from 0 to 1 over the whole matrix, read out.

    Where nothing is left after the clamp the published program divides zero by zero; here all is zero and
    ``extra/nothing_left`` [] is 1.
    """
    from engine.perception import attention_gradients, read_out

    gradients = attention_gradients(given, -1)[:, 0]  # [row, head, receiver, source]
    weights = gradients.mean((-2, -1), keepdim=True)
    left = (weights * given.capture.attention[-1]).mean(1).clamp_min(0)  # [row, receiver, source]
    scores = read_out(given, _from_0_to_1(left))
    nothing = (left[-1].max() == 0).to(left.dtype)
    return Attribution(scores=scores[-1], scores_all=scores[:-1], extra={"nothing_left": nothing})


def _from_0_to_1(matrices: Tensor) -> Tensor:
    """Each of [row, receiver, source] stretched so that its least is 0 and its most 1; 0 where all are the same."""
    least, most = matrices.amin((-2, -1), keepdim=True), matrices.amax((-2, -1), keepdim=True)
    spread = most - least
    stretched: Tensor = (matrices - least) / spread.masked_fill(spread == 0, 1)
    return stretched
