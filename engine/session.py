"""The only door to the engine: a request in, an explanation out. Tensors become arrays here, once.

A session keeps the last opened model, the last recorded pass and the last attribution, so that looking into another
layer, or explaining another class, costs only what is new. It belongs to one thread.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil
import torch

from engine import registry
from engine.attribution import Attribution, MethodInput, NetworkFlow
from engine.capture import Capture, answers, attending, capture
from engine.components import attention_components, feed_forward_components
from engine.contract import FEED_FORWARD_COMPONENTS, Array, Components, Explanation, Flow, Prediction, Request
from engine.errors import MethodError, ModelError, TextError
from engine.faithfulness.protocol import Taking
from engine.faithfulness.trial import Answers
from engine.flow import conservation, map_flow
from engine.forecast import FLOAT_BYTES, Cost, Size, pulled_between, recorded_pass
from engine.frozen import FrozenNetwork, freeze
from engine.grouping import check_boundaries, grouped_map_flow, grouped_network_flow
from engine.loading import OpenModel, open_model
from engine.removal import Removed, batches, inputs_without
from engine.shuffled import shuffled
from engine.targets import Target, position_of, target_of
from engine.tokens import Encoding, encode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.context import RunContext
    from engine.contract import ModelInfo


# A run expected to take longer than this many seconds shows a preview first, where its method has one.
SLOW = 0.08


@dataclass(frozen=True, slots=True, eq=False)
class _Recorded:
    """One input's recorded pass, frozen."""

    encoding: Encoding
    captured: Capture
    network: FrozenNetwork
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """An explanation as far as it does not depend on what is looked into, and what was looked into so far.

    ``flow`` is the explanation's, ``flow_maps`` [layer, receiver, source] what it was drawn from, None where it is the
    frozen network's; ``grouped`` are flows by their boundaries, each with its largest violation of conservation.
    """

    explanation: Explanation
    flow: NetworkFlow | None
    flow_maps: torch.Tensor | None
    attention_maps: dict[str, Array] = field(default_factory=dict)
    feed_forward: dict[int, dict[str, Array]] = field(default_factory=dict)
    grouped: dict[tuple[int, ...], tuple[Flow, float]] = field(default_factory=dict)


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
        reason = opened.info.unavailable.get(method.id)
        if reason is not None:
            raise MethodError(f"{method.label} does not fit this model", reason, "Choose another method.")
        check_boundaries(request.boundaries, opened.info.layers)
        started = time.perf_counter()
        with torch.no_grad():
            recorded = self._record(opened, request, context)
            target = target_of(opened, recorded.captured.logits, request)
            key = (self._recorded_key(request), request.method, request.parameters, target, request.seed)
            if self._made is None or self._made[0] != key:
                given = _method_input(opened, recorded, target, parameters, context)
                size = Size.of(opened.info, len(recorded.encoding.tokens), len(target.explained))
                _refuse_what_does_not_fit(opened, method.cost(size, parameters), method.label)
                attention_maps = _show_preview(opened, recorded, request, method, given)
                made = _explain(opened, recorded, request, method, given)
                made.attention_maps.update(attention_maps)
                self._made = (key, made)
            made = self._made[1]
            components = _components(recorded.network, made, request, context) if request.components else None
            found = made.explanation
            if request.boundaries and made.flow is not None:
                flow, violation = _grouped(opened, recorded, made, made.flow, request.boundaries, context)
                found = replace(found, grouped=flow, checks={**found.checks, "grouped_conservation": violation})
        seconds = time.perf_counter() - started
        return replace(found, request=request, components=components, seconds=seconds)

    def without(self, request: Request, removed: Sequence[Removed], taking: Taking, context: RunContext) -> Answers:
        """The answers for the request's text, each time without some of its tokens; its target is asked about.

        Raises EngineError: also where the model gives no probabilities and, for Taking.MASK, where it has no mask
        token; Cancelled when the context says so.
        """
        opened = self._open(request.model)
        if not opened.has_softmax:
            raise MethodError(
                "This model gives no probabilities",
                "Its answers are independent values, not classes that exclude each other.",
                "Use a model that chooses among classes, or fills gaps.",
            )
        mask = opened.mask_id
        if taking is Taking.MASK and mask is None:
            raise MethodError(
                "This model has no mask token",
                "There is nothing neutral to put in a word's place.",
                "Choose the protocol that deletes words.",
            )
        closes_up = taking is Taking.DELETE
        recorded = self._record(opened, request, context)
        inputs, read = recorded.captured.inputs, recorded.network.position
        target = target_of(opened, recorded.captured.logits, request).target
        probability, predicted = np.empty(len(removed)), np.empty(len(removed), dtype=int)
        done = 0
        for variants in batches(removed, len(recorded.encoding.tokens), is_closed_up=closes_up, read=read):
            context.progress(done / len(removed), "Taking words away")
            taken = [removed[variant] for variant in variants]
            position = read - sum(place < read for place in taken[0]) if closes_up else read
            fed = inputs_without(inputs, taken, None if closes_up else mask)
            with torch.no_grad(), attending(opened, context, None):
                output = opened.model(**fed)[0]
            logits = answers(opened, output, position, recorded.captured.direction)  # [variant, class]
            probability[variants] = _array(torch.softmax(logits, -1)[:, target])
            predicted[variants] = _array(logits.argmax(-1))
            done += len(variants)
        return Answers(probability, predicted)

    def shuffled(self, model: str, layers: int, seed: int) -> Session:
        """A session of its own that answers for a copy of the model with its head and last layers shuffled.

        It does so until another model is opened in it. See ``engine.shuffled``; raises ModelError.
        """
        made = Session(self._dtype, self._device)
        made._opened = (model, shuffled(self._open(model), layers, seed))
        return made

    def _open(self, name: str) -> OpenModel:
        if self._opened is None or self._opened[0] != name:
            self._opened = self._recorded = self._made = None
            self._opened = (name, open_model(name, self._dtype, self._device))
        return self._opened[1]

    def _recorded_key(self, request: Request) -> object:
        given = (request.text, request.pair, request.ids, request.segments, request.attention_mask)
        return (request.model, *given, request.position)

    def _record(self, opened: OpenModel, request: Request, context: RunContext) -> _Recorded:
        key = self._recorded_key(request)
        if self._recorded is None or self._recorded[0] != key:
            encoding = encode(opened, request)
            context.progress(0.0, "Reading the sentence")
            position = position_of(opened, encoding, request)
            _refuse_what_does_not_fit(opened, recorded_pass(Size.of(opened.info, len(encoding.tokens), 1)), "The model")
            started = time.perf_counter()
            captured = capture(opened, encoding, position, context)
            if not bool(torch.isfinite(captured.logits).all()):
                raise ModelError(
                    "The model's answer is no number",
                    f"Somewhere its values grow past what {self._dtype} can hold.",
                    "Run it with --dtype float64, or use other weights.",
                )
            network = freeze(opened, captured, position)
            self._recorded = (key, _Recorded(encoding, captured, network, time.perf_counter() - started))
        return self._recorded[1]


def _refuse_what_does_not_fit(opened: OpenModel, cost: Cost, who: str) -> None:
    """Raise TextError where more memory is needed than is free: the system would end the whole program."""
    needed = cost.numbers * FLOAT_BYTES[opened.info.dtype]
    device = opened.model.device
    free = torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else psutil.virtual_memory().available
    if needed > free:
        raise TextError(
            "The text is too long for this computer's memory",
            f"{who} would need about {needed / 1e9:.1f} GB; {free / 1e9:.1f} GB are free.",
            "Shorten the text, or choose a lighter method.",
        )


def _method_input(
    opened: OpenModel, recorded: _Recorded, target: Target, parameters: Mapping[str, Any], context: RunContext
) -> MethodInput:
    return MethodInput(
        opened=opened,
        capture=recorded.captured,
        network=recorded.network,
        target=target.target,
        against=target.against,
        explained=target.explained,
        position=recorded.network.position,
        parameters=parameters,
        context=context,
    )


def _show_preview(
    opened: OpenModel, recorded: _Recorded, request: Request, method: registry.Method, given: MethodInput
) -> dict[str, Array]:
    """Hand the context a first picture, made by the method's quick form, where the full one will be slow.

    Returns the component maps made for it, which are the full picture's too.
    """
    quick = method.preview(given.parameters)
    if given.context.show is None or quick == given.parameters:
        return {}
    size = Size.of(opened.info, len(recorded.encoding.tokens), len(given.explained))
    if method.cost(size, given.parameters).work / recorded_pass(size).work * recorded.seconds <= SLOW:
        return {}
    made = _explain(opened, recorded, request, method, replace(given, parameters=quick))
    wanted = replace(request, feed_forward_layers=())
    components = _components(recorded.network, made, wanted, given.context) if request.components else None
    given.context.show(replace(made.explanation, preview=True, components=components))
    return made.attention_maps


def _explain(
    opened: OpenModel, recorded: _Recorded, request: Request, method: registry.Method, given: MethodInput
) -> _Made:
    found = method.run(given)
    captured = recorded.captured
    flow, flow_maps = found.flow, None
    if flow is None and found.layer_maps is not None and found.follows_maps:
        flow, flow_maps = map_flow(found.layer_maps, captured.pooling), found.layer_maps
    from_map = flow_maps is not None
    logits = captured.logits
    value = float(logits[given.target] - (logits[given.against] if given.against >= 0 else 0))
    arrays_flow = None if flow is None else _flow(flow, 1.0 if from_map else value, from_map=from_map)
    explanation = Explanation(
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
        explained=given.explained,
        position=given.position,
        unit=found.unit or method.unit,
        signed=method.signed if found.signed is None else found.signed,
        explains_answer=method.class_specific and found.explains_answer,
        scores=_array(found.scores),
        attention=_shared(captured.attention),
        scores_all=_optional(found.scores_all),
        bias=_optional(found.bias),
        layer_maps=_optional(found.layer_maps),
        rollout=_optional(found.rollout),
        flow=arrays_flow,
        checks=_checks(found, flow, given, value, from_map=from_map),
        extra={name: _array(tensor) for name, tensor in found.extra.items()},
        pass_seconds=recorded.seconds,
    )
    return _Made(explanation, flow, flow_maps)


def _checks(
    found: Attribution, flow: NetworkFlow | None, given: MethodInput, value: float, *, from_map: bool
) -> dict[str, float]:
    """How exactly things add up, all in the unit of the target.

    completeness: |shares + bias - target|; conservation: the flow's largest violation at a node; scores_vs_flow: the
    largest difference between a score and the share its token holds where the flow begins.
    """
    checks = {}
    if found.bias is not None:
        bias = given.towards_target(found.bias)
        checks["completeness"] = abs(float(found.scores.sum() + bias) - value)
    if flow is not None:
        checks["conservation"] = conservation(flow)
        if not from_map:
            checks["scores_vs_flow"] = float((found.scores - flow.nodes[0]).abs().max())
    return checks | dict(found.checks)


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


def _grouped(
    opened: OpenModel,
    recorded: _Recorded,
    made: _Made,
    flow: NetworkFlow,
    boundaries: tuple[int, ...],
    context: RunContext,
) -> tuple[Flow, float]:
    """The flow between ``boundaries`` and its largest violation of conservation; what was made before is reused."""
    if boundaries not in made.grouped:
        target, against = made.explanation.target, made.explanation.against
        from_map = made.flow_maps is not None
        if made.flow_maps is not None:
            found = grouped_map_flow(made.flow_maps, flow, boundaries)
        else:
            size = Size.of(opened.info, len(recorded.encoding.tokens), 1)
            _refuse_what_does_not_fit(opened, pulled_between(size, boundaries), "The flow between groups of layers")
            towards = torch.zeros_like(recorded.captured.logits)  # [class]
            towards[target] = 1
            if against >= 0:
                towards[against] = -1
            found = grouped_network_flow(recorded.network, towards, flow, boundaries, context)
        total = 1.0 if from_map else made.explanation.target_value
        arrays = replace(_flow(found, total, from_map=from_map), boundaries=boundaries)
        made.grouped[boundaries] = arrays, conservation(found)
    return made.grouped[boundaries]


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


def _shared(tensor: torch.Tensor) -> Array:
    """Read-only and, on the CPU, in the tensor's own memory: for what is large, whole, and never written again."""
    array = _array(tensor)
    array.setflags(write=False)
    return array


def _optional(tensor: torch.Tensor | None) -> Array | None:
    return None if tensor is None else _array(tensor)
