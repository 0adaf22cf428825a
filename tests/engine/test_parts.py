"""The modules a recording listens to are the ones the family names."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from engine.families import bert
from engine.family import family_of
from engine.parts import Affine, head_parts, layer_parts
from tests.engine.models import Tiny, build, every_kind

KINDS = every_kind(seed=91, layers=3)


def _same_numbers(affine: Affine, module: nn.Linear, rows: slice = slice(None)) -> None:
    """The affine map is a view of the module's own parameters."""
    assert affine.weight.data_ptr() == module.weight[rows].data_ptr()
    assert affine.weight.shape == module.weight[rows].shape
    if module.bias is None:
        assert not affine.bias.any()
        assert affine.bias.shape == module.weight[rows, 0].shape
    else:
        assert affine.bias.data_ptr() == module.bias[rows].data_ptr()


@pytest.mark.parametrize("tiny", KINDS, ids=str)
def test_every_part_is_the_module_at_the_path_of_its_name(tiny):
    model = build(tiny)
    family = family_of(type(model).__name__)
    served, paths = family.classes[type(model).__name__], family.block
    assert served.head is tiny.head
    found = layer_parts(model, family, served)
    assert len(found) == tiny.layers
    for number, parts in enumerate(found):
        layer = parts.layer
        if family.in_order is None:
            assert layer is model.get_submodule(f"{served.layers}.{number}")
        upper = slice(2 * tiny.hidden, None) if paths.fused else slice(None)
        _same_numbers(parts.value, layer.get_submodule(paths.value), upper)
        assert parts.value.weight.shape == (tiny.hidden, tiny.hidden)
        _same_numbers(parts.attention_output, layer.get_submodule(paths.attention_output))
        assert parts.feed_forward is layer.get_submodule(paths.feed_forward_in)
        assert parts.gate == (2 * tiny.hidden if paths.gated else 0)
        _same_numbers(parts.feed_forward_in, parts.feed_forward, slice(parts.gate, None))
        _same_numbers(parts.feed_forward_out, layer.get_submodule(paths.feed_forward_out))
        assert parts.activation is layer.get_submodule(paths.activation)
        assert parts.norm_2 is layer.get_submodule(paths.norm_2)
        if parts.norm_1 is None:
            assert number == 0
            assert isinstance(layer.get_submodule(paths.norm_1), nn.Identity)
        else:
            assert parts.norm_1 is layer.get_submodule(paths.norm_1)
    head = head_parts(model, served.paths)
    for name in ("final_norm", "dense", "norm", "out"):
        path = getattr(served.paths, name)
        assert getattr(head, name) is (None if path is None else model.get_submodule(path))


@pytest.mark.parametrize("tiny", KINDS, ids=str)
def test_layers_are_in_the_order_they_run(tiny):
    model = build(tiny)
    family = family_of(type(model).__name__)
    layers = [parts.layer for parts in layer_parts(model, family, family.classes[type(model).__name__])]
    ran = []
    handles = [layer.register_forward_pre_hook(lambda module, _: ran.append(module)) for layer in dict.fromkeys(layers)]
    with torch.no_grad():
        model(torch.tensor([[5, 6, 7, 8, 9]]))
    for handle in handles:
        handle.remove()
    assert ran == layers


@pytest.mark.parametrize("part", ["value", "norm_1", "feed_forward_out"])
def test_a_module_of_another_kind_is_refused_naming_the_part(part):
    family = replace(bert.FAMILY, block=replace(bert.FAMILY.block, **{part: "attention"}))
    with pytest.raises(TypeError, match=r"attention should be a .*, found BertAttention"):
        layer_parts(build(Tiny()), family, family.classes["BertForSequenceClassification"])


def test_a_path_that_leads_nowhere_is_an_error():
    family = replace(bert.FAMILY, block=replace(bert.FAMILY.block, value="attention.nothing"))
    with pytest.raises(AttributeError):
        layer_parts(build(Tiny()), family, family.classes["BertForSequenceClassification"])
