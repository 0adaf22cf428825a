"""One recorded forward pass of the untouched model.

Attention is caught by registering our own attention function with transformers' AttentionInterface, everything else by
module hooks; both exist only inside :func:`recording`. The function computes what the model's eager attention computes,
with the softmax in the query's dtype; recording only keeps references, so it changes no bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from transformers.masking_utils import AttentionMaskInterface, eager_mask
from transformers.modeling_utils import AttentionInterface

if TYPE_CHECKING:
    from engine.context import RunContext
    from engine.loading import OpenModel
    from engine.tokens import Encoding

ATTENTION = "headstream_recorded"

_weights: ContextVar[list[Tensor] | None] = ContextVar("weights", default=None)


def recorded_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    **_: Any,
) -> tuple[Tensor, Tensor]:
    """Eager attention that keeps its weights while a recording runs.

    ``query``, ``key``, ``value`` [batch, head, token, head_size]; returns the mixed values
    [batch, token, head, head_size] and the weights [batch, head, receiver, source].
    """
    scaling = query.shape[-1] ** -0.5 if scaling is None else scaling
    scores = torch.matmul(query, key.transpose(2, 3)).mul_(scaling)  # [batch, head, receiver, source]
    if attention_mask is not None:
        scores.add_(attention_mask)
    weights = torch.softmax(scores, dim=-1)
    kept = _weights.get()
    if kept is not None:
        kept.append(weights)
    return torch.matmul(weights, value).transpose(1, 2).contiguous(), weights


AttentionInterface.register(ATTENTION, recorded_attention)
# Without a mask function of the same name transformers would silently hand us no mask at all.
AttentionMaskInterface.register(ATTENTION, eager_mask)


@dataclass(frozen=True, slots=True)
class LayerRecord:
    """What is frozen of one layer: tensors without the batch axis.

    ``states`` [token, hidden] entering, ``attention`` [head, receiver, source], ``values`` [token, hidden] with their
    bias, ``norm_1_in``/``norm_2_in`` [token, hidden], ``pre_activation``/``activation`` [token, intermediate],
    ``states_out`` [token, hidden] leaving.
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
class Capture:
    """One forward pass: ``input_ids`` [token], ``logits`` [class], ``head_dense`` and ``head_activation`` [inner]."""

    input_ids: Tensor
    logits: Tensor
    layers: tuple[LayerRecord, ...]
    head_dense: Tensor
    head_activation: Tensor


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
def recording(opened: OpenModel, context: RunContext) -> Iterator[_Recorder]:
    """Record everything the model computes inside the ``with``; all is undone when it ends, however it ends."""
    config = opened.model.config
    recorder = _Recorder()
    handles = []
    before = config._attn_implementation
    token = _weights.set(recorder.kept.setdefault("attention", []))

    def stop(*_: object) -> None:
        context.raise_if_cancelled()

    try:
        # The setting itself: set_attn_implementation walks all modules, which shows on short sentences.
        config._attn_implementation = ATTENTION
        for parts in opened.layers:
            handles += [
                parts.layer.register_forward_pre_hook(stop),
                parts.value.register_forward_pre_hook(recorder.incoming("states")),
                parts.value.register_forward_hook(recorder.outgoing("values")),
                parts.norm_1.register_forward_pre_hook(recorder.incoming("norm_1_in")),
                parts.feed_forward_in.register_forward_hook(recorder.outgoing("pre_activation")),
                parts.activation.register_forward_hook(recorder.outgoing("activation")),
                parts.norm_2.register_forward_pre_hook(recorder.incoming("norm_2_in")),
                parts.norm_2.register_forward_hook(recorder.outgoing("states_out")),
            ]
        handles.append(opened.head.dense.register_forward_hook(recorder.outgoing("head_dense")))
        handles.append(opened.head.out.register_forward_pre_hook(recorder.incoming("head_activation")))
        yield recorder
    finally:
        for handle in handles:
            handle.remove()
        _weights.reset(token)
        config._attn_implementation = before


def capture(opened: OpenModel, encoding: Encoding, context: RunContext) -> Capture:
    """Run the model once on one input and keep what the methods freeze. Raises Cancelled between layers."""
    device = opened.model.device
    inputs = {name: torch.tensor([values], device=device) for name, values in encoding.model_inputs.items()}
    with torch.no_grad(), recording(opened, context) as recorder:
        logits = opened.model(**inputs).logits[0]
    kept = recorder.kept
    # One dict of lists [layer] becomes one record per layer.
    kept["attention"] = [weights[0] for weights in kept["attention"]]
    columns = [kept[name] for name in LayerRecord.__dataclass_fields__]
    layers = tuple(LayerRecord(*parts) for parts in zip(*columns, strict=True))
    return Capture(inputs["input_ids"][0], logits, layers, kept["head_dense"][0], kept["head_activation"][0])
