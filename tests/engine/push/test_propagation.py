"""Pushing vectors through layers and head: against a slower second writing, one backward pass and the real states."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.context import RunContext
from engine.errors import Cancelled
from engine.push import propagation
from engine.push.propagation import Setting, answer, local_norms, propagate
from engine.push.sharing import SCORES
from tests.engine import second_sharing, second_writing
from tests.engine.models import Tiny, explain, ids_of, opened, record
from tests.tolerances import OF, agree

BERT, ROBERTA = Tiny("bert", layers=3, seed=211), Tiny("roberta", layers=2, seed=212, act="relu", labels=2)
SILU = Tiny("bert", layers=2, seed=213, act="silu", heads=1)
PUBLISHED = Setting("absdot", "zo", "zo", (True, True), torch.float64)
NORMS = {"both": (True, True), "first": (True, False), "second": (False, True), "none": (False, False)}
ABOVE = [
    *((BERT, {"kind": kind}) for kind in [*SCORES, None]),
    *((ROBERTA, {"kind": "absdot", "ffn": ffn}) for ffn in ("la", "relu", "off")),
    *((SILU, {"kind": kind, "ffn": "la", "tanh": "la"}) for kind in [*SCORES, None]),
    *((BERT, {"kind": kind, "norms": norms}) for norms in ("first", "second", "none") for kind in ("absdot", "token")),
    *((BERT, {"kind": kind, "ffn": ffn}) for ffn in ("relu", "off") for kind in ("token", "norm", None)),
]


def _setting(kept):
    ffn = kept.get("ffn", "zo")
    return Setting(
        kept["kind"],
        None if ffn == "off" else ffn,
        kept.get("tanh", "zo"),
        NORMS[kept.get("norms", "both")],
        torch.float64,
    )


def _named(value):
    return str(value) if isinstance(value, Tiny) else "-".join(map(str, value.values()))


@pytest.mark.parametrize(("model", "kept"), ABOVE, ids=_named)
@torch.no_grad()
def test_vectors_and_shares_equal_those_of_one_vector_at_a_time(model, kept):
    ids, setting = ids_of(5), _setting(kept)
    reading = second_writing.read(opened(model).model, ids)
    stages, shares = second_sharing.decompx(reading, act=model.act, **kept)
    _, network = record(opened(model), ids)
    norms, vectors = propagate(network, setting, RunContext())
    allowed = 1e-7 if setting.bias == "dot" else 1e-9
    agree(norms, torch.stack(stages)[:, :, :5].norm(dim=-1), allowed)
    agree(vectors, stages[-1][0], allowed)
    agree(answer(network.head, vectors, setting).T, shares, allowed)


@pytest.mark.parametrize("kind", ["absdot", "norm", None])
@pytest.mark.parametrize("ffn", ["zo", "la", "off"])
@torch.no_grad()
def test_local_norms_begin_every_layer_with_its_real_states(kind, ffn):
    ids = ids_of(5)
    reading = second_writing.read(opened(BERT).model, ids)
    wanted = [second_sharing.stacked(second_sharing.through(one, None, kind=kind, ffn=ffn)) for one in reading.layers]
    _, network = record(opened(BERT), ids)
    found = local_norms(network, _setting({"kind": kind, "ffn": ffn}), RunContext())
    agree(found, torch.stack(wanted).norm(dim=-1))


@pytest.mark.parametrize("ffn", ["zo", "la"])
@pytest.mark.parametrize("kind", sorted(SCORES))
@torch.no_grad()
def test_the_vectors_of_a_complete_setting_sum_to_the_real_state_and_the_shares_to_the_logits(kind, ffn):
    captured, network = record(opened(BERT), ids_of(9))
    setting = replace(PUBLISHED, bias=kind, ffn=ffn, head=ffn)
    _, vectors = propagate(network, setting, RunContext())
    agree(vectors.sum(0), network.final_states[0])
    agree(answer(network.head, vectors, setting).sum(0), captured.logits)


@pytest.mark.parametrize("kind", ["token", "equal", "cls", None])
@pytest.mark.parametrize("model", [BERT, ROBERTA], ids=str)
@pytest.mark.parametrize("length", [1, 9])
@torch.no_grad()
def test_pushing_gives_what_one_backward_pass_gives_where_both_can(model, kind, length):
    ids = ids_of(length)
    pulled = explain(model, "decompx", ids=ids, parameters=(("bias", kind or "none"),))
    assert pulled.rollout is None
    _, network = record(opened(model), ids)
    setting = replace(PUBLISHED, bias=kind)
    shares = answer(network.head, propagate(network, setting, RunContext())[1], setting).T
    agree(shares[:, :length], pulled.scores_all)
    if kind == "token":
        agree(shares[:, length], pulled.bias)


@pytest.mark.parametrize("pairs", [1, 7, 20, 1000])
@pytest.mark.parametrize("kind", ["absdot", "token"])
@torch.no_grad()
def test_chunks_change_no_number(monkeypatch, pairs, kind):
    _, network = record(opened(BERT), ids_of(9))
    setting = replace(PUBLISHED, bias=kind)
    whole = propagate(network, setting, RunContext())
    local = local_norms(network, PUBLISHED, RunContext())
    monkeypatch.setattr(propagation, "NUMBERS_AT_ONCE", pairs * BERT.hidden)
    for found, wanted in zip(propagate(network, setting, RunContext()), whole, strict=True):
        agree(found, wanted, 1e-12)
    agree(local_norms(network, PUBLISHED, RunContext()), local, 1e-12)


@torch.no_grad()
def test_a_cancel_is_noticed_in_every_chunk(monkeypatch):
    monkeypatch.setattr(propagation, "NUMBERS_AT_ONCE", 9 * BERT.hidden)  # a source, or a receiver, at a time
    _, network = record(opened(BERT), ids_of(9))

    class Late(RunContext):
        looks = 0
        stop = -1

        def raise_if_cancelled(self):
            self.looks += 1
            if self.looks == self.stop:
                self.cancel()
            super().raise_if_cancelled()

    context = Late()
    propagate(network, PUBLISHED, context)
    assert context.looks == 3 * (1 + 9 + 9)
    for stop in range(1, context.looks + 1, 5):
        late = Late()
        late.stop = stop
        with pytest.raises(Cancelled):
            propagate(network, PUBLISHED, late)
        assert late.looks == stop


@torch.no_grad()
def test_progress_goes_up_layer_by_layer():
    told = []
    _, network = record(opened(BERT), ids_of(4))
    propagate(network, PUBLISHED, RunContext(lambda *step: told.append(step)))
    assert told == [(number / 3, f"Following every word through layer {number + 1}") for number in range(3)]


@pytest.mark.parametrize("kind", [*SCORES, None])
@torch.no_grad()
def test_padding_changes_no_vector_of_a_real_token(kind):
    ids, setting = ids_of(6), replace(PUBLISHED, bias=kind)
    alone = propagate(record(opened(BERT), ids)[1], setting, RunContext())
    padded = record(opened(BERT), (*ids, 0, 0, 0), mask=(1,) * 6 + (0,) * 3)[1]
    norms, vectors = propagate(padded, setting, RunContext())
    allowed = 1e-7 if kind == "dot" else 1e-9
    agree(norms[:, :6, :6], alone[0], allowed)
    agree(vectors[:6], alone[1][:6], allowed)
    assert not vectors[6:9].any()
    assert not norms[:, :6, 6:].any()


@torch.no_grad()
def test_a_preview_is_close_and_says_how_close():
    model, ids = Tiny("bert", layers=3, hidden=48, heads=4, seed=214), ids_of(12)
    full, rough = (
        explain(model, "decompx", "float32", ids=ids, parameters=(("precision", name),)) for name in ("full", "bf16")
    )
    largest = np.abs(full.scores_all).max()
    apart = np.abs(rough.scores_all - full.scores_all).max()
    assert OF["float32"] * largest < apart < 0.05 * largest
    assert np.array_equal(rough.prediction.logits, full.prediction.logits)
    assert np.array_equal(rough.flow.edge, full.flow.edge)
    residual = abs(rough.scores.sum() - rough.target_value)
    assert rough.checks["completeness"] == pytest.approx(residual, rel=1e-3, abs=1e-6)
    assert full.checks["completeness"] < rough.checks["completeness"]
