"""One trial at a time beside the window: replaced, stopped, let go, and gone at the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.context import RunContext
from engine.contract import Against, Failure, FailureKind, Request
from engine.errors import TextError
from engine.faithfulness.protocol import Taking
from engine.faithfulness.trial import Plan, Trying
from gui.trust.runner import TrialRunner
from gui.trust.running import Making, Wanted, question_of
from gui.trust.tried import Tried
from tests.gui.stage import application, wait_until
from tests.gui.trust.room import TEXT, Beside, Door, explained

PLAN = Plan("mask", whole_words=True, drawn=True, orders=4, seed=0)


def wanted(text: str = TEXT, others: tuple[str, ...] = ("alti", "rollout"), plan: Plan = PLAN) -> Wanted:
    request = Request(3, "english-sentiment", "decompx", text=text)
    return Wanted(explained(request), plan, others, (1.0, 4.0, *(2.0 for _ in others)))


class Heard:
    """A runner and all it said."""

    def __init__(self) -> None:
        application()
        self.door = Door()
        self.beside = Beside(self.door)
        self.runner = TrialRunner(self.beside)
        self.tried: list[Tried] = []
        self.done: list[float] = []
        self.ends: list[object] = []
        self.runner.advanced.connect(self.tried.append)
        self.runner.progressed.connect(self.done.append)
        self.runner.ended.connect(self._on_ended)
        self.runner.failed.connect(self.ends.append)

    def _on_ended(self) -> None:
        self.ends.append("ended")

    def finish(self) -> None:
        wait_until(lambda: not self.runner.is_running)

    def block(self) -> threading.Event:
        """The next batches wait for this, or for being cancelled."""
        gate = threading.Event()

        def before(context: RunContext) -> None:
            while not gate.wait(0.001):
                context.raise_if_cancelled()

        self.door.before = before
        return gate


@pytest.fixture
def heard() -> Iterator[Heard]:
    made = Heard()
    yield made
    made.runner.shutdown()


def test_curves_arrive_one_by_one_in_the_windows_order(heard: Heard) -> None:
    heard.runner.start(wanted())
    heard.finish()
    assert [(len(tried.chance), len(tried.others)) for tried in heard.tried] == [(0, 0), (4, 0), (4, 1), (4, 2)]
    assert [trial.method for trial in heard.tried[-1].others] == ["alti", "rollout"]
    assert heard.tried[0].own is heard.tried[-1].own, "what is there is not made again"
    assert heard.ends == ["ended"]
    assert heard.done == sorted(heard.done)
    assert 0 <= heard.done[0] < heard.done[-1] <= 1
    assert threading.get_ident() not in heard.door.threads


def test_others_are_asked_for_the_same_text_answer_rival_and_place(heard: Heard) -> None:
    own = wanted()
    request = replace(
        own.explanation.request,
        target=None,
        against=Against.OTHER,
        position=0,
        parameters=(("bias", "absdot"),),
        feed_forward_layers=(2,),
        boundaries=(0, 6),
    )
    heard.runner.start(replace(own, explanation=replace(own.explanation, request=request)))
    heard.finish()
    made = own.explanation
    assert [asked.method for asked in heard.door.asked] == ["alti", "rollout"]
    for asked in heard.door.asked:
        assert (asked.text, asked.model, asked.position) == (request.text, request.model, 0)
        assert (asked.target, asked.against) == (made.target, made.against)
        assert asked.parameters == asked.feed_forward_layers == asked.boundaries == ()
        assert not asked.components


def test_no_rival_is_asked_for_where_there_was_none() -> None:
    assert question_of(replace(wanted().explanation, against=-1)).against is Against.NOTHING


def test_numbers_are_those_of_a_trial_that_is_not_drawn(heard: Heard) -> None:
    order = wanted()
    heard.runner.start(order)
    heard.finish()
    found = heard.tried[-1]
    plain = Trying(Door(), order.explanation, replace(PLAN, drawn=False))
    own = plain.explained(order.explanation, RunContext())
    assert (found.own.score_most, found.own.score_least) == (own.score_most, own.score_least)
    scores = [(trial.score_most, trial.score_least) for trial in plain.by_chance(RunContext())]
    assert [(trial.score_most, trial.score_least) for trial in found.chance] == scores


def test_the_session_is_kept_for_the_next_trial_and_let_go_when_told(heard: Heard) -> None:
    for _ in range(2):
        heard.runner.start(wanted())
        heard.finish()
    assert heard.door.opened == 1
    heard.runner.let_go()
    wait_until(lambda: heard.beside.threads[0].isFinished())
    heard.runner.start(wanted())
    heard.finish()
    assert heard.door.opened == 2


def test_a_newer_trial_replaces_the_one_at_work(heard: Heard) -> None:
    gate = heard.block()
    heard.runner.start(wanted())
    wait_until(lambda: heard.door.read != [])
    heard.runner.start(wanted("Truly superb actors make thin plots good"))
    gate.set()
    heard.finish()
    assert {tried.explanation.request.text for tried in heard.tried} == {"Truly superb actors make thin plots good"}
    assert heard.ends == ["ended"], "the one that was replaced says nothing more"
    assert heard.door.opened == 1


def test_a_stopped_trial_says_nothing_more(heard: Heard) -> None:
    heard.block()
    heard.runner.start(wanted())
    wait_until(lambda: heard.door.read != [])
    heard.runner.stop()
    assert not heard.runner.is_running
    heard.door.before = lambda _: None
    heard.runner.start(wanted())
    heard.finish()
    assert heard.ends == ["ended"]


def test_what_a_person_can_mend_is_told_and_the_next_trial_runs(heard: Heard) -> None:
    def refuse(context: RunContext) -> None:
        raise TextError("Too long", "There is no room.", "Shorten it.")

    heard.door.before = refuse
    heard.runner.start(wanted())
    heard.finish()
    (failure,) = heard.ends
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.title, failure.hint) == (FailureKind.USER, "Too long", "Shorten it.")
    heard.door.before = lambda _: None
    heard.runner.start(wanted())
    heard.finish()
    assert heard.ends[1:] == ["ended"]
    assert heard.door.opened == 1


def test_a_method_that_cannot_is_left_out_and_the_others_are_tried(heard: Heard) -> None:
    def refuse(request: Request) -> Exception | None:
        return TextError("Too long", "For ALTI.", "Shorten it.") if request.method == "alti" else None

    heard.door.refuses = refuse
    heard.runner.start(wanted())
    heard.finish()
    assert [trial.method for trial in heard.tried[-1].others] == ["rollout"]
    assert isinstance(heard.ends[0], Failure)


def test_a_bug_is_told_with_its_details_and_the_next_trial_has_a_thread(heard: Heard) -> None:
    def break_down(context: RunContext) -> None:
        raise ZeroDivisionError("ours")

    heard.door.before = break_down
    heard.runner.start(wanted())
    heard.finish()
    (failure,) = heard.ends
    assert isinstance(failure, Failure)
    assert failure.kind is FailureKind.BUG
    assert "ZeroDivisionError" in failure.details
    heard.door.before = lambda _: None
    heard.runner.start(wanted())
    heard.finish()
    assert heard.ends[1:] == ["ended"]


def test_it_rests_while_the_window_wants_an_answer(heard: Heard) -> None:
    heard.beside.quiet.clear()
    heard.runner.start(wanted())
    wait_until(lambda: bool(heard.door.takings))
    for _ in range(50):
        application().processEvents()
    assert heard.tried == [], "it waits"
    heard.beside.quiet.set()
    heard.finish()
    assert len(heard.tried) == 4


def test_shutdown_ends_what_runs_and_leaves_no_thread(heard: Heard) -> None:
    heard.block()
    heard.runner.start(wanted())
    wait_until(lambda: heard.door.read != [])
    heard.runner.let_go()
    heard.runner.start(wanted())
    heard.runner.shutdown()
    assert all(thread.isFinished() for thread in heard.beside.threads)
    assert not heard.runner.is_running


def test_deleting_asks_for_deletion() -> None:
    door = Door()
    for _ in Making(wanted(plan=replace(PLAN, protocol="delete")), lambda _: None).curves(door, lambda: None):
        pass
    assert set(door.takings) == {Taking.DELETE}
