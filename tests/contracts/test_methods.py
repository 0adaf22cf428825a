"""What every registered method keeps to, on every tiny model; a new method is tested here by being registered."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
import torch

import engine.methods
from engine import registry
from engine.attribution import Attribution, MethodInput
from engine.context import RunContext
from engine.contract import Explanation, Head, Request
from engine.errors import Cancelled, MethodError, TargetError
from tests.engine.allowed import explain_allowed
from tests.engine.models import MEAN, UNBIASED, Tiny, explain, folder, fresh_session, ids_of, opened, record, unchanged
from tests.tolerances import FLOAT64

METHODS = registry.discover()
# Every family, every head, and every way to read one.
MODELS = [
    "tiny-bert",
    "alti-tiny-roberta",
    Tiny("bert", layers=1, labels=1, seed=5),
    Tiny("roberta", layers=2, act="relu", seed=6),
    Tiny("distilbert", seed=7, head=Head.TOKEN_CLASSIFICATION),
    Tiny("electra", seed=8, head=Head.MASKED_WORD),
    Tiny("albert", layers=3, seed=9, head=Head.STATE),
    Tiny("modernbert", layers=3, seed=10),
    Tiny("modernbert", seed=11, extras=MEAN),
    Tiny("modernbert", seed=12, head=Head.MASKED_WORD, extras=UNBIASED),
]
IDS = ids_of(7)
# Those whose parts add up to the answer. Along a path they do as its steps go on (tests of that method), not at once.
EXACT, IN_STEPS = {"decompx"}, {"integrated_gradients"}
UNITS = {"logit", "probability", "fraction", "gradient"}
FILES = sorted(Path(path) for folder_ in engine.methods.__path__ for path in Path(folder_).glob("[!_]*.py"))


def _pairs(*, fitting):
    return [
        pytest.param(method, model, id=f"{model}-{method.id}")
        for model in MODELS
        for method in METHODS
        if (method.id not in opened(model).info.unavailable) is fitting
    ]


pytestmark = pytest.mark.usefixtures("one_thread")
every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
every_fit = pytest.mark.parametrize(("method", "model"), _pairs(fitting=True))


def _settings(method):
    """Every value a method's parameters name, one at a time."""
    yield ()
    for parameter in method.parameters:
        values = parameter.values if isinstance(parameter, registry.Choice) else (parameter.low, parameter.high)
        for value in values:
            yield ((parameter.name, str(value)),)


def _explained(model, method, dtype="float64", parameters=(), **request):
    return explain_allowed(model, method.id, dtype, parameters, ids=IDS, **request)


def _parameters(model, method):
    """The method's defaults, or what it takes instead on this model."""
    return _explained(model, method).request.parameters


def _arrays(found: Explanation):
    made, flow = found.components, found.flow
    yield from (found.prediction.logits, found.scores, found.attention)
    yield from (array for array in (found.scores_all, found.bias, found.layer_maps, found.rollout) if array is not None)
    if flow is not None:
        yield from (flow.edge, flow.nodes, flow.bias_in, flow.bias)
    yield from (*found.extra.values(), *made.maps.values(), *made.feed_forward.values())


@every_fit
def test_every_declared_field_is_there_with_its_axes(method, model):
    for parameters in _settings(method):
        found = _explained(model, method, parameters=parameters, feed_forward_layers=(0,))
        layers, heads, tokens = found.model.layers, found.model.heads, len(IDS)
        explained = len(found.explained)
        assert found.unit in UNITS
        assert found.scores.shape == (tokens,)
        assert found.attention.shape == (layers, heads, tokens, tokens)
        for array in (found.layer_maps, found.rollout):
            assert array is None or array.shape == (layers, tokens, tokens)
        assert found.scores_all is None or (method.class_specific and found.scores_all.shape == (explained, tokens))
        if found.bias is not None:
            assert found.bias.shape == (explained,)
            assert "completeness" in found.checks
        if not found.signed:
            assert found.scores.min() >= 0
        _flow_is_as_told(found)


def _flow_is_as_told(found):
    """A method without layer_maps and without a flow of its own has no flow; one drawn from maps is told."""
    layers, tokens, flow = found.model.layers, len(found.tokens), found.flow
    if flow is None:
        assert "conservation" not in found.checks
        return
    assert flow.edge.shape == (layers, tokens, tokens)
    assert flow.nodes.shape == (layers + 1, tokens)
    assert flow.bias_in.shape == (layers, tokens)
    assert flow.bias.shape == (layers + 1,)
    assert flow.total == (1 if flow.from_map else found.target_value)
    assert not flow.from_map or found.layer_maps is not None
    assert flow.from_map or found.scores_all is not None
    assert found.checks["conservation"] >= 0


@every_fit
def test_the_answer_explained_is_one_the_model_gave(method, model):
    found = _explained(model, method)
    logits, head = found.prediction.logits, found.model.head
    assert found.target == int(logits.argmax())
    assert found.target in found.explained
    assert len(logits) == len(found.prediction.labels) == len(found.model.labels)
    assert found.explained == ((found.target,) if head is Head.MASKED_WORD else tuple(range(len(logits))))
    assert found.position == (0 if head is Head.SEQUENCE_CLASSIFICATION else model.position)
    if not method.class_specific and len(logits) > 1:
        other = _explained(model, method, target=int(logits.argmin()))
        assert np.array_equal(other.scores, found.scores)


@every_fit
def test_a_method_that_claims_a_sum_keeps_it(method, model):
    """Whoever tells the part that belongs to no token says that the parts add up; the check is what is missing."""
    found = explain_allowed(model, method.id, ids=IDS)
    assert ("completeness" in found.checks) == (found.bias is not None) == (method.id in EXACT | IN_STEPS)
    if found.bias is not None:
        missed = abs(found.scores.sum() + found.target_bias - found.target_value)
        scale = max(1.0, float(np.abs(found.scores).max()))
        assert found.checks["completeness"] == pytest.approx(missed, abs=FLOAT64 * scale)
        assert missed <= FLOAT64 * scale or method.id in IN_STEPS


@pytest.mark.parametrize(("method", "model"), _pairs(fitting=False))
def test_a_method_that_does_not_fit_is_refused_with_its_reason(method, model):
    info = opened(model).info
    reason = info.unavailable[method.id]
    assert reason.endswith(".")
    with pytest.raises(MethodError) as refused:
        explain(model, method.id, ids=IDS)
    assert (refused.value.title, refused.value.message) == (f"{method.label} does not fit this model", reason)
    assert set(info.unavailable) < {method.id for method in METHODS}


@every_method
def test_the_described_sign_and_unit_are_the_defaults(method):
    found = _explained(MODELS[2], method)
    assert (found.unit, found.signed) == (method.unit, method.signed)


@every_fit
def test_every_number_is_finite_and_read_only(method, model):
    for parameters in _settings(method):
        found = _explained(model, method, "float32", parameters, feed_forward_layers=(0,))
        for array in _arrays(found):
            assert np.isfinite(array).all()
            assert not array.flags.writeable
            assert array.dtype == np.float32
        assert all(np.isfinite(value) for value in found.checks.values())


@every_fit
def test_the_same_request_gives_the_same_bits(method, model):
    request = {"ids": IDS, "feed_forward_layers": (0,), "parameters": _parameters(model, method)}
    first = explain(model, method.id, **request)
    explain(model, "attention", ids=IDS[::-1])  # something else in between
    for one, other in zip(_arrays(first), _arrays(explain(model, method.id, **request)), strict=True):
        assert np.array_equal(one, other)


def _ask(model, method, context=None, **request):
    chosen = {"ids": IDS, "parameters": _parameters(model, method), "position": getattr(model, "position", None)}
    asked = Request(0, str(folder(model)), method.id, **(chosen | request))
    return fresh_session(model).run(asked, context or RunContext())


@every_fit
def test_nothing_is_left_behind_after_a_run(method, model):
    with unchanged(opened(model).model):
        _ask(model, method)


@every_fit
def test_nothing_is_left_behind_after_a_refused_target(method, model):
    with unchanged(opened(model).model), pytest.raises(TargetError):
        _ask(model, method, target=99)


@every_fit
def test_nothing_is_left_behind_after_a_module_raised(method, model):
    network = opened(model).model

    def fail(*_):
        raise ArithmeticError("on purpose")

    parameters = _parameters(model, method)
    before = _ask(model, method, parameters=parameters).scores
    handle = opened(model).layers[-1].layer.register_forward_hook(fail)
    try:
        with unchanged(network), pytest.raises(ArithmeticError, match="on purpose"):
            _ask(model, method, parameters=parameters)
    finally:
        handle.remove()
    assert np.array_equal(_ask(model, method, parameters=parameters).scores, before)


def _given(model, method, context):
    loaded, position = opened(model), getattr(model, "position", None)
    captured, network = record(loaded, IDS, position=position)
    whole = loaded.info.head is not Head.MASKED_WORD
    return MethodInput(
        opened=loaded,
        capture=captured,
        network=network,
        target=0,
        against=-1,
        explained=tuple(range(len(captured.logits))) if whole else (0,),
        position=position or 0,
        parameters=method.parse(_parameters(model, method)),
        context=context,
    )


@every_fit
def test_a_method_answers_cancel(method, model):
    context = RunContext()
    given = _given(model, method, context)
    with torch.no_grad():
        assert isinstance(method.run(given), Attribution)
        context.cancel()
        with pytest.raises(Cancelled):
            method.run(given)


@every_method
def test_a_cancelled_request_is_never_answered(method):
    context = RunContext()
    context.cancel()
    with pytest.raises(Cancelled):
        _ask("tiny-bert", method, context)


@every_method
def test_a_method_changes_nothing_it_is_given(method):
    given = _given("tiny-bert", method, RunContext())
    kept = [
        (tensor, tensor.clone())
        for record_ in given.capture.layers
        for tensor in (getattr(record_, name) for name in record_.__dataclass_fields__)
    ]
    with torch.no_grad():
        method.run(given)
    for tensor, before in kept:
        assert torch.equal(tensor, before)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_registers_exactly_one_method(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    registered = [
        decorator
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "attribution_method"
    ]
    assert len(registered) == 1
    (identifier,) = [keyword.value.value for keyword in registered[0].keywords if keyword.arg == "id"]
    assert identifier in {method.id for method in METHODS}


def test_there_are_as_many_methods_as_files():
    assert len(METHODS) == len(FILES)
