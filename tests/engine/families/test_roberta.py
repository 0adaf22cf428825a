"""RoBERTa: the same layers, another head, positions that start after the padding index."""

from __future__ import annotations

import pytest
import torch

from engine.families.roberta import FAMILY
from tests.engine.models import Tiny, explain, ids_of, opened, record
from tests.tolerances import FLOAT64, agree


@pytest.mark.parametrize("act", sorted(FAMILY.served_values["hidden_act"]))
def test_every_served_activation_adds_up_to_the_logits(act):
    found = explain(Tiny("roberta", act=act, seed=121), "decompx", ids=ids_of(6))
    agree(found.scores_all.sum(1) + found.bias, found.prediction.logits, FLOAT64)


def test_the_head_is_the_classifiers_own():
    model = opened(Tiny("roberta", seed=122))
    captured, network = record(model, ids_of(6))
    assert network.head.dense is model.model.classifier.dense
    assert network.head.out is model.model.classifier.out_proj
    agree(captured.head_activation, captured.head_dense.tanh(), FLOAT64)


@torch.no_grad()
def test_ids_go_in_as_they_are():
    model, ids = opened(Tiny("roberta", seed=123)), (0, *ids_of(5), 2)
    agree(record(model, ids)[0].logits, model.model(torch.tensor([ids])).logits[0], 1e-12)


def test_positions_start_after_the_padding_index():
    assert opened(Tiny("roberta")).info.max_tokens == 32
