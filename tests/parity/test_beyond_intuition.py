"""Beyond Intuition and the methods it is compared with, against the published program, through the command."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.attribution import MethodInput
from engine.context import RunContext
from engine.loading import open_model
from engine.relevance import propagate
from tests.engine.models import explain as explained_in_process
from tests.engine.models import record
from tests.parity.commanded import explain
from tests.tolerances import OF, agree, difference

KIND = "beyond-intuition"
CASES = json.loads((Path(__file__).parent / KIND / "cases.json").read_text(encoding="utf-8"))["cases"]
IDS = {
    "BT_H": "beyond_intuition_head",
    "BT_T": "beyond_intuition_token",
    "generic_attention": "generic_attention",
    "attn_gradcam": "attention_grad_cam",
    "transformer_attribution": "transformer_lrp",
    "partial_lrp": "partial_lrp",
}
LRP = {"float64": 1e-8, "float32": 1e-4}

pytestmark = pytest.mark.usefixtures("one_thread")


def of(*methods):
    """The cases of some methods, each with its id."""
    return [pytest.param(case, id=case["id"]) for case in CASES if case["method"] in methods]


def pairs():
    """LRP cases of one input, method and setting, both classes together: one run gives both."""
    found = defaultdict(dict)
    for case in CASES:
        if case["method"] in ("transformer_attribution", "partial_lrp"):
            name, _, _ = case["id"].rpartition(".t")
            found[name][case["target"]] = case
    return [pytest.param(classes, id=name) for name, classes in found.items()]


def inputs(parity, case):
    """The stored arrays of one case's file, its inputs under the names the command's arguments are made from."""
    with np.load(parity / KIND / case["file"]) as arrays:
        stored = dict(arrays)
    stored |= {f"in.{name}": stored[name] for name in ("input_ids", "attention_mask")}
    return stored | {"in.token_type_ids": np.zeros_like(stored["input_ids"])}


@pytest.fixture
def run(parity, tmp_path):
    def explained(case, method, dtype, setting=""):
        stored = inputs(parity, case)
        options = {"method": method, "dtype": dtype, "setting": setting, "target": case["target"]}
        found = explain(parity, case["model"], stored, tmp_path / "out.npz", **options)
        agree(found["logits"], stored["logits"][0], OF[dtype])
        return {key: stored[name] for key, name in case["keys"].items() if name in stored}, found

    return explained


def wanted(stored):
    """The published scores; where it divides zero by zero, zeros."""
    scores = stored["attribution"]
    return np.zeros_like(scores) if np.isnan(scores).any() else scores


def named(case):
    return case["method"] + (", padded" if "pad" in case["file"] else "")


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("case", of("BT_H", "BT_T", "generic_attention", "attn_gradcam"))
def test_scores_are_the_published_ones_with_every_default(run, measured, case, dtype):
    stored, found = run(case, IDS[case["method"]], dtype)
    measured(f"{named(case)} scores, {dtype}", agree(found["scores"], wanted(stored), OF[dtype]))
    assert np.array_equal(found["scores"], found["scores_all"][case["target"]])
    if case["method"] == "attn_gradcam":
        assert found["extra/nothing_left"] == np.isnan(stored["attribution"]).any()


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("case", of("BT_H", "BT_T", "generic_attention"))
def test_perception_is_the_published_one_in_every_layer(run, measured, case, dtype):
    stored, found = run(case, IDS[case["method"]], dtype)
    layers, first = len(found["rollout"]), case["layers_used"][0]
    assert case["layers_used"] == list(range(first, layers))
    products = stored.get("ap_layers", stored.get("R_layers"))[1:]  # theirs begin with the identity
    measured(f"{named(case)} R, {dtype}", agree(found["rollout"][first:], products, OF[dtype]))
    assert not found["layer_maps"][:first].any()
    for extra in {"head_weights", "token_ratio"} & set(stored):
        apart = agree(found[f"extra/{extra}"][first:], stored[extra], OF[dtype])
        measured(f"{named(case)} {extra}, {dtype}", apart)
    if "rf" in stored:
        measured(f"{named(case)} F, {dtype}", agree(found["extra/feedback"][0], stored["rf"], OF[dtype]))


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("classes", pairs())
def test_relevance_scores_are_the_published_ones(parity, run, measured, classes, dtype):
    case = classes[1]
    rules = "ours" if ".ours" in case["id"] else "orig"
    start = case["args"].get("start_layer")
    setting = f"rules={rules}" + ("" if start is None else f" start_layer={start}")
    _, found = run(case, IDS[case["method"]], dtype, setting)
    assert np.array_equal(found["scores"], found["scores_all"][1])
    stored = inputs(parity, case)
    for target, one in classes.items():
        allowed = LRP[dtype] if dtype == "float64" else max(LRP[dtype], 10 * one["f32_rel_diff"])
        apart = agree(found["scores_all"][target], stored[one["keys"]["attribution"]], allowed)
        measured(f"{named(case)} {rules}, {dtype}", apart)


ANY_LAYER = [case for case in of("partial_lrp", "full_lrp") if len(case.values[0]["keys"]) > 1 or "full" in case.id]


@pytest.mark.parametrize("case", ANY_LAYER)
def test_relevance_is_the_published_one_everywhere(parity, measured, case):
    stored, rules = inputs(parity, case), case["id"].split(".")[-2]
    given = method_input(parity / "models" / case["model"], stored)
    with torch.no_grad():
        found = propagate(given, torch.eye(2, dtype=torch.float64)[case["target"]][None], rules)
    if case["method"] == "full_lrp":
        tokens = found.states[0].sum(-1)
        tokens[0] = 0
        measured(f"{named(case)} {rules}, float64", agree(tokens, stored[case["keys"]["attribution"]], LRP["float64"]))
    else:
        every = torch.stack(found.attention)[:, 0]
        for layer, theirs in enumerate(stored[case["keys"]["attn_lrp"]]):
            measured(f"relevance of attention {rules}, float64", agree(every[layer], theirs, LRP["float64"]))


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("case", of("raw_attention"))
def test_attention_is_the_published_one_but_for_the_entry_they_clear(run, measured, case, dtype):
    stored, found = run(case, "attention", dtype)
    measured(f"{named(case)}, {dtype}", agree(found["scores"][1:], stored["attribution"][1:], OF[dtype]))
    assert stored["attribution"][0] == 0


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("case", of("rollout"))
def test_rollout_is_the_published_one_but_for_the_entry_they_clear(run, measured, case, dtype):
    first = case["args"]["start_layer"]
    stored, found = run(case, "rollout", dtype, f"start_layer={first}")
    measured(f"{named(case)}, {dtype}", agree(found["scores"][1:], stored["attribution"][1:], OF[dtype]))
    if "joint_per_layer" in stored and first == 0:
        measured(f"{named(case)} products, {dtype}", agree(found["rollout"], stored["joint_per_layer"], OF[dtype]))


def test_padding_moves_what_averages_gradients_and_nothing_else():
    """Masked columns have no attention but a gradient: unpadded, the same text weighs its heads otherwise."""
    padded, plain = _padded_and_not("beyond_intuition_head")
    assert difference(padded.extra["head_weights"], plain.extra["head_weights"]) > 1e-3
    padded, plain = _padded_and_not("attention_grad_cam")
    assert difference(padded.scores[:12], plain.scores) > 1e-3
    for method in ("beyond_intuition_token", "generic_attention", "transformer_lrp", "partial_lrp"):
        padded, plain = _padded_and_not(method)
        agree(padded.scores[:12], plain.scores, 1e-9)
        assert not padded.scores[12:].any()


def _padded_and_not(method):
    with np.load(Path(__file__).parent / KIND / "bt-tiny-bert__len17pad5.npz") as stored:
        ids, mask = (tuple(stored[name][0].tolist()) for name in ("input_ids", "attention_mask"))
    length = sum(mask)
    return (
        explained_in_process("bt-tiny-bert", method, ids=ids, attention_mask=mask, target=1),
        explained_in_process("bt-tiny-bert", method, ids=ids[:length], target=1),
    )


def method_input(folder, stored):
    """A run of a model as a method sees it, without parameters."""
    opened = _opened(str(folder))
    ids, mask = (tuple(stored[f"in.{name}"][0].tolist()) for name in ("input_ids", "attention_mask"))
    captured, network = record(opened, ids, mask)
    return MethodInput(opened, captured, network, 0, -1, (0, 1), 0, {}, RunContext())


@cache
def _opened(folder):
    return open_model(folder, "float64", "cpu")
