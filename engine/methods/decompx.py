"""DecompX: the answer split into one share per word, through every layer and the head.

Modarressi, Fayyaz, Aghazadeh, Yaghoobzadeh and Pilehvar, ACL 2023, in all published settings. The frozen network is
affine: where all biases are parted alike, or not at all, one backward pass gives every share of every class, equal to
the published forward decomposition to rounding. Everything else is pushed forward as vectors (``engine.push``). The
flow is the frozen network's own in every setting that reaches the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.attribution import Attribution
from engine.errors import MethodError
from engine.registry import Choice, Citation, attribution_method

if TYPE_CHECKING:
    from torch import Tensor

    from engine.attribution import MethodInput, NetworkFlow
    from engine.push.propagation import Setting

# Classes pulled back together: enough to use the matrix products well, few enough to bound memory.
CLASSES_AT_ONCE = 4
SHARED = ("absdot", "dot", "abssim", "norm", "equal", "cls")
APART = ("token", "token+absdot", "token+norm", "token+equal", "token+cls", "token+abssim")
# Every bias is parted alike wherever it is met, or kept apart: parting what is left over at the end is the same.
PARTED_AT_THE_END = ("equal", "cls", *APART)


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
    parameters=(
        Choice(
            name="bias",
            label="Biases",
            help="Who gets what the model adds of itself. absdot, as published: the words, by how much each already "
            "points that way; dot (may explode), abssim, norm, equal, cls (all to the first) likewise. token: kept "
            "apart, shown as the baseline, and much faster; token+…: kept apart, then parted at the very end. none: "
            "left out.",
            values=(*SHARED, *APART, "none"),
            default="absdot",
        ),
        Choice(
            name="ffn",
            label="Feed-forward",
            help="How its activation is made a straight line. zo, as published: through the origin, exact; la: its "
            "tangent, what is left over is shared out like a bias; relu: open or shut, exact only in "
            "models with that activation. off: left out.",
            values=("zo", "la", "relu", "off"),
            default="zo",
        ),
        Choice(
            name="tanh",
            label="Head's activation",
            help="The same for the activation in the head. zo, as published, or la.",
            values=("zo", "la"),
            default="zo",
        ),
        Choice(
            name="layernorm",
            label="LayerNorms kept",
            help="both, as published; otherwise one or both of every layer are left out, and shares no longer add up.",
            values=("both", "first", "second", "none"),
            default="both",
        ),
        Choice(
            name="aggregation",
            label="Aggregation",
            help="vector, as published: follow the words through all layers to the answer. none, rollout: how strongly "
            "words mix within each layer, as norms, single or multiplied up. These explain no answer.",
            values=("vector", "rollout", "none"),
            default="vector",
        ),
        Choice(
            name="precision",
            label="Precision",
            help="bf16: a quicker preview, good to about one part in a hundred, in settings that follow every word "
            "forward; the others are quick as they are.",
            values=("full", "bf16"),
            default="full",
        ),
    ),
)
def decompx(given: MethodInput) -> Attribution:
    """Shares [class, token], what belongs to no token [class], and the flow to the target (sections 3.2 to 3.5).

    Pushed settings add the norms of the propagated vectors as ``rollout``; settings without a head give the norms of
    local vectors as ``layer_maps``. Raises MethodError for a setting that says nothing.
    """
    chosen = given.parameters
    setting = _setting(given)
    if chosen["aggregation"] != "vector":
        return _mixing(given, setting)
    if _one_pass(given):
        return _pulled(given)
    return _pushed(given, setting)


def _one_pass(given: MethodInput) -> bool:
    """Whether a backward pass of the frozen network gives the shares."""
    chosen = given.parameters
    kept = (chosen["ffn"], chosen["tanh"], chosen["layernorm"]) == ("zo", "zo", "both")
    return kept and chosen["bias"] in (*PARTED_AT_THE_END, "none")


def _setting(given: MethodInput) -> Setting:
    import torch

    from engine.push.propagation import Setting

    chosen, full = given.parameters, given.network.final_states.dtype
    if chosen["precision"] == "bf16" and full != torch.float32:
        raise MethodError(
            "A preview in bf16 belongs to float32",
            "Its products are rounded to three digits, so double precision around them would be lost.",
            "Choose precision=full, or --dtype float32.",
        )
    if chosen["aggregation"] != "vector" and chosen["bias"] in APART:
        raise MethodError(
            "Norms have no baseline",
            f"bias={chosen['bias']} keeps the biases apart up to the answer, which norms of single layers never reach.",
            f"Choose bias=none or one of {', '.join(SHARED)}, or aggregation=vector.",
        )
    bias = chosen["bias"].partition("+")[0]
    return Setting(
        bias=None if bias == "none" else bias,
        ffn=None if chosen["ffn"] == "off" else chosen["ffn"],
        head=chosen["tanh"],
        norms=(chosen["layernorm"] in ("both", "first"), chosen["layernorm"] in ("both", "second")),
        precision=torch.bfloat16 if chosen["precision"] == "bf16" else full,
    )


def _mixing(given: MethodInput, setting: Setting) -> Attribution:
    """Norms of local vectors as maps [layer, receiver, source], and their product where asked for."""
    from engine.flow import rollout
    from engine.push.propagation import local_norms

    maps = local_norms(given.network, setting, given.context)
    mixed = rollout(maps) if given.parameters["aggregation"] == "rollout" else None
    last = maps if mixed is None else mixed
    return Attribution(scores=last[-1, given.position], layer_maps=maps, rollout=mixed, explains_answer=False)


def _pushed(given: MethodInput, setting: Setting) -> Attribution:
    """All vectors pushed forward; the flow is still one backward pass."""
    from engine.push.propagation import answer, propagate

    norms, vectors = propagate(given.network, setting, given.context)
    shares = answer(given.network.head, vectors, setting).T  # [class, source]
    tokens = len(given.network.final_states)
    bias = shares[:, tokens] if setting.bias == "token" else shares.new_zeros(len(shares))
    explained = [given.target] + ([given.against] if given.against >= 0 else [])
    _, _, flow = _pull(given, explained, with_flow=True)
    return _finished(given, shares[:, :tokens], bias, flow, norms)


def _pulled(given: MethodInput) -> Attribution:
    """One backward pass per few classes."""
    import torch

    logits = given.capture.logits
    explained = [given.target] + ([given.against] if given.against >= 0 else [])
    order = explained + [index for index in range(len(logits)) if index not in explained]
    by_class = logits.new_zeros(len(logits), len(given.capture.input_ids))
    bias = torch.zeros_like(logits)
    flow: NetworkFlow | None = None
    for start in range(0, len(order), CLASSES_AT_ONCE):
        classes = order[start : start + CLASSES_AT_ONCE]
        by_class[classes], bias[classes], towards = _pull(given, classes, with_flow=flow is None)
        flow = flow or towards
    return _finished(given, by_class, bias, flow, None)


def _finished(
    given: MethodInput, by_class: Tensor, bias: Tensor, flow: NetworkFlow | None, norms: Tensor | None
) -> Attribution:
    """The target's scores; a bias kept apart is parted among the tokens here where the setting says so."""
    from engine.push.sharing import share

    chosen = given.parameters["bias"]
    kind = chosen if chosen in ("equal", "cls") else chosen.partition("+")[2]
    if kind and bias.any():
        parted = by_class.T[None].clone()  # [1, token, class]
        share(parted, bias, kind)
        by_class, bias = parted[0].T, bias.new_zeros(bias.shape)
    scores = by_class[given.target] - (by_class[given.against] if given.against >= 0 else 0)
    return Attribution(
        scores=scores,
        scores_all=by_class,
        bias=None if chosen == "none" else bias,
        flow=flow,
        rollout=norms,
    )


def _pull(given: MethodInput, classes: list[int], *, with_flow: bool) -> tuple[Tensor, Tensor, NetworkFlow | None]:
    """Shares [class, token] and biases [class] of a few classes.

    If asked, also the flow to the target: the first class, less the second in a contrast.
    """
    import torch

    from engine.flow import network_flow, shares

    logits = given.capture.logits
    targets = torch.eye(len(logits), dtype=logits.dtype, device=logits.device)[classes]
    pulled = given.network.pull(targets, given.context)
    found = shares(given.network, pulled)
    if not with_flow:
        return found, pulled.bias, None
    weights = logits.new_zeros(len(classes))
    weights[0] = 1
    if given.against >= 0:
        weights[1] = -1
    return found, pulled.bias, network_flow(given.network, pulled, weights)
