"""The modules of a loaded model that a recording listens to and a frozen network borrows, found once when it opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn
from transformers.activations import ACT2FN

if TYPE_CHECKING:
    from engine.family import BlockPaths, Family, HeadPaths, ServedClass


Activation = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """Weight [out, in] and bias [out] of a dense map, views of the model's own; a bias the model lacks is zero."""

    weight: Tensor
    bias: Tensor

    @classmethod
    def of(cls, module: nn.Linear, rows: slice = slice(None)) -> Affine:
        """All of ``module``, or only some of its outputs."""
        weight = module.weight.detach()[rows]
        return cls(weight, weight.new_zeros(len(weight)) if module.bias is None else module.bias.detach()[rows])


@dataclass(frozen=True, slots=True, eq=False)
class LayerParts:
    """One layer and its parts, named as in :class:`engine.family.BlockPaths`.

    ``norm_1`` is None where the states enter as they are; ``gate`` is the number of outputs of ``feed_forward_in``
    that are activated and multiply the others, 0 where it is not gated. ``query`` and ``key`` are None where the family
    keeps them together with the values. ``activation`` is the module that gives the activated state, ``act`` the
    function itself.
    """

    layer: nn.Module
    query: Affine | None
    key: Affine | None
    value: Affine
    attention_output: Affine
    norm_1: nn.LayerNorm | None
    feed_forward: nn.Linear
    feed_forward_in: Affine
    activation: nn.Module
    act: Activation
    feed_forward_out: Affine
    norm_2: nn.LayerNorm
    norm_first: bool
    gate: int


@dataclass(frozen=True, slots=True, eq=False)
class HeadParts:
    """The answering head's modules, named as in :class:`engine.family.HeadPaths`."""

    final_norm: nn.LayerNorm | None
    dense: nn.Linear | None
    act: Activation
    norm: nn.LayerNorm | None
    out: nn.Linear | None


def layer_parts(model: nn.Module, family: Family, served: ServedClass) -> tuple[LayerParts, ...]:
    """The parts of every layer, in the order the layers run; raises TypeError for a module of another kind."""
    home = model.get_submodule(served.layers)
    layers = list(home.children()) if family.in_order is None else family.in_order(home, model.config)
    act = ACT2FN[getattr(model.config, family.activation_key)]
    return tuple(_layer_parts(layer, family.block, act) for layer in layers)


def _layer_parts(layer: nn.Module, paths: BlockPaths, act: Activation) -> LayerParts:
    value, feed_forward = _linear(layer, paths.value), _linear(layer, paths.feed_forward_in)
    norm_1 = layer.get_submodule(paths.norm_1)
    gate = feed_forward.out_features // 2 if paths.gated else 0
    return LayerParts(
        layer=layer,
        query=None if paths.query is None else Affine.of(_linear(layer, paths.query)),
        key=None if paths.key is None else Affine.of(_linear(layer, paths.key)),
        value=Affine.of(value, slice(value.out_features // 3 * 2, None) if paths.fused else slice(None)),
        attention_output=Affine.of(_linear(layer, paths.attention_output)),
        norm_1=None if isinstance(norm_1, nn.Identity) else _norm(layer, paths.norm_1),
        feed_forward=feed_forward,
        feed_forward_in=Affine.of(feed_forward, slice(gate, None)),
        activation=layer.get_submodule(paths.activation),
        act=act,
        feed_forward_out=Affine.of(_linear(layer, paths.feed_forward_out)),
        norm_2=_norm(layer, paths.norm_2),
        norm_first=paths.norm_first,
        gate=gate,
    )


def head_parts(model: nn.Module, paths: HeadPaths) -> HeadParts:
    """The parts of the head; raises TypeError for a module of another kind."""
    return HeadParts(
        final_norm=None if paths.final_norm is None else _norm(model, paths.final_norm),
        dense=None if paths.dense is None else _linear(model, paths.dense),
        act=ACT2FN[getattr(model.config, paths.act, paths.act)],
        norm=None if paths.norm is None else _norm(model, paths.norm),
        out=None if paths.out is None else _linear(model, paths.out),
    )


def _linear(root: nn.Module, path: str) -> nn.Linear:
    return _of_kind(root, path, nn.Linear)  # type: ignore[no-any-return]


def _norm(root: nn.Module, path: str) -> nn.LayerNorm:
    return _of_kind(root, path, nn.LayerNorm)  # type: ignore[no-any-return]


def _of_kind(root: nn.Module, path: str, kind: type[nn.Module]) -> Any:
    module = root.get_submodule(path)
    if not isinstance(module, kind):
        raise TypeError(f"{path} should be a {kind.__name__}, found {type(module).__name__}")
    return module
