"""Gradient x input: see also ``tests/engine/test_gradients.py``, which compares it with small changes of the model."""

from __future__ import annotations

import pytest
import torch

from tests.engine.models import Tiny, explain, ids_of, opened
from tests.tolerances import agree

MODELS = [Tiny("bert", seed=441), Tiny("albert", seed=442), Tiny("distilbert", seed=443)]
SHRUNK = 1e-5


@pytest.mark.parametrize("model", MODELS, ids=str)
@torch.no_grad()
def test_scores_are_what_shrinking_each_words_vector_takes(model):
    ids = ids_of(6)
    found = explain(model, "gradient_x_input", ids=ids)
    network = opened(model).model
    words = network.get_input_embeddings()(torch.tensor(ids))
    kept = torch.ones(len(ids), len(ids), 1, dtype=words.dtype)
    lost = []
    for factor in (1 - SHRUNK, 1 + SHRUNK):
        kept.diagonal(dim1=0, dim2=1).fill_(factor)
        lost.append(network(inputs_embeds=kept * words).logits)  # one word shrunk per row
    agree(found.scores_all, ((lost[1] - lost[0]) / (2 * SHRUNK)).T, 1e-6)
