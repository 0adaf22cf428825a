"""What several methods' descriptions share: which layer a number names, reasons, and costs that grow as they should."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import descriptions, registry
from engine.contract import Head
from engine.errors import MethodError
from engine.forecast import Size, recorded_pass
from engine.registry import Traits

SIZE = Size(layers=12, heads=12, hidden=768, intermediate=3072, tokens=32, classes=2, explained=2)
POST_NORM = Traits("bert", Head.SEQUENCE_CLASSIFICATION, norm_first=False, gated=False, masks=True)


@pytest.mark.parametrize(
    ("asked", "layer"), [(0, 0), (5, 5), (11, 11), (12, 11), (100, 11), (-1, 11), (-4, 8), (-12, 0), (-13, 0)]
)
def test_a_first_layer_is_counted_from_either_end(asked, layer):
    assert descriptions.first_used({"start_layer": asked}, 12) == layer


def test_a_first_layer_is_a_whole_number_in_reach():
    parameter = descriptions.start_layer("-1", "")
    assert parameter.parse("-4") == -4
    for text in ("1.5", "101", "last"):
        with pytest.raises(MethodError):
            parameter.parse(text)


def test_relevance_rules_fit_post_norm_layers_only():
    assert descriptions.post_norm_only(POST_NORM) is None
    for trait in ("norm_first", "gated"):
        assert "built otherwise" in descriptions.post_norm_only(replace(POST_NORM, **{trait: True}))


def test_costs_grow_with_steps_layers_and_answers():
    plain, one = recorded_pass(SIZE).work, descriptions.gradient_cost(SIZE, 1, 1)
    assert plain < one.work < 2 * plain
    assert descriptions.gradient_cost(SIZE, 1, 20).work == pytest.approx(20 * one.work)
    assert descriptions.gradient_cost(SIZE, 12, 1).work == pytest.approx(3 * plain)
    ours = {"rules": "ours"}
    few, many = (descriptions.relevance_cost(SIZE, ours | {"start_layer": start}) for start in (-1, 0))
    assert many.work == pytest.approx(12 * few.work)
    more = descriptions.relevance_cost(replace(SIZE, explained=5), ours | {"start_layer": -1})
    assert more.work > few.work
    assert more.numbers > few.numbers


@pytest.mark.parametrize("tokens", [1, 32, 512, 4096])
def test_every_default_has_a_cost(tokens):
    for name in ("beyond_intuition_head", "beyond_intuition_token", "generic_attention", "transformer_lrp"):
        method = registry.find(name)
        cost = method.cost(replace(SIZE, tokens=tokens), method.parse(()))
        assert cost.work > 0
        assert cost.numbers > 0
