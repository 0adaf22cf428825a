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
from engine.contract import Explanation, Request
from engine.errors import Cancelled, TargetError
from tests.engine.allowed import explain_allowed
from tests.engine.models import REFERENCE_NAMES, Tiny, explain, folder, fresh_session, ids_of, opened, record, unchanged

METHODS = registry.discover()
MODELS = [*REFERENCE_NAMES, Tiny("bert", layers=1, labels=1, seed=5), Tiny("roberta", layers=2, act="relu", seed=6)]
IDS = ids_of(7)
UNITS = {"logit", "probability", "fraction", "gradient"}
FILES = sorted(Path(path) for folder_ in engine.methods.__path__ for path in Path(folder_).glob("[!_]*.py"))

pytestmark = pytest.mark.usefixtures("one_thread")
every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
every_model = pytest.mark.parametrize("model", MODELS, ids=str)


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


@every_model
@every_method
def test_every_declared_field_is_there_with_its_axes(method, model):
    for parameters in _settings(method):
        found = _explained(model, method, parameters=parameters, feed_forward_layers=(0,))
        layers, heads, tokens = found.model.layers, found.model.heads, len(IDS)
        classes = len(found.model.labels)
        assert found.unit in UNITS
        assert found.scores.shape == (tokens,)
        assert found.attention.shape == (layers, heads, tokens, tokens)
        for array in (found.layer_maps, found.rollout):
            assert array is None or array.shape == (layers, tokens, tokens)
        assert found.scores_all is None or found.scores_all.shape == (classes, tokens)
        assert method.class_specific or found.layer_maps is not None
        if found.bias is not None:
            assert found.bias.shape == (classes,)
            assert "completeness" in found.checks
        if not found.signed:
            assert found.scores.min() >= 0


@every_model
@every_method
def test_a_flow_is_there_with_its_axes_or_not_at_all(method, model):
    found = _explained(model, method)
    layers, tokens = found.model.layers, len(IDS)
    if found.flow is None:
        assert "conservation" not in found.checks
        return
    assert found.flow.edge.shape == (layers, tokens, tokens)
    assert found.flow.nodes.shape == (layers + 1, tokens)
    assert found.flow.bias_in.shape == (layers, tokens)
    assert found.flow.bias.shape == (layers + 1,)
    assert found.flow.from_map is not method.class_specific
    assert found.checks["conservation"] >= 0


@every_method
def test_the_described_sign_and_unit_are_the_defaults(method):
    found = _explained(MODELS[-1], method)
    assert (found.unit, found.signed) == (method.unit, method.signed)


@every_model
@every_method
def test_every_number_is_finite_and_read_only(method, model):
    for parameters in _settings(method):
        found = _explained(model, method, "float32", parameters, feed_forward_layers=(0,))
        for array in _arrays(found):
            assert np.isfinite(array).all()
            assert not array.flags.writeable
            assert array.dtype == np.float32
        assert all(np.isfinite(value) for value in found.checks.values())


@every_model
@every_method
def test_the_same_request_gives_the_same_bits(method, model):
    request = {"ids": IDS, "feed_forward_layers": (0,), "parameters": _parameters(model, method)}
    first = explain(model, method.id, **request)
    explain(model, "attention", ids=IDS[::-1])  # something else in between
    for one, other in zip(_arrays(first), _arrays(explain(model, method.id, **request)), strict=True):
        assert np.array_equal(one, other)


def _ask(model, method, context=None, **request):
    chosen = {"ids": IDS, "parameters": _parameters(model, method)}
    asked = Request(0, str(folder(model)), method.id, **(chosen | request))
    return fresh_session(model).run(asked, context or RunContext())


@every_model
@every_method
def test_nothing_is_left_behind_after_a_run(method, model):
    with unchanged(opened(model).model):
        _ask(model, method)


@every_model
@every_method
def test_nothing_is_left_behind_after_a_refused_target(method, model):
    with unchanged(opened(model).model), pytest.raises(TargetError):
        _ask(model, method, target=99)


@every_model
@every_method
def test_nothing_is_left_behind_after_a_module_raised(method, model):
    network = opened(model).model
    before = _ask(model, method).scores

    def fail(*_):
        raise ArithmeticError("on purpose")

    parameters = _parameters(model, method)
    handle = network.base_model.encoder.layer[-1].register_forward_hook(fail)
    try:
        with unchanged(network), pytest.raises(ArithmeticError, match="on purpose"):
            _ask(model, method, parameters=parameters)
    finally:
        handle.remove()
    assert np.array_equal(_ask(model, method).scores, before)


def _given(model, method, context):
    loaded = opened(model)
    captured, network = record(loaded, IDS)
    classes = tuple(range(len(captured.logits)))
    return MethodInput(
        opened=loaded,
        capture=captured,
        network=network,
        target=0,
        against=-1,
        explained=classes,
        position=0,
        parameters=method.parse(_parameters(model, method)),
        context=context,
    )


@every_model
@every_method
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
