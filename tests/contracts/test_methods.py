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
from tests.engine.models import REFERENCE_NAMES, Tiny, explain, folder, fresh_session, ids_of, opened, record, unchanged

METHODS = registry.discover()
MODELS = [*REFERENCE_NAMES, Tiny("bert", layers=1, labels=1, seed=5), Tiny("roberta", layers=2, act="relu", seed=6)]
IDS = ids_of(7)
FILES = sorted(Path(path) for folder_ in engine.methods.__path__ for path in Path(folder_).glob("[!_]*.py"))

pytestmark = pytest.mark.usefixtures("one_thread")
every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
every_model = pytest.mark.parametrize("model", MODELS, ids=str)


# A preview in half words is refused where double precision is asked for.
REFUSED = {"float64": {("precision", "bf16")}, "float32": set()}


def _settings(method, dtype):
    """Every value a method's parameters name, one at a time."""
    yield ()
    for parameter in method.parameters:
        values = parameter.values if isinstance(parameter, registry.Choice) else (parameter.low, parameter.high)
        for value in values:
            if (parameter.name, str(value)) not in REFUSED[dtype]:
                yield ((parameter.name, str(value)),)


def _arrays(found: Explanation):
    made = found.components
    yield from (found.prediction.logits, found.scores, found.attention)
    yield from (array for array in (found.scores_all, found.bias, found.layer_maps, found.rollout) if array is not None)
    yield from (found.flow.edge, found.flow.nodes, found.flow.bias_in, found.flow.bias)
    yield from (*found.extra.values(), *made.maps.values(), *made.feed_forward.values())


@every_model
@every_method
def test_every_declared_field_is_there_with_its_axes(method, model):
    for parameters in _settings(method, "float64"):
        found = explain(model, method.id, ids=IDS, parameters=parameters, feed_forward_layers=(0,))
        layers, heads, tokens = found.model.layers, found.model.heads, len(IDS)
        classes = len(found.model.labels)
        explains = found.explains_answer
        assert not explains or method.class_specific
        assert (found.unit, found.signed) == ((method.unit, method.signed) if explains else ("fraction", False))
        assert found.scores.shape == (tokens,)
        assert found.attention.shape == (layers, heads, tokens, tokens)
        assert found.flow.edge.shape == (layers, tokens, tokens)
        assert found.flow.nodes.shape == (layers + 1, tokens)
        assert found.flow.bias_in.shape == (layers, tokens)
        assert found.flow.bias.shape == (layers + 1,)
        if explains:
            assert found.scores_all.shape == (classes, tokens)
            assert not found.flow.from_map
        else:
            assert found.layer_maps.shape == (layers, tokens, tokens)
            assert found.flow.from_map
        if found.rollout is not None:
            assert found.rollout.shape == (layers, tokens, tokens)
        if found.bias is not None:
            assert found.bias.shape == (classes,)
            assert "completeness" in found.checks
        if not found.signed:
            assert found.scores.min() >= 0
        assert found.checks["conservation"] >= 0


@every_model
@every_method
def test_every_number_is_finite_and_read_only(method, model):
    for parameters in _settings(method, "float32"):
        found = explain(model, method.id, "float32", ids=IDS, parameters=parameters, feed_forward_layers=(0,))
        for array in _arrays(found):
            assert np.isfinite(array).all()
            assert not array.flags.writeable
            assert array.dtype == np.float32
        assert all(np.isfinite(value) for value in found.checks.values())


@every_model
@every_method
def test_the_same_request_gives_the_same_bits(method, model):
    request = {"ids": IDS, "feed_forward_layers": (0,)}
    first = explain(model, method.id, **request)
    explain(model, method.id, ids=IDS[::-1])  # something else in between
    for one, other in zip(_arrays(first), _arrays(explain(model, method.id, **request)), strict=True):
        assert np.array_equal(one, other)


def _ask(model, method, context=None, **request):
    asked = Request(0, str(folder(model)), method.id, **({"ids": IDS} | request))
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

    def fail(*_):
        raise ArithmeticError("on purpose")

    handle = network.base_model.encoder.layer[-1].register_forward_hook(fail)
    try:
        with unchanged(network), pytest.raises(ArithmeticError, match="on purpose"):
            _ask(model, method)
    finally:
        handle.remove()
    assert _ask(model, method).scores.any()


def _given(model, method, context):
    captured, network = record(opened(model), IDS)
    parameters = method.parse(())
    return MethodInput(captured, network, 0, -1, 0, parameters, context)


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
