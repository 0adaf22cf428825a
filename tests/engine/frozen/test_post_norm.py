"""A post-norm layer: forward as the second writing, back as the transpose of forward."""

from __future__ import annotations

import pytest
import torch

from engine.frozen import EVERY
from tests.engine import second_writing
from tests.tolerances import FLOAT64, agree


def test_pushing_real_states_and_adding_the_biases_gives_the_next_real_states(post_norm):
    _, network, reading = post_norm
    for number, (block, layer) in enumerate(zip(network.blocks, reading.layers, strict=True)):
        biases = second_writing.layer_out(layer, torch.zeros_like(layer.x))
        agree(block.push(block.states) + biases, network.states(number + 1), FLOAT64)
        agree(network.states(number + 1), second_writing.states_at(reading, number + 1), FLOAT64)


def test_a_push_is_the_linear_part_of_the_second_writing(post_norm, drawn):
    _, network, reading = post_norm
    vectors = drawn(*network.final_states.shape)
    for block, layer in zip(network.blocks, reading.layers, strict=True):
        nothing = second_writing.layer_out(layer, torch.zeros_like(vectors))
        agree(block.push(vectors), second_writing.layer_out(layer, vectors) - nothing, FLOAT64)


def test_a_push_takes_any_number_of_states_at_once(post_norm, drawn):
    _, network, _ = post_norm
    many = drawn(2, 3, *network.final_states.shape)
    for block in network.blocks:
        agree(block.push(many)[1, 2], block.push(many[1, 2]), FLOAT64)


def test_pulling_through_a_layer_is_the_transpose_of_pushing(post_norm, drawn):
    """<g, push(x)> = <pull(g), x>, for a layer whole and for the rows of one receiver."""
    _, network, _ = post_norm
    states, gradients = drawn(*network.final_states.shape, seed=1), drawn(*network.final_states.shape, seed=2)
    for block in network.blocks:
        for rows in (EVERY, [0], [4]):
            before, _ = block.pull_to_attention(gradients[None, rows], rows)
            pulled = block.pull_from_values(block.pull_to_values(block.pull_to_heads(before), rows))
            pulled[:, rows] += before
            sent = (gradients[rows] * block.push(states)[rows]).sum()
            assert float((pulled[0] * states).sum()) == pytest.approx(float(sent), rel=FLOAT64)


def test_a_receivers_gradient_spread_in_few_parts_is_the_gradient_pulled_whole(post_norm, drawn):
    """From one receiver each head carries one vector: its parts, weighed, are what a full pull gives."""
    _, network, _ = post_norm
    gradients = drawn(3, 1, network.final_states.shape[-1], seed=3)
    for block in network.blocks:
        for row in (0, 5):
            before, _ = block.pull_to_attention(gradients, [row])
            by_head = block.pull_to_heads(before)
            wanted = block.pull_from_values(block.pull_to_values(by_head, [row]))
            wanted[:, [row]] += before
            agree(block.spread(before, by_head, row).whole(), wanted, FLOAT64)


def test_few_parts_are_pulled_as_the_gradients_they_stand_for(post_norm, drawn):
    _, network, _ = post_norm
    gradients = drawn(3, 1, network.final_states.shape[-1], seed=4)
    for below, block in zip(network.blocks, network.blocks[1:], strict=False):
        before, _ = block.pull_to_attention(gradients, [4])
        parts = block.spread(before, block.pull_to_heads(before), 4)
        few, wanted = (below.pull_to_attention(parts.whole(), EVERY, None, given) for given in (parts, None))
        agree(few[0], wanted[0], FLOAT64)
        agree(few[1], wanted[1], FLOAT64)


def test_what_a_pull_adds_is_what_the_biases_after_attention_send(post_norm, drawn):
    """<g, layer(0) without value vectors>: every bias from attention's output on, at the rows asked for."""
    _, network, reading = post_norm
    gradients = drawn(2, *network.final_states.shape, seed=5)
    for block, layer in zip(network.blocks, reading.layers, strict=True):
        nothing = torch.zeros_like(layer.x)
        sent = second_writing.layer_out(layer, nothing, nothing)
        for rows in (EVERY, [1]):
            _, added = block.pull_to_attention(gradients[:, rows], rows)
            agree(added, (gradients[:, rows] * sent[rows]).sum((1, 2)), FLOAT64)


def test_value_vectors_are_their_states_part_and_the_offset(post_norm):
    _, network, reading = post_norm
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


def test_the_attention_blocks_output_is_the_real_one(post_norm):
    """What the feed-forward adds to."""
    _, network, reading = post_norm
    for block, layer in zip(network.blocks, reading.layers, strict=True):
        mixed = layer.attend(layer.values(layer.x)).sum(1) + layer.b_o + layer.x
        agree(block.mixed, mixed, FLOAT64)
        agree(block.resultant, second_writing.normalise(mixed, layer.gamma_1, layer.sigma_1) + layer.beta_1, FLOAT64)
        assert block.resultant_norm is block.norm_after_attention is block.norm_1
