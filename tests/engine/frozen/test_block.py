"""What layers of all kinds have in common."""

from __future__ import annotations

import torch

from engine.context import RunContext
from engine.frozen import RATIO_EPSILON, FewParts, activation_ratio
from tests.tolerances import FLOAT64, agree


def test_the_ratio_is_the_published_one():
    pre, act = torch.tensor([2.0, -1.0, 0.0, 1e-12]), torch.tensor([1.0, 0.5, 0.0, 1e-12])
    wanted = torch.tensor([1 / (2 + RATIO_EPSILON), 0.5 / (-1 + RATIO_EPSILON), 0.0, 0.5])
    agree(activation_ratio(pre, act), wanted, 1e-6)


def test_few_parts_are_combinations_of_their_vectors(drawn):
    weights, vectors = drawn(5, 2, seed=1), drawn(3, 2, 4, seed=2)
    agree(FewParts(weights, vectors).whole(), torch.einsum("tp,kpd->ktd", weights, vectors), FLOAT64)


def test_a_layer_is_attention_and_what_follows(case, drawn):
    _, network, _ = case
    vectors = drawn(*network.final_states.shape, seed=3)
    for block in network.blocks:
        after = block.push_attention(vectors)
        *_, out = block.push_rest(after)
        agree(block.push(vectors), out, FLOAT64)


def test_what_heads_carry_mixes_to_what_attention_adds(case):
    """Sum over heads and sources of attention times W_o v, and the residual."""
    _, network, _ = case
    for block in network.blocks:
        brought = torch.einsum("hij,hjd->id", block.attention, block.head_outputs)
        agree(brought + block.output.bias + block.states, block.mixed, FLOAT64)


def test_space_that_is_written_over_changes_no_number(case, drawn):
    _, network, _ = case
    gradients = drawn(2, *network.final_states.shape, seed=4)
    for block in network.blocks:
        space = torch.full((3, *block.activation.shape), float("nan"), dtype=torch.float64)
        agree(block.pull_to_attention(gradients, space=space)[0], block.pull_to_attention(gradients)[0], FLOAT64)


def test_a_pull_leaves_what_it_was_given_alone(case, drawn):
    _, network, _ = case
    targets = drawn(2, len(network.head.push(network.final_states)), seed=5)
    before = targets.clone(), network.final_states.clone(), [block.activation.clone() for block in network.blocks]
    network.pull(targets, RunContext())
    assert torch.equal(targets, before[0])
    assert torch.equal(network.final_states, before[1])
    assert all(torch.equal(block.activation, kept) for block, kept in zip(network.blocks, before[2], strict=True))
