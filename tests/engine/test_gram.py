"""Gram matrices: the norms of combinations without the combinations."""

from __future__ import annotations

import pytest
import torch

from engine.gram import coefficients, gram_matrices, pair_norms
from tests.engine.models import Tiny, ids_of, opened, record
from tests.tolerances import FLOAT64, agree


@pytest.fixture
def block():
    _, network = record(opened(Tiny("bert", layers=1, seed=71)), ids_of(5))
    return network.blocks[0]


def test_coefficients_are_attention_and_the_words_own_state(block):
    found = coefficients(block)
    agree(found[..., :-1], block.attention.permute(2, 1, 0), FLOAT64)
    assert torch.equal(found[..., -1], torch.eye(5, dtype=torch.float64))


@pytest.mark.parametrize("residual", [False, True])
def test_norms_are_those_of_the_combinations(block, residual):
    mixing = coefficients(block) if residual else coefficients(block)[..., :-1]
    parts = block.head_outputs.transpose(0, 1)
    parts = torch.cat([parts, block.states[:, None]], dim=1) if residual else parts
    formed = torch.einsum("jip,jpd->ijd", mixing, parts)
    found = pair_norms(gram_matrices(block, lambda vectors: vectors, residual=residual), mixing)
    agree(found, formed.norm(dim=-1), FLOAT64)


def test_a_linear_map_may_follow(block):
    turned = torch.randn(24, 24, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    formed = torch.einsum("jip,jpd->ijd", coefficients(block)[..., :-1], block.head_outputs.transpose(0, 1)) @ turned
    gram = gram_matrices(block, lambda vectors: vectors @ turned, residual=False)
    agree(pair_norms(gram, coefficients(block)[..., :-1]), formed.norm(dim=-1), FLOAT64)


def test_parts_that_cancel_leave_a_norm_of_nothing_rather_than_no_number():
    """Rounding turns a hundred sums of nothing into squares a little below nought here and there."""
    random = torch.Generator().manual_seed(0)
    parts = torch.randn(100, 2, 5, generator=random, dtype=torch.float64)
    parts = torch.cat([parts, parts.sum(1, keepdim=True)], dim=1)
    mixing = torch.tensor([[1.0, 1.0, -1.0]], dtype=torch.float64).expand(100, 1, 3)
    found = pair_norms(parts @ parts.transpose(1, 2), mixing)
    assert found.isfinite().all()
    assert float(found.max()) < 1e-6
