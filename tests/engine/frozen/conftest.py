"""One recorded pass of many models, frozen, with the second writing of the same pass."""

from __future__ import annotations

import pytest
import torch

from engine.contract import Head
from tests.engine import second_writing
from tests.engine.models import Tiny, every_kind, ids_of, opened, record

IDS = ids_of(7)
MODELS = [
    Tiny("bert", layers=1, seed=41),
    Tiny("bert", layers=3, seed=42, act="gelu_new"),
    Tiny("roberta", layers=2, seed=43, act="relu", heads=1),
    Tiny("roberta", layers=4, seed=44, labels=1),
    Tiny("modernbert", layers=1, seed=45),
    Tiny("albert", layers=3, seed=46, heads=1, extras=(("inner_group_num", 2),)),
    *every_kind(seed=47),
]


# Layers are the same whatever the head.
LAYERED = [tiny for tiny in MODELS if tiny.head is Head.SEQUENCE_CLASSIFICATION]


def _case(tiny):
    model = opened(tiny)
    captured, network = record(model, IDS, position=tiny.position)
    with torch.no_grad():
        return captured, network, second_writing.read(model.model, IDS, tiny.position)


@pytest.fixture(params=MODELS, ids=str)
def case(request):
    """A model's recorded pass, its frozen network and the second writing of the same pass."""
    with torch.no_grad():
        yield _case(request.param)


@pytest.fixture(params=LAYERED, ids=str)
def layered(request):
    """The same, once for every kind of layer."""
    with torch.no_grad():
        yield _case(request.param)


@pytest.fixture(params=[tiny for tiny in LAYERED if tiny.family != "modernbert"], ids=str)
def post_norm(request):
    """The same, of models whose norms follow the residuals."""
    with torch.no_grad():
        yield _case(request.param)


@pytest.fixture(params=[tiny for tiny in LAYERED if tiny.family == "modernbert"], ids=str)
def pre_norm(request):
    """The same, of models whose norms stand in front of what they serve."""
    with torch.no_grad():
        yield _case(request.param)


@pytest.fixture
def drawn():
    """Random numbers of some shape."""

    def draw(*shape, seed=0):
        return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)

    return draw
