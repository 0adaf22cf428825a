"""The relevance rules: each against autograd or loops, and what they keep on the way down."""

from __future__ import annotations

import pytest
import torch

from engine import relevance
from engine.attribution import MethodInput
from engine.context import RunContext
from engine.contract import Head
from engine.descriptions import ORIG, OURS, RULES
from engine.errors import Cancelled
from tests.engine.models import Tiny, every_kind, ids_of, opened, record
from tests.tolerances import agree

IDS = ids_of(7)
POST_NORM = [kind for kind in every_kind(81) if kind.family != "modernbert"]
BERT = Tiny("bert", layers=3, seed=82)
# Every division adds 1e-9 to what it divides by: that much of small quotients gets lost, layer by layer.
KEPT = 1e-5


def drawn(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def given_for(model, ids=IDS):
    position = model.position or 0
    captured, network = record(opened(model), ids, position=position)
    explained = tuple(range(min(3, len(captured.logits))))
    return MethodInput(opened(model), captured, network, 0, -1, explained, position, {}, RunContext())


def pulled(outputs, inputs, relevance_):
    """x * (dz/dx)^T (R / z), the shape every rule of the paper has, by autograd."""
    pulls = torch.autograd.grad(outputs, inputs, relevance_ / (outputs + 1e-9), retain_graph=True)
    return [given * pull for given, pull in zip(inputs, pulls, strict=True)]


def signs(x):
    return x.clamp(min=0).detach().requires_grad_(), x.clamp(max=0).detach().requires_grad_()


@pytest.mark.parametrize("rules", RULES)
def test_a_dense_map_hands_down_what_raised_it(rules):
    arriving, entering, weight = drawn(2, 5, 4), drawn(5, 12, seed=1), drawn(4, 12, seed=2)
    found = relevance.through_linear(arriving, entering, weight, rules)
    above, below = signs(entering)
    up, down = above @ weight.clamp(min=0).T, below @ weight.clamp(max=0).T
    for target in range(2):
        if rules == OURS:
            parts = pulled(up + down, [above, below], arriving[target])
        else:
            parts = [pulled(up, [above], arriving[target])[0], pulled(down, [below], arriving[target])[0]]
        agree(found[target], sum(parts).detach(), 1e-9)
    if rules == OURS:
        agree(found.sum(-1), arriving.sum(-1), 1e-7)  # it keeps the sum


def test_a_product_hands_half_to_each_side():
    arriving, left, right = drawn(2, 3, 4, 6), drawn(3, 4, 5, seed=1), drawn(3, 5, 6, seed=2)
    to_left, to_right = relevance.through_product(arriving, left, right)
    for target in range(2):
        sides = [left.clone().requires_grad_(), right.clone().requires_grad_()]
        wanted = pulled(sides[0] @ sides[1], sides, arriving[target])
        agree(to_left[target], wanted[0].detach() / 2, 1e-9)
        agree(to_right[target], wanted[1].detach() / 2, 1e-9)
    agree(to_left.sum((1, 2, 3)) + to_right.sum((1, 2, 3)), arriving.sum((1, 2, 3)), 1e-6)


def test_a_sum_hands_down_in_proportion_and_ours_keeps_the_whole():
    arriving, one, other = drawn(2, 4, 3), drawn(4, 3, seed=1), drawn(4, 3, seed=2)
    plain = relevance.through_sum(arriving, one, other, ORIG)
    agree(plain[0], arriving * one / (one + other), 1e-6)
    agree(plain[1], arriving * other / (one + other), 1e-6)
    scaled = relevance.through_sum(arriving, one, other, OURS)
    for target in range(2):
        sums = [float(part[target].sum()) for part in plain]
        whole = float(arriving[target].sum())
        for part, before, sum_ in zip(scaled, plain, sums, strict=True):
            share = abs(sum_) / (abs(sums[0]) + abs(sums[1])) * whole
            assert float(part[target].sum()) == pytest.approx(share, rel=1e-6)
            agree(part[target], before[target] * (share / sum_), 1e-6)


def test_copies_add_up():
    first, second, copied = drawn(2, 4), drawn(2, 4, seed=1), drawn(4, seed=2)
    agree(relevance.through_copies((first, second), copied), first + second, 1e-6)


def test_nothing_is_divided_by_zero():
    totals = torch.tensor([0.0, -1e-9, 2.0], dtype=torch.float64)
    found = relevance.divided(torch.ones(3, dtype=torch.float64), totals)
    assert found.tolist() == pytest.approx([0.0, 1e9, 1 / (2 + 1e-9)], rel=1e-12)


@pytest.mark.parametrize("kind", POST_NORM, ids=str)
@torch.no_grad()
def test_queries_and_keys_are_those_of_the_recorded_attention(kind):
    given = given_for(kind)
    for parts, layer in zip(given.opened.layers, given.capture.layers, strict=True):
        query, key = (layer.states @ part.weight.T + part.bias for part in (parts.query, parts.key))
        by_head = [part.view(len(IDS), kind.heads, -1).transpose(0, 1) for part in (query, key)]
        scores = by_head[0] @ by_head[1].mT / by_head[0].shape[-1] ** 0.5
        agree(torch.softmax(scores, -1), layer.attention, 1e-12)


@pytest.mark.parametrize("kind", POST_NORM, ids=str)
@torch.no_grad()
def test_ours_keeps_the_sum_in_every_kind_of_model(kind):
    given = given_for(kind)
    targets = torch.zeros(3, len(given.capture.logits), dtype=torch.float64)
    rows = targets[: 1 if kind.head is Head.STATE else 3]
    rows[0, 0] = 1
    if len(rows) > 1:
        rows[1, 1], rows[2, 2], rows[2, 1] = 1, 1, -1
    for first in range(kind.layers):
        found = relevance.propagate(given, rows, OURS, first)
        assert len(found.attention) == kind.layers - first
        agree(found.states.sum((1, 2)), torch.ones(len(rows)), KEPT)


@torch.no_grad()
def test_the_plain_rules_do_not():
    states = relevance.propagate(given_for(BERT), torch.eye(3, dtype=torch.float64), ORIG).states
    assert (states.sum((1, 2)) - 1).abs().min() > 0.1


@torch.no_grad()
def test_relevance_below_the_last_layer_stands_at_the_position_alone():
    kind = Tiny("bert", layers=2, seed=83, head=Head.TOKEN_CLASSIFICATION)
    (last,) = relevance.propagate(given_for(kind), torch.eye(3, dtype=torch.float64), OURS, 1).attention
    others = [token for token in range(len(IDS)) if token != kind.position]
    assert last[:, :, kind.position].any()
    assert not last[:, :, others].any()


@torch.no_grad()
def test_many_answers_in_parts_are_the_same(monkeypatch):
    given = given_for(BERT)
    whole = relevance.explained_relevance(given, OURS, 0)
    monkeypatch.setattr(relevance, "ANSWERS_AT_ONCE", 2)
    agree(relevance.explained_relevance(given, OURS, 0), whole, 1e-10)
    assert whole.shape == (4, 3, 3, len(IDS), len(IDS))
    assert torch.equal(whole[-1], whole[0])


def test_a_layer_built_otherwise_is_refused():
    given = given_for(Tiny("modernbert", layers=2, seed=84))
    with torch.no_grad(), pytest.raises(TypeError, match="post-norm"):
        relevance.propagate(given, torch.eye(3, dtype=torch.float64), OURS)


def test_a_cancel_is_answered_between_layers():
    given = given_for(BERT)
    given.context.cancel()
    with torch.no_grad(), pytest.raises(Cancelled):
        relevance.propagate(given, torch.eye(3, dtype=torch.float64), OURS)
