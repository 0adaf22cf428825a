"""Sharing a bias out: each way by its own formula, and what all of them keep to."""

from __future__ import annotations

import pytest
import torch

from engine.push.sharing import SCORES, along, share
from tests.engine.second_sharing import shared
from tests.tolerances import agree

KINDS = tuple(SCORES)


def _drawn(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("own", [False, True], ids=["one bias", "a bias per receiver"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_way_equals_its_formula_one_vector_at_a_time(kind, own):
    vectors, bias = _drawn(4, 6, 5), _drawn(4, 5, seed=1) if own else _drawn(5, seed=1)
    wanted = [shared(list(row), bias[place] if own else bias, kind) for place, row in enumerate(vectors)]
    share(vectors, bias, kind)
    agree(vectors, torch.stack([torch.stack(row) for row in wanted]))


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"dot"}))
def test_the_whole_bias_is_shared_out_in_parts_that_are_not_negative(kind):
    vectors, bias = _drawn(3, 7, 5), _drawn(5, seed=1)
    before = vectors.clone()
    share(vectors, bias, kind)
    agree((vectors - before).sum(1), bias.expand(3, 5))
    parts = (vectors - before) @ bias / (bias @ bias)
    assert parts.min() >= -1e-15


@pytest.mark.parametrize("kind", ["absdot", "dot", "abssim", "norm", "equal"])
def test_a_source_that_sends_exactly_nothing_gets_nothing(kind):
    vectors, bias = _drawn(3, 6, 5), _drawn(5, seed=1)
    vectors[:, 4:] = 0
    alone = vectors[:, :4].clone()
    share(vectors, bias, kind)
    share(alone, bias, kind)
    assert not vectors[:, 4:].any()
    agree(vectors[:, :4], alone)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bias_of_zeros_changes_nothing(kind):
    vectors = _drawn(3, 6, 5)
    before = vectors.clone()
    share(vectors, torch.zeros(5, dtype=torch.float64), kind)
    assert torch.equal(vectors, before)


def test_products_along_a_direction_of_each_receiver():
    vectors, directions = _drawn(3, 6, 5), _drawn(3, 5, seed=1)
    agree(along(vectors, directions), torch.einsum("rsd,rd->rs", vectors, directions))


@pytest.mark.parametrize("kind", KINDS)
def test_weights_of_rounded_vectors_still_share_out_the_whole(kind):
    vectors, bias = _drawn(3, 6, 64).bfloat16(), _drawn(64, seed=1)
    before = vectors.clone()
    share(vectors, bias, kind)
    assert vectors.dtype == torch.bfloat16
    if kind != "dot":
        agree((vectors.double() - before.double()).sum(1), bias.expand(3, 64), 0.05)
