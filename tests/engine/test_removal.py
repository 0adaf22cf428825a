"""Which variants go through the model together, and what it is fed then."""

from __future__ import annotations

import pytest
import torch

from engine import removal
from engine.removal import batches, inputs_without

INPUTS = {"input_ids": torch.tensor([[2, 11, 12, 13, 3]]), "token_type_ids": torch.tensor([[0, 0, 0, 1, 1]])}


def test_deleted_tokens_take_their_segments_along():
    fed = inputs_without(INPUTS, [(1,), (3,)], None)
    assert fed["input_ids"].tolist() == [[2, 12, 13, 3], [2, 11, 12, 3]]
    assert fed["token_type_ids"].tolist() == [[0, 0, 1, 1], [0, 0, 0, 1]]


def test_masked_tokens_keep_their_segments():
    fed = inputs_without(INPUTS, [(1,), (), (2, 3)], 4)
    assert fed["input_ids"].tolist() == [[2, 4, 12, 13, 3], [2, 11, 12, 13, 3], [2, 11, 4, 4, 3]]
    assert fed["token_type_ids"].tolist() == [[0, 0, 0, 1, 1]] * 3
    assert INPUTS["input_ids"].tolist() == [[2, 11, 12, 13, 3]]  # the run's own are left as they are


@pytest.mark.parametrize("is_closed_up", [False, True])
def test_every_variant_goes_through_once(is_closed_up):
    removed = [(), (1,), (2,), (3,), (1, 2), (1, 3), (2, 3), (1, 2, 3)]
    made = list(batches(removed, 5, is_closed_up=is_closed_up, read=2))
    assert sorted(variant for variants in made for variant in variants) == list(range(len(removed)))


def test_closed_up_variants_go_together_where_they_are_as_long_and_read_at_one_place():
    removed = [(1,), (3,), (0,), (1, 3), (0, 3), (0, 1)]
    made = list(batches(removed, 5, is_closed_up=True, read=2))
    assert made == [[0, 2], [1], [3, 4], [5]]


def test_masked_variants_all_go_together():
    assert list(batches([(1,), (1, 3), (0,)], 5, is_closed_up=False, read=2)) == [[0, 1, 2]]


@pytest.mark.parametrize(("at_once", "wanted"), [(10, [[0, 1], [2]]), (4, [[0], [1], [2]]), (1, [[0], [1], [2]])])
def test_as_many_as_fit_and_one_at_least(monkeypatch, at_once, wanted):
    monkeypatch.setattr(removal, "TOKENS_AT_ONCE", at_once)
    assert list(batches([(1,), (2,), (3,)], 5, is_closed_up=False, read=0)) == wanted


def test_shorter_variants_leave_room_for_more(monkeypatch):
    monkeypatch.setattr(removal, "TOKENS_AT_ONCE", 9)
    made = list(batches([(1, 2), (1, 3), (2, 3), (3,)], 5, is_closed_up=True, read=0))
    assert made == [[0, 1, 2], [3]]


def test_nothing_asked_is_nothing_fed():
    assert list(batches([], 5, is_closed_up=True, read=0)) == []
