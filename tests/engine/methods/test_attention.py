"""Raw attention."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.engine import second_writing
from tests.engine.models import Tiny, explain, ids_of, opened
from tests.tolerances import FLOAT64, agree

MODELS = [Tiny("bert", layers=3, seed=21), Tiny("roberta", layers=2, seed=22)]


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_maps_are_the_head_means_of_transformers_own_attention(model):
    ids = ids_of(8)
    found = explain(model, "attention", ids=ids)
    reading = second_writing.read(opened(model).model, ids)
    agree(found.attention, torch.stack([layer.alpha for layer in reading.layers]), FLOAT64)
    agree(found.layer_maps, found.attention.mean(1), FLOAT64)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_scores_are_what_the_last_layer_reads_at_the_first_token(model):
    found = explain(model, "attention", ids=ids_of(8))
    assert np.array_equal(found.scores, found.layer_maps[-1, 0])
    assert found.scores.sum() == pytest.approx(1)
