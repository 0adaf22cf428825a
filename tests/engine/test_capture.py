"""The recorded pass: changes no bit, honours the mask, undoes itself, stops when asked."""

from __future__ import annotations

import pytest
import torch

from engine.capture import ATTENTION, _attended, capture, recorded_attention
from engine.context import RunContext
from engine.contract import Request
from engine.errors import Cancelled
from engine.tokens import encode
from tests.engine import second_writing
from tests.engine.models import Tiny, build, ids_of, opened, record, unchanged
from tests.tolerances import FLOAT64, OF, agree

MODELS = [Tiny("bert", layers=4, seed=81), Tiny("roberta", layers=3, seed=82, act="relu")]
IDS = ids_of(9)
SDPA = {"float64": 1e-12, "float32": 1e-5}  # times max(1, |logit|)


def _inputs(ids, mask=None):
    return {"input_ids": torch.tensor([ids]), "attention_mask": torch.tensor([mask or [1] * len(ids)])}


def _padded(model, length=5):
    padding = 1 if model.family == "roberta" else 0
    return IDS[:length] + (padding,) * 4, (1,) * length + (0,) * 4


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("tiny", MODELS, ids=str)
@torch.no_grad()
def test_recording_changes_no_bit(tiny, padded, dtype):
    model = opened(tiny, dtype)
    ids, mask = _padded(tiny) if padded else (IDS, (1,) * len(IDS))
    captured, _ = record(model, ids, mask)
    before = model.model.config._attn_implementation
    model.model.set_attn_implementation(ATTENTION)
    plain = model.model(**_inputs(ids, mask), output_hidden_states=True)
    model.model.set_attn_implementation(before)
    assert torch.equal(captured.logits, plain.logits[0])
    for layer, state in zip(captured.layers, plain.hidden_states[:-1], strict=True):
        assert torch.equal(layer.states, state[0])
    assert torch.equal(captured.layers[-1].states_out, plain.hidden_states[-1][0])


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("tiny", MODELS, ids=str)
@torch.no_grad()
def test_the_answer_is_that_of_transformers_own_fast_attention(tiny, padded, dtype):
    model = opened(tiny, dtype)
    ids, mask = _padded(tiny) if padded else (IDS, (1,) * len(IDS))
    assert model.model.config._attn_implementation == "sdpa"
    stock = model.model(**_inputs(ids, mask)).logits[0]
    found = record(model, ids, mask)[0].logits
    assert float((found - stock).abs().max()) <= SDPA[dtype] * max(1, float(stock.abs().max()))


@pytest.mark.parametrize("tiny", MODELS, ids=str)
@torch.no_grad()
def test_every_record_is_what_the_real_pass_had_there(tiny):
    model = opened(tiny)
    captured, network = record(model, IDS)
    reading = second_writing.read(model.model, IDS)
    for found, block, layer in zip(captured.layers, network.blocks, reading.layers, strict=True):
        agree(found.states, layer.x, FLOAT64)
        agree(found.attention, layer.alpha, FLOAT64)
        agree(found.values.transpose(0, 1).flatten(1), layer.x @ layer.w_v.T + layer.b_v, FLOAT64)
        agree(block.norm_1.sigma, layer.sigma_1, FLOAT64)
        agree(block.norm_2.sigma, layer.sigma_2, FLOAT64)
        agree(block.ratio, layer.theta, FLOAT64)
    ones = torch.ones_like(reading.ratio)
    agree(network.head.steps[1].push(ones), reading.ratio, FLOAT64)
    assert captured.input_ids.tolist() == list(IDS)


@pytest.mark.parametrize("tiny", MODELS, ids=str)
def test_padding_is_not_read_and_changes_nothing_else(tiny):
    model = opened(tiny)
    ids, mask = _padded(tiny)
    padded, alone = record(model, ids, mask)[0], record(model, ids[:5])[0]
    agree(padded.logits, alone.logits, FLOAT64)
    for long, short in zip(padded.layers, alone.layers, strict=True):
        assert not long.attention[:, :, 5:].any()
        agree(long.attention[:, :5, :5], short.attention, FLOAT64)
        agree(long.states_out[:5], short.states_out, FLOAT64)


@pytest.mark.parametrize("dtype", OF)
def test_weights_are_rows_of_shares_in_the_dtype_of_the_run(dtype):
    captured, _ = record(opened(MODELS[0], dtype), IDS)
    for layer in captured.layers:
        assert layer.attention.dtype == getattr(torch, dtype)
        agree(layer.attention.sum(-1), torch.ones_like(layer.attention[..., 0]), OF[dtype])


@pytest.mark.parametrize("scaling", [None, 0.3])
def test_the_attention_function_is_softmax_of_scaled_products(scaling):
    query, key, value = torch.randn(3, 1, 2, 5, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    mask = torch.zeros(1, 1, 5, 5, dtype=torch.float64)
    mask[..., 4] = torch.finfo(torch.float64).min
    for given in (None, mask):
        mixed, weights = recorded_attention(torch.nn.Identity(), query, key, value, given, scaling)
        wanted = torch.nn.functional.scaled_dot_product_attention(query, key, value, given, scale=scaling)
        agree(mixed, wanted.transpose(1, 2), FLOAT64)
        agree(weights @ value, wanted, FLOAT64)
    assert not weights[..., 4].any()


# Whatever happens, nothing is left behind.


def _run(model, context=None):
    request = Request(0, "", "", ids=IDS)
    with torch.no_grad():
        return capture(model, encode(model, request), 0, context or RunContext())


def _layers(model):
    return list(model.model.base_model.encoder.layer)


@pytest.mark.parametrize("tiny", MODELS, ids=str)
def test_a_recording_leaves_nothing_behind(tiny):
    model = opened(tiny)
    with unchanged(model.model):
        _run(model)
    assert _attended.get() is None


@pytest.mark.parametrize("implementation", ["eager", "sdpa"])
def test_the_attention_implementation_comes_back_whichever_it_was(implementation):
    model = opened(MODELS[0])
    model.model.set_attn_implementation(implementation)
    try:
        with unchanged(model.model):
            _run(model)
        assert _layers(model)[0].attention.self.config._attn_implementation == implementation
    finally:
        model.model.set_attn_implementation("sdpa")


def test_outside_a_recording_the_attention_function_keeps_nothing():
    model = build(MODELS[0])
    model.set_attn_implementation(ATTENTION)
    with torch.no_grad():
        model(**_inputs(IDS))
    assert _attended.get() is None


@pytest.mark.parametrize("tiny", MODELS, ids=str)
@pytest.mark.parametrize("failing", [0, 2])
def test_a_module_that_raises_leaves_nothing_behind(tiny, failing):
    model = opened(tiny)

    def fail(*_):
        raise ArithmeticError("on purpose")

    handle = _layers(model)[failing].register_forward_hook(fail)
    try:
        with unchanged(model.model), pytest.raises(ArithmeticError, match="on purpose"):
            _run(model)
    finally:
        handle.remove()
    assert _attended.get() is None
    assert _run(model).logits.isfinite().all()


@pytest.mark.parametrize("tiny", MODELS, ids=str)
def test_a_cancelled_pass_stops_at_the_next_layer_and_leaves_nothing_behind(tiny):
    model, context, ran = opened(tiny), RunContext(), []

    def watch(number):
        def seen(*_):
            ran.append(number)
            if number == 1:
                context.cancel()

        return seen

    handles = [layer.register_forward_hook(watch(number)) for number, layer in enumerate(_layers(model))]
    try:
        with unchanged(model.model), pytest.raises(Cancelled):
            _run(model, context)
    finally:
        for handle in handles:
            handle.remove()
    assert ran == [0, 1]
    assert _attended.get() is None


def test_a_pass_cancelled_before_it_starts_runs_no_layer():
    model, context, ran = opened(MODELS[0]), RunContext(), []
    context.cancel()
    handle = _layers(model)[0].register_forward_hook(lambda *_: ran.append(0))
    try:
        with pytest.raises(Cancelled):
            _run(model, context)
    finally:
        handle.remove()
    assert not ran
