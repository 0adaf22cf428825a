"""DecompX against the published program in all its settings, through the command."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.loading import open_model
from tests.engine import second_writing
from tests.parity.commanded import LENGTHS, ROWS, explain, length_of, reference
from tests.tolerances import FLOAT64, OF, agree

MODELS = ("tiny-bert", "tiny-roberta")
# Name of the published configuration -> the same as settings of the command; what is not named is the default.
VECTOR = {
    "paper": "",
    "nobias": "bias=none",
    "noffn": "ffn=off",
    "nobias_noffn": "bias=none ffn=off",
    "relu": "ffn=relu",
    "la": "ffn=la tanh=la",
    "ffnla_tanhzo": "ffn=la",
    "ffnzo_tanhla": "tanh=la",
    "nobias_la": "bias=none ffn=la tanh=la",
    "equal": "bias=equal",
    "norm": "bias=norm",
    "abssim": "bias=abssim",
    "cls": "bias=cls",
    "dot": "bias=dot",
    "la_equal": "bias=equal ffn=la tanh=la",
    "la_norm": "bias=norm ffn=la tanh=la",
    "la_cls": "bias=cls ffn=la tanh=la",
    "noLN1": "layernorm=second",
    "noLN2": "layernorm=first",
    "noLN": "layernorm=none",
    "biastoken": "bias=token",
    "biastoken_relu": "bias=token ffn=relu",
    "biastoken_absdot": "bias=token+absdot",
    "biastoken_norm": "bias=token+norm",
    "biastoken_equal": "bias=token+equal",
    "biastoken_cls": "bias=token+cls",
    "biastoken_abssim": "bias=token+abssim",
}
LOCAL = {
    "rollout_globenc": "bias=none ffn=off",
    "rollout_globenc_ffn": "bias=none",
    "rollout_absdot_noffn": "ffn=off",
    "rollout_absdot_ffn": "",
    "rollout_absdot_ffnla": "ffn=la tanh=la",
}
# Signed weights whose sum comes near zero: the published program's own single precision is 2e-2 off there.
APART = {("dot", "float64"): 1e-7, ("dot", "float32"): 2e-1}
# What the published program puts among the sources as one more, the biases.
KEPT_APART = ("biastoken", "biastoken_relu")
ONE_PASS = {"nobias", "equal", "cls", "biastoken"} | {
    f"biastoken_{kind}" for kind in ("absdot", "norm", "equal", "cls")
}
ONE_PASS |= {"biastoken_abssim"}

pytestmark = pytest.mark.usefixtures("one_thread")
both_precisions = pytest.mark.parametrize("dtype", OF)
both_models = pytest.mark.parametrize("model", MODELS)


@pytest.fixture
def run(parity, tmp_path):
    def explained(model, case, dtype, setting="bias=token", row=0):
        stored = reference(parity, "decompx", model, case)
        options = {"method": "decompx", "dtype": dtype, "setting": setting, "row": row}
        return stored, explain(parity, model, stored, tmp_path / "out.npz", **options)

    return explained


def _shares(stored, found, name, row, allowed):
    """Compare shares, bias and norms of one row, cut to its length; returns the largest difference."""
    length = length_of(stored, row)
    wanted = stored[f"{name}.classifier"][row]  # [source, class]
    got = found["scores_all"][:, :length]
    if name in KEPT_APART:
        got = np.column_stack([got, found["bias"]])
        wanted = np.concatenate([wanted[:length], wanted[-1:]])
    apart = agree(got, wanted[: got.shape[1]].T, allowed)
    assert not found["scores_all"][:, length:].any()
    assert ("bias" in found) == ("bias=none" not in VECTOR[name])
    assert ("rollout" in found) == (name not in ONE_PASS)
    if name not in ONE_PASS:
        norms = stored[f"{name}.aggregated_norm"][:, row, :length, :length]
        apart = max(apart, agree(found["rollout"][:, :length, :length], norms, allowed))
    return apart


@both_precisions
@both_models
@pytest.mark.parametrize("name", VECTOR)
def test_shares_biases_and_norms_of_every_setting_are_the_published_ones(run, measured, model, name, dtype):
    allowed = APART.get((name, dtype), OF[dtype])
    for case in LENGTHS:
        stored, found = run(model, case, dtype, VECTOR[name])
        assert found["scores_all"].dtype == dtype
        agree(found["logits"], stored["logits"][0], OF[dtype])
        measured(f"DecompX {name}, {dtype}", _shares(stored, found, name, 0, allowed))
        target = int(found["target"])
        assert np.array_equal(found["scores"], found["scores_all"][target])


@both_precisions
@both_models
@pytest.mark.parametrize("name", LOCAL)
def test_local_norms_and_their_product_are_the_published_ones(run, measured, model, name, dtype):
    for case in LENGTHS:
        stored, found = run(model, case, dtype, f"{LOCAL[name]} aggregation=rollout")
        apart = agree(found["layer_maps"], stored[f"{name}.encoder_norm"][:, 0], OF[dtype])
        apart = max(apart, agree(found["rollout"], stored[f"{name}.rollout_norm"][:, 0], OF[dtype]))
        measured(f"DecompX {name}, {dtype}", apart)
        assert np.array_equal(found["scores"], found["rollout"][-1, 0])
        _, single = run(model, case, dtype, f"{LOCAL[name]} aggregation=none")
        assert np.array_equal(single["layer_maps"], found["layer_maps"])
        assert np.array_equal(single["scores"], found["layer_maps"][-1, 0])
        for file in (found, single):
            assert not {"scores_all", "bias", "checks/completeness", "checks/scores_vs_flow"} & set(file)
        assert "rollout" not in single


# The published program fails on a batch with ``biastoken_abssim``.
@both_models
@pytest.mark.parametrize("name", sorted(set(VECTOR) - {"biastoken_abssim"}))
def test_padding_gets_no_share_and_changes_none(run, measured, model, name):
    for row in ROWS:
        stored, found = run(model, "pad", "float64", VECTOR[name], row)
        agree(found["logits"], stored["logits"][row], FLOAT64)
        apart = _shares(stored, found, name, row, APART.get((name, "float64"), FLOAT64))
        measured(f"DecompX {name} padded, float64", apart)


@both_models
@pytest.mark.parametrize("name", LOCAL)
def test_padding_is_in_no_local_norm(run, measured, model, name):
    for row in ROWS:
        stored, found = run(model, "pad", "float64", f"{LOCAL[name]} aggregation=rollout", row)
        length = length_of(stored, row)
        here = np.s_[:, :length, :length]
        apart = agree(found["layer_maps"][here], stored[f"{name}.encoder_norm"][:, row][here], FLOAT64)
        apart = max(apart, agree(found["rollout"][here], stored[f"{name}.rollout_norm"][:, row][here], FLOAT64))
        assert not found["layer_maps"][:, :length, length:].any()
        measured(f"DecompX {name} padded, float64", apart)


@both_precisions
@pytest.mark.parametrize("case", LENGTHS)
@both_models
def test_the_flow_begins_with_the_published_shares_and_is_conserved_up_to_the_logit(run, model, case, dtype):
    stored, found = run(model, case, dtype)
    target, allowed = int(found["target"]), OF[dtype] * np.abs(stored["biastoken.classifier"]).max()
    nodes, edge, entering = found["flow_nodes"], found["flow"], found["flow_bias_in"]
    agree(nodes[0], stored["nobias.classifier"][0][:, target], OF[dtype])
    assert np.abs(edge.sum(1) - nodes[:-1]).max() <= allowed
    assert np.abs(edge.sum(2) + entering - nodes[1:]).max() <= allowed
    assert np.abs(entering.sum(1) - found["flow_bias"][:-1]).max() <= allowed
    logit = stored["logits"][0][target]
    assert abs(nodes[0].sum() + found["flow_bias"].sum() - logit) <= allowed
    assert abs(nodes[-1].sum() + found["flow_bias"][-1] - logit) <= allowed
    assert found["checks/completeness"] <= allowed
    assert found["checks/conservation"] <= allowed
    assert found["checks/scores_vs_flow"] <= allowed


@both_precisions
@pytest.mark.parametrize("row", ROWS)
@both_models
def test_padding_takes_no_part_in_the_flow(run, model, row, dtype):
    stored, found = run(model, "pad", dtype, row=row)
    length = length_of(stored, row)
    _shares(stored, found, "biastoken", row, OF[dtype])
    assert not found["flow"][:, length:].any()
    assert not found["flow"][:, :, length:].any()


@both_models
@pytest.mark.parametrize("setting", ["", "bias=norm", "ffn=relu", "bias=none ffn=la", "layernorm=first bias=token"])
def test_every_setting_that_reaches_the_answer_shows_the_one_flow(run, model, setting):
    _, found = run(model, "n8", "float64", setting)
    _, plain = run(model, "n8", "float64")
    for name in ("flow", "flow_nodes", "flow_bias_in", "flow_bias"):
        agree(found[name], plain[name])
    apart = np.abs(found["scores"] - plain["flow_nodes"][0]).max()
    assert found["checks/scores_vs_flow"] == pytest.approx(apart)


@torch.no_grad()
@pytest.mark.parametrize("case", LENGTHS)
@both_models
def test_the_second_writing_the_engine_is_tested_with_equals_the_published_vectors(parity, model, case):
    stored = reference(parity, "decompx", model, case)
    network = open_model(str(parity / "models" / model), "float64", "cpu").model
    segments = (
        tuple(stored["in.token_type_ids"][0].tolist())
        if model == "tiny-bert"
        else (0,) * len(stored["in.input_ids"][0])
    )
    reading = second_writing.read(network, tuple(stored["in.input_ids"][0].tolist()), token_type_ids=segments)
    stages, shares = second_writing.decompx(reading)
    agree(torch.stack(stages).norm(dim=-1), stored["biastoken.aggregated_norm"][:, 0], FLOAT64)
    agree(shares.T, stored["biastoken.classifier"][0], FLOAT64)
