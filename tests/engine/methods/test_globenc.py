"""GlobEnc: against a second writing with every vector formed."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.contract import Head
from engine.errors import MethodError
from tests.engine import second_writing
from tests.engine.models import Tiny, explain, ids_of, opened
from tests.tolerances import FLOAT64, OF, agree

MODELS = [
    Tiny("bert", layers=3, seed=11),
    Tiny("roberta", layers=1, seed=12, act="relu", heads=1),
    Tiny("distilbert", seed=13),
    Tiny("electra", seed=14),
    Tiny("albert", layers=3, seed=15),
]
VECTORS = {"N": "attention_values", "N_Res": "residual_1", "N_ResLN": "layernorm_1", "N_Enc": "N_Enc"}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("chosen", VECTORS)
@pytest.mark.parametrize("model", MODELS, ids=str)
@torch.no_grad()
def test_maps_and_ratios_equal_those_of_the_full_tensors(model, chosen, dtype):
    ids = ids_of(9)
    found = explain(model, "globenc", dtype, ids=ids, parameters=(("map", chosen),))
    reading = second_writing.read(opened(model).model, ids)
    vectors = [second_writing.component_vectors(layer)[VECTORS[chosen]] for layer in reading.layers]
    agree(found.layer_maps, torch.stack([one.norm(dim=-1) for one in vectors]), OF[dtype])
    agree(found.extra["mixing_ratio"], torch.stack([second_writing.mixing_ratio(one) for one in vectors]), OF[dtype])


@pytest.mark.parametrize("chosen", VECTORS)
def test_the_rollout_is_the_plain_product_and_its_last_row_the_scores(chosen):
    found = explain(MODELS[0], "globenc", ids=ids_of(9), parameters=(("map", chosen),))
    first, second, third = found.layer_maps
    agree(found.rollout, np.stack([first, second @ first, third @ second @ first]), FLOAT64)
    assert np.array_equal(found.scores, found.rollout[-1, 0])


@pytest.mark.parametrize("head", Head)
def test_it_is_not_offered_where_norms_stand_in_front(head):
    model = Tiny("modernbert", seed=16, head=head)
    assert "two LayerNorms that end a layer" in opened(model).info.unavailable["globenc"]
    with pytest.raises(MethodError, match=r"GlobEnc does not fit this model.*two LayerNorms that end a layer"):
        explain(model, "globenc", ids=ids_of(5))
    for other in (*MODELS, Tiny("bert", head=head)):
        assert "globenc" not in opened(other).info.unavailable


def test_the_published_map_is_the_default():
    asked = explain(MODELS[0], "globenc", ids=ids_of(5), parameters=(("map", "N_Enc"),))
    assert np.array_equal(explain(MODELS[0], "globenc", ids=ids_of(5)).layer_maps, asked.layer_maps)


def test_a_single_token_has_nothing_mixed_in():
    found = explain(MODELS[0], "globenc", ids=ids_of(1))
    assert np.abs(found.extra["mixing_ratio"]).max() <= FLOAT64
