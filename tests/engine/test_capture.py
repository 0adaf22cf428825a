"""The recorded pass: changes no bit, honours the mask, undoes itself, stops when asked."""

from __future__ import annotations

import pytest
import torch

from engine.capture import ATTENTION, _attended, capture, recorded_attention
from engine.context import RunContext
from engine.contract import Head, Request
from engine.errors import Cancelled
from engine.tokens import encode
from tests.engine import second_writing
from tests.engine.models import MEAN, UNBIASED, Tiny, build, ids_of, opened, record, unchanged
from tests.tolerances import FLOAT64, OF, agree

APART = (("num_hidden_groups", 3),)
MODELS = [
    Tiny("bert", layers=4, seed=81),
    Tiny("roberta", layers=3, seed=82, act="relu"),
    Tiny("distilbert", layers=3, seed=83),
    Tiny("electra", layers=3, seed=84, head=Head.TOKEN_CLASSIFICATION),
    Tiny("albert", layers=3, seed=85, extras=APART),
    Tiny("modernbert", layers=3, seed=86),
]
READ_ELSEWHERE = [
    Tiny("modernbert", layers=3, seed=87, extras=MEAN),
    Tiny("modernbert", layers=3, seed=87, head=Head.MASKED_WORD, extras=UNBIASED),
    Tiny("bert", seed=88, head=Head.MASKED_WORD),
    Tiny("distilbert", seed=89, head=Head.TOKEN_CLASSIFICATION),
    Tiny("albert", layers=3, seed=90, head=Head.STATE, extras=(("num_hidden_groups", 1),)),
]
IDS = ids_of(9)
SDPA = {"float64": 1e-12, "float32": 1e-5}  # times max(1, |logit|)


def _read(output, position):
    """The logits [class] of a model's first output."""
    return output[0][0] if position is None else output[0][0, position]


def _inputs(ids, mask=None):
    return {"input_ids": torch.tensor([ids]), "attention_mask": torch.tensor([mask or [1] * len(ids)])}


def _padded(model, length=5):
    return IDS[:length] + (model.padding,) * 4, (1,) * length + (0,) * 4


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("tiny", MODELS + READ_ELSEWHERE, ids=str)
@torch.no_grad()
def test_recording_changes_no_bit(tiny, padded, dtype):
    model, seen = opened(tiny, dtype), []
    ids, mask = _padded(tiny) if padded else (IDS, (1,) * len(IDS))
    captured, _ = record(model, ids, mask, position=tiny.position)
    handles = [
        layer.register_forward_hook(lambda _module, given, output: seen.append((given[0][0], output[0])))
        for layer in _layers(model)
    ]
    before = model.model.config._attn_implementation
    model.model.set_attn_implementation(ATTENTION)
    plain = _read(model.model(**_inputs(ids, mask)), tiny.position)
    model.model.set_attn_implementation(before)
    for handle in handles:
        handle.remove()
    state = plain if captured.direction is None else plain[None] @ captured.direction
    assert torch.equal(captured.logits, state)
    assert len(seen) == len(captured.layers)
    for layer, (entering, leaving) in zip(captured.layers, seen, strict=True):
        assert torch.equal(layer.states, entering)
        assert torch.equal(layer.states_out, leaving)


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("tiny", MODELS + READ_ELSEWHERE, ids=str)
@torch.no_grad()
def test_the_answer_is_that_of_transformers_own_fast_attention(tiny, padded, dtype):
    model = opened(tiny, dtype)
    ids, mask = _padded(tiny) if padded else (IDS, (1,) * len(IDS))
    assert model.model.config._attn_implementation == "sdpa"
    stock = _read(model.model(**_inputs(ids, mask)), tiny.position)
    stock = stock.norm()[None] if tiny.head is Head.STATE else stock
    found = record(model, ids, mask, position=tiny.position)[0].logits
    assert float((found - stock).abs().max()) <= SDPA[dtype] * max(1, float(stock.abs().max()))


@pytest.mark.parametrize("tiny", MODELS, ids=str)
@torch.no_grad()
def test_the_answer_is_that_of_a_row_of_a_padded_batch(tiny):
    """Alone and among longer ones: a batch of one is what is run here."""
    model = opened(tiny)
    texts = [IDS, IDS[2:7], IDS[5:]]
    rows = [(ids + (tiny.padding,) * 9)[:9] for ids in texts]
    masks = [((1,) * len(ids) + (0,) * 9)[:9] for ids in texts]
    stock = model.model(torch.tensor(rows), attention_mask=torch.tensor(masks))[0]
    for ids, answer in zip(texts, stock, strict=True):
        found = record(model, ids, position=None if tiny.position is None else 1)[0].logits
        agree(found, answer if tiny.position is None else answer[1], SDPA["float64"])


@pytest.mark.parametrize("tiny", MODELS, ids=str)
@torch.no_grad()
def test_every_record_is_what_the_real_pass_had_there(tiny):
    model = opened(tiny)
    captured, network = record(model, IDS, position=tiny.position)
    reading = second_writing.read(model.model, IDS, tiny.position)
    for number, (found, block, layer) in enumerate(zip(captured.layers, network.blocks, reading.layers, strict=True)):
        agree(found.states, layer.x, FLOAT64)
        agree(found.attention, layer.alpha, FLOAT64)
        assert torch.equal(found.attention, captured.attention[number])
        agree(found.values.transpose(0, 1).flatten(1), layer.values(layer.x), FLOAT64)
        assert (block.norm_1 is None) == (layer.first is None)
        if layer.first is not None:
            agree(block.norm_1.sigma, layer.sigma_1, FLOAT64)
        agree(block.norm_2.sigma, layer.sigma_2, FLOAT64)
        agree(block.ratio, layer.theta, FLOAT64)
    if reading.ratio is not None:
        agree(network.head.steps[1].push(torch.ones_like(reading.ratio)), reading.ratio, FLOAT64)
    agree(captured.pooling, reading.pooling, FLOAT64)
    assert captured.input_ids.tolist() == list(IDS)


@pytest.mark.parametrize("tiny", MODELS + READ_ELSEWHERE, ids=str)
def test_padding_is_not_read_and_changes_nothing_else(tiny):
    model = opened(tiny)
    ids, mask = _padded(tiny)
    padded, alone = (record(model, *given, position=tiny.position)[0] for given in ((ids, mask), (ids[:5],)))
    agree(padded.logits, alone.logits, FLOAT64)
    agree(padded.pooling[:5], alone.pooling, FLOAT64)
    assert not padded.pooling[5:].any()
    for long, short in zip(padded.layers, alone.layers, strict=True):
        assert not long.attention[:, :5, 5:].any()
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
    return list(dict.fromkeys(parts.layer for parts in model.layers))


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
