"""The door: what is asked is what is answered, what is kept is never stale, what is wrong is said."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
import torch

from engine import registry
from engine import session as rooms
from engine.context import RunContext
from engine.contract import Against, Head, Request
from engine.errors import Cancelled, MethodError, ModelError, TargetError, TextError
from engine.forecast import Cost, Size, recorded_pass
from engine.registry import Traits
from engine.session import Session
from tests.engine import spoiled
from tests.engine.models import Tiny, explain, folder, fresh_session, ids_of, opened
from tests.tolerances import FLOAT64, agree

TINY = Tiny("bert", layers=3, seed=101)
TWO = Tiny("roberta", seed=102, labels=2)
IDS = ids_of(7)


def request_to(model=TINY, method="decompx", **changes):
    return Request(0, str(folder(model)), method, **({"ids": IDS} | changes))


@pytest.fixture
def session():
    return Session("float64", "cpu")


# Targets.


def test_the_predicted_class_is_explained_where_none_is_named():
    found = explain(TINY, "decompx", ids=IDS)
    assert found.target == int(found.prediction.logits.argmax())
    assert found.against == -1


def test_probabilities_are_the_softmax_of_the_logits():
    prediction = explain(TINY, "decompx", ids=IDS).prediction
    powers = np.exp(prediction.logits - prediction.logits.max())
    agree(prediction.probabilities, powers / powers.sum(), FLOAT64)


@pytest.mark.parametrize(("wanted", "index"), [(1, 1), ("POSITIVE", 1), ("positive", 1), ("Negative", 0)])
def test_a_class_is_named_by_its_index_or_its_label(wanted, index):
    assert explain("alti-tiny-bert", "decompx", text="the film", target=wanted).target == index


@pytest.mark.parametrize("wanted", [3, -1, -2, "LABEL_9", "", "label", "0"])
def test_a_class_the_model_lacks_is_refused_naming_what_it_has(wanted):
    with pytest.raises(TargetError, match=r"0 LABEL_0, 1 LABEL_1, 2 LABEL_2"):
        explain(TINY, "decompx", ids=IDS, target=wanted)
    with pytest.raises(TargetError):
        explain(TINY, "decompx", ids=IDS, target=0, against=wanted)


def test_labels_that_differ_in_case_alone_must_be_written_exactly(tmp_path):
    model = spoiled.copy(tmp_path / "model")
    spoiled.configured(id2label={"0": "Yes", "1": "yes"})(model)
    session = Session("float32", "cpu")

    def target(wanted):
        return session.run(Request(0, str(model), "attention", text="film", target=wanted), RunContext()).target

    assert (target("Yes"), target("yes")) == (0, 1)
    with pytest.raises(TargetError):
        target("YES")


@pytest.mark.parametrize("method", ["decompx", "globenc"])
def test_a_class_instead_of_itself_is_refused(method):
    with pytest.raises(TargetError, match=r"instead of itself"):
        explain(TINY, method, ids=IDS, target=1, against=1)
    predicted = explain(TINY, method, ids=IDS).target
    with pytest.raises(TargetError, match=r"instead of itself"):
        explain(TINY, method, ids=IDS, against=predicted)


def test_against_the_other_means_the_other_of_two_and_nothing_where_there_are_more():
    found = explain(TWO, "decompx", ids=IDS, against=Against.OTHER)
    assert {found.target, found.against} == {0, 1}
    assert explain(TWO, "decompx", ids=IDS, against=Against.NOTHING).against == -1
    assert explain(TINY, "decompx", ids=IDS, against=Against.OTHER).against == -1


@pytest.mark.parametrize("labels", [1, 2, 3])
def test_values_that_do_not_exclude_each_other_have_no_probabilities_and_no_contrast(labels):
    problem = "regression" if labels == 1 else "multi_label_classification"
    model = Tiny("bert", seed=103, labels=labels, problem=problem)
    found = explain(model, "decompx", ids=IDS, against=Against.OTHER)
    assert found.prediction.probabilities is None
    assert found.against == -1
    assert found.scores.sum() + found.target_bias == pytest.approx(found.target_value, rel=FLOAT64)
    with pytest.raises(TargetError, match=r"nothing to be compared with"):
        explain(model, "decompx", ids=IDS, target=0, against=0)


def test_one_value_alone_is_a_regression_and_has_no_softmax():
    found = explain(Tiny("bert", seed=104, labels=1), "decompx", ids=IDS)
    assert found.prediction.probabilities is None
    assert (found.target, found.against, len(found.bias)) == (0, -1, 1)


def test_map_methods_are_the_same_for_every_class():
    one, other = (explain(TINY, "globenc", ids=IDS, target=target) for target in (0, 2))
    assert np.array_equal(one.scores, other.scores)
    assert (one.target, other.target) == (0, 2)


# Methods that do not fit.


def _finds_nothing(_):
    raise AssertionError("an unfit method was run")


def test_an_unfit_method_is_told_and_refused_before_anything_is_run(monkeypatch):
    """Whatever method it is: the reason is its own, the refusal the session's."""
    reasons = {True: "It needs a norm after attention.", False: None}
    method = replace(registry.find("attention"), unfit=lambda traits: reasons[traits.norm_first], run=_finds_nothing)
    monkeypatch.setitem(registry._METHODS, "attention", method)
    session = Session("float64", "cpu")
    modern = Tiny("modernbert", seed=105)
    assert session.open(str(folder(modern))).unavailable["attention"] == reasons[True]
    with pytest.raises(MethodError) as refused:
        session.run(request_to(modern, "attention"), RunContext())
    assert (refused.value.title, refused.value.message) == ("Attention does not fit this model", reasons[True])
    assert session._recorded is None
    assert "attention" not in session.open(str(folder(TINY))).unavailable


@pytest.mark.parametrize(
    ("tiny", "traits"),
    [
        (Tiny("bert"), Traits("bert", Head.SEQUENCE_CLASSIFICATION, norm_first=False, gated=False, masks=False)),
        (
            Tiny("xlm-roberta", head=Head.STATE),
            Traits("roberta", Head.STATE, norm_first=False, gated=False, masks=False),
        ),
        (
            Tiny("modernbert", head=Head.MASKED_WORD),
            Traits("modernbert", Head.MASKED_WORD, norm_first=True, gated=True, masks=False),
        ),
        ("alti-tiny-bert-mlm", Traits("bert", Head.MASKED_WORD, norm_first=False, gated=False, masks=True)),
    ],
    ids=str,
)
def test_methods_are_asked_about_the_traits_of_the_model(monkeypatch, tiny, traits):
    seen = []
    method = replace(registry.find("attention"), unfit=lambda given: seen.append(given))
    monkeypatch.setitem(registry._METHODS, "attention", method)
    Session("float64", "cpu").open(str(folder(tiny)))
    assert seen == [traits]


def test_another_position_is_another_answer(session):
    model = Tiny("bert", seed=106, head=Head.TOKEN_CLASSIFICATION)
    one, other = (session.run(request_to(model, position=position), RunContext()) for position in (1, 2))
    assert not np.array_equal(one.prediction.logits, other.prediction.logits)
    _same(session.run(request_to(model, position=1), RunContext()), one)


# Wrong requests.


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"method": "magic"}, MethodError, "no method “magic”"),
        ({"parameters": (("bias", "magic"),)}, MethodError, "“magic” is not one of its values"),
        ({"parameters": (("boas", "token"),)}, MethodError, "no parameter “boas”"),
        ({"target": 9}, TargetError, "“9” is not one"),
        ({"ids": (1, 99)}, TextError, "no id 99"),
        ({"ids": None}, ModelError, "no tokenizer"),
    ],
    ids=str,
)
def test_a_wrong_request_is_refused_and_the_next_right_one_answered(session, changes, kind, message):
    before = session.run(request_to(), RunContext())
    with pytest.raises(kind, match=message):
        session.run(request_to(**changes), RunContext())
    assert np.array_equal(session.run(request_to(), RunContext()).scores, before.scores)


def test_a_wrong_method_is_refused_before_the_model_is_opened():
    with pytest.raises(MethodError):
        Session().run(Request(0, "no-such-model", "magic", text="a"), RunContext())


def test_a_model_that_cannot_be_opened_leaves_no_other_model_in_its_place(session):
    session.run(request_to(), RunContext())
    with pytest.raises(ModelError):
        session.open("no-such-model")
    assert session.open(str(folder(TWO))).layers == 2


# What is kept between requests.


def _same(one, other):
    for name in ("scores", "attention"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert np.array_equal(one.flow.edge, other.flow.edge)
    assert np.array_equal(one.prediction.logits, other.prediction.logits)


@pytest.mark.parametrize(
    "changes",
    [
        {"ids": IDS[:4]},
        {"ids": IDS[::-1]},
        {"segments": (0, 0, 0, 1, 1, 1, 1)},
        {"attention_mask": (1, 1, 1, 1, 1, 0, 0)},
        {"target": 0, "against": 2},
        {"target": 1},
        {"method": "globenc"},
        {"method": "globenc", "parameters": (("map", "N"),)},
        {"method": "rollout", "parameters": (("residual", "0.2"),)},
        {"model": TWO},
    ],
    ids=str,
)
def test_what_a_session_keeps_is_never_stale(session, changes):
    first = session.run(request_to(), RunContext())
    changed = session.run(request_to(**changes), RunContext())
    _same(changed, Session("float64", "cpu").run(request_to(**changes), RunContext()))
    _same(session.run(request_to(), RunContext()), first)


def test_each_piece_of_work_is_done_once(session, monkeypatch):
    done = []

    def counted(name):
        real = getattr(rooms, name)
        monkeypatch.setattr(rooms, name, lambda *given: done.append(name) or real(*given))

    for name in ("open_model", "capture", "attention_components", "feed_forward_components"):
        counted(name)
    session.run(request_to(), RunContext())
    assert done == ["open_model", "capture", "attention_components"]
    done.clear()
    session.run(request_to(feed_forward_layers=(1,)), RunContext())
    session.run(request_to(feed_forward_layers=(1,)), RunContext())
    assert done == ["feed_forward_components"]
    done.clear()
    session.run(request_to(feed_forward_layers=(0, 1)), RunContext())
    assert done == ["feed_forward_components"]
    done.clear()
    session.run(request_to(target=0), RunContext())
    assert done == ["attention_components"]


def test_layers_come_in_the_order_asked_for(session):
    found = session.run(request_to(feed_forward_layers=(2, 0)), RunContext()).components
    straight = session.run(request_to(feed_forward_layers=(0, 1, 2)), RunContext()).components
    assert found.feed_forward_layers == (2, 0)
    for layer in (0, 2):
        assert np.array_equal(found.layer_map("layer", layer), straight.layer_map("layer", layer))


def test_components_are_left_out_where_they_are_not_wanted(session):
    assert session.run(request_to(components=False), RunContext()).components is None
    assert session.run(request_to(), RunContext()).components is not None


def test_the_answer_carries_its_own_request(session):
    session.run(request_to(), RunContext())
    again = Request(7, str(folder(TINY)), "decompx", ids=IDS)
    assert session.run(again, RunContext()).request is again


# Cancelling.


def test_a_run_cancelled_anywhere_leaves_a_session_that_answers_right(session):
    """Cancelled at its first, second, third … look at the context; none of them may spoil what comes after."""
    wanted = Session("float64", "cpu").run(request_to(feed_forward_layers=(1,)), RunContext())

    class Late(RunContext):
        def __init__(self, looks):
            super().__init__()
            self.looks = looks

        def raise_if_cancelled(self):
            self.looks -= 1
            if self.looks == 0:
                self.cancel()
            super().raise_if_cancelled()

    cancelled = 0
    for looks in range(1, 100):
        fresh = fresh_session(TINY)
        try:
            fresh.run(request_to(feed_forward_layers=(1,)), Late(looks))
        except Cancelled:
            cancelled += 1
            found = fresh.run(request_to(feed_forward_layers=(1,)), RunContext())
            _same(found, wanted)
            assert np.array_equal(found.components.layer_map("layer", 1), wanted.components.layer_map("layer", 1))
        else:
            break
    assert cancelled >= 3 * TINY.layers  # the pass, the method and the components look at every layer


def test_progress_is_told_in_plain_words(session):
    told = []
    session.run(request_to(feed_forward_layers=(0, 2)), RunContext(lambda *step: told.append(step)))
    followed = [f"Following every word through layer {number}" for number in (1, 2, 3)]
    looked = ["Looking into layer 1", "Looking into layer 3"]
    assert [doing for _, doing in told] == ["Reading the sentence", *followed, *looked]
    assert all(0 <= fraction <= 1 for fraction, _ in told)


# What leaves the door.


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("method", ["decompx", "globenc"])
def test_arrays_have_the_precision_of_the_run(method, dtype):
    found = explain(TINY, method, dtype, ids=IDS, feed_forward_layers=(0,))
    arrays = [found.scores, found.attention, found.flow.edge, found.flow.nodes, found.flow.bias_in, found.flow.bias]
    arrays += [found.prediction.logits, *found.components.maps.values(), *found.components.feed_forward.values()]
    arrays += [*found.extra.values()]
    arrays += [array for array in (found.scores_all, found.bias, found.layer_maps, found.rollout) if array is not None]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}
    assert found.model.dtype == dtype


def test_an_answer_is_untouched_by_what_the_session_does_next(session):
    found = session.run(request_to(), RunContext())
    kept = found.attention.copy(), found.prediction.logits.copy()
    session.run(request_to(ids=IDS[::-1]), RunContext())
    assert np.array_equal(found.attention, kept[0])
    assert np.array_equal(found.prediction.logits, kept[1])


def test_attention_weights_stand_in_memory_once(session):
    found = session.run(request_to(), RunContext())
    assert np.shares_memory(found.attention, session._recorded[1].captured.attention.numpy())
    assert not found.attention.flags.writeable


def test_no_gradient_is_recorded_and_torch_is_left_as_it_was(session):
    torch.set_grad_enabled(True)
    session.run(request_to(), RunContext())
    assert torch.is_grad_enabled()
    assert all(parameter.grad is None for parameter in session._opened[1].model.parameters())


def test_a_text_too_long_for_the_memory_is_refused_before_anything_runs(monkeypatch):
    made = fresh_session(TINY)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=1000))
    with pytest.raises(TextError, match=r"The model would need about .* GB; .* GB are free"):
        made.run(request_to(), RunContext())
    assert made._recorded is None


def test_a_method_too_dear_for_the_memory_is_refused_and_a_lighter_one_answers(monkeypatch):
    made, size = fresh_session(TINY), Size.of(opened(TINY).info, len(IDS), 1)
    enough = recorded_pass(size).numbers * 8
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=enough))
    greedy = replace(registry.find("decompx"), cost=lambda *_: Cost(0, 10 * enough))
    monkeypatch.setitem(registry._METHODS, "decompx", greedy)
    with pytest.raises(TextError, match="DecompX would need"):
        made.run(request_to(), RunContext())
    assert made.run(request_to(method="attention"), RunContext()).scores.any()
