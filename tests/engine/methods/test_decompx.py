"""DecompX: against a forward second writing, against interventions, and its sums."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.engine import second_writing
from tests.engine.models import Tiny, every_kind, explain, ids_of, opened
from tests.tolerances import FLOAT64, OF, agree

MODELS = [
    Tiny("bert", layers=1, seed=1),
    Tiny("bert", layers=3, seed=2, labels=6),
    Tiny("roberta", layers=2, seed=3, act="relu", labels=2),
    Tiny("roberta", layers=3, seed=4, act="gelu_new", labels=1),
    Tiny("bert", layers=2, seed=5, act="silu", labels=2, problem="multi_label_classification"),
    Tiny("modernbert", layers=1, seed=6),
    *every_kind(seed=7, layers=3),
]


def apart(model, dtype="float64", **request):
    """The setting that keeps the biases apart."""
    return explain(model, "decompx", dtype, parameters=(("bias", "token"),), **request)


@pytest.mark.parametrize("length", [1, 2, 9])
@pytest.mark.parametrize("model", MODELS, ids=str)
@torch.no_grad()
def test_one_backward_pass_gives_what_forward_propagation_of_all_vectors_gives(model, length):
    ids = ids_of(length)
    position = None if model.position is None else length // 2
    found = apart(model, ids=ids, position=position)
    _, shares = second_writing.decompx(second_writing.read(opened(model).model, ids, position))
    agree(np.column_stack([found.scores_all, found.bias]), shares[list(found.explained)].numpy(), FLOAT64)


@pytest.mark.parametrize("model", MODELS, ids=str)
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
@pytest.mark.parametrize("model", MODELS, ids=str)
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
    for model in MODELS:
        found = apart(model, ids=ids_of(9))
        agree(found.flow.nodes[0], found.scores, FLOAT64)
        assert found.checks["scores_vs_flow"] <= FLOAT64 * np.abs(found.scores).max()
