"""Attention flow: its maps, its limits and its sums; the flows themselves are tested in ``test_maxflow.py``."""

from __future__ import annotations

import numpy as np
import pytest

from engine import maxflow
from engine.errors import MethodError, TextError
from tests.engine.models import MEAN, Tiny, explain, ids_of
from tests.engine.stopping import stops_everywhere
from tests.tolerances import FLOAT64, agree

MODEL = Tiny("bert", layers=3, seed=481)
IDS = ids_of(6)
IDENTITY = np.eye(len(IDS))


def _explain(chosen, model=MODEL, ids=IDS):
    return explain(model, "attention_flow", ids=ids, parameters=(("map", chosen),))


def _shares(maps):
    return maps / maps.sum(-1, keepdims=True)


def test_maps_are_those_of_the_papers():
    attention = explain(MODEL, "attention", ids=IDS).layer_maps
    norms = explain(MODEL, "globenc", ids=IDS, parameters=(("map", "N"),)).layer_maps
    globenc = explain(MODEL, "globenc", ids=IDS)
    ratio = globenc.extra["mixing_ratio"][:, :, None]
    wanted = {
        "W": attention,
        "W_FixedRes": (attention + IDENTITY) / 2,
        "W_Res": ratio * _shares(attention * (1 - IDENTITY)) + (1 - ratio) * IDENTITY,
        "N_FixedRes": (_shares(norms) + IDENTITY) / 2,
        "N_Enc": globenc.layer_maps,
    }
    for chosen, maps in wanted.items():
        agree(_explain(chosen).layer_maps, maps, FLOAT64)


@pytest.mark.parametrize("chosen", ["W", "W_FixedRes", "W_Res", "N_FixedRes", "N_Enc"])
def test_rows_of_flows_sum_to_one_and_the_last_is_the_answers(chosen):
    found = _explain(chosen)
    agree(found.rollout.sum(-1), np.ones((3, len(IDS))), FLOAT64)
    agree(found.rollout[0], _shares(found.layer_maps[0]), 1e-6)
    assert np.array_equal(found.scores, found.rollout[-1, 0])


def test_what_could_flow_is_no_flow_of_shares():
    assert _explain("W_FixedRes").flow is None


def test_a_mean_of_all_states_is_read_from_all_rows():
    found = _explain("W_FixedRes", Tiny("modernbert", seed=482, extras=MEAN))
    agree(found.scores, found.rollout[-1].mean(0), FLOAT64)


@pytest.mark.parametrize("chosen", ["W_Res", "N_Enc"])
def test_a_map_behind_a_norm_that_is_not_there_is_refused(chosen):
    with pytest.raises(MethodError, match="map=W_FixedRes"):
        _explain(chosen, Tiny("modernbert", seed=483))


def test_32_tokens_are_read_and_33_are_not(monkeypatch):
    monkeypatch.setattr(maxflow, "maximum_flow", lambda *_: pytest.fail("searched before it was refused"))
    with pytest.raises(TextError, match="33 pieces"):
        _explain("W", ids=ids_of(33))
    monkeypatch.undo()
    assert _explain("W", Tiny("bert", layers=2, seed=484), ids_of(32)).scores.shape == (32,)


def test_a_run_stops_before_every_search():
    model = Tiny("bert", layers=2, seed=485)
    assert stops_everywhere(model, "attention_flow", ids=ids_of(3)) >= 9
