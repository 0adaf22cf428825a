"""ALTI: against a second writing with every vector formed, and what its rows must be."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine import gram
from engine.contract import Head
from engine.errors import MethodError
from engine.methods import alti as method
from tests.engine import second_writing
from tests.engine.models import MEAN, UNBIASED, Tiny, explain, ids_of, opened
from tests.tolerances import OF, agree

MODELS = [
    Tiny("bert", layers=3, seed=21),
    Tiny("roberta", layers=2, seed=22, heads=1),
    Tiny("distilbert", seed=23),
    Tiny("electra", seed=24),
    Tiny("albert", layers=3, seed=25),
]
PRE_NORM = [Tiny("modernbert", layers=3, seed=26), Tiny("modernbert", seed=27, extras=UNBIASED)]
VECTORS = {"off": "layernorm_1", "on": "N_Enc"}


def contributions(vectors: torch.Tensor, output: torch.Tensor, order: int) -> torch.Tensor:
    """[receiver, source] from all vectors [receiver, source, hidden], as the paper writes it."""
    distances = (vectors - output[:, None] + 1e-6).norm(p=order, dim=-1)
    near = torch.relu(output.norm(p=order, dim=-1)[:, None] - distances)
    return near / near.sum(-1, keepdim=True)


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("norm", ["l1", "l2"])
@pytest.mark.parametrize("second", VECTORS)
@pytest.mark.parametrize("model", MODELS, ids=str)
@torch.no_grad()
def test_maps_equal_those_of_the_full_tensors(model, second, norm, dtype):
    ids = ids_of(9)
    found = explain(model, "alti", dtype, ids=ids, parameters=(("norm", norm), ("second_layernorm", second)))
    reading = second_writing.read(opened(model).model, ids)
    wanted = []
    for number, layer in enumerate(reading.layers):
        vectors = second_writing.component_vectors(layer)
        bias = layer.gamma_1 * (layer.b_o - layer.b_o.mean()) / layer.sigma_1[:, None] + layer.beta_1
        middle = vectors["layernorm_1"].sum(1) + bias  # what LayerNorm 1 really gives, [receiver, hidden]
        output = second_writing.states_at(reading, number + 1) if second == "on" else middle
        wanted.append(contributions(vectors[VECTORS[second]], output, int(norm[1])))
    agree(found.layer_maps, torch.stack(wanted), OF[dtype])


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("norm", ["l1", "l2"])
@pytest.mark.parametrize("model", PRE_NORM, ids=str)
@torch.no_grad()
def test_maps_of_a_pre_norm_model_compare_with_the_residual_stream(model, norm, dtype):
    """No norm follows the sum: vectors with the plain residual, against the real states after it."""
    ids = ids_of(9)
    found = explain(model, "alti", dtype, ids=ids, parameters=(("norm", norm),))
    wanted = []
    for layer in second_writing.read(opened(model).model, ids).layers:
        vectors = second_writing.component_vectors(layer)["residual_1"]
        wanted.append(contributions(vectors, vectors.sum(1) + layer.b_o, int(norm[1])))
    agree(found.layer_maps, torch.stack(wanted), OF[dtype])


@pytest.mark.parametrize("model", PRE_NORM, ids=str)
def test_a_second_norm_is_refused_where_none_follows(model):
    with pytest.raises(MethodError, match=r"second_layernorm does not fit this model.*Set second_layernorm=off"):
        explain(model, "alti", ids=ids_of(5), parameters=(("second_layernorm", "on"),))
    assert explain(model, "alti", ids=ids_of(5), parameters=(("second_layernorm", "off"),)).scores.any()


@pytest.mark.parametrize("head", [Head.TOKEN_CLASSIFICATION, Head.MASKED_WORD, Head.STATE])
def test_the_row_read_is_that_of_the_position(head):
    for position in (0, 3):
        found = explain(Tiny("bert", seed=28, head=head), "alti", ids=ids_of(6), position=position)
        assert np.array_equal(found.scores, found.rollout[-1, position])


def test_a_mean_reads_every_row_equally():
    found = explain(Tiny("modernbert", seed=29, extras=MEAN), "alti", ids=ids_of(6))
    agree(found.scores, found.rollout[-1].mean(0), 1e-12)


@pytest.mark.parametrize("model", MODELS + PRE_NORM, ids=str)
def test_rows_sum_to_one_in_maps_and_rollout(model):
    found = explain(model, "alti", ids=ids_of(12))
    assert np.abs(found.layer_maps.sum(-1) - 1).max() < 1e-12
    assert np.abs(found.rollout.sum(-1) - 1).max() < 1e-12
    assert found.layer_maps.min() >= 0
    assert np.array_equal(found.scores, found.rollout[-1, 0])


def test_chunks_change_nothing(monkeypatch):
    whole = explain(MODELS[0], "alti", ids=ids_of(11)).layer_maps
    explain(MODELS[0], "alti", ids=ids_of(10))  # a session keeps its last answer
    monkeypatch.setattr(gram, "SOURCES_AT_ONCE", 2)
    agree(explain(MODELS[0], "alti", ids=ids_of(11)).layer_maps, whole, 1e-12)


def test_a_row_that_clamps_to_nothing_passes_straight_on(monkeypatch):
    monkeypatch.setattr(method, "DISTANCE_EPSILON", 1e6)  # everything is far away
    found = explain(MODELS[0], "alti", ids=ids_of(4))
    assert np.array_equal(found.layer_maps, np.broadcast_to(np.eye(4), found.layer_maps.shape))
