"""The same code on a CUDA device gives the same numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine import registry
from engine.context import RunContext
from engine.contract import Request
from engine.session import Session
from tests.engine.allowed import explain_allowed
from tests.engine.models import REFERENCE_NAMES, Tiny, folder, ids_of
from tests.tolerances import FLOAT32, agree

MODELS = [*REFERENCE_NAMES, Tiny("bert", layers=3, seed=301)]
METHODS = registry.discover()

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")


@pytest.fixture(scope="module")
def sessions():
    return {device: Session("float32", device) for device in ("cpu", "cuda")}


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_every_method_gives_the_same_numbers_there(sessions, model, method):
    name = str(folder(model))
    if method.id in sessions["cpu"].open(name).unavailable:
        pytest.skip(f"{method.id} does not fit this model")
    parameters = explain_allowed(model, method.id, ids=ids_of(9)).request.parameters
    request = Request(
        0, name, method.id, ids=ids_of(9), parameters=parameters, feed_forward_layers=(0,), boundaries=(0, 2, 3)
    )
    here, there = (sessions[device].run(request, RunContext()) for device in ("cpu", "cuda"))
    agree(there.prediction.logits, here.prediction.logits, FLOAT32)
    agree(there.scores, here.scores, FLOAT32)
    for name in ("scores_all", "bias", "layer_maps", "rollout"):
        found, wanted = getattr(there, name), getattr(here, name)
        assert (found is None) == (wanted is None)
        if wanted is not None:
            agree(found, wanted, FLOAT32)
    for name, wanted in here.components.maps.items():
        agree(there.components.maps[name], wanted, FLOAT32)
    if here.flow is not None:
        agree(there.flow.edge, here.flow.edge, FLOAT32)
        assert np.isfinite(there.flow.bias).all()
        agree(there.grouped.edge, here.grouped.edge, FLOAT32)
