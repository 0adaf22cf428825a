"""What layers of all kinds have in common."""

from __future__ import annotations

import pytest
import torch

from engine.context import RunContext
from engine.frozen import EVERY, RATIO_EPSILON, FewParts, activation_ratio
from tests.engine import second_writing
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


# Forward as the second writing, back as the transpose of forward, wherever the norms stand.


def test_pushing_real_states_and_adding_the_biases_gives_the_next_real_states(layered):
    _, network, reading = layered
    for number, (block, layer) in enumerate(zip(network.blocks, reading.layers, strict=True)):
        biases = second_writing.layer_out(layer, torch.zeros_like(layer.x))
        agree(block.push(block.states) + biases, network.states(number + 1), FLOAT64)
        agree(network.states(number + 1), second_writing.states_at(reading, number + 1), FLOAT64)


def test_a_push_is_the_linear_part_of_the_second_writing(layered, drawn):
    _, network, reading = layered
    vectors = drawn(*network.final_states.shape)
    for block, layer in zip(network.blocks, reading.layers, strict=True):
        nothing = second_writing.layer_out(layer, torch.zeros_like(vectors))
        agree(block.push(vectors), second_writing.layer_out(layer, vectors) - nothing, FLOAT64)


def test_a_push_takes_any_number_of_states_at_once(layered, drawn):
    _, network, _ = layered
    many = drawn(2, 3, *network.final_states.shape)
    for block in network.blocks:
        agree(block.push(many)[1, 2], block.push(many[1, 2]), FLOAT64)


def test_pulling_through_a_layer_is_the_transpose_of_pushing(layered, drawn):
    """<g, push(x)> = <pull(g), x>, for a layer whole and for the rows of one receiver."""
    _, network, _ = layered
    states, gradients = drawn(*network.final_states.shape, seed=1), drawn(*network.final_states.shape, seed=2)
    for block in network.blocks:
        for rows in (EVERY, [0], [4]):
            before, _ = block.pull_to_attention(gradients[None, rows], rows)
            pulled = block.pull_from_values(block.pull_to_values(block.pull_to_heads(before), rows))
            pulled[:, rows] += before
            sent = (gradients[rows] * block.push(states)[rows]).sum()
            assert float((pulled[0] * states).sum()) == pytest.approx(float(sent), rel=FLOAT64)


def test_a_receivers_gradient_spread_in_few_parts_is_the_gradient_pulled_whole(layered, drawn):
    """From one receiver each head carries one vector: its parts, weighed, are what a full pull gives."""
    _, network, _ = layered
    gradients = drawn(3, 1, network.final_states.shape[-1], seed=3)
    for block in network.blocks:
        for row in (0, 5):
            before, _ = block.pull_to_attention(gradients, [row])
            by_head = block.pull_to_heads(before)
            wanted = block.pull_from_values(block.pull_to_values(by_head, [row]))
            wanted[:, [row]] += before
            agree(block.spread(before, by_head, row).whole(), wanted, FLOAT64)


def test_every_target_may_be_spread_from_a_receiver_of_its_own(layered, drawn):
    _, network, _ = layered
    gradients = drawn(3, 1, network.final_states.shape[-1], seed=6)
    own = [4, 0, 4]
    for below, block in zip([None, *network.blocks], network.blocks, strict=False):
        by_head = block.pull_to_heads(gradients)
        parts = block.spread(gradients, by_head, own)
        for target, row in enumerate(own):
            one = slice(target, target + 1)
            agree(parts.whole()[one], block.spread(gradients[one], by_head[one], row).whole(), FLOAT64)
        if below is not None:
            few, wanted = (below.pull_to_attention(parts.whole(), EVERY, None, given) for given in (parts, None))
            agree(few[0], wanted[0], FLOAT64)


def test_few_parts_are_pulled_as_the_gradients_they_stand_for(layered, drawn):
    _, network, _ = layered
    gradients = drawn(3, 1, network.final_states.shape[-1], seed=4)
    for below, block in zip(network.blocks, network.blocks[1:], strict=False):
        before, _ = block.pull_to_attention(gradients, [4])
        parts = block.spread(before, block.pull_to_heads(before), 4)
        few, wanted = (below.pull_to_attention(parts.whole(), EVERY, None, given) for given in (parts, None))
        agree(few[0], wanted[0], FLOAT64)
        agree(few[1], wanted[1], FLOAT64)


def test_what_a_pull_adds_is_what_the_biases_after_attention_send(layered, drawn):
    """<g, layer(0) without value vectors>: every bias from attention's output on, at the rows asked for."""
    _, network, reading = layered
    gradients = drawn(2, *network.final_states.shape, seed=5)
    for block, layer in zip(network.blocks, reading.layers, strict=True):
        nothing = torch.zeros_like(layer.x)
        sent = second_writing.layer_out(layer, nothing, nothing)
        for rows in (EVERY, [1]):
            _, added = block.pull_to_attention(gradients[:, rows], rows)
            agree(added, (gradients[:, rows] * sent[rows]).sum((1, 2)), FLOAT64)


def test_value_vectors_are_their_states_part_and_the_offset(layered):
    _, network, reading = layered
    for block, layer in zip(network.blocks, reading.layers, strict=True):
        heads = block.values.shape[0]
        flat = layer.values(layer.x)  # [source, head * head_size]
        agree(block.values.transpose(0, 1).flatten(1), flat, FLOAT64)
        agree(block.to_values(layer.x), flat - layer.values(torch.zeros_like(layer.x)), FLOAT64)
        agree(block.to_values(layer.x) + block.value_offset, flat, FLOAT64)
        agree(block.values_without_offset.transpose(0, 1).flatten(1), block.to_values(layer.x), FLOAT64)
        one = layer.alpha.sum(-1)[0]  # attention rows sum to one, so the offset arrives whole
        reached = torch.einsum("hij,hjd->id", layer.alpha, layer.heads(block.value_offset.expand_as(flat)))
        agree(reached @ layer.w_o.T, one[:, None] * block.carried_offset, FLOAT64)
        assert heads == len(layer.alpha)
