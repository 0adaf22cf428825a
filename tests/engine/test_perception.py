"""Gradients of attention, perception and reading out: what holds of every method built on them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine import perception, registry
from engine.attribution import MethodInput
from engine.context import RunContext
from engine.contract import Head, Request
from engine.errors import Cancelled
from engine.session import Session
from tests.engine.models import MEAN, Tiny, build, every_kind, explain, folder, fresh_session, ids_of, opened, unchanged
from tests.engine.models import record as recorded
from tests.engine.slow_gradients import SlowModel
from tests.tolerances import agree

METHODS = (
    "beyond_intuition_head",
    "beyond_intuition_token",
    "generic_attention",
    "attention_grad_cam",
    "transformer_lrp",
    "partial_lrp",
)
CARRIED = METHODS[:3]  # those that say R of every layer
IDS = ids_of(8)
BERT = Tiny("bert", layers=3, seed=71)


def given_for(model, position=0, context=None, **fields):
    """A run of a tiny model as a method sees it."""
    captured, network = recorded(opened(model), IDS, position=position)
    fields = {"target": 0, "against": -1, "explained": (0, 1, 2), "parameters": {}} | fields
    return MethodInput(
        opened=opened(model),
        capture=captured,
        network=network,
        position=position,
        context=context or RunContext(),
        **fields,
    )


def fitting(kind, methods=METHODS):
    return [name for name in methods if "lrp" not in name or kind.family != "modernbert"]


@pytest.mark.parametrize("first", [0, 1, 2, -1])
@pytest.mark.parametrize("steps", [1, 6])
def test_gradients_are_those_of_the_whole_model_one_scaling_at_a_time(first, steps):
    found = perception.attention_gradients(given_for(BERT, target=2, against=1), first, steps)
    slow, scales = SlowModel(BERT, IDS), [step / (steps - 1) for step in range(steps)] if steps > 1 else [1.0]
    for row, (target, against) in enumerate([(0, -1), (1, -1), (2, -1), (2, 1)]):
        along = [torch.stack(slow.gradients(target, against, scale)) for scale in scales]
        agree(found[row], (sum(along) / steps)[first:], 1e-9)


def test_scalings_in_parts_are_the_same(monkeypatch):
    given = given_for(BERT)
    whole = perception.attention_gradients(given, 0, 7)
    monkeypatch.setattr(perception, "TOKENS_AT_ONCE", 3 * len(IDS))
    agree(perception.attention_gradients(given, 0, 7), whole, 1e-12)


def test_a_gradient_is_the_change_of_the_answer(monkeypatch):
    """Intervention: one attention weight moved by hand, everything after it made anew."""
    from engine.capture import Attended

    given = given_for(BERT)
    found = perception.attention_gradients(given, 0)[1]
    plain, step, moved = Attended.mix, 1e-6, []

    def mix(self, scores, value):
        weights, value = plain(self, scores, value)
        if len(self.weights) - 1 == moved[0]:
            weights = weights.clone()
            weights[0, moved[1], moved[2], moved[3]] += moved[4]
        return weights, value

    monkeypatch.setattr(Attended, "mix", mix)
    for place in [(0, 1, 3, 5), (1, 0, 2, 2), (2, 2, 0, 7)]:
        logits = []
        for sign in (1, -1):
            moved[:] = [*place, sign * step]
            with torch.no_grad():
                logits.append(float(perception.run_again(given).logits[0, 1]))
        assert (logits[0] - logits[1]) / (2 * step) == pytest.approx(float(found[place]), rel=1e-5)


@pytest.mark.parametrize("model", [BERT, Tiny("modernbert", layers=3, seed=72, extras=MEAN)], ids=str)
@pytest.mark.parametrize("method", CARRIED)
def test_perception_is_the_product_of_the_layers(method, model):
    found = explain(model, method, ids=IDS, parameters=(("start_layer", "0"),))
    product = np.eye(len(IDS))
    for layer, maps in enumerate(found.layer_maps):
        product = (np.eye(len(IDS)) + maps) @ product
        agree(found.rollout[layer], product, 1e-12)
    assert found.flow is None  # such maps are no shares of a state


@pytest.mark.parametrize("kind", every_kind(75), ids=str)
def test_every_kind_of_model_gets_scores_of_its_answer(kind):
    for method in fitting(kind):
        found = explain(kind, method, ids=IDS)
        assert found.scores.shape == (len(IDS),)
        assert np.isfinite(found.scores).all()
        assert found.scores.min() >= 0
        if not opened(kind).mean_pooling:
            assert found.scores[found.position] == 0
        if method != "attention_grad_cam":
            assert found.scores.any(), method


@pytest.mark.parametrize("method", METHODS)
def test_classes_differ_and_each_row_is_the_class_alone(method):
    found = explain(BERT, method, ids=IDS, target=0)
    rows = {row.tobytes() for row in found.scores_all}
    assert len(rows) >= (2 if method == "attention_grad_cam" else 3)
    for target in range(3):
        alone = explain(BERT, method, ids=IDS, target=target)
        agree(alone.scores, found.scores_all[target], 1e-12)


@pytest.mark.parametrize("model", [BERT, Tiny("distilbert", seed=74, head=Head.TOKEN_CLASSIFICATION)], ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_a_contrast_is_explained_as_one_answer_with_the_difference_of_the_weights(method, model, tmp_path):
    made = build(model)
    with torch.no_grad():
        for part in (made.classifier.weight, made.classifier.bias):
            part.copy_((part * 64).round() / 64)  # so that the difference is exact in the saved float32
    made.save_pretrained(tmp_path / "two")
    with torch.no_grad():
        for part in (made.classifier.weight, made.classifier.bias):
            part[0] = part[2] - part[1]
    made.save_pretrained(tmp_path / "one")

    def scores(name, **target):
        asked = Request(0, str(tmp_path / name), method, ids=IDS, position=model.position, **target)
        return Session("float64", "cpu").run(asked, RunContext())

    contrast = scores("two", target=2, against=1)
    agree(contrast.scores, scores("one", target=0).scores, 1e-9)
    apart = contrast.scores - (contrast.scores_all[2] - contrast.scores_all[1])
    if method != "attention_grad_cam":
        assert np.abs(apart).max() > 1e-6  # what clamps does not subtract


def test_the_read_position_is_cleared_and_means_are_weighed():
    matrices = torch.arange(1.0, 129.0, dtype=torch.float64).view(2, 8, 8)
    read = perception.read_out(given_for(BERT), matrices)
    assert torch.equal(read[:, 1:], matrices[:, 0, 1:])
    assert not read[:, 0].any()
    middle = Tiny("bert", seed=75, head=Head.TOKEN_CLASSIFICATION)
    read = perception.read_out(given_for(middle, position=4), matrices)
    assert torch.equal(read[:, 5:], matrices[:, 4, 5:])
    assert not read[:, 4].any()
    mean = perception.read_out(given_for(Tiny("modernbert", layers=3, seed=72, extras=MEAN)), matrices)
    agree(mean, matrices.mean(1), 1e-12)


class Impatient(RunContext):
    """Cancels itself at its n-th question."""

    def __init__(self, questions=None):
        super().__init__()
        self.left, self.asked, self.on_the_way_back = questions, 0, 0
        self.back = False

    def raise_if_cancelled(self):
        self.asked += 1
        self.on_the_way_back += self.back
        if self.left is not None and self.asked == self.left:
            self.cancel()
        super().raise_if_cancelled()


@pytest.mark.parametrize("method", METHODS)
def test_a_cancel_is_answered_wherever_it_comes_and_leaves_nothing(method, monkeypatch):
    plain = torch.autograd.grad
    current = []

    def watched(*args, **named):
        current[0].back = True
        try:
            return plain(*args, **named)
        finally:
            current[0].back = False

    monkeypatch.setattr(torch.autograd, "grad", watched)
    known = {parameter.name for parameter in registry.find(method).parameters}
    asked = {"steps": "3", "start_layer": "0"}
    settings = tuple((name, text) for name, text in asked.items() if name in known)
    request = Request(0, str(folder(BERT)), method, ids=IDS, parameters=settings, components=False)
    model = fresh_session(BERT)
    model.run(Request(0, str(folder(BERT)), "attention", ids=IDS, components=False), RunContext())
    kept = model._recorded

    def run(context):
        current[:] = [context]
        model._made, model._recorded = None, kept
        return model.run(request, context)

    whole = Impatient()
    run(whole)
    assert whole.asked >= BERT.layers
    if method in ("beyond_intuition_head", "generic_attention", "transformer_lrp"):  # gradients in every layer
        assert whole.on_the_way_back > 0
    for question in range(1, whole.asked + 1):
        with unchanged(opened(BERT).model), pytest.raises(Cancelled):
            run(Impatient(question))
    assert run(RunContext()).scores.shape == (len(IDS),)


@pytest.mark.parametrize("method", METHODS)
def test_no_gradient_is_left_in_what_comes_back(method):
    registered = registry.find(method)
    given = given_for(BERT, parameters=registered.parse(()))
    with unchanged(given.opened.model), torch.no_grad():
        found = registered.run(given)
    for tensor in (found.scores, found.scores_all, found.layer_maps, found.rollout, *found.extra.values()):
        assert tensor is None or not tensor.requires_grad


@pytest.mark.parametrize("method", METHODS[:2])
def test_a_slow_run_shows_fewer_steps_first(method, monkeypatch):
    from engine import session

    monkeypatch.setattr(session, "SLOW", 0)
    shown = []
    asked = Request(0, str(folder(BERT)), method, ids=IDS)
    found = fresh_session(BERT).run(asked, RunContext(show=shown.append))
    (first,) = shown
    assert first.preview
    assert not found.preview
    quick = explain(BERT, method, ids=IDS, parameters=(("steps", "4"),))
    assert np.array_equal(first.scores, quick.scores)
    assert np.array_equal(found.scores, explain(BERT, method, ids=IDS).scores)


@pytest.mark.parametrize("method", METHODS)
def test_a_text_of_one_token_has_an_answer(method):
    found = explain(BERT, method, ids=IDS[:1])
    assert found.scores.tolist() == [0.0]
