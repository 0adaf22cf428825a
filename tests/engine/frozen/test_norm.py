"""A LayerNorm with its deviation frozen."""

from __future__ import annotations

import pytest
import torch

from engine.frozen import FrozenNorm
from tests.tolerances import FLOAT64, agree


def test_a_norm_pulls_as_the_transpose_of_its_push(drawn):
    norm = FrozenNorm(drawn(6, seed=3), drawn(6, seed=4), drawn(5, seed=5).abs() + 0.1)
    states, gradients = drawn(5, 6, seed=6), drawn(5, 6, seed=7)
    sent, pulled = (gradients * norm.push(states)).sum(), (norm.pull(gradients) * states).sum()
    assert float(pulled) == pytest.approx(float(sent), rel=FLOAT64)
    agree(norm.pull(gradients[[2]], [2]), norm.pull(gradients)[[2]], FLOAT64)


def test_a_frozen_norm_at_its_own_input_is_the_layer_norm(drawn):
    module = torch.nn.LayerNorm(6, eps=0.01).double()
    torch.nn.init.normal_(module.weight)
    torch.nn.init.normal_(module.bias)
    entering = drawn(5, 6, seed=8)
    norm = FrozenNorm.of(module, entering)
    agree(norm.push(entering) + norm.beta, module(entering).detach(), FLOAT64)


def test_a_norm_without_a_beta_adds_nothing():
    module = torch.nn.LayerNorm(6, bias=False).double()
    entering = torch.arange(30, dtype=torch.float64).view(5, 6) ** 2
    norm = FrozenNorm.of(module, entering)
    assert norm.beta.tolist() == [0.0] * 6
    agree(norm.push(entering), module(entering).detach(), FLOAT64)


def test_the_bare_deviation_leaves_the_epsilon_out(drawn):
    entering = drawn(5, 6, seed=9)
    norm = FrozenNorm.of(torch.nn.LayerNorm(6, eps=0.3).double(), entering)
    agree(norm.bare_sigma(), entering.std(-1, correction=0), FLOAT64)
    assert (norm.sigma > norm.bare_sigma()).all()


def test_states_that_are_all_alike_have_a_bare_deviation_of_nothing():
    norm = FrozenNorm.of(torch.nn.LayerNorm(6).double(), torch.ones(2, 6, dtype=torch.float64))
    assert norm.bare_sigma().tolist() == [0.0, 0.0]


def test_centring_is_the_part_without_the_deviation(drawn):
    norm = FrozenNorm(drawn(6, seed=3), drawn(6, seed=4), drawn(5, seed=5).abs() + 0.1)
    vectors = drawn(2, 5, 6, seed=6)
    agree(norm.push(vectors), norm.centred(vectors) / norm.sigma[:, None], FLOAT64)
    sent, pulled = (norm.centred(vectors) * vectors.flip(0)).sum(), (norm.pull_centred(vectors.flip(0)) * vectors).sum()
    assert float(sent) == pytest.approx(float(pulled), rel=FLOAT64)
