"""An explanation tried: on a stand-in whose probabilities are known, then on real models."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.context import RunContext
from engine.contract import Head, Request
from engine.errors import Cancelled, MethodError, TextError
from engine.faithfulness.protocol import PROTOCOLS, Taking
from engine.faithfulness.trial import RANDOM, Plan, Trying, removable
from tests.engine.faithfulness.additive import SPECIAL, Additive, explanation
from tests.engine.models import POSITION, Tiny, explain, folder, ids_of, opened, session
from tests.tolerances import FLOAT64, agree

# Six words between two special tokens. The scores have two ties: the second and fourth word, the fifth and sixth.
SCORES = (9.0, 0.5, 0.2, -0.1, 0.2, 0.0, 0.0, 9.0)
ADDS = (0.0, 0.3, 0.05, -0.1, 0.1, 0.02, 0.03, 0.0)  # 0.4 in all
BASE = 0.5

IDS = [rules.id for rules in PROTOCOLS]
EVERY = pytest.mark.parametrize("protocol", IDS)
ADDENDS = st.lists(st.integers(-40, 40).map(lambda number: number / 1000), min_size=1, max_size=12)

MASK_ID = 4
MASK: tuple[tuple[str, int], ...] = (("mask_token_id", MASK_ID),)
REAL = [
    Tiny("bert", seed=721, extras=MASK),
    Tiny("distilbert", seed=721, extras=MASK, head=Head.MASKED_WORD),
    Tiny("albert", seed=721, extras=MASK, head=Head.TOKEN_CLASSIFICATION),
]
TEXT = ids_of(12)


def tried(plan, scores=SCORES, adds=ADDS, base=BASE):
    door = Additive(adds, base)
    made = explanation(scores, door.whole)
    return Trying(door, made, plan).explained(made, RunContext()), door


def test_masking_by_hand():
    """0.9 in all. Most important first: words 1, 4, 2 (a tie, later first), 6, 5 (a tie), 3."""
    found, door = tried(Plan("mask"))
    assert (found.order + 1).tolist() == [1, 4, 2, 6, 5, 3]
    # 0, 1, 1, 2, 3, 3, 4, 4, 5 of six words: five different counts and the whole text.
    assert found.most.counts.tolist() == found.least.counts.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.most.probability == pytest.approx([0.9, 0.6, 0.5, 0.45, 0.42, 0.4], abs=1e-15)
    assert found.least.probability == pytest.approx([0.9, 1.0, 0.98, 0.95, 0.9, 0.8], abs=1e-15)
    assert found.most.predicted.tolist()[:2] == [1, 1]
    assert found.most.predicted.tolist()[3:] == [0, 0, 0]
    fall = (0 + 0.3 + 0.3 + 0.4 + 0.45 + 0.45 + 0.48 + 0.48 + 0.5) / 9
    assert found.score_most == pytest.approx(fall, abs=1e-15)
    rise = (0 - 0.1 - 0.1 - 0.08 - 0.05 - 0.05 + 0 + 0 + 0.1) / 9
    assert found.score_least == pytest.approx(rise, abs=1e-15)
    assert {taking for _, _, taking in door.asked} == {Taking.MASK}


def test_masking_by_hand_where_every_share_is_another_count():
    """Ten words that add 0.09, 0.08 … 0.00, told in their order: the k most important together add a known sum."""
    adds = [0.0, *(number / 100 for number in range(9, -1, -1)), 0.0]
    found, _ = tried(Plan("mask"), adds, adds, base=0.5)
    fall = (9 + 17 + 24 + 30 + 35 + 39 + 42 + 44 + 45) / 900
    rise = (0 + 1 + 3 + 6 + 10 + 15 + 21 + 28 + 36) / 900
    assert found.score_most == pytest.approx(fall, abs=1e-15)
    assert found.score_least == pytest.approx(rise, abs=1e-15)


def test_ninety_words_at_seven_tenths_lose_sixty_two():
    adds = [0.0, *([0.005] * 90), 0.0]
    found, door = tried(Plan("mask"), [0.0, *range(90), 0.0], adds)
    assert 62 in found.most.counts
    assert 63 not in found.most.counts
    # The last words are the most important; the 62 last stand at places 29 to 90.
    assert tuple(range(29, 91)) in [removed for _, removed, _ in door.asked]
    lost = 9 + 18 + 27 + 36 + 45 + 54 + 62 + 72 + 81
    assert found.score_most == pytest.approx(lost * 0.005 / 9, abs=1e-14)


@pytest.mark.parametrize("protocol", ["delete", "delete-monotone"])
def test_deleting_by_hand(protocol):
    """0.9 in all. Most important first: words 1, 2, 4 (a tie, earlier first), 5, 6 (a tie), 3."""
    found, door = tried(Plan(protocol))
    assert (found.order + 1).tolist() == [1, 2, 4, 5, 6, 3]
    assert found.most.counts.tolist() == [0, 1, 2, 3]  # 0, 1, 1, 1, 2, 3 of six
    assert found.most.probability == pytest.approx([0.9, 0.6, 0.55, 0.45], abs=1e-15)
    assert found.score_most == pytest.approx((0.3 + 0.3 + 0.3 + 0.35 + 0.45) / 6, abs=1e-15)
    # Kept: words 1; 1; 1; 1 and 2; 1, 2 and 4, and all six go where nothing is kept.
    assert found.least.counts.tolist() == [0, 3, 4, 5, 6]
    assert found.least.probability == pytest.approx([0.9, 0.95, 0.85, 0.8, 0.5], abs=1e-15)
    assert found.score_least == pytest.approx((0.1 + 0.1 + 0.1 + 0.05 - 0.05) / 6, abs=1e-15)
    assert {taking for _, _, taking in door.asked} == {Taking.DELETE}


def test_running_extremes_by_hand():
    """Twenty words; the first adds 0.1, the next four take 0.05 each away, the others nothing."""
    adds = [0.0, 0.1, *([-0.05] * 4), *([0.0] * 15), 0.0]
    scores = [0.0, *range(20, 0, -1), 0.0]
    plain, _ = tried(Plan("delete"), scores, adds, base=0.6)
    running, _ = tried(Plan("delete-monotone"), scores, adds, base=0.6)
    # 0.5 in all; without the first 0, 1, 1, 2, 4, 10 words 0.5, 0.4, 0.4, 0.45, 0.55, 0.6.
    assert plain.score_most == pytest.approx((0.1 + 0.1 + 0.05 - 0.05 - 0.1) / 6, abs=1e-15)
    assert running.score_most == pytest.approx(5 * 0.1 / 6, abs=1e-15)
    # With those alone 0.6, 0.7, 0.7, 0.65, 0.55, 0.5.
    assert plain.score_least == pytest.approx((-0.2 - 0.2 - 0.15 - 0.05 + 0) / 6, abs=1e-15)
    assert running.score_least == pytest.approx(5 * -0.2 / 6, abs=1e-15)
    # What is drawn is what the model said, in both.
    assert np.array_equal(plain.most.probability, running.most.probability)


@EVERY
def test_one_word_alone(protocol):
    found, _ = tried(Plan(protocol), (0.0, 1.0, 0.0), (0.0, 0.3, 0.0))
    wanted = 0.0 if protocol == "mask" else 5 * 0.3 / 6  # no share of one word is a word
    assert found.score_most == pytest.approx(wanted, abs=1e-15)
    assert found.score_least == pytest.approx(0.0, abs=1e-15)


# What can be taken away.


def test_special_tokens_are_never_taken_whatever_they_score():
    _, door = tried(Plan("delete", drawn=True))
    assert {place for _, removed, _ in door.asked for place in removed} == set(range(1, 7))


PIECES = (SPECIAL, 0, 1, 1, 1, 2, SPECIAL)


def test_a_whole_word_goes_with_all_its_pieces_and_counts_their_sum():
    made = explanation((0.0, 0.5, 0.2, 0.2, 0.2, 0.1, 0.0), 0.9, words=PIECES)
    whole, pieces = (removable(made, whole_words=wanted) for wanted in (True, False))
    assert [row.tokens for row in whole] == [(1,), (2, 3, 4), (5,)]
    assert [row.tokens for row in pieces] == [(1,), (2,), (3,), (4,), (5,)]
    door = Additive([0.1] * 7)
    words = Trying(door, made, Plan("delete", whole_words=True))
    assert words.importance(made) == pytest.approx([0.5, 0.6, 0.1], abs=1e-15)
    assert words.explained(made, RunContext()).order.tolist() == [1, 0, 2]
    assert (2, 3, 4) in [removed for _, removed, _ in door.asked]
    assert Trying(door, made, Plan("delete")).explained(made, RunContext()).order.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("head", [Head.MASKED_WORD, Head.TOKEN_CLASSIFICATION])
def test_the_word_that_is_read_stays_with_all_its_pieces(head):
    made = explanation((0.0,) * 7, 0.9, words=PIECES, head=head, position=3)
    assert [row.tokens for row in removable(made, whole_words=True)] == [(1,), (5,)]
    assert [row.tokens for row in removable(made, whole_words=False)] == [(1,), (2,), (4,), (5,)]


def test_ids_without_special_tokens_keep_the_first_from_which_the_class_is_read():
    made = explanation((0.0,) * 4, 0.9, words=(0, 1, 2, 3))
    assert [row.tokens for row in removable(made, whole_words=False)] == [(1,), (2,), (3,)]


def test_padding_is_nothing_to_take_away():
    made = explanation((0.0,) * 5, 0.9, words=(SPECIAL, 0, 1, 2, SPECIAL), attention_mask=(1, 1, 1, 0, 0))
    assert [row.tokens for row in removable(made, whole_words=False)] == [(1,), (2,)]


@pytest.mark.parametrize(
    "made",
    [explanation((0.0, 0.0), 0.9), explanation((0.0,) * 3, 0.9, head=Head.TOKEN_CLASSIFICATION, position=1)],
    ids=["special tokens alone", "the word that is read alone"],
)
@EVERY
def test_a_text_with_nothing_to_take_away_is_refused(made, protocol):
    with pytest.raises(TextError) as refused:
        Trying(Additive([0.0] * 3), made, Plan(protocol))
    assert (refused.value.title, refused.value.hint) == ("Nothing can be taken away", "Add a word.")


def test_an_answer_without_a_probability_is_refused_before_anything_is_asked():
    made = explanation((0.0,) * 4, 0.9)
    bare = replace(made, prediction=replace(made.prediction, probabilities=None))
    with pytest.raises(TextError, match="whether the right words") as refused:
        Trying(Additive([0.0] * 4), bare, Plan())
    assert refused.value.hint == "Use a model that chooses among classes, or fills gaps."


def test_an_unknown_protocol_is_refused():
    with pytest.raises(MethodError, match="no protocol “erase”"):
        Trying(Additive([0.0] * 4), explanation((0.0,) * 4, 0.9), Plan("erase"))


# What is asked.


@EVERY
def test_the_explained_answer_is_asked_about_though_another_wins(protocol):
    door = Additive(ADDS, BASE)
    made = replace(explanation(SCORES, door.whole), target=0)
    trying = Trying(door, made, Plan(protocol))
    trying.explained(made, RunContext())
    assert trying.whole == pytest.approx(0.1, abs=1e-15)
    assert {request.target for request, _, _ in door.asked} == {0}


@EVERY
def test_nothing_is_asked_twice_and_the_whole_text_never(protocol):
    door = Additive(ADDS, BASE)
    made = explanation(SCORES, door.whole)
    trying = Trying(door, made, Plan(protocol, drawn=True, orders=3))
    first = trying.explained(made, RunContext())
    asked = len(door.asked)
    again = trying.explained(made, RunContext())
    assert len(door.asked) == asked
    assert (again.score_most, again.score_least) == (first.score_most, first.score_least)
    trying.by_chance(RunContext())
    removed = [places for _, places, _ in door.asked]
    assert len(set(removed)) == len(removed) <= trying.passes(orders=4)
    assert () not in removed


def test_the_method_tried_is_named():
    made = explanation(SCORES, 0.9, method="globenc", parameters=(("map", "N"),))
    trying = Trying(Additive(ADDS, BASE), made, Plan())
    found = trying.explained(made, RunContext())
    assert (found.method, found.parameters) == ("globenc", (("map", "N"),))
    assert {(trial.method, trial.parameters) for trial in trying.by_chance(RunContext())} == {(RANDOM, ())}


def test_other_explanations_of_one_text_are_tried_by_their_own_scores():
    door = Additive(ADDS, BASE)
    made = explanation(SCORES, door.whole)
    trying = Trying(door, made, Plan("mask"))
    best = trying.explained(replace(made, scores=np.array(ADDS)), RunContext())
    worst = trying.explained(replace(made, scores=-np.array(ADDS)), RunContext())
    given = trying.explained(replace(made, scores=np.arange(8.0)), RunContext())
    assert worst.score_most < given.score_most < best.score_most
    assert best.score_least < given.score_least < worst.score_least


def test_a_cancelled_trial_can_be_tried_again():
    door = Additive(ADDS, BASE)
    made = explanation(SCORES, door.whole)
    trying, context = Trying(door, made, Plan()), RunContext()
    context.cancel()
    with pytest.raises(Cancelled):
        trying.explained(made, context)
    assert trying.explained(made, RunContext()).score_most == tried(Plan())[0].score_most


# Curves.


@pytest.mark.parametrize(("words", "steps"), [(1, 1), (6, 6), (19, 19), (20, 20), (21, 20), (57, 20), (500, 20)])
def test_a_drawn_curve_goes_from_the_whole_text_to_nothing_in_even_steps(words, steps):
    adds = [0.0, *([0.9 / words] * words), 0.0]
    made = explanation(adds, 0.9)
    for protocol in IDS:
        trying = Trying(Additive(adds), made, Plan(protocol, drawn=True))
        found = trying.explained(made, RunContext())
        for curve, of in ((found.most, trying.rules.most), (found.least, trying.rules.least)):
            drawn = {round(words * step / steps) for step in range(steps + 1)}
            assert curve.counts.tolist() == sorted(drawn | {0, *of(words)})
            assert curve.counts[0] == 0
            assert curve.counts[-1] == words
            assert curve.probability == pytest.approx(0.9 - 0.9 / words * curve.counts, abs=1e-12)
            assert curve.at([0, words]) == pytest.approx([0.9, 0], abs=1e-12)
            assert curve.answers_at([0, words]).tolist() == [1, 0]


@EVERY
@settings(deadline=None)
@given(adds=ADDENDS, data=st.data())
def test_drawing_changes_no_score_and_a_mean_fall_is_the_mean_of_its_falls(protocol, adds, data):
    scores = data.draw(st.lists(st.integers(-3, 3), min_size=len(adds), max_size=len(adds)))
    given_scores, given_adds = (0.0, *scores, 0.0), (0.0, *adds, 0.0)
    plain, _ = tried(Plan(protocol), given_scores, given_adds)
    drawn, _ = tried(Plan(protocol, drawn=True), given_scores, given_adds)
    assert (plain.score_most, plain.score_least) == (drawn.score_most, drawn.score_least)
    assert plain.order.tolist() == drawn.order.tolist()
    for count, left in zip(plain.most.counts, plain.most.probability, strict=True):
        lost = sum(adds[unit] for unit in plain.order[:count])
        assert left == pytest.approx(BASE + sum(adds) - lost, abs=1e-12)
    for count, left in zip(plain.least.counts, plain.least.probability, strict=True):
        kept = sum(adds[unit] for unit in plain.order[: len(adds) - count])
        assert left == pytest.approx(BASE + kept, abs=1e-12)


@settings(deadline=None)
@given(ADDENDS)
def test_no_order_falls_further_than_that_of_what_words_add(adds):
    given_adds = (0.0, *adds, 0.0)
    best, door = tried(Plan("mask"), given_adds, given_adds)
    for chance in Trying(door, explanation(given_adds, door.whole), Plan("mask", orders=5)).by_chance(RunContext()):
        assert chance.score_most <= best.score_most + 1e-12
        assert chance.score_least >= best.score_least - 1e-12


# Random orders.


def orders_of(plan, ids=None, before=False):
    door = Additive(ADDS, BASE)
    made = explanation(SCORES, door.whole)
    if ids is not None:
        named = zip(made.tokens, ids, strict=True)
        made = replace(made, tokens=tuple(replace(token, id=number) for token, number in named))
    trying = Trying(door, made, plan)
    if before:
        trying.explained(made, RunContext())
        trying.by_chance(RunContext())
    return [trial.order.tolist() for trial in trying.by_chance(RunContext())]


def test_the_same_seed_draws_the_same_orders_whatever_was_tried_before():
    plan = Plan(orders=5, seed=3)
    assert orders_of(plan) == orders_of(plan) == orders_of(plan, before=True)
    assert all(sorted(order) == list(range(6)) for order in orders_of(plan))
    assert len({tuple(order) for order in orders_of(plan)}) > 1


def test_more_orders_begin_with_the_same_ones_and_every_protocol_draws_them():
    few, many = orders_of(Plan(orders=2, seed=3)), orders_of(Plan(orders=6, seed=3))
    assert many[:2] == few
    assert all(orders_of(Plan(protocol, orders=2, seed=3)) == few for protocol in IDS)


def test_another_seed_or_another_text_draws_others():
    plan = Plan(orders=5, seed=3)
    texts = [None, [9, *range(11, 18)], [*range(10, 17), 99]]
    drawn = [str(orders_of(plan, text)) for text in texts] + [str(orders_of(replace(plan, seed=4)))]
    assert len(set(drawn)) == len(drawn)


@EVERY
def test_no_random_orders_where_none_are_wanted(protocol):
    assert orders_of(Plan(protocol, orders=0)) == []


def test_the_mean_of_many_random_orders_is_the_share_of_words_taken():
    """Whatever words add, a random share of them adds that share of it on average."""
    door = Additive(ADDS, BASE)
    trying = Trying(door, explanation(SCORES, door.whole), Plan("mask", orders=2000))
    found = trying.by_chance(RunContext())
    share = np.mean(np.array([0, 1, 1, 2, 3, 3, 4, 4, 5]) / 6)
    assert np.mean([trial.score_most for trial in found]) == pytest.approx(0.4 * share, abs=0.005)
    assert np.mean([trial.score_least for trial in found]) == pytest.approx(0.4 * share, abs=0.005)
    assert len(door.asked) <= 2**6


# On a real model.


@EVERY
@pytest.mark.parametrize("model", REAL, ids=str)
def test_a_trial_is_what_the_stock_model_says_of_every_step(model, protocol):
    request = Request(0, str(folder(model)), "gradient_x_input", ids=TEXT, position=model.position, components=False)
    door = session(model)
    made = door.run(request, RunContext())
    trying = Trying(door, made, Plan(protocol))
    found = trying.explained(made, RunContext())
    stays = 0 if model.position is None else POSITION
    places = [place for place in range(len(TEXT)) if place != stays]
    ranked = sorted(places, key=lambda place: (made.scores[place], place if protocol == "mask" else -place))[::-1]
    assert [trying.units[unit].tokens[0] for unit in found.order] == ranked
    for curve, first in ((found.most, ranked), (found.least, ranked[::-1])):
        wanted = [_by_hand(model, set(first[:count]), made.target, protocol == "mask") for count in curve.counts]
        agree(curve.probability, wanted, FLOAT64)


@torch.no_grad()
def _by_hand(model, gone, target, is_masked):
    kept = [place for place in range(len(TEXT)) if is_masked or place not in gone]
    ids = [MASK_ID if place in gone else TEXT[place] for place in kept]
    output = opened(model).model(torch.tensor([ids]))[0][0]
    logits = output if model.position is None else output[kept.index(POSITION)]
    return logits.softmax(-1)[target].item()


@EVERY
def test_words_of_a_real_text_and_a_pair(protocol):
    folder_name = str(folder("alti-tiny-bert"))
    request = Request(0, folder_name, "attention", text="the films", pair="unbelievably bad", components=False)
    door = session("alti-tiny-bert")
    made = door.run(request, RunContext())
    trying = Trying(door, made, Plan(protocol, whole_words=True, drawn=True, orders=2))
    assert [row.label for row in trying.units] == ["the", "films", "unbelievably", "bad"]
    for trial in (trying.explained(made, RunContext()), *trying.by_chance(RunContext())):
        assert trial.most.probability[0] == trial.least.probability[0] == trying.whole
        agree(trial.most.probability[-1:], trial.least.probability[-1:], FLOAT64)  # nothing left, either way


def test_a_model_that_measures_a_state_is_refused_in_plain_words():
    model = Tiny("bert", seed=722, head=Head.STATE)
    made = explain(model, "attention", ids=TEXT)
    with pytest.raises(TextError) as refused:
        Trying(session(model), made, Plan())
    assert refused.value.title == "This model's answers have no probability"
