"""What is measured of a sentence, on a stand-in for the model whose answers are known by arithmetic."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from engine.agreement import agreement
from engine.context import RunContext
from engine.contract import Explanation, Prediction, Request
from engine.errors import Cancelled, MethodError, TextError
from engine.faithfulness.candidates import parse_candidates
from engine.faithfulness.measuring import Design, Key, Measuring, keys_of, measured_of, shares
from engine.faithfulness.protocol import PROTOCOLS, Taking, find
from engine.faithfulness.trial import Answers, Plan, Trying
from tests.gui import samples

TEXT = "One two six ten may all fly off."
ADDS = np.array([0, 0.30, -0.10, 0.20, 0.05, 0.02, 0.01, -0.03, 0.25, 0.04, 0])  # [token], the ends are special
WHOLE = 0.1 + ADDS.sum()
EVERY = tuple(each.id for each in PROTOCOLS)
NAMED = parse_candidates("attention,globenc,random:orders=3")
ATTENTION, GLOBENC, RANDOM = NAMED


class StandIn:
    """Says 0.1 and what every token left adds, and "positive" from one half on; ``asked`` counts variants."""

    def __init__(self) -> None:
        self.asked: Counter[tuple[Taking, tuple[int, ...]]] = Counter()
        self.batches = 0
        self.explained: list[str] = []

    def run(self, request: Request, context: RunContext) -> Explanation:
        context.raise_if_cancelled()
        self.explained.append(request.method)
        made = samples.explanation(request.text)
        scores = {"attention": ADDS, "globenc": np.arange(11.0)}[request.method][: len(made.tokens)]
        prediction = Prediction(("negative", "positive"), np.array([0.0, 1.0]), np.array([1 - WHOLE, WHOLE]))
        checks = {"completeness": 0.5} if request.method == "attention" else {}
        return replace(made, request=request, scores=np.array(scores), prediction=prediction, checks=checks, against=-1)

    def without(self, request, removed, taking, context):
        context.raise_if_cancelled()
        self.batches += 1
        self.asked.update((taking, places) for places in removed)
        said = np.array([WHOLE - ADDS[list(places)].sum() for places in removed])
        return Answers(said, (said >= 0.5).astype(int))


def measured(candidates=NAMED, protocols=EVERY, gold=1, text=TEXT, door=None, **design):
    design = Design(candidates, protocols, **design)
    made = Measuring(door or StandIn(), design).measure(Request(0, "m", "", text=text), 7, gold, RunContext())
    return dict(zip(keys_of(design), made.values.tolist(), strict=True)), made


def test_every_key_is_there_once_and_random_explains_nothing():
    keys = keys_of(Design(NAMED, EVERY))
    assert len(set(keys)) == len(keys)
    assert {key.metric for key in keys if key.candidate == RANDOM} == {
        *("aopc_most", "aopc_least", "comprehensiveness", "sufficiency", "accuracy_most", "accuracy_least"),
        *("probability_most", "probability_least"),
    }
    assert [key for key in keys if key.other] == [
        Key("spearman", ATTENTION, other=GLOBENC),
        Key("kendall", ATTENTION, other=GLOBENC),
    ]


def test_the_masked_curve_and_its_score_by_hand():
    found, _ = measured()
    # Nine words: a ratio of 0.1 to 0.9 takes 0 to 8 of them; by what they add: 0.30, 0.25, 0.20, 0.05, …
    fall = np.cumsum([0, 0.30, 0.25, 0.20, 0.05, 0.04, 0.02, 0.01, -0.03])
    points = [found[Key("probability_most", ATTENTION, "mask", at)] for at in shares(find("mask"), "most")]
    assert points == pytest.approx([WHOLE, *(WHOLE - fall)])
    assert found[Key("aopc_most", ATTENTION, "mask")] == pytest.approx(fall.mean())
    assert found[Key("accuracy_most", ATTENTION, "mask")] == sum(WHOLE - fall >= 0.5) / 9
    assert found[Key("accuracy_least", ATTENTION, "mask")] == 8 / 9  # only the first word is left at last


def test_the_deleted_curves_by_hand_rise_in_what_is_taken():
    found, _ = measured()
    most = [found[Key("probability_most", ATTENTION, "delete", at)] for at in (0.0, 0.01, 0.05, 0.1, 0.2, 0.5)]
    assert most == pytest.approx(WHOLE - np.array([0, 0.3, 0.3, 0.3, 0.55, 0.84]))  # 0, 1, 1, 1, 2, 5 words
    assert found[Key("comprehensiveness", ATTENTION, "delete")] == pytest.approx((0.3 * 3 + 0.55 + 0.84) / 6)
    steps = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 1.0)
    assert shares(find("delete"), "least") == steps
    least = [found[Key("probability_least", ATTENTION, "delete", at)] for at in steps]
    kept = np.array([0.84, 0.55, 0.3, 0.3, 0.3, 0])
    assert least == pytest.approx([WHOLE, *(0.1 + kept)])
    assert found[Key("sufficiency", ATTENTION, "delete")] == pytest.approx(np.sum(WHOLE - 0.1 - kept[:-1]) / 6)


def test_under_the_monotone_protocol_the_curves_are_those_the_score_is_made_of():
    found, _ = measured()
    for side, metric in (("most", "comprehensiveness"), ("least", "sufficiency")):
        steps = shares(find("delete-monotone"), side)
        for candidate in (ATTENTION, GLOBENC):
            points = [found[Key(f"probability_{side}", candidate, "delete-monotone", at)] for at in steps]
            counted = points[1:] if side == "most" else points[1:-1]
            assert found[Key(metric, candidate, "delete-monotone")] == pytest.approx(np.sum(WHOLE - counted) / 6)
            assert (np.diff(points[0 if side == "most" else 1 :]) <= 0).all()


def test_the_numbers_are_those_of_a_trial():
    found, _ = measured(seed=5)
    door = StandIn()
    explained = {each: door.run(Request(0, "m", each.method, text=TEXT), RunContext()) for each in (ATTENTION, GLOBENC)}
    for rules in PROTOCOLS:
        trying = Trying(door, explained[ATTENTION], Plan(rules.id, orders=3, seed=5))
        chance = np.mean([[trial.score_most, trial.score_least] for trial in trying.by_chance(RunContext())], axis=0)
        assert [found[Key(name, RANDOM, rules.id)] for name in (rules.metric_most, rules.metric_least)] == list(chance)
        for candidate, explanation in explained.items():
            trial = trying.explained(explanation, RunContext())
            assert found[Key(rules.metric_most, candidate, rules.id)] == trial.score_most
            assert found[Key(rules.metric_least, candidate, rules.id)] == trial.score_least
            assert found[Key("area_most", candidate, rules.id)] == trial.score_most - chance[0]
            assert found[Key("area_least", candidate, rules.id)] == chance[1] - trial.score_least


def test_orders_are_compared_over_what_can_be_taken_away():
    found, _ = measured()
    wanted = agreement(ADDS[1:-1], np.arange(9.0))
    assert found[Key("spearman", ATTENTION, other=GLOBENC)] == wanted.spearman
    assert found[Key("kendall", ATTENTION, other=GLOBENC)] == wanted.kendall


def test_completeness_is_of_methods_that_have_it():
    found, _ = measured()
    assert found[Key("completeness", ATTENTION)] == 0.5
    assert np.isnan(found[Key("completeness", GLOBENC)])


def test_no_variant_is_asked_for_twice_and_they_are_asked_together():
    door = StandIn()
    measured(door=door)
    assert set(door.asked.values()) == {1}
    assert door.batches <= 3  # masked, deleted, and nothing new for the last protocol but perhaps no step
    assert door.explained == ["attention", "globenc"]


def test_accuracy_is_the_models_own_and_needs_a_label():
    assert measured(gold=1)[0][Key("accuracy")] == 1.0
    found, _ = measured(gold=0)
    assert found[Key("accuracy")] == 0.0
    assert found[Key("accuracy_least", ATTENTION, "mask")] == 1 / 9
    found, _ = measured(gold=None)
    assert np.isnan([value for key, value in found.items() if key.metric.startswith("accuracy")]).all()


def test_without_random_orders_there_is_no_area():
    found, _ = measured(NAMED[:2])
    assert not [key for key in found if key.metric.startswith("area") or key.candidate == RANDOM]


def test_random_orders_need_no_method():
    found, _ = measured(NAMED[2:])
    assert 0 < found[Key("aopc_most", RANDOM, "mask")] < measured()[0][Key("aopc_most", ATTENTION, "mask")]


def test_other_sentences_and_orders_before_change_nothing():
    door = StandIn()
    measuring = Measuring(door, Design(NAMED, EVERY, seed=3))
    first = measuring.measure(Request(0, "m", "", text=TEXT), 1, 1, RunContext())
    measuring.measure(Request(0, "m", "", text="One two six."), 2, 1, RunContext())
    again = measuring.measure(Request(0, "m", "", text=TEXT), 1, 1, RunContext())
    assert first.values.tobytes() == again.values.tobytes()


def test_a_sentence_of_one_word_is_refused():
    with pytest.raises(TextError, match="Too little can be taken away"):
        measured(text="One")
    with pytest.raises(TextError):
        measured(text="wonderfully", whole_words=True)
    assert measured(text="wonderfully")[1].line == 7


def test_a_model_without_probabilities_is_refused():
    class NoSoftmax(StandIn):
        def run(self, request, context):
            found = super().run(request, context)
            return replace(found, prediction=replace(found.prediction, probabilities=None))

    with pytest.raises(MethodError, match="have no probability"):
        measured(door=NoSoftmax())


def test_it_can_be_cancelled():
    context = RunContext()
    context.cancel()
    with pytest.raises(Cancelled):
        Measuring(StandIn(), Design(NAMED, EVERY)).measure(Request(0, "m", "", text=TEXT), 1, 1, context)


def test_a_record_holds_all_bits():
    _, made = measured(gold=None)
    again = measured_of(made.record())
    assert (again.line, again.predicted) == (made.line, made.predicted) == (7, 1)
    assert again.values.tobytes() == made.values.tobytes()
