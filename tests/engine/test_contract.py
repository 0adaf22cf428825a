"""Values that cross the border: frozen, owned, read-only."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from engine.contract import COMPONENTS, Components, Flow, Prediction, Request
from tests.engine.models import Tiny, explain, ids_of


def test_an_array_handed_over_cannot_be_changed():
    logits = np.array([1.0, 2.0])
    prediction = Prediction(("a", "b"), logits, None)
    with pytest.raises(ValueError, match="read-only"):
        prediction.logits[0] = 5


def test_a_view_of_somebody_elses_array_is_copied():
    whole = np.arange(6.0)
    prediction = Prediction(("a", "b", "c"), whole[:3], None)
    whole[0] = 9
    assert prediction.logits[0] == 0
    assert whole.flags.writeable


def test_a_view_nobody_can_write_through_is_taken_as_it_is():
    whole = np.arange(6.0)
    whole.setflags(write=False)
    prediction = Prediction(("a", "b", "c"), whole[:3], None)
    assert np.shares_memory(prediction.logits, whole)


def test_arrays_in_tables_are_read_only_and_so_are_the_tables():
    made = Components({"attention": np.ones((1, 2, 2))}, {"layer": np.ones((1, 2, 2))}, (0,))
    with pytest.raises(ValueError, match="read-only"):
        made.maps["attention"][0, 0, 0] = 5
    with pytest.raises(TypeError):
        made.maps["attention"] = np.zeros(1)


def test_requests_are_values():
    one, same = (Request(1, "m", "decompx", text="a", parameters=(("bias", "token"),)) for _ in range(2))
    assert one == same
    assert hash(one) == hash(same)
    with pytest.raises(FrozenInstanceError):
        one.text = "b"


def test_a_component_map_is_found_by_name_and_layer():
    maps = {name: np.full((3, 2, 2), number, float) for number, name in enumerate(COMPONENTS[:4])}
    made = Components(maps, {name: np.full((1, 2, 2), 9.0) for name in COMPONENTS[4:]}, (2,))
    assert made.layer_map("residual_1", 0)[0, 0] == 2
    assert made.layer_map("layer", 2)[0, 0] == 9
    assert made.layer_map("layer", 0) is None


def test_the_target_and_its_baseline_are_differences_in_a_contrast():
    found = explain(Tiny(), "decompx", ids=ids_of(4), target=0, against=2)
    assert found.target_value == found.prediction.logits[0] - found.prediction.logits[2]
    assert found.target_bias == found.bias[0] - found.bias[2]
    alone = explain(Tiny(), "attention", ids=ids_of(4), target=1)
    assert alone.target_value == alone.prediction.logits[1]
    assert alone.target_bias is None


def test_a_flow_owns_its_arrays():
    edge = np.zeros((1, 2, 2))
    flow = Flow(edge[:], np.zeros((2, 2)), np.zeros((1, 2)), np.zeros(2), 0.0, from_map=False)
    edge[0, 0, 0] = 1
    assert flow.edge[0, 0, 0] == 0
