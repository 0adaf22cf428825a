"""ALTI against the published program, through the command."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.parity.commanded import LENGTHS, explain, reference
from tests.tolerances import OF, agree

CASES = [
    ("alti-tiny-bert", "n3"),
    ("alti-tiny-bert", "n8"),
    ("alti-tiny-bert", "n17"),
    ("alti-tiny-bert", "n8-pair"),
    ("alti-tiny-roberta", "n3"),
    ("alti-tiny-roberta", "n8"),
    ("alti-tiny-roberta", "n17"),
    ("alti-tiny-distilbert", "n3"),
    ("alti-tiny-distilbert", "n8"),
    ("alti-tiny-distilbert", "n17"),
    ("alti-tiny-bert-mlm", "n3"),
    ("alti-tiny-bert-mlm", "n8"),
    ("alti-tiny-bert-mlm", "n17"),
]
PADDED = [
    ("alti-tiny-bert", "n8-padded3"),
    ("alti-tiny-roberta", "n8-padded3"),
    ("alti-tiny-distilbert", "n8-padded3"),
]
SETTINGS = {"alti": "", "alti_l2": "norm=l2", "alti_ln2": "second_layernorm=on"}
# The published program leaves the epsilon out of its LayerNorms: 1e-5 in float64, its own figure for float32.
APART = {"float64": 1e-5, "float32": 1e-3}

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def run(parity, tmp_path):
    def explained(model, case, dtype, setting, *, told=True):
        stored = reference(parity, "alti", model, case, joined="-")
        inputs = ("input_ids", "attention_mask", "token_type_ids")
        stored |= {f"in.{name}": stored[name] for name in inputs if name in stored}
        stored.setdefault("in.token_type_ids", np.zeros_like(stored["input_ids"]))
        position = int(stored["mask_position"]) if told and "mask_position" in stored else None
        options = {"method": "alti", "dtype": dtype, "setting": setting, "position": position}
        return stored, explain(parity, model, stored, tmp_path / "out.npz", **options)

    return explained


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("variant", SETTINGS)
@pytest.mark.parametrize(("model", "case"), CASES)
def test_contributions_and_rollout_are_the_published_ones(run, measured, model, case, variant, dtype):
    stored, found = run(model, case, dtype, SETTINGS[variant])
    measured(f"ALTI {variant}, {model}, {dtype}", agree(found["layer_maps"], stored[variant], APART[dtype]))
    measured(
        f"ALTI {variant} rollout, {model}, {dtype}", agree(found["rollout"], stored[f"{variant}_rollout"], APART[dtype])
    )
    read = int(stored.get("mask_position", 0))
    agree(found["scores"], stored[f"{variant}_rollout"][-1, read], APART[dtype])
    logits = stored["logits"][0]
    agree(found["logits"], logits if logits.ndim == 1 else logits[read], OF[dtype])


@pytest.mark.parametrize("case", LENGTHS)
def test_the_gap_is_found_without_being_told(run, case):
    stored, found = run("alti-tiny-bert-mlm", case, "float64", "", told=False)
    place = int(stored["mask_position"])
    assert json.loads(str(found["meta"]))["position"] == place
    agree(found["scores"], stored["alti_rollout"][-1, place], APART["float64"])


@pytest.mark.parametrize(("model", "case"), PADDED)
def test_padding_is_never_mixed_in(run, measured, model, case):
    stored, found = run(model, case, "float64", "")
    length = int(stored["attention_mask"].sum())
    maps, wanted = found["layer_maps"][:, :length, :length], stored["alti"][:, :length, :length]
    measured(f"ALTI padded, {model}, float64", agree(maps, wanted, APART["float64"]))
    # The published 1e-6 in every difference leaves padding a share of that order.
    assert np.abs(found["layer_maps"][:, :length, length:]).max() < 1e-5
