"""The whole frozen network: gradients everywhere equal torch's own differentiation; biases are what is left."""

from __future__ import annotations

import pytest
import torch

from engine.context import RunContext
from engine.errors import Cancelled
from engine.frozen import PostNormBlock
from tests.engine import second_writing
from tests.engine.models import Tiny, ids_of, opened, record
from tests.tolerances import FLOAT64, agree


def test_gradients_at_every_boundary_are_torchs_own(case, drawn):
    captured, network, reading = case
    towards = drawn(3, len(captured.logits), seed=9)
    pulled = network.pull(towards, RunContext())
    for boundary in range(1, len(network.blocks) + 1):
        for number, target in enumerate(towards):
            wanted = second_writing.gradient(reading, boundary, target)
            agree(pulled.states[boundary][number], wanted, FLOAT64)


def test_gradients_at_the_first_value_vectors_are_torchs_own(case, drawn):
    captured, network, reading = case
    first = reading.layers[0]
    values = first.values(first.x).clone().requires_grad_(True)
    towards = drawn(1, len(captured.logits), seed=10)
    with torch.enable_grad():
        answer = second_writing.answer_from(reading, 0, first.x, values) @ towards[0]
    wanted = torch.autograd.grad(answer, values)[0].view(len(first.x), len(first.alpha), -1).transpose(0, 1)
    agree(network.pull(towards, RunContext()).values_0[0], wanted, FLOAT64)


def test_the_summed_biases_are_what_the_frozen_network_answers_to_nothing(case):
    """Of layer 1's value vectors post-norm families count nothing as a bias, pre-norm ones all that is no state's."""
    captured, network, reading = case
    nothing = torch.zeros_like(reading.layers[0].x)
    towards = torch.eye(len(captured.logits), dtype=torch.float64)
    values = None if reading.layers[0].norm_first else nothing
    wanted = second_writing.answer_from(reading, 0, nothing, values)
    agree(network.pull(towards, RunContext()).bias, wanted, FLOAT64)


def test_several_targets_together_are_the_same_as_one_by_one(case, drawn):
    captured, network, _ = case
    towards = drawn(5, len(captured.logits), seed=11)
    together = network.pull(towards, RunContext())
    for number in range(5):
        alone = network.pull(towards[[number]], RunContext())
        agree(together.values_0[number], alone.values_0[0], FLOAT64)
        agree(together.bias[number], alone.bias[0], FLOAT64)
        agree(together.states[-1][number], alone.states[-1][0], FLOAT64)


def test_a_combination_of_targets_is_kept_alone(case, drawn):
    captured, network, _ = case
    towards, weights = drawn(3, len(captured.logits), seed=12), drawn(3, seed=13)
    whole = network.pull(towards, RunContext())
    alone = network.pull(towards, RunContext(), weights)
    for name in ("attention_0", "values_0", "bias"):
        assert torch.equal(getattr(alone, name), getattr(whole, name))
    for name in ("states", "attention", "heads"):
        for one, every in zip(getattr(alone, name), getattr(whole, name), strict=True):
            assert (one is None) == (every is None)
            if one is not None:
                agree(one[0], torch.tensordot(weights, every, 1), FLOAT64)
                assert len(one) == 1


def test_the_network_shares_the_models_weights():
    model = opened(Tiny("bert", layers=3))
    block = record(model, ids_of(5))[1].blocks[0]
    own = model.model.get_submodule("bert.encoder.layer.0.attention.output.dense")
    assert block.output.weight.data_ptr() == own.weight.data_ptr()
    assert block.output.bias.data_ptr() == own.bias.data_ptr()


def test_only_post_norm_families_credit_the_first_value_bias_to_its_tokens(case):
    _, network, _ = case
    for number, block in enumerate(network.blocks):
        keeps = number == 0 and isinstance(block, PostNormBlock)
        wanted = block.values if keeps else block.values_without_offset
        assert torch.equal(network.credited_values(number), wanted)


def test_states_are_those_at_every_boundary(case):
    _, network, reading = case
    for boundary in range(len(network.blocks) + 1):
        agree(network.states(boundary), second_writing.states_at(reading, boundary), FLOAT64)


def test_a_pull_nobody_wants_stops_at_the_next_layer(case):
    captured, network, _ = case
    context = RunContext()
    context.cancel()
    with pytest.raises(Cancelled):
        network.pull(torch.eye(len(captured.logits), dtype=torch.float64), context)
