"""DecompX: against a forward second writing, against interventions, its sums, and its settings."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch

from engine import registry
from engine.errors import MethodError
from engine.methods.decompx import APART, SHARED
from tests.engine import second_sharing, second_writing
from tests.engine.models import Tiny, every_kind, explain, ids_of, opened
from tests.tolerances import FLOAT64, OF, agree

MODELS = [
    Tiny("bert", layers=1, seed=1),
    Tiny("bert", layers=3, seed=2, labels=6),
    Tiny("roberta", layers=2, seed=3, act="relu", labels=2),
    Tiny("roberta", layers=3, seed=4, act="gelu_new", labels=1),
    Tiny("bert", layers=2, seed=5, act="silu", labels=2, problem="multi_label_classification"),
]
KINDS = every_kind(10)


def apart(model, dtype="float64", **request):
    """The setting that keeps the biases apart."""
    return explain(model, "decompx", dtype, parameters=(("bias", "token"),), **request)


# Biases apart: one backward pass.


@pytest.mark.parametrize("length", [1, 2, 9])
@pytest.mark.parametrize("model", [*MODELS, *KINDS], ids=str)
@torch.no_grad()
def test_one_backward_pass_gives_what_forward_propagation_of_all_vectors_gives(model, length):
    ids = ids_of(length)
    position = None if model.position is None else length // 2
    found = apart(model, ids=ids, position=position)
    _, shares = second_writing.decompx(second_writing.read(opened(model).model, ids, position))
    agree(np.column_stack([found.scores_all, found.bias]), shares[list(found.explained)].numpy(), FLOAT64)


@pytest.mark.parametrize("model", [*MODELS, *KINDS], ids=str)
@torch.no_grad()
def test_deleting_a_token_from_the_frozen_network_takes_exactly_its_share(model):
    """Its state entering layer 1 emptied, in post-norm families with the value bias it brings there."""
    ids = ids_of(6)
    found = apart(model, ids=ids)
    reading = second_writing.read(opened(model).model, ids, model.position)
    first = reading.layers[0]
    values = first.values(first.x)
    whole = second_writing.answer_from(reading, 0, first.x, values)
    agree(whole, reading.logits, FLOAT64)
    taken = []
    for token in range(len(ids)):
        keep = torch.ones(len(ids), 1, dtype=first.x.dtype)
        keep[token] = 0
        left = None if first.norm_first else values * keep
        taken.append((whole - second_writing.answer_from(reading, 0, first.x * keep, left)).numpy())
    agree(found.scores_all, np.stack(taken, axis=1)[list(found.explained)], FLOAT64)


@torch.no_grad()
def test_the_bias_is_what_the_frozen_network_answers_to_nothing():
    model, ids = MODELS[1], ids_of(6)
    found = apart(model, ids=ids)
    reading = second_writing.read(opened(model).model, ids)
    nothing = torch.zeros_like(reading.layers[0].x)
    agree(found.bias, second_writing.answer_from(reading, 0, nothing, nothing), FLOAT64)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("model", [*MODELS, *KINDS], ids=str)
def test_shares_and_bias_add_up_to_every_logit(model, dtype):
    found = apart(model, dtype, ids=ids_of(9))
    agree(found.scores_all.sum(1) + found.bias, found.prediction.logits[list(found.explained)], OF[dtype])
    assert found.checks["completeness"] <= OF[dtype] * np.abs(found.prediction.logits).max()


@pytest.mark.parametrize("target", range(6))
def test_every_class_gets_the_same_shares_whichever_is_the_target(target):
    model = MODELS[1]  # more classes than are pulled back at once
    found, first = (apart(model, ids=ids_of(7), target=which) for which in (target, 0))
    agree(found.scores_all, first.scores_all, FLOAT64)
    agree(found.scores, first.scores_all[target], FLOAT64)
    agree(found.flow.nodes[0], first.scores_all[target], FLOAT64)


def test_a_contrast_is_the_difference_of_two_classes():
    model, ids = MODELS[1], ids_of(7)
    found = apart(model, ids=ids, target=4, against=1)
    agree(found.scores, found.scores_all[4] - found.scores_all[1], FLOAT64)
    assert found.target_bias == pytest.approx(found.bias[4] - found.bias[1])
    assert found.scores.sum() + found.target_bias == pytest.approx(found.target_value)


def test_the_flow_begins_with_the_scores():
    for model in (*MODELS, *KINDS):
        found = apart(model, ids=ids_of(9))
        agree(found.flow.nodes[0], found.scores, FLOAT64)
        assert found.checks["scores_vs_flow"] <= FLOAT64 * np.abs(found.scores).max()


# All settings.


def asked(model, dtype="float64", against=-1, **parameters):
    given = {"target": 0, "against": against} if against >= 0 else {}
    return explain(model, "decompx", dtype, ids=ids_of(7), parameters=tuple(parameters.items()), **given)


def test_the_published_setting_is_the_default():
    published = {
        "bias": "absdot",
        "ffn": "zo",
        "tanh": "zo",
        "layernorm": "both",
        "aggregation": "vector",
        "precision": "full",
    }
    assert registry.find("decompx").parse(()) == published


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("bias", sorted({*SHARED, *APART} - {"dot"}))  # whose weights divide by sums near zero
@pytest.mark.parametrize("model", MODELS[1:4], ids=str)
def test_every_complete_setting_adds_up_to_every_logit(model, bias, dtype):
    found = asked(model, dtype, bias=bias)
    agree(found.scores_all.sum(1) + found.bias, found.prediction.logits, OF[dtype])
    assert found.checks["completeness"] <= OF[dtype] * max(1, np.abs(found.prediction.logits).max())
    assert found.bias.any() == (bias == "token")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("model", KINDS, ids=str)
def test_the_published_setting_is_complete_in_every_kind_of_model(model, dtype):
    found = asked(model, dtype)
    logits = found.prediction.logits
    agree(found.scores_all.sum(1), logits[list(found.explained)], OF[dtype])
    assert found.checks["completeness"] <= OF[dtype] * max(1, np.abs(logits).max())
    assert found.bias.shape == (len(found.explained),)
    assert not found.bias.any()
    assert found.rollout.shape == (model.layers, 7, 7)
    assert (found.rollout > 0).all() or model.family == "modernbert"  # whose windows keep words apart
    assert found.explains_answer


@pytest.mark.parametrize("model", [model for model in KINDS if model.family == "modernbert"], ids=str)
def test_a_gate_has_no_other_line_to_draw_and_says_so(model):
    for ffn, aggregation in product(("la", "relu"), ("vector", "rollout")):
        with pytest.raises(MethodError, match=r"Set ffn=zo\."):
            asked(model, ffn=ffn, aggregation=aggregation)
    assert asked(model, ffn="off").scores.any()


@pytest.mark.parametrize("model", KINDS, ids=str)
def test_norms_within_layers_come_in_every_kind_of_model(model):
    found = asked(model, aggregation="rollout")
    assert found.layer_maps.shape == found.rollout.shape == (model.layers, 7, 7)
    at = model.position or 0
    if ("classifier_pooling", "mean") in model.extras:
        agree(found.scores, found.rollout[-1].mean(0))
    else:
        assert np.array_equal(found.scores, found.rollout[-1, at])
    agree(found.rollout[-1], found.layer_maps[1] @ found.layer_maps[0])


@pytest.mark.parametrize("kind", ["absdot", "norm", "equal", "cls", "abssim"])
@torch.no_grad()
def test_what_is_kept_apart_is_parted_among_the_tokens_at_the_very_end(kind):
    model = MODELS[1]
    kept, parted = (asked(model, bias=bias) for bias in ("token", f"token+{kind}"))
    rows = [torch.from_numpy(row.copy()) for row in kept.scores_all.T]  # [token][class]
    wanted = second_sharing.shared(rows, torch.from_numpy(kept.bias.copy()), kind)
    agree(parted.scores_all, torch.stack(wanted).T)


def test_what_is_kept_apart_in_a_pushed_setting_is_parted_alike():
    kept, parted = (asked(MODELS[1], bias=bias, ffn="relu") for bias in ("token", "token+norm"))
    rows = [torch.from_numpy(row.copy()) for row in kept.scores_all.T]
    wanted = second_sharing.shared(rows, torch.from_numpy(kept.bias.copy()), "norm")
    agree(parted.scores_all, torch.stack(wanted).T)
    assert np.array_equal(kept.rollout, parted.rollout)


def test_a_setting_without_biases_has_no_baseline_and_claims_no_sum():
    for model, settings in [
        *((MODELS[1], {"ffn": ffn}) for ffn in ("zo", "la")),
        *((model, {"tanh": tanh}) for model in KINDS for tanh in ("zo", "la")),
    ]:
        found = asked(model, bias="none", **settings)
        assert found.bias is None
        assert "completeness" not in found.checks
        assert found.checks["scores_vs_flow"] >= 0


@pytest.mark.parametrize("left_out", [{"ffn": "off"}, {"ffn": "relu"}, {"layernorm": "first"}, {"layernorm": "none"}])
def test_a_setting_that_leaves_something_out_says_how_much_is_missing(left_out):
    found = asked(MODELS[1], **left_out)
    missing = abs(found.scores.sum() - found.target_value)
    assert found.checks["completeness"] == pytest.approx(missing)
    assert missing > 1e-3


def test_a_contrast_of_shared_biases_is_the_difference_of_two_classes():
    found = asked(MODELS[1], against=3)
    agree(found.scores, found.scores_all[0] - found.scores_all[3])
    assert found.scores.sum() == pytest.approx(found.target_value)
    agree(found.scores_all, asked(MODELS[1]).scores_all)


@pytest.mark.parametrize("aggregation", ["rollout", "none"])
def test_local_norms_explain_no_answer(aggregation):
    one, other = (
        explain(MODELS[1], "decompx", ids=ids_of(7), target=target, parameters=(("aggregation", aggregation),))
        for target in (0, 4)
    )
    assert np.array_equal(one.scores, other.scores)
    assert (one.explains_answer, one.signed, one.unit) == (False, False, "fraction")
    assert one.scores_all is None
    assert one.flow.from_map
    assert "completeness" not in one.checks


@torch.no_grad()
def test_without_biases_and_feed_forward_the_local_norms_are_those_of_globenc():
    found = asked(MODELS[1], aggregation="rollout", bias="none", ffn="off")
    wanted = explain(MODELS[1], "globenc", ids=ids_of(7))
    agree(found.layer_maps, wanted.layer_maps)
    agree(found.rollout, wanted.rollout)


@pytest.mark.parametrize("aggregation", ["rollout", "none"])
@pytest.mark.parametrize("bias", APART)
def test_norms_with_a_baseline_are_refused(aggregation, bias):
    with pytest.raises(MethodError, match=r"Choose bias=none or one of absdot"):
        asked(MODELS[1], bias=bias, aggregation=aggregation)


def test_a_preview_of_double_precision_is_refused():
    with pytest.raises(MethodError, match=r"Set precision=full\."):
        asked(MODELS[1], precision="bf16")
    assert asked(MODELS[1], "float32", precision="bf16").scores.any()


EVERY = {parameter.name: parameter.values for parameter in registry.find("decompx").parameters}


DEFINED = [
    (bias, kind) for bias, kind in product(EVERY["bias"], EVERY["aggregation"]) if kind == "vector" or bias not in APART
]


@pytest.mark.parametrize(("bias", "aggregation"), DEFINED)
def test_every_other_combination_is_answered_with_numbers(bias, aggregation):
    for ffn, tanh, layernorm in product(EVERY["ffn"], EVERY["tanh"], EVERY["layernorm"]):
        found = asked(MODELS[0], bias=bias, aggregation=aggregation, ffn=ffn, tanh=tanh, layernorm=layernorm)
        assert np.isfinite(found.scores).all()
        assert found.scores.any()
