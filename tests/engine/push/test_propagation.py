"""Pushing vectors through layers and head: against a slower second writing, one backward pass and the real states."""

from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.context import RunContext
from engine.contract import Head, Request
from engine.errors import Cancelled
from engine.frozen import FrozenHead
from engine.push import propagation
from engine.push.propagation import Setting, answer, local_norms, propagate
from engine.push.sharing import SCORES
from tests.engine import second_sharing, second_writing
from tests.engine.models import MEAN, Tiny, every_kind, explain, folder, fresh_session, ids_of, opened, record
from tests.tolerances import OF, agree

BERT, ROBERTA = Tiny("bert", layers=3, seed=211), Tiny("roberta", layers=2, seed=212, act="relu", labels=2)
SILU = Tiny("bert", layers=2, seed=213, act="silu", heads=1)
MODERN = Tiny("modernbert", layers=3, seed=215, extras=MEAN)
EVERY = every_kind(220)
PUBLISHED = Setting("absdot", "zo", "zo", (True, True), torch.float64)
NORMS = {"both": (True, True), "first": (True, False), "second": (False, True), "none": (False, False)}
KINDS = [*SCORES, None]
ABOVE = [
    *((BERT, {"kind": kind}) for kind in KINDS),
    *((ROBERTA, {"kind": "absdot", "ffn": ffn}) for ffn in ("la", "relu", "off")),
    *((SILU, {"kind": kind, "ffn": "la", "tanh": "la"}) for kind in KINDS),
    *((BERT, {"kind": kind, "norms": norms}) for norms in ("first", "second", "none") for kind in ("absdot", "token")),
    *((BERT, {"kind": kind, "ffn": ffn}) for ffn in ("relu", "off") for kind in ("token", "norm", None)),
    # Pre-norm layers meet every way; all heads meet every way between them, each with both lines through its own
    # activation.
    *((MODERN, {"kind": kind, "tanh": tanh}) for kind, tanh in zip(KINDS, 4 * ("la", "zo"), strict=True)),
    *(
        (MODERN, {"kind": kind, "norms": norms})
        for norms in ("first", "second", "none")
        for kind in ("absdot", "token")
    ),
    *((MODERN, {"kind": kind, "ffn": "off", "norms": "first"}) for kind in ("abssim", "norm", None)),
    *((model, {"kind": KINDS[number % 8]}) for number, model in enumerate(EVERY)),
    *((model, {"kind": KINDS[(number + 3) % 8], "tanh": "la"}) for number, model in enumerate(EVERY)),
]
# The activation of heads that classify a text, where it is not tanh; fillers use the model's own.
HEAD_ACTS = {"distilbert": "relu", "electra": "gelu", "modernbert": "gelu"}


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


def _head_act(model):
    return model.act if model.head is Head.MASKED_WORD else HEAD_ACTS.get(model.family, "tanh")


def _allowed(kind):
    return 1e-7 if kind == "dot" else 1e-9


@pytest.mark.parametrize(("model", "kept"), ABOVE, ids=_named)
@torch.no_grad()
def test_vectors_and_shares_equal_those_of_one_vector_at_a_time(model, kept):
    ids, setting, allowed = ids_of(5), _setting(kept), _allowed(kept["kind"])
    layers = {name: value for name, value in kept.items() if name != "tanh"}
    stages = None
    for position in {model.position or 0, 0}:
        reading = second_writing.read(opened(model).model, ids, position)
        stages = stages or second_sharing.layers_of(reading, act=model.act, **layers)
        row = second_sharing.pooled(reading, stages[-1], setting.bias)
        _, network = record(opened(model), ids, position=position)
        norms, vectors = propagate(network, setting, RunContext())
        wanted = torch.stack([second_sharing.stacked(rows) for rows in stages])
        agree(norms, wanted[:, :, :5].norm(dim=-1), allowed)
        agree(vectors, torch.stack(row), allowed)
        shares = second_sharing.answered(reading, row, setting.bias, setting.head, _head_act(model))
        agree(answer(network.head, vectors, setting).T, shares, allowed)


@pytest.mark.parametrize("kind", ["absdot", "norm", None])
@pytest.mark.parametrize("ffn", ["zo", "la", "off"])
@pytest.mark.parametrize("model", [BERT, MODERN], ids=str)
@torch.no_grad()
def test_local_norms_begin_every_layer_with_its_real_states(model, kind, ffn):
    if model is MODERN and ffn == "la":
        ffn = "zo"
    ids = ids_of(5)
    reading = second_writing.read(opened(model).model, ids)
    wanted = [second_sharing.stacked(second_sharing.through(one, None, kind=kind, ffn=ffn)) for one in reading.layers]
    _, network = record(opened(model), ids)
    found = local_norms(network, _setting({"kind": kind, "ffn": ffn}), RunContext())
    agree(found, torch.stack(wanted).norm(dim=-1))


def _states_leaving(network, depth, setting):
    """The propagated vectors after some layers, of every receiver: [receiver, source, hidden]."""
    tokens = len(network.final_states)
    rows = []
    for row in range(tokens):
        pooling = network.final_states.new_zeros(tokens)
        pooling[row] = 1
        cut = replace(network, blocks=network.blocks[:depth], head=FrozenHead(None, pooling, [row], ()))
        rows.append(propagate(cut, setting, RunContext())[1])
    return torch.stack(rows)


@pytest.mark.parametrize("model", [model for model in EVERY if model.head is Head.SEQUENCE_CLASSIFICATION], ids=str)
@pytest.mark.parametrize("kind", ["absdot", "abssim", "cls", "token"])
@torch.no_grad()
def test_the_vectors_of_every_receiver_sum_to_its_real_state_after_every_layer(model, kind):
    _, network = record(opened(model), ids_of(6))
    for depth in range(1, len(network.blocks) + 1):
        vectors = _states_leaving(network, depth, replace(PUBLISHED, bias=kind))
        agree(vectors.sum(1), network.states(depth))


@pytest.mark.parametrize(("kind", "head"), [("absdot", "zo"), ("norm", "la"), ("equal", "zo"), ("token", "la")])
@pytest.mark.parametrize("model", EVERY, ids=str)
@torch.no_grad()
def test_the_shares_of_a_complete_setting_sum_to_the_logits(model, kind, head):
    captured, network = record(opened(model), ids_of(6), position=model.position)
    setting = replace(PUBLISHED, bias=kind, head=head)
    shares = answer(network.head, propagate(network, setting, RunContext())[1], setting)
    agree(shares.sum(0), captured.logits)


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
@pytest.mark.parametrize("model", [BERT, ROBERTA, *EVERY], ids=str)
@pytest.mark.parametrize("length", [1, 9])
@torch.no_grad()
def test_pushing_gives_what_one_backward_pass_gives_where_both_can(model, kind, length):
    ids, position = ids_of(length), min(model.position or 0, length - 1)
    asked = {} if model.position is None else {"position": position}
    pulled = explain(model, "decompx", ids=ids, parameters=(("bias", kind or "none"),), **asked)
    assert pulled.rollout is None
    _, network = record(opened(model), ids, position=position)
    setting = replace(PUBLISHED, bias=kind)
    shares = answer(network.head, propagate(network, setting, RunContext())[1], setting)[:, list(pulled.explained)].T
    agree(shares[:, :length], pulled.scores_all)
    if kind == "token":
        agree(shares[:, length], pulled.bias)


@pytest.mark.parametrize("pairs", [1, 7, 20, 1000])
@pytest.mark.parametrize("kind", ["absdot", "token"])
@pytest.mark.parametrize("model", [BERT, MODERN], ids=str)
@torch.no_grad()
def test_chunks_change_no_number(monkeypatch, model, pairs, kind):
    _, network = record(opened(model), ids_of(9))
    setting = replace(PUBLISHED, bias=kind)
    whole = propagate(network, setting, RunContext())
    local = local_norms(network, PUBLISHED, RunContext())
    monkeypatch.setattr(propagation, "NUMBERS_AT_ONCE", pairs * model.hidden)
    for found, wanted in zip(propagate(network, setting, RunContext()), whole, strict=True):
        agree(found, wanted, 1e-12)
    agree(local_norms(network, PUBLISHED, RunContext()), local, 1e-12)


class Late(RunContext):
    """Cancels itself at one of the looks; after none where ``stop`` is 0."""

    def __init__(self, stop=0):
        super().__init__()
        self.looks, self.stop = 0, stop

    def raise_if_cancelled(self):
        self.looks += 1
        if self.looks == self.stop:
            self.cancel()
        super().raise_if_cancelled()


# In every layer each source is mixed and each receiver taken on; behind a norm with a beta each receiver is looked at
# first, which the first of ModernBERT's layers does not have. A mean is taken receiver by receiver.
@pytest.mark.parametrize(
    ("model", "looks"), [(BERT, 3 * (1 + 9 + 9)), (MODERN, 3 * (1 + 9 + 9) + 2 * 9 + 9)], ids=["post-norm", "pre-norm"]
)
@torch.no_grad()
def test_a_cancel_is_noticed_in_every_chunk(monkeypatch, model, looks):
    monkeypatch.setattr(propagation, "NUMBERS_AT_ONCE", 9 * model.hidden)  # a source, or a receiver, at a time
    _, network = record(opened(model), ids_of(9))
    context = Late()
    propagate(network, PUBLISHED, context)
    assert context.looks == looks
    for stop in range(1, looks + 1, 5):
        late = Late(stop)
        with pytest.raises(Cancelled):
            propagate(network, PUBLISHED, late)
        assert late.looks == stop


def _of_all_pairs(tokens, hidden):
    """Tensors somebody still holds that have a vector for every pair of tokens."""
    # The type itself: some of what lives in torch warns when asked for its class.
    held = (one for one in gc.get_objects() if issubclass(type(one), torch.Tensor))
    return [one for one in held if one.untyped_storage().nbytes() >= 8 * tokens**2 * hidden and one.dim() == 3]


@pytest.mark.parametrize("model", [BERT, MODERN], ids=str)
def test_what_was_stopped_holds_no_vectors_of_pairs(monkeypatch, model):
    monkeypatch.setattr(propagation, "NUMBERS_AT_ONCE", 23 * model.hidden)
    ids, within = ids_of(23), []
    asked = Request(1, str(folder(model)), "decompx", ids=ids, components=False)
    session = fresh_session(model)
    session.run(replace(asked, parameters=(("bias", "token"),)), RunContext())
    before = len(_of_all_pairs(23, model.hidden))

    class Watching(Late):
        def raise_if_cancelled(self):
            within.append(len(_of_all_pairs(23, model.hidden)) if self.looks + 1 == self.stop else 0)
            super().raise_if_cancelled()

    try:
        session.run(asked, Watching(60))
    except Cancelled:
        pass
    else:
        raise AssertionError("it was not stopped")
    assert max(within) > before
    assert len(_of_all_pairs(23, model.hidden)) == before


@torch.no_grad()
def test_progress_goes_up_layer_by_layer():
    told = []
    _, network = record(opened(BERT), ids_of(4))
    propagate(network, PUBLISHED, RunContext(lambda *step: told.append(step)))
    assert told == [(number / 3, f"Following every word through layer {number + 1}") for number in range(3)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("model", [BERT, *(one for one in EVERY if one.head is Head.SEQUENCE_CLASSIFICATION)], ids=str)
@torch.no_grad()
def test_padding_changes_no_vector_of_a_real_token(model, kind):
    ids, setting = ids_of(6), replace(PUBLISHED, bias=kind)
    alone = propagate(record(opened(model), ids)[1], setting, RunContext())
    padded = record(opened(model), (*ids, *3 * (model.padding,)), mask=(1,) * 6 + (0,) * 3)[1]
    norms, vectors = propagate(padded, setting, RunContext())
    agree(norms[:, :6, :6], alone[0], _allowed(kind))
    agree(vectors[:6], alone[1][:6], _allowed(kind))
    assert not vectors[6:9].any()
    assert not norms[:, :6, 6:].any()
    if kind == "token":
        agree(vectors[9], alone[1][6])


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
