"""DecompX against the published program (bias token kept apart), through the command."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.loading import open_model
from tests.engine import second_writing
from tests.parity.commanded import LENGTHS, ROWS, explain, length_of, reference
from tests.tolerances import FLOAT64, OF, agree

MODELS = ("tiny-bert", "tiny-roberta")

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def run(parity, tmp_path):
    def explained(model, case, dtype, row=0):
        stored = reference(parity, "decompx", model, case)
        return stored, explain(parity, model, stored, tmp_path / "out.npz", method="decompx", dtype=dtype, row=row)

    return explained


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("case", LENGTHS)
@pytest.mark.parametrize("model", MODELS)
def test_shares_bias_and_logits_are_the_published_ones(run, measured, model, case, dtype):
    stored, found = run(model, case, dtype)
    wanted = stored["biastoken.classifier"][0].T  # [class, token + bias]
    got = np.column_stack([found["scores_all"], found["bias"]])
    measured(f"DecompX, {model}, {dtype}", agree(got, wanted, OF[dtype]))
    agree(found["scores_all"], stored["nobias.classifier"][0].T, OF[dtype])
    agree(found["logits"], stored["logits"][0], OF[dtype])
    assert found["scores_all"].dtype == dtype


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("case", LENGTHS)
@pytest.mark.parametrize("model", MODELS)
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


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("model", MODELS)
def test_padding_gets_no_share_and_changes_none(run, measured, model, row, dtype):
    stored, found = run(model, "pad", dtype, row)
    wanted, length = stored["biastoken.classifier"][row], length_of(stored, row)
    got = np.column_stack([found["scores_all"][:, :length], found["bias"]])
    apart = agree(got, np.concatenate([wanted[:length], wanted[-1:]]).T, OF[dtype])
    measured(f"DecompX padded, {model}, {dtype}", apart)
    agree(found["logits"], stored["logits"][row], OF[dtype])
    assert not found["scores_all"][:, length:].any()
    assert not found["flow"][:, length:].any()
    assert not found["flow"][:, :, length:].any()


@torch.no_grad()
@pytest.mark.parametrize("case", LENGTHS)
@pytest.mark.parametrize("model", MODELS)
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
