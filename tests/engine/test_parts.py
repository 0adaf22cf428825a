"""The modules a recording listens to are the ones the family names."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from engine.families import bert, roberta
from engine.parts import LayerParts, head_parts, layer_parts
from tests.engine.models import Tiny, build

CASES = [(Tiny("bert", layers=3), bert.FAMILY), (Tiny("roberta", layers=2), roberta.FAMILY)]


@pytest.mark.parametrize(("tiny", "family"), CASES, ids=["bert", "roberta"])
def test_every_part_is_the_module_at_the_path_of_its_name(tiny, family):
    model = build(tiny)
    (served,) = family.classes.values()
    found = layer_parts(model, served.layers, family.block)
    assert len(found) == tiny.layers
    for number, parts in enumerate(found):
        assert parts.layer is model.get_submodule(f"{served.layers}.{number}")
        for entry in fields(LayerParts)[1:]:
            path = getattr(family.block, entry.name)
            assert getattr(parts, entry.name) is parts.layer.get_submodule(path)
    head = head_parts(model, served.paths)
    assert head.dense is model.get_submodule(served.paths.dense)
    assert head.out is model.get_submodule(served.paths.out)


@pytest.mark.parametrize("part", ["value", "norm_1", "feed_forward_out"])
def test_a_module_of_another_kind_is_refused_naming_the_part(part):
    model = build(CASES[0][0])
    paths = replace(bert.FAMILY.block, **{part: "attention"})
    with pytest.raises(TypeError, match=rf"{part} should be a .*, found BertAttention"):
        layer_parts(model, "bert.encoder.layer", paths)


def test_a_path_that_leads_nowhere_is_an_error():
    paths = replace(bert.FAMILY.block, value="attention.nothing")
    with pytest.raises(AttributeError):
        layer_parts(build(CASES[0][0]), "bert.encoder.layer", paths)
