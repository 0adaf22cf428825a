"""One recorded forward pass of the untouched model.

Attention is caught by registering our own attention function with transformers' AttentionInterface, everything else by
module hooks; both exist only inside :func:`attending` and :func:`recording`. The function computes what the model's
eager attention computes, with the softmax in the query's dtype; recording only keeps references, so it changes no bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from transformers.masking_utils import AttentionMaskInterface, eager_mask
from transformers.modeling_utils import AttentionInterface

from engine.contract import Head

if TYPE_CHECKING:
    from engine.context import RunContext
    from engine.loading import OpenModel
    from engine.tokens import Encoding

ATTENTION = "headstream_recorded"


@dataclass(eq=False)
class Attended:
    """What attention did in one pass, layer by layer in call order.

    ``weights`` [batch, head, receiver, source] and ``values`` [batch, head, source, head_size]. Where ``space``
    [layer, batch, head, receiver, source] is given the weights are written there. ``changed``, where given, is asked
    for the value vectors to mix instead of the real ones.
    """

    space: Tensor | None = None
    changed: Callable[[int, Tensor], Tensor] | None = None
    weights: list[Tensor] = field(default_factory=list)
    values: list[Tensor] = field(default_factory=list)

    def mix(self, scores: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Weights from ``scores`` [batch, head, receiver, source], and the values they are to mix."""
        layer = len(self.weights)
        weights = torch.softmax(scores, dim=-1, out=None if self.space is None else self.space[layer])
        self.weights.append(weights)
        self.values.append(value)
        return weights, value if self.changed is None else self.changed(layer, value)


_attended: ContextVar[Attended | None] = ContextVar("attended", default=None)


def recorded_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    **_: Any,
) -> tuple[Tensor, Tensor]:
    """Eager attention that keeps its weights and values while a recording runs.

    ``query``, ``key``, ``value`` [batch, head, token, head_size]; returns the mixed values
    [batch, token, head, head_size] and the weights [batch, head, receiver, source].
    """
    scaling = query.shape[-1] ** -0.5 if scaling is None else scaling
    scores = torch.matmul(query, key.transpose(2, 3)).mul_(scaling)  # [batch, head, receiver, source]
    if attention_mask is not None:
        scores.add_(attention_mask)
    attended = _attended.get()
    if attended is None:
        weights = torch.softmax(scores, dim=-1)
    else:
        weights, value = attended.mix(scores, value)
    return torch.matmul(weights, value).transpose(1, 2).contiguous(), weights


AttentionInterface.register(ATTENTION, recorded_attention)
# Without a mask function of the same name transformers would silently hand us no mask at all.
AttentionMaskInterface.register(ATTENTION, eager_mask)


@dataclass(frozen=True, slots=True)
class LayerRecord:
    """What is frozen of one layer: tensors without the batch axis.

    ``states`` [token, hidden] entering, ``attention`` [head, receiver, source], ``values`` [head, source, head_size]
    with their bias, ``norm_1_in``/``norm_2_in`` [token, hidden], ``pre_activation``/``activation``
    [token, intermediate], ``states_out`` [token, hidden] leaving. Without a norm 1 its input is the states.
    """

    states: Tensor
    attention: Tensor
    values: Tensor
    norm_1_in: Tensor
    pre_activation: Tensor
    activation: Tensor
    norm_2_in: Tensor
    states_out: Tensor


@dataclass(frozen=True, slots=True)
class HeadRecord:
    """What is frozen of the head at the position it reads; None for what the head lacks.

    ``final_norm_in`` [token, hidden], ``dense`` (before the activation), ``activation`` and ``norm_in`` [inner].
    """

    final_norm_in: Tensor | None
    dense: Tensor | None
    activation: Tensor | None
    norm_in: Tensor | None


@dataclass(frozen=True, slots=True)
class Capture:
    """One forward pass.

    ``inputs`` what the model was fed, each [batch, token] with a batch of one; ``logits`` [class] at the position;
    ``attention`` [layer, head, receiver, source]; ``pooling`` [token] the weight with which the head reads each state;
    ``direction`` [hidden] the unit vector along which a word's own state is measured, None where the model has a head.
    """

    inputs: dict[str, Tensor]
    logits: Tensor
    attention: Tensor
    layers: tuple[LayerRecord, ...]
    head: HeadRecord
    pooling: Tensor
    direction: Tensor | None

    @property
    def input_ids(self) -> Tensor:
        """[token]."""
        return self.inputs["input_ids"][0]


class _Recorder:
    """Lists of what passed each kind of place, in call order (a family may run one module for every layer)."""

    def __init__(self) -> None:
        self.kept: dict[str, list[Tensor]] = {}

    def keep(self, name: str, value: Tensor) -> None:
        self.kept.setdefault(name, []).append(value[0])

    def outgoing(self, name: str) -> Any:
        return lambda _module, _inputs, output: self.keep(name, output)

    def incoming(self, name: str) -> Any:
        return lambda _module, inputs: self.keep(name, inputs[0])


@contextmanager
def attending(opened: OpenModel, context: RunContext, attended: Attended | None) -> Iterator[None]:
    """Let ``attended``, if any, see every attention inside the ``with``; a cancel stops at the next layer, each way."""
    config = opened.model.config
    before = config._attn_implementation
    token = _attended.set(attended)
    handles: list[Any] = []

    def stop(_module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        context.raise_if_cancelled()
        if inputs[0].requires_grad:
            inputs[0].register_hook(lambda _gradient: context.raise_if_cancelled())  # type: ignore[no-untyped-call]

    try:
        # The setting itself: set_attn_implementation walks all modules, which shows on short sentences.
        config._attn_implementation = ATTENTION
        handles += [layer.register_forward_pre_hook(stop) for layer in _once(parts.layer for parts in opened.layers)]
        yield
    finally:
        for handle in handles:
            handle.remove()
        _attended.reset(token)
        config._attn_implementation = before


def _once(modules: Iterator[nn.Module]) -> list[nn.Module]:
    """Each module one time, in order: a hook on a shared one is called for every layer that runs it."""
    return list(dict.fromkeys(modules))


@contextmanager
def recording(opened: OpenModel) -> Iterator[_Recorder]:
    """Keep what passes through the layers and the head inside the ``with``; undone when it ends, however it ends."""
    recorder = _Recorder()
    handles: list[Any] = []
    layers = {parts.layer: parts for parts in opened.layers}.values()
    head = opened.head
    try:
        for parts in layers:
            handles += [
                parts.layer.register_forward_pre_hook(recorder.incoming("states")),
                parts.layer.register_forward_hook(recorder.outgoing("states_out")),
                parts.feed_forward.register_forward_hook(recorder.outgoing("pre_activation")),
                parts.activation.register_forward_hook(recorder.outgoing("activation")),
                parts.norm_2.register_forward_pre_hook(recorder.incoming("norm_2_in")),
            ]
            before = parts.layer if parts.norm_1 is None else parts.norm_1
            handles.append(before.register_forward_pre_hook(recorder.incoming("norm_1_in")))
        if head.final_norm is not None:
            handles.append(head.final_norm.register_forward_pre_hook(recorder.incoming("final_norm_in")))
        if head.dense is not None:
            handles.append(head.dense.register_forward_hook(recorder.outgoing("dense")))
            after = head.norm or head.out
            if after is not None:
                handles.append(after.register_forward_pre_hook(recorder.incoming("activation_out")))
        yield recorder
    finally:
        for handle in handles:
            handle.remove()


def capture(opened: OpenModel, encoding: Encoding, position: int, context: RunContext) -> Capture:
    """Run the model once on one input and keep what the methods freeze, the answer read at ``position``.

    Raises Cancelled between layers.
    """
    inputs = model_inputs(opened, encoding.model_inputs)
    tokens = inputs["input_ids"].shape[1]
    layers, heads = len(opened.layers), opened.info.heads
    space = torch.empty(
        layers, 1, heads, tokens, tokens, dtype=getattr(torch, opened.info.dtype), device=opened.model.device
    )
    attended = Attended(space)
    with torch.no_grad(), attending(opened, context, attended), recording(opened) as recorder:
        output = opened.model(**inputs)
    kept = recorder.kept
    kept["attention"] = list(space[:, 0])
    kept["values"] = [values[0] for values in attended.values]
    pooling = pooling_weights(opened, inputs, position)[0]
    state = output[0][0, position]
    direction = state / state.norm() if opened.info.head is Head.STATE else None
    columns = [kept[name] for name in LayerRecord.__dataclass_fields__]
    return Capture(
        inputs=inputs,
        logits=answers(opened, output[0], position, direction)[0],
        attention=space[:, 0],
        layers=tuple(LayerRecord(*record) for record in zip(*columns, strict=True)),
        head=_head_record(opened, kept, position),
        pooling=pooling,
        direction=direction,
    )


def model_inputs(opened: OpenModel, given: dict[str, list[int]]) -> dict[str, Tensor]:
    """What the model is fed, [batch, token] with a batch of one; segments only where the family reads them."""
    wanted = {name: row for name, row in given.items() if name != "token_type_ids" or opened.family.reads_segments}
    return {name: torch.tensor([row], device=opened.model.device) for name, row in wanted.items()}


def pooling_weights(opened: OpenModel, inputs: dict[str, Tensor], position: int) -> Tensor:
    """How much of every last state the head reads, [batch, token]."""
    ids = inputs["input_ids"]
    weights = torch.zeros(ids.shape, dtype=getattr(torch, opened.info.dtype), device=ids.device)
    if not opened.mean_pooling:
        weights[:, position] = 1
        return weights
    weights += inputs.get("attention_mask", torch.ones_like(ids))
    return weights / weights.sum(1, keepdim=True)


def answers(opened: OpenModel, output: Tensor, position: int, direction: Tensor | None) -> Tensor:
    """The model's own logits from its first output: [batch, class] at ``position``.

    Without a head the one answer is the length of the state along ``direction``.
    """
    if opened.info.head is Head.SEQUENCE_CLASSIFICATION:
        return output
    states = output[:, position]
    return states if direction is None else (states @ direction)[:, None]


def _head_record(opened: OpenModel, kept: dict[str, list[Tensor]], position: int) -> HeadRecord:
    def at_position(name: str) -> Tensor | None:
        if name not in kept:
            return None
        (value,) = kept[name]
        return value[position] if value.dim() == 2 else value

    after = at_position("activation_out")
    return HeadRecord(
        final_norm_in=kept["final_norm_in"][0] if "final_norm_in" in kept else None,
        dense=at_position("dense"),
        activation=after,
        norm_in=after if opened.head.norm is not None else None,
    )
