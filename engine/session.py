"""The only door to the engine: a request in, an explanation out. Tensors become arrays here, once.

A session keeps the last opened model, the last recorded pass and the last attribution, so that looking into another
layer, or explaining another class, costs only what is new. It belongs to one thread.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from engine import registry
from engine.attribution import Attribution, MethodInput, NetworkFlow
from engine.capture import Capture, capture
from engine.components import attention_components, feed_forward_components
from engine.contract import FEED_FORWARD_COMPONENTS, Against, Array, Components, Explanation, Flow, Prediction, Request
from engine.errors import ModelError, TargetError
from engine.flow import conservation, map_flow
from engine.frozen import FrozenNetwork, freeze
from engine.loading import OpenModel, open_model
from engine.tokens import Encoding, encode

if TYPE_CHECKING:
    from engine.context import RunContext
    from engine.contract import ModelInfo


@dataclass(frozen=True, slots=True, eq=False)
class _Recorded:
    """One input's recorded pass, frozen."""

    encoding: Encoding
    captured: Capture
    network: FrozenNetwork


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """An explanation's arrays that do not depend on the shown layer."""

    explanation: Explanation
    attention_maps: dict[str, Array]
    feed_forward: dict[int, dict[str, Array]]


class Session:
    """Opens models and answers requests, one at a time.

    ``dtype`` is float32 or float64, ``device`` auto, cpu or cuda.
    """

    def __init__(self, dtype: str = "float32", device: str = "auto") -> None:
        self._dtype = dtype
        self._device = device
        self._opened: tuple[str, OpenModel] | None = None
        self._recorded: tuple[object, _Recorded] | None = None
        self._made: tuple[object, _Made] | None = None

    def open(self, model: str) -> ModelInfo:
        """Open a bundled model or a folder (the last one stays open). Raises ModelError."""
        return self._open(model).info

    def run(self, request: Request, context: RunContext) -> Explanation:
        """Answer one request. Raises EngineError for what a person can mend, Cancelled when the context says so."""
        method = registry.find(request.method)
        parameters = method.parse(request.parameters)
        opened = self._open(request.model)
        started = time.perf_counter()
        with torch.no_grad():
            recorded = self._record(opened, request, context)
            target, against = _resolve_target(opened, recorded.captured.logits, request)
            key = (self._recorded_key(request), request.method, request.parameters, target, against, request.seed)
            if self._made is None or self._made[0] != key:
                given = MethodInput(recorded.captured, recorded.network, target, against, 0, parameters, context)
                made = _Made(_explain(opened, recorded, request, method, given), {}, {})
                self._made = (key, made)
            made = self._made[1]
            components = _components(recorded.network, made, request, context) if request.components else None
        seconds = time.perf_counter() - started
        return replace(made.explanation, request=request, components=components, seconds=seconds)

    def _open(self, name: str) -> OpenModel:
        if self._opened is None or self._opened[0] != name:
            self._opened = self._recorded = self._made = None
            self._opened = (name, open_model(name, self._dtype, self._device))
        return self._opened[1]

    def _recorded_key(self, request: Request) -> object:
        return (request.model, request.text, request.pair, request.ids, request.segments, request.attention_mask)

    def _record(self, opened: OpenModel, request: Request, context: RunContext) -> _Recorded:
        key = self._recorded_key(request)
        if self._recorded is None or self._recorded[0] != key:
            encoding = encode(opened, request)
            context.progress(0.0, "Reading the sentence")
            captured = capture(opened, encoding, context)
            if not bool(torch.isfinite(captured.logits).all()):
                raise ModelError(
                    "The model's answer is no number",
                    f"Somewhere its values grow past what {self._dtype} can hold.",
                    "Run it with --dtype float64, or use other weights.",
                )
            self._recorded = (key, _Recorded(encoding, captured, freeze(opened, captured, position=0)))
        return self._recorded[1]


def _resolve_target(opened: OpenModel, logits: torch.Tensor, request: Request) -> tuple[int, int]:
    """Class indices of what is explained and of what it is explained instead of (-1: nothing)."""
    labels = opened.info.labels
    target = int(logits.argmax()) if request.target is None else _class_index(labels, request.target)
    if isinstance(request.against, Against):
        two = request.against is Against.OTHER and len(labels) == 2 and opened.has_softmax
        return target, 1 - target if two else -1
    if not opened.has_softmax:
        raise TargetError(
            "This answer has nothing to be compared with",
            "The model gives independent values, not classes that exclude each other.",
            "Explain one value alone.",
        )
    against = _class_index(labels, request.against)
    if against == target:
        raise TargetError(
            "Both answers are the same",
            f"“{labels[target]}” instead of itself says nothing.",
            "Choose two different ones.",
        )
    return target, against


def _class_index(labels: tuple[str, ...], wanted: int | str) -> int:
    """An integer is an index, a text is a label (its case does not matter where that is clear)."""
    if isinstance(wanted, int):
        if 0 <= wanted < len(labels):
            return wanted
    elif wanted in labels:
        return labels.index(wanted)
    else:
        alike = [index for index, label in enumerate(labels) if label.casefold() == wanted.casefold()]
        if len(alike) == 1:
            return alike[0]
    shown = ", ".join(f"{index} {label}" for index, label in enumerate(labels[:12]))
    raise TargetError("The model has no such answer", f"“{wanted}” is not one of its classes.", f"It has: {shown}.")


def _explain(
    opened: OpenModel, recorded: _Recorded, request: Request, method: registry.Method, given: MethodInput
) -> Explanation:
    found = method.run(given)
    captured = recorded.captured
    flow, from_map = found.flow, False
    if flow is None and found.layer_maps is not None:
        flow, from_map = map_flow(found.layer_maps, given.position), True
    logits = captured.logits
    value = float(logits[given.target] - (logits[given.against] if given.against >= 0 else 0))
    arrays_flow = None if flow is None else _flow(flow, 1.0 if from_map else value, from_map=from_map)
    return Explanation(
        request=request,
        model=opened.info,
        tokens=recorded.encoding.tokens,
        prediction=Prediction(
            labels=opened.info.labels,
            logits=_array(logits),
            probabilities=_array(torch.softmax(logits, -1)) if opened.has_softmax else None,
        ),
        target=given.target,
        against=given.against,
        position=given.position,
        unit=method.unit if found.explains_answer else "fraction",
        signed=method.signed and found.explains_answer,
        explains_answer=method.class_specific and found.explains_answer,
        scores=_array(found.scores),
        attention=np.stack([_array(layer.attention) for layer in captured.layers]),
        scores_all=_optional(found.scores_all),
        bias=_optional(found.bias),
        layer_maps=_optional(found.layer_maps),
        rollout=_optional(found.rollout),
        flow=arrays_flow,
        checks=_checks(found, flow, given, value, from_map=from_map),
        extra={name: _array(tensor) for name, tensor in found.extra.items()},
    )


def _checks(
    found: Attribution, flow: NetworkFlow | None, given: MethodInput, value: float, *, from_map: bool
) -> dict[str, float]:
    """How exactly things add up, all in the unit of the target.

    completeness: |shares + bias - target|; conservation: the flow's largest violation at a node; scores_vs_flow: the
    largest difference between a score and the share its token holds where the flow begins.
    """
    checks = {}
    if found.bias is not None:
        bias = found.bias[given.target] - (found.bias[given.against] if given.against >= 0 else 0)
        checks["completeness"] = abs(float(found.scores.sum() + bias) - value)
    if flow is not None:
        checks["conservation"] = conservation(flow)
        if not from_map:
            checks["scores_vs_flow"] = float((found.scores - flow.nodes[0]).abs().max())
    return checks


def _components(network: FrozenNetwork, made: _Made, request: Request, context: RunContext) -> Components:
    """The maps asked for; those already made for this input are reused."""
    if not made.attention_maps:
        found = attention_components(network, context)
        made.attention_maps.update({name: _array(tensor) for name, tensor in found.items()})
    layers = tuple(layer for layer in request.feed_forward_layers if 0 <= layer < len(network.blocks))
    for done, layer in enumerate(layers):
        if layer not in made.feed_forward:
            context.progress(done / len(layers), f"Looking into layer {layer + 1}")
            found = feed_forward_components(network.blocks[layer], context)
            made.feed_forward[layer] = {name: _array(tensor) for name, tensor in found.items()}
    tokens = len(network.final_states)
    empty = np.empty((0, tokens, tokens), dtype=made.explanation.scores.dtype)
    by_name = {
        name: np.stack([made.feed_forward[layer][name] for layer in layers]) if layers else empty
        for name in FEED_FORWARD_COMPONENTS
    }
    return Components(dict(made.attention_maps), by_name, layers)


def _flow(flow: NetworkFlow, total: float, *, from_map: bool) -> Flow:
    head = total - float(flow.nodes[-1].sum())
    return Flow(
        edge=_array(flow.edge),
        nodes=_array(flow.nodes),
        bias_in=_array(flow.bias_in),
        bias=np.append(_array(flow.bias), head).astype(_array(flow.bias).dtype),
        total=total,
        from_map=from_map,
    )


def _array(tensor: torch.Tensor) -> Array:
    return np.ascontiguousarray(tensor.detach().cpu().numpy())


def _optional(tensor: torch.Tensor | None) -> Array | None:
    return None if tensor is None else _array(tensor)
