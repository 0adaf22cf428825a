"""DecompX: the answer split into one share per word, through every layer and the head.

Modarressi, Fayyaz, Aghazadeh, Yaghoobzadeh and Pilehvar, ACL 2023, in all published settings. The frozen network is
affine: where all biases are parted alike, or not at all, one backward pass gives every share of every class, equal to
the published forward decomposition to rounding. Everything else is pushed forward as vectors (``engine.push``). The
flow is the frozen network's own in every setting that reaches the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.attribution import Attribution
from engine.errors import MethodError
from engine.forecast import Cost, pulled_back
from engine.registry import Choice, Citation, attribution_method

if TYPE_CHECKING:
    from torch import Tensor

    from engine.attribution import MethodInput, NetworkFlow
    from engine.forecast import Size
    from engine.push.propagation import Setting

# Classes pulled back together: enough to use the matrix products well, few enough to bound memory.
CLASSES_AT_ONCE = 4
SHARED = ("absdot", "dot", "abssim", "norm", "equal", "cls")
APART = ("token", "token+absdot", "token+norm", "token+equal", "token+cls", "token+abssim")
# Every bias is parted alike wherever it is met, or kept apart: parting what is left over at the end is the same.
PARTED_AT_THE_END = ("equal", "cls", *APART)


def in_one_pass(parameters: Mapping[str, Any]) -> bool:
    """Whether a backward pass of the frozen network gives the shares."""
    kept = (parameters["ffn"], parameters["tanh"], parameters["layernorm"]) == ("zo", "zo", "both")
    return kept and parameters["aggregation"] == "vector" and parameters["bias"] in (*PARTED_AT_THE_END, "none")


def kept_apart(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """One backward pass in place of a push to the answer, for a first picture."""
    if parameters["aggregation"] != "vector" or in_one_pass(parameters):
        return parameters
    return {**parameters, "bias": "token", "ffn": "zo", "tanh": "zo", "layernorm": "both"}


def shares_cost(size: Size, parameters: Mapping[str, Any]) -> Cost:
    """One backward pass for the flow and, where vectors are pushed, all of them through every layer."""
    pulled = pulled_back(replace(size, explained=min(size.explained, CLASSES_AT_ONCE)))
    if in_one_pass(parameters):
        return Cost(pulled.work * size.explained / min(size.explained, CLASSES_AT_ONCE), pulled.numbers)
    pairs = size.tokens**2 * size.hidden
    per_layer = pairs * (2 * size.intermediate + 2 * size.hidden + size.tokens)
    faster = 3 if parameters["precision"] == "bf16" else 1
    # What layer 1's heads carry is kept, and the norms; the state of all pairs is given back before the flow's pass.
    kept = size.heads * size.tokens * size.hidden + size.layers * size.tokens**2
    return Cost(pulled.work + size.layers * per_layer / faster, kept + max(pairs, pulled.numbers))


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
    cost=shares_cost,
    preview=kept_apart,
    preview_note="biases kept apart",
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
    """Shares [explained, token], what belongs to no token [explained], and the flow to the target.

    Sections 3.2 to 3.5. Pushed settings add the norms of the propagated vectors as ``rollout``; settings without a head
    give the norms of local vectors as ``layer_maps``. Raises MethodError for a setting that says nothing.
    """
    chosen = given.parameters
    setting = _setting(given)
    if chosen["aggregation"] != "vector":
        return _mixing(given, setting)
    if in_one_pass(chosen):
        return _pulled(given)
    return _pushed(given, setting)


def _setting(given: MethodInput) -> Setting:
    import torch

    from engine.push.propagation import Setting

    chosen, full = given.parameters, given.network.final_states.dtype
    if chosen["precision"] == "bf16" and full != torch.float32:
        raise MethodError(
            "A preview in bf16 belongs to float32",
            "Its products are rounded to three digits, so double precision around them would be lost.",
            "Set precision=full.",
        )
    if given.network.blocks[0].gated and chosen["ffn"] in ("la", "relu"):
        raise MethodError(
            "This feed-forward has a gate",
            "Its activation multiplies another branch and is frozen as it is: there is no line to draw through it.",
            "Set ffn=zo.",
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
    return Attribution(
        scores=given.read(last),
        layer_maps=maps,
        rollout=mixed,
        signed=False,
        unit="fraction",
        explains_answer=False,
    )


def _pushed(given: MethodInput, setting: Setting) -> Attribution:
    """All vectors pushed forward; the flow is still one backward pass."""
    from engine.push.propagation import answer, propagate

    norms, vectors = propagate(given.network, setting, given.context)
    shares = answer(given.network.head, vectors, setting)[:, list(given.explained)].T  # [explained, source]
    tokens = len(given.network.final_states)
    bias = shares[:, tokens] if setting.bias == "token" else shares.new_zeros(len(shares))
    _, _, flow = _pull(given, _first(given), with_flow=True)
    return _finished(given, shares[:, :tokens], bias, flow, norms)


def _pulled(given: MethodInput) -> Attribution:
    """One backward pass per few classes."""
    first = _first(given)
    order = first + [index for index in given.explained if index not in first]
    by_class = given.capture.logits.new_zeros(len(order), len(given.capture.input_ids))  # [explained, token]
    bias = by_class.new_zeros(len(order))
    flow: NetworkFlow | None = None
    for start in range(0, len(order), CLASSES_AT_ONCE):
        classes = order[start : start + CLASSES_AT_ONCE]
        rows = [given.explained.index(index) for index in classes]
        by_class[rows], bias[rows], towards = _pull(given, classes, with_flow=flow is None)
        flow = flow or towards
    return _finished(given, by_class, bias, flow, None)


def _first(given: MethodInput) -> list[int]:
    """The explained answer and its rival: what the flow is made of."""
    return [given.target] + ([given.against] if given.against >= 0 else [])


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
    return Attribution(
        scores=given.towards_target(by_class),
        scores_all=by_class,
        bias=None if chosen == "none" else bias,
        flow=flow,
        rollout=norms,
    )


def _pull(given: MethodInput, classes: list[int], *, with_flow: bool) -> tuple[Tensor, Tensor, NetworkFlow | None]:
    """Shares [class, token] and biases [class] of a few classes.

    If asked, also the flow to the target: the first class, less the second in a contrast.
    """
    from engine.flow import network_flow, shares

    logits = given.capture.logits
    targets = logits.new_zeros(len(classes), len(logits))  # [target, class]
    targets[range(len(classes)), classes] = 1
    weights = logits.new_zeros(len(classes))
    if with_flow:
        weights[0] = 1
        if given.against >= 0:
            weights[1] = -1
    pulled = given.network.pull(targets, given.context, weights)
    found = shares(given.network, pulled)
    flow = network_flow(given.network, pulled, weights.new_ones(1)) if with_flow else None
    return found, pulled.bias, flow
