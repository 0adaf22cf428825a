"""What a run is said to cost before it starts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import registry
from engine.forecast import FLOAT_BYTES, Cost, Size, forecast, pulled_back, pulled_between, recorded_pass
from tests.engine.models import Tiny, explain, ids_of

MODEL = Tiny("bert", layers=3, seed=311)
# BERT-base with two classes.
BASE = Size(layers=12, heads=12, hidden=768, intermediate=3072, tokens=128, classes=2, explained=2)
METHODS = registry.discover()
every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)


def defaults(method):
    return method.parse(())


def test_a_pass_counts_every_matrix_product_once():
    one = replace(BASE, layers=1)
    dense = 128 * (4 * 768**2 + 2 * 768 * 3072)
    mixing = 2 * 12 * 128 * 128 * 64
    assert recorded_pass(one).work == dense + mixing
    assert recorded_pass(BASE).work == 12 * recorded_pass(one).work


def test_the_vocabulary_counts_only_where_it_is_the_answer():
    filling = replace(BASE, classes=30522)
    assert recorded_pass(filling).work - recorded_pass(BASE).work == 128 * 768 * 30522


# Peak of a fresh process above the model alone, in MB (tests/bench/forecast_memory.py).
MEASURED = [
    ("attention", {}, 512, 477),
    ("globenc", {}, 128, 143),
    ("globenc", {}, 512, 714),
    ("alti", {}, 128, 147),
    ("alti", {}, 512, 846),
    ("value_zeroing", {}, 128, 225),
    ("occlusion", {"replace": "delete"}, 128, 280),
    ("gradient", {}, 512, 895),
    ("integrated_gradients", {}, 128, 259),
    ("beyond_intuition_token", {}, 128, 360),
    ("partial_lrp", {}, 512, 685),
    ("transformer_lrp", {}, 128, 109),
    ("decompx", {}, 128, 122),
    ("decompx", {}, 512, 1274),
    ("decompx", {"bias": "token"}, 512, 523),
]


@pytest.mark.parametrize(("name", "settings", "tokens", "measured"), MEASURED)
def test_memory_is_told_within_three_tenths_of_what_bert_base_took(name, settings, tokens, measured):
    method, size = registry.find(name), replace(BASE, tokens=tokens)
    told = forecast(method, {**defaults(method), **settings}, size, "float32").bytes / 1e6
    assert 0.7 < told / measured < 1.3


@pytest.mark.parametrize(("tokens", "groups", "measured"), [(64, 6, 66), (64, 3, 75), (128, 6, 131)])
def test_memory_of_groups_of_layers_is_told_as_well(tokens, groups, measured):
    size = replace(BASE, tokens=tokens)
    boundaries = tuple(range(0, 13, 12 // groups))
    told = (recorded_pass(size) + pulled_between(size, boundaries)).numbers * 4 / 1e6
    assert 0.7 < told / measured < 1.3


def test_every_explained_answer_is_pulled_back():
    assert pulled_back(replace(BASE, explained=3)).work == 3 * pulled_back(replace(BASE, explained=1)).work


@every_method
def test_longer_texts_never_cost_less(method):
    short, long = (method.cost(replace(BASE, tokens=tokens), defaults(method)) for tokens in (16, 32))
    assert 0 <= short.work <= long.work
    assert 0 <= short.numbers <= long.numbers


@every_method
def test_the_forecast_is_the_recorded_pass_and_what_the_method_adds(method):
    last = explain(MODEL, "attention", ids=ids_of(6))
    size = Size.of(last.model, 6, len(last.explained))
    told = forecast(method, defaults(method), size, "float64", last)
    whole = recorded_pass(size) + method.cost(size, defaults(method))
    assert told.bytes == whole.numbers * FLOAT_BYTES["float64"]
    assert told.seconds == pytest.approx(last.pass_seconds * whole.work / recorded_pass(size).work)


def test_seconds_are_unknown_before_a_pass_was_timed():
    assert forecast(METHODS[0], defaults(METHODS[0]), BASE, "float32").seconds is None


def test_the_pace_is_that_of_the_last_pass_whatever_its_length():
    last = explain(MODEL, "attention", ids=ids_of(6))
    method = registry.find("attention")
    short, long = (forecast(method, {}, Size.of(last.model, tokens, 1), "float64", last).seconds for tokens in (6, 24))
    assert short == pytest.approx(last.pass_seconds)
    assert long > 3 * short


def test_pushing_every_word_grows_with_the_square_of_the_text():
    decompx = registry.find("decompx")
    costs = [decompx.cost(replace(BASE, tokens=tokens), defaults(decompx)).work for tokens in (64, 128)]
    assert 3.5 < costs[1] / costs[0] < 4.5
    quick = decompx.preview(defaults(decompx))
    assert decompx.cost(BASE, quick).work < costs[1] / 50


@pytest.mark.parametrize("settings", [{"aggregation": "rollout"}, {"aggregation": "none"}, {"bias": "token"}])
def test_only_what_explains_an_answer_slowly_has_a_quicker_form(settings):
    decompx = registry.find("decompx")
    chosen = {**defaults(decompx), **settings}
    assert decompx.preview(chosen) == chosen


def test_costs_add_up():
    assert Cost(1, 2) + Cost(3, 4) == Cost(4, 6)
