"""RoBERTa: the same layers, another head, positions that start after the padding index."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.contract import Head
from engine.families.roberta import FAMILY
from tests.engine.models import ROBERTAS, Tiny, explain, ids_of, opened, record
from tests.tolerances import FLOAT64, agree


@pytest.mark.parametrize("act", sorted(FAMILY.served_values["hidden_act"]))
def test_every_served_activation_adds_up_to_the_logits(act):
    found = explain(Tiny("roberta", act=act, seed=121), "decompx", ids=ids_of(6))
    agree(found.scores_all.sum(1) + found.bias, found.prediction.logits, FLOAT64)


def test_the_head_is_the_classifiers_own():
    model = opened(Tiny("roberta", seed=122))
    captured, _ = record(model, ids_of(6))
    assert model.head.dense is model.model.classifier.dense
    assert model.head.out is model.model.classifier.out_proj
    agree(captured.head.activation, captured.head.dense.tanh(), FLOAT64)


@pytest.mark.parametrize("family", ROBERTAS)
def test_a_masked_word_goes_through_a_gelu_whatever_the_layers_have(family):
    model = opened(Tiny(family, seed=124, act="relu", head=Head.MASKED_WORD))
    captured, _ = record(model, ids_of(6), position=2)
    assert model.head.norm is model.model.lm_head.layer_norm
    agree(captured.head.activation, torch.nn.functional.gelu(captured.head.dense), FLOAT64)


@pytest.mark.parametrize("family", ROBERTAS[1:])
@pytest.mark.parametrize("head", Head)
def test_its_kin_are_read_as_the_same_network(family, head):
    """Equal weights under another name give equal numbers."""
    own, other = (explain(Tiny(name, seed=125, head=head), "decompx", ids=ids_of(6)) for name in ("roberta", family))
    assert own.model.family == other.model.family == "RoBERTa"
    assert np.array_equal(own.prediction.logits, other.prediction.logits)
    assert np.array_equal(own.scores_all, other.scores_all)
    assert np.array_equal(own.flow.edge, other.flow.edge)


@pytest.mark.parametrize("family", ROBERTAS)
@torch.no_grad()
def test_ids_go_in_as_they_are(family):
    model, ids = opened(Tiny(family, seed=123)), (0, *ids_of(5), 2)
    agree(record(model, ids)[0].logits, model.model(torch.tensor([ids])).logits[0], 1e-12)


@pytest.mark.parametrize("family", ROBERTAS)
def test_positions_start_after_the_padding_index(family):
    assert opened(Tiny(family)).info.max_tokens == 32
