"""Raw attention."""

from __future__ import annotations

import pytest
import torch

from tests.engine import second_writing
from tests.engine.models import MEAN, Tiny, every_kind, explain, ids_of, opened
from tests.tolerances import FLOAT64, agree

MODELS = [Tiny("bert", layers=3, seed=21), Tiny("roberta", layers=2, seed=22), *every_kind(seed=23)]


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_maps_are_the_head_means_of_transformers_own_attention(model):
    ids = ids_of(8)
    found = explain(model, "attention", ids=ids)
    reading = second_writing.read(opened(model).model, ids, model.position)
    agree(found.attention, torch.stack([layer.alpha for layer in reading.layers]), FLOAT64)
    agree(found.layer_maps, found.attention.mean(1), FLOAT64)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_scores_are_what_the_last_layer_reads_where_the_answer_is_read(model):
    found = explain(model, "attention", ids=ids_of(8))
    last = found.layer_maps[-1]
    agree(found.scores, last.mean(0) if model.extras == MEAN else last[found.position], FLOAT64)
    assert found.position == (model.position or 0)
    assert found.scores.sum() == pytest.approx(1)
