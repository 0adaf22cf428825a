"""Vector norms against the published programs, through the command."""

from __future__ import annotations

import numpy as np
import pytest

from tests.parity.commanded import LENGTHS, explain, reference
from tests.tolerances import OF, agree

MODELS = ("alti-tiny-bert", "alti-tiny-roberta", "alti-tiny-bert-mlm")
ALTI_MODELS = (*MODELS, "alti-tiny-distilbert")
PADDED = MODELS[:2]
MAPS = {"N": "attn", "N_Res": "attn_res", "N_ResLN": "attn_res_ln"}

MASK = 4  # the id of [MASK] in the model that fills gaps


def _gap(ids):
    """Where the answer is read: at the mask, where there is one."""
    return int(np.flatnonzero(ids == MASK)[0]) if MASK in ids else None


pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def run(parity, tmp_path):
    def explained(kind, prefix, model, case, dtype, settings):
        stored = reference(parity, kind, prefix + model, case, joined="-")
        stored |= {f"in.{name}": stored[name] for name in ("input_ids", "attention_mask")}
        stored["in.token_type_ids"] = np.zeros_like(stored["input_ids"])
        options = {"method": "norms", "dtype": dtype, "setting": settings, "position": _gap(stored["input_ids"][0])}
        return stored, explain(parity, model, stored, tmp_path / "out.npz", **options)

    return explained


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("chosen", MAPS)
@pytest.mark.parametrize("case", LENGTHS)
@pytest.mark.parametrize("model", MODELS)
def test_norms_and_ratios_are_the_published_ones(run, measured, model, case, chosen, dtype):
    stored, found = run("baselines", "norms-", model, case, dtype, f"map={chosen}")
    name = MAPS[chosen]
    measured(f"norms {chosen}, {model}, {dtype}", agree(found["layer_maps"], stored[f"{name}_norm"], OF[dtype]))
    ratios = stored[f"mixing_ratio_{name}"]
    measured(f"norms mixing ratio, {model}, {dtype}", agree(found["extra/mixing_ratio"], ratios, OF[dtype]))


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("case", LENGTHS)
@pytest.mark.parametrize("model", ALTI_MODELS)
def test_without_epsilon_they_are_those_of_the_alti_comparison(run, measured, model, case, dtype):
    stored, found = run("alti", "", model, case, dtype, "epsilon=none")
    rows = found["layer_maps"] / found["layer_maps"].sum(-1, keepdims=True)
    measured(f"norms without epsilon, {model}, {dtype}", agree(rows, stored["norm"], OF[dtype]))
    measured(f"norms rollout, {model}, {dtype}", agree(found["rollout"], stored["norm_rollout"], OF[dtype]))
    read = int(stored.get("mask_position", 0))
    agree(found["scores"], stored["norm_rollout"][-1, read], OF[dtype])


@pytest.mark.parametrize("model", PADDED)
def test_padding_is_never_mixed_in(run, measured, model):
    stored, found = run("baselines", "norms-", model, "n8-padded3", "float64", "")
    length = int(stored["attention_mask"].sum())
    maps, wanted = found["layer_maps"], stored["attn_res_ln_norm"]
    measured("norms padded, float64", agree(maps[:, :length, :length], wanted[:, :length, :length], OF["float64"]))
    assert not maps[:, :length, length:].any()
