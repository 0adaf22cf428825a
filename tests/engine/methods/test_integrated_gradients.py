"""Integrated gradients: its parts add up, and equal a slow walk along the same way."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.contract import Head
from engine.methods import integrated_gradients as method
from tests.engine.models import Tiny, explain, ids_of, opened
from tests.tolerances import FLOAT64, agree

MASK: tuple[tuple[str, int], ...] = (("mask_token_id", 4),)
WORDS = [
    Tiny("bert", seed=451, extras=MASK),
    Tiny("roberta", seed=452, extras=MASK, act="silu"),
    # Not DistilBERT's head for whole texts: it has a kink (ReLU), which no rule for smooth curves follows closely.
    Tiny("distilbert", seed=453, extras=MASK, head=Head.TOKEN_CLASSIFICATION),
    Tiny("albert", seed=454, extras=MASK, head=Head.TOKEN_CLASSIFICATION),
    Tiny("electra", seed=455, extras=MASK, head=Head.MASKED_WORD),
    Tiny("bert", seed=456, extras=MASK, head=Head.STATE),
]
MODERN = Tiny("modernbert", seed=457, extras=MASK)
IDS = ids_of(6)
STEPS = ("steps", "300")
# By how much the sum may miss the change with so many steps, relative to it; ModernBERT turns in float32.
MISSED = 1e-6


def _explain(model, *parameters, **request):
    return explain(model, "integrated_gradients", ids=IDS, parameters=parameters, **request)


@pytest.mark.parametrize("baseline", ["zero", "mask"])
@pytest.mark.parametrize("at", ["word", "embedding"])
@pytest.mark.parametrize("model", [*WORDS, MODERN], ids=str)
def test_parts_and_the_empty_texts_answer_add_up(model, at, baseline):
    if model is MODERN and (at, baseline) == ("word", "zero"):
        return  # refused
    found = _explain(model, ("at", at), ("baseline", baseline), STEPS)
    assert found.checks["completeness"] <= MISSED * max(1, abs(found.target_value))
    assert found.scores.sum() + found.target_bias == pytest.approx(found.target_value, rel=10 * MISSED)


@pytest.mark.parametrize("output", ["logit", "prob"])
@pytest.mark.parametrize("model", WORDS[:2], ids=str)
def test_a_slow_walk_gives_the_same(model, output):
    found = _explain(model, ("output", output), ("steps", "7"))
    network = opened(model).model
    words = network.get_input_embeddings()(torch.tensor(IDS)).detach()
    nodes, weights = np.polynomial.legendre.leggauss(7)
    gathered = torch.zeros_like(words)
    for node, weight in zip(nodes, weights, strict=True):
        point = ((node + 1) / 2 * words).requires_grad_()
        logits = network(inputs_embeds=point[None]).logits[0]
        answer = (logits if output == "logit" else logits.softmax(-1))[found.target]
        gathered += weight / 2 * torch.autograd.grad(answer, point)[0]
    agree(found.scores, (words * gathered).sum(-1), FLOAT64)


def test_the_mask_baseline_keeps_the_first_and_the_last_real_token():
    ids, mask = (*ids_of(5), 0, 0), (1, 1, 1, 1, 1, 0, 0)
    found = explain(
        WORDS[0], "integrated_gradients", ids=ids, attention_mask=mask, parameters=(("baseline", "mask"), STEPS)
    )
    assert not found.scores[[0, 4, 5, 6]].any()
    assert found.scores[1:4].all()
    empty = (ids[0], 4, 4, 4, ids[4], 0, 0)
    agree(found.bias, explain(WORDS[0], "gradient", ids=empty, attention_mask=mask).prediction.logits, FLOAT64)


def test_a_contrast_is_the_difference_of_two_ways():
    against = _explain(WORDS[0], target=2, against=0)
    single = [_explain(WORDS[0], target=target).scores for target in (2, 0)]
    agree(against.scores, single[0] - single[1], FLOAT64)
    assert against.target_bias == pytest.approx(against.bias[2] - against.bias[0])


def test_chunks_change_nothing(monkeypatch):
    whole = _explain(WORDS[0]).scores
    explain(WORDS[0], "gradient", ids=IDS)  # a session keeps its last answer
    monkeypatch.setattr(method, "TOKENS_AT_ONCE", 20)
    agree(_explain(WORDS[0]).scores, whole, 1e-12)


def test_few_steps_miss_the_change_and_say_by_how_much():
    found = _explain(WORDS[0], ("steps", "1"))
    missed = abs(found.scores.sum() + found.target_bias - found.target_value)
    assert missed > 0.01
    assert found.checks["completeness"] == pytest.approx(missed)


@pytest.mark.parametrize("parameter", [("reduce", "l2"), ("output", "prob")])
def test_what_is_no_part_of_a_logit_leaves_no_remainder(parameter):
    found = _explain(WORDS[0], parameter, STEPS)
    assert found.bias is None
    assert found.checks["completeness"] <= MISSED
