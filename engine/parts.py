"""The modules of a loaded model that a recording listens to and a frozen network borrows, found once when it opens."""

from __future__ import annotations

from dataclasses import dataclass, fields

from torch import nn

from engine.family import BlockPaths, HeadPaths


@dataclass(frozen=True, slots=True, eq=False)
class LayerParts:
    """One layer and its parts, named as in :class:`engine.family.BlockPaths`."""

    layer: nn.Module
    value: nn.Linear
    attention_output: nn.Linear
    norm_1: nn.LayerNorm
    feed_forward_in: nn.Linear
    activation: nn.Module
    feed_forward_out: nn.Linear
    norm_2: nn.LayerNorm


@dataclass(frozen=True, slots=True, eq=False)
class HeadParts:
    """The answering head: dense, activation, dense."""

    dense: nn.Linear
    out: nn.Linear


KINDS: dict[str, type[nn.Module]] = {"norm_1": nn.LayerNorm, "norm_2": nn.LayerNorm, "activation": nn.Module}


def _found(root: nn.Module, paths: BlockPaths | HeadPaths) -> dict[str, nn.Module]:
    modules = {entry.name: root.get_submodule(getattr(paths, entry.name)) for entry in fields(paths)}
    for name, module in modules.items():
        kind = KINDS.get(name, nn.Linear)
        if not isinstance(module, kind):
            raise TypeError(f"{name} should be a {kind.__name__}, found {type(module).__name__}")
    return modules


def layer_parts(model: nn.Module, layers: str, paths: BlockPaths) -> tuple[LayerParts, ...]:
    """The parts of every layer below the dotted path ``layers``. Raises TypeError for a module of another kind."""
    return tuple(LayerParts(layer, **_found(layer, paths)) for layer in model.get_submodule(layers).children())  # type: ignore[arg-type]


def head_parts(model: nn.Module, paths: HeadPaths) -> HeadParts:
    """The parts of the head. Raises TypeError for a module of another kind."""
    return HeadParts(**_found(model, paths))  # type: ignore[arg-type]
