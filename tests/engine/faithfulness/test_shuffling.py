"""What is left of an explanation when the model forgets: all of it where it never looked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import stats

from engine import registry
from engine.attribution import Attribution
from engine.context import RunContext
from engine.contract import Head, Request
from engine.errors import Cancelled
from engine.faithfulness.shuffling import shuffled_agreement
from engine.shuffled import shuffled
from tests.engine.allowed import explain_allowed
from tests.engine.models import Tiny, folder, fresh_session, ids_of, opened, unchanged
from tests.engine.stopping import CancelledAt

BERT = Tiny("bert", layers=3, seed=751)
IDS = ids_of(10)
KINDS = [
    *(Tiny(family, seed=752) for family in ("roberta", "albert", "modernbert")),
    *(Tiny("bert", seed=752, head=head) for head in Head),
]


def request_to(model=BERT, method="gradient_x_input", ids=IDS, **changes):
    return Request(0, str(folder(model)), method, ids=ids, position=model.position, **changes)


def cascade(model=BERT, method="gradient_x_input", seed=0, session=None, **changes):
    asked = request_to(model, method, **changes)
    return list(shuffled_agreement(session or fresh_session(model), asked, seed, RunContext()))


@pytest.fixture
def by_position(monkeypatch):
    """A method that never looks at the model: what stands later counts more."""

    def scores(given):
        return Attribution(scores=torch.arange(len(given.capture.input_ids), dtype=torch.float64))

    method = replace(registry.find("gradient_x_input"), run=scores)
    monkeypatch.setitem(registry._METHODS, "gradient_x_input", method)


@pytest.mark.parametrize("model", KINDS, ids=str)
def test_an_explanation_that_never_looks_at_the_weights_stays_as_it_is(by_position, model):
    found = cascade(model)
    assert [value.layers for value in found] == list(range(model.layers + 1))
    assert [value.spearman for value in found] == pytest.approx([1.0] * len(found), abs=1e-12)


@pytest.mark.parametrize("method", ["decompx", "gradient_x_input", "integrated_gradients", "occlusion"])
def test_an_explanation_of_the_model_changes(method):
    """Over several texts: chance alone lets one of them agree."""
    deepest = [cascade(BERT, method, ids=ids_of(12, seed), parameters=parameters_of(method))[-1] for seed in range(8)]
    assert np.mean([value.spearman for value in deepest]) < 0.5


def parameters_of(method):
    return explain_allowed(BERT, method, ids=IDS).request.parameters


def test_what_is_compared_by_hand():
    model = Tiny("bert", layers=2, seed=753)
    session = fresh_session(model)
    whole = session.run(request_to(model), RunContext())
    places = np.arange(1, len(IDS))  # the first token is read
    for value in cascade(model, seed=4):
        made = fresh_session(model)
        made._opened = (str(folder(model)), shuffled(opened(model), value.layers, 4))
        found = made.run(request_to(model, target=whole.target), RunContext())
        wanted = stats.spearmanr(whole.scores[places], found.scores[places]).statistic
        assert value.spearman == pytest.approx(wanted, abs=1e-12)
        with torch.no_grad():
            logits = made._opened[1].model(torch.tensor([IDS]))[0][0]
        assert value.probability == pytest.approx(logits.softmax(-1)[whole.target].item(), abs=1e-12)


def test_the_answer_of_the_whole_model_is_explained_throughout():
    """Where the shuffled model would answer otherwise, which happens here."""
    targets = []
    session = fresh_session(BERT)
    real = session.shuffled

    class Listening:
        def __init__(self, door):
            self.door = door

        def run(self, request, context):
            found = self.door.run(request, context)
            targets.append((found.target, int(found.prediction.logits.argmax())))
            return found

    session.shuffled = lambda *given: Listening(real(*given))
    whole = session.run(request_to(), RunContext()).target
    for seed in range(4):
        cascade(seed=seed, session=session)
    assert {target for target, _ in targets} == {whole}
    assert {predicted for _, predicted in targets} != {whole}


def test_a_named_answer_is_kept():
    whole = fresh_session(BERT).run(request_to(), RunContext()).target
    other = (whole + 1) % BERT.labels
    named, predicted = cascade(target=other), cascade()
    assert all(one.probability + two.probability <= 1 + 1e-12 for one, two in zip(named, predicted, strict=True))
    assert [value.spearman for value in named] != [value.spearman for value in predicted]


def test_the_head_alone_comes_first():
    """Attention is made below the head, so that shuffling it leaves the map as it is; the answer is another."""
    head, *layers = cascade(method="attention")
    assert head.layers == 0
    assert head.spearman == pytest.approx(1, abs=1e-12)
    assert layers[-1].spearman < 1
    run = fresh_session(BERT).run(request_to(), RunContext())
    assert abs(head.probability - run.prediction.probabilities[run.target]) > 1e-3


def test_the_seed_decides():
    assert cascade(seed=1) == cascade(seed=1)
    assert cascade(seed=1) != cascade(seed=2)


@pytest.mark.parametrize("model", [KINDS[0], Tiny("albert", layers=4, seed=754)], ids=str)
def test_the_original_answers_as_before_bit_by_bit(model):
    session = fresh_session(model)
    asked = request_to(model, "decompx")
    before = session.run(asked, RunContext())
    with unchanged(opened(model).model):
        cascade(model, "decompx", session=session)
    for door in (session, fresh_session(model)):
        after = door.run(asked, RunContext())
        assert np.array_equal(after.scores, before.scores)
        assert np.array_equal(after.prediction.logits, before.prediction.logits)
        assert np.array_equal(after.flow.edge, before.flow.edge)
        assert np.array_equal(after.attention, before.attention)


def test_albert_goes_down_in_the_steps_of_its_modules():
    found = cascade(Tiny("albert", layers=4, seed=754))
    assert (found[1].spearman, found[1].probability) == (found[2].spearman, found[2].probability)
    assert (found[3].spearman, found[3].probability) == (found[4].spearman, found[4].probability)
    assert found[0].probability != found[1].probability != found[3].probability


@pytest.mark.parametrize("length", [1, 2, 3])
def test_too_few_tokens_have_no_order(length):
    found = cascade(ids=ids_of(length))
    assert {value.spearman for value in found} == {None}
    assert all(0 <= value.probability <= 1 for value in found)


def test_a_state_has_no_probability():
    found = cascade(Tiny("bert", seed=755, head=Head.STATE))
    assert {value.probability for value in found} == {None}
    assert found[0].spearman == pytest.approx(1, abs=1e-12)  # it has no head


def test_a_cancel_stops_it_anywhere():
    whole = CancelledAt()
    assert len(list(shuffled_agreement(fresh_session(BERT), request_to(), 0, whole))) == BERT.layers + 1
    for moment in range(1, whole.asked + 1, 7):
        with unchanged(opened(BERT).model), pytest.raises(Cancelled):
            list(shuffled_agreement(fresh_session(BERT), request_to(), 0, CancelledAt(moment)))


def test_values_come_one_by_one():
    going = shuffled_agreement(fresh_session(BERT), request_to(), 0, RunContext())
    assert next(going).layers == 0
    going.close()
