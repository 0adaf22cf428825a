"""The frozen head: forward as the second writing, back as the transpose of forward."""

from __future__ import annotations

import pytest
import torch

from engine.context import RunContext
from engine.contract import Head
from engine.frozen import EVERY, Dense, HeadNorm, Ratio
from tests.engine import second_writing
from tests.engine.models import MEAN, UNBIASED, Tiny, ids_of, opened, record
from tests.tolerances import FLOAT64, agree


def test_the_head_pulls_what_it_pushes(case):
    captured, network, _ = case
    towards = torch.eye(len(captured.logits), dtype=torch.float64)
    pulled, bias = network.head.pull(towards)  # [class, row, hidden], [class]
    agree((pulled * network.final_states[network.head.rows]).sum((1, 2)) + bias, captured.logits, FLOAT64)
    agree(network.head.push(network.final_states) + bias, captured.logits, FLOAT64)


def test_the_head_pushes_what_the_second_writing_answers(case, drawn):
    captured, network, reading = case
    vectors = drawn(*network.final_states.shape, seed=12)
    apart = torch.stack([vectors, torch.zeros_like(vectors)], dim=1)  # [token, source + bias, hidden]
    answers = second_writing.answered(reading, apart)
    agree(network.head.push(vectors), answers[0], FLOAT64)
    bias = network.head.pull(torch.eye(len(captured.logits), dtype=torch.float64))[1]
    agree(bias, answers[1], FLOAT64)


def test_the_head_takes_any_number_of_states_at_once(case, drawn):
    _, network, _ = case
    many = drawn(2, 3, *network.final_states.shape)
    agree(network.head.push(many)[1, 2], network.head.push(many[1, 2]), FLOAT64)


def test_only_what_the_head_reads_has_a_gradient_at_the_top(case):
    captured, network, _ = case
    top = network.pull(torch.eye(len(captured.logits), dtype=torch.float64), RunContext()).states[-1]
    read = network.head.pooling > 0
    assert read.tolist() == (captured.pooling > 0).tolist()
    assert top[:, read].any(-1).any(0).all()
    assert not top[:, ~read].any()


DENSE, TAIL = [Dense, Ratio, Dense], [Dense, Ratio, HeadNorm, Dense]
TOKENS, MASKED, STATE = Head.TOKEN_CLASSIFICATION, Head.MASKED_WORD, Head.STATE


@pytest.mark.parametrize(
    ("tiny", "steps"),
    [
        (Tiny("bert"), DENSE),
        (Tiny("roberta"), DENSE),
        (Tiny("distilbert"), DENSE),
        (Tiny("electra"), DENSE),
        (Tiny("albert"), DENSE),
        (Tiny("modernbert"), TAIL),
        (Tiny("bert", head=TOKENS), [Dense]),
        (Tiny("electra", head=TOKENS), [Dense]),
        (Tiny("modernbert", head=TOKENS), TAIL),
        (Tiny("distilbert", head=MASKED), TAIL),
        (Tiny("albert", head=MASKED), TAIL),
        (Tiny("modernbert", head=MASKED, extras=UNBIASED), TAIL),
        (Tiny("bert", head=STATE), [Dense]),
        (Tiny("modernbert", head=STATE), [Dense]),
    ],
    ids=str,
)
def test_a_head_is_the_steps_its_family_names(tiny, steps):
    _, network = record(opened(tiny), ids_of(7), position=tiny.position)
    assert [type(step) for step in network.head.steps] == steps
    assert (network.head.final_norm is not None) == (tiny.family == "modernbert")
    assert network.head.rows == [tiny.position or 0]
    assert network.head.pooling.tolist() == [float(place == (tiny.position or 0)) for place in range(7)]


def test_a_head_that_reads_the_mean_reads_every_token_that_is_not_padding():
    model = opened(Tiny("modernbert", extras=MEAN))
    _, network = record(model, (*ids_of(5), 0, 0), mask=(1,) * 5 + (0,) * 2)
    assert network.head.rows == EVERY
    agree(network.head.pooling, torch.tensor([0.2] * 5 + [0.0] * 2), 1e-6)


def test_a_state_is_measured_along_its_own_direction():
    model = opened(Tiny("bert", head=STATE))
    captured, network = record(model, ids_of(7), position=2)
    state = network.final_states[2]
    agree(captured.direction, state / state.norm(), FLOAT64)
    assert captured.logits.shape == (1,)
    assert float(captured.logits) == pytest.approx(float(state.norm()), rel=FLOAT64)
