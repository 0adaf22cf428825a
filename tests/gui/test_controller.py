"""Intents in, exact requests out, outcomes in; no widget, no thread, no clock."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.contract import Against, Dropped, Failure, FailureKind, Progress, Request
from gui.controller import Controller
from gui.shown import Activity, Shown
from gui.state import AppState, Hover, Node, Place
from tests.gui.stage import FakeBridge, FakePause, answer

STATE = AppState(text="A film.")


class Desk:
    """A controller with everything around it made of cardboard."""

    def __init__(self, state: AppState = STATE) -> None:
        self.bridge, self.pause = FakeBridge(), FakePause()
        self.controller = Controller(state, self.bridge, self.pause)
        self.seen: list[Shown] = []
        self.controller.shown_changed.connect(self.seen.append)

    @property
    def asked(self) -> list[tuple[int, str, tuple[int, ...]]]:
        return [(request.generation, request.text, request.feed_forward_layers) for request in self.bridge.requests]

    @property
    def shown(self) -> Shown:
        return self.controller.shown

    def answer_last(self, **changes: object) -> Request:
        request = self.bridge.requests[-1]
        self.controller.outcome_arrived(answer(request, **changes))
        return request

    def settle(self) -> None:
        """Ask the first question and answer it, maps included."""
        self.controller.start()
        self.answer_last()
        self.answer_last()


def failure(generation: int, kind: FailureKind = FailureKind.USER, place: str = "text") -> Failure:
    return Failure(generation, kind, place, "Too long", "600 tokens.", "Shorten it.")


def test_the_picture_comes_first_and_the_dear_maps_follow() -> None:
    desk = Desk()
    desk.controller.start()
    assert desk.asked == [(1, "A film.", ())]
    assert desk.shown.activity is Activity.LOADING
    desk.answer_last(seconds=0.5)
    assert desk.asked == [(1, "A film.", ()), (2, "A film.", (3,))]
    assert desk.shown.activity is Activity.UP_TO_DATE
    desk.answer_last(seconds=0.1)
    assert len(desk.asked) == 2
    assert desk.shown.explanation is not None
    assert desk.shown.explanation.request.feed_forward_layers == (3,)
    assert desk.shown.seconds == 0.5, "the time stated is the text's, not the look's"


def test_no_maps_are_fetched_where_there_are_none() -> None:
    desk = Desk()
    desk.controller.start()
    desk.answer_last(components=None)
    assert len(desk.asked) == 1


def test_typing_asks_once_after_the_pause_with_the_last_text() -> None:
    desk = Desk()
    desk.settle()
    for text in ("A", "A b", "A bad film."):
        desk.controller.text_edited(text)
        assert desk.shown.activity is Activity.COMPUTING
    assert len(desk.asked) == 2
    assert desk.pause.starts == 3
    desk.pause.end()
    assert desk.asked[2:] == [(3, "A bad film.", ())]
    assert desk.shown.stale
    desk.answer_last()
    assert desk.asked[3:] == [(4, "A bad film.", (3,))]
    assert not desk.shown.stale


def test_the_same_text_again_asks_nothing() -> None:
    desk = Desk()
    desk.settle()
    desk.controller.text_edited("A film.")
    assert desk.pause.starts == 0


def test_old_answers_are_dropped() -> None:
    desk = Desk()
    desk.settle()
    desk.controller.text_edited("One.")
    desk.pause.end()
    old = desk.bridge.requests[-1]
    desk.controller.text_edited("Two.")
    before = desk.shown.explanation
    desk.controller.outcome_arrived(answer(old))
    assert desk.shown.explanation is before, "an answer to a text that was left must not be painted"
    desk.pause.end()
    desk.controller.outcome_arrived(failure(old.generation))
    assert desk.shown.failure is None
    desk.controller.progress_arrived(Progress(old.generation, 0.9, "Late"))
    assert desk.shown.progress is None
    desk.answer_last()
    assert desk.shown.explanation is not None
    assert desk.shown.explanation.request.text == "Two."


def test_a_dropped_request_changes_nothing() -> None:
    desk = Desk()
    desk.settle()
    before = desk.shown
    desk.controller.outcome_arrived(Dropped(2))
    assert desk.shown is before


def test_empty_text_asks_nothing_and_gives_up_what_runs() -> None:
    desk = Desk()
    desk.settle()
    desk.controller.text_edited("A")
    desk.controller.text_edited("  ")
    assert desk.pause.ended is None
    assert desk.bridge.given_up == 1
    assert len(desk.asked) == 2
    assert desk.shown.activity is Activity.NO_TEXT
    assert desk.shown.explanation is not None
    assert desk.shown.stale, "the last picture stays, dimmed"
    desk.controller.method_chosen("rollout", ())
    assert len(desk.asked) == 2


@pytest.mark.parametrize(
    ("choose", "expected"),
    [
        (lambda c: c.model_chosen("m"), {"model": "m"}),
        (lambda c: c.method_chosen("rollout", (("r", "0.3"),)), {"method": "rollout", "parameters": (("r", "0.3"),)}),
        (lambda c: c.target_chosen(0, 1), {"target": 0, "against": 1}),
        (lambda c: c.target_chosen(None, Against.OTHER), {}),
    ],
)
def test_choices_ask_at_once(choose, expected) -> None:  # type: ignore[no-untyped-def]
    desk = Desk()
    desk.settle()
    choose(desk.controller)
    wanted = replace(desk.bridge.requests[0], generation=3, **expected)
    assert desk.bridge.requests[2:] == [wanted]


def test_a_choice_while_typing_takes_the_new_text_along() -> None:
    desk = Desk()
    desk.settle()
    desk.controller.text_edited("New.")
    desk.controller.method_chosen("rollout", ())
    assert desk.asked[2:] == [(3, "New.", ())]
    assert desk.pause.ended is None, "the pause must not ask a second time"


def test_looking_never_reaches_the_engine() -> None:
    desk = Desk()
    desk.settle()
    view = desk.shown.state.view
    desk.controller.hovered(Hover(2))
    desk.controller.picked(Node(1, 2))
    desk.controller.looked(replace(view, coverage=0.5, whole_words=False, paths_only=False, show_special=False))
    desk.controller.view_chosen("table")
    assert len(desk.asked) == 2
    assert desk.shown.state.view.view == "table"
    desk.controller.picked(Node(1, 2))
    desk.controller.left()
    assert desk.shown.state.view.traced is None


def test_an_unchanged_look_is_not_told() -> None:
    desk = Desk()
    desk.settle()
    count = len(desk.seen)
    desk.controller.looked(desk.shown.state.view)
    assert len(desk.seen) == count


def test_another_layer_fetches_only_what_is_missing() -> None:
    desk = Desk()
    desk.settle()
    desk.controller.layer_chosen(1)
    assert desk.asked[2:] == [(3, "A film.", (1, 3))]
    assert desk.shown.activity is Activity.UP_TO_DATE, "the picture itself is not stale"
    desk.controller.layer_chosen(2)
    assert desk.asked[3:] == [(4, "A film.", (2, 3))]
    desk.controller.outcome_arrived(answer(desk.bridge.requests[2]))
    assert desk.shown.explanation is not None
    assert desk.shown.explanation.request.generation == 2, "the layer that was left is dropped"
    desk.answer_last()
    desk.controller.layer_chosen(2)
    assert len(desk.asked) == 4
    desk.controller.layer_chosen(6)
    assert desk.shown.state.view.layer == 2, "the model has no seventh layer"


def test_a_layer_chosen_while_computing_is_fetched_with_the_new_text() -> None:
    desk = Desk()
    desk.settle()
    desk.controller.text_edited("New.")
    desk.pause.end()
    desk.controller.layer_chosen(0)
    assert desk.asked[2:] == [(3, "New.", ())]
    desk.answer_last()
    assert desk.asked[3:] == [(4, "New.", (0,))]


def test_a_smaller_model_shows_its_last_layer() -> None:
    desk = Desk()
    desk.controller.start()
    desk.answer_last(layers=2)
    assert desk.shown.state.view.layer == 1
    assert desk.asked[-1] == (2, "A film.", (1,))


def test_a_failure_keeps_the_last_picture_and_goes_with_the_next_answer() -> None:
    desk = Desk()
    desk.settle()
    desk.controller.text_edited("Long.")
    desk.pause.end()
    desk.controller.outcome_arrived(failure(3))
    assert desk.shown.failure == failure(3)
    assert desk.shown.activity is Activity.FAILED
    assert desk.shown.stale
    desk.controller.text_edited("Short.")
    assert desk.shown.failure is not None, "the line must not blink with every letter"
    desk.pause.end()
    desk.answer_last()
    assert desk.shown.failure is None


def test_our_own_bug_is_told_apart_and_can_be_dismissed() -> None:
    desk = Desk()
    desk.controller.start()
    bug = failure(1, FailureKind.BUG, place="")
    desk.controller.outcome_arrived(bug)
    assert (desk.shown.bug, desk.shown.failure) == (bug, None)
    desk.controller.bug_dismissed()
    assert desk.shown.bug is None


def test_progress_belongs_to_the_running_request() -> None:
    desk = Desk()
    desk.controller.start()
    desk.controller.progress_arrived(Progress(1, 0.4, "Reading"))
    assert desk.shown.progress == Progress(1, 0.4, "Reading")
    desk.answer_last()
    assert desk.shown.progress is None


def test_a_preview_is_painted_at_once_and_replaced() -> None:
    desk = Desk()
    desk.controller.start()
    desk.answer_last(preview=True)
    assert desk.shown.activity is Activity.PREVIEW
    assert desk.shown.explanation is not None
    assert desk.shown.explanation.preview
    assert not desk.shown.stale, "it belongs to the text: it is not dimmed"
    desk.controller.progress_arrived(Progress(1, 0.4, "Pushing"))
    assert desk.shown.progress == Progress(1, 0.4, "Pushing")
    desk.answer_last(seconds=1.5)
    assert not desk.shown.explanation.preview
    assert (desk.shown.activity, desk.shown.seconds) == (Activity.UP_TO_DATE, 1.5)
    assert desk.asked == [(1, "A film.", ()), (2, "A film.", (3,))]


def test_nothing_replaces_the_full_answers_request_while_a_preview_stands() -> None:
    desk = Desk()
    desk.controller.start()
    desk.answer_last(preview=True)
    desk.controller.layer_chosen(1)
    desk.controller.hovered(Hover(2))
    assert len(desk.asked) == 1, "a look into a layer would cancel it"
    desk.answer_last()
    assert desk.asked[1:] == [(2, "A film.", (1,))], "the look follows, into the layer chosen meanwhile"


def test_an_old_preview_is_dropped() -> None:
    desk = Desk()
    desk.settle()
    desk.controller.text_edited("One.")
    desk.pause.end()
    old = desk.bridge.requests[-1]
    desk.controller.text_edited("Two.")
    before = desk.shown.explanation
    desk.controller.outcome_arrived(answer(old, preview=True))
    assert desk.shown.explanation is before
    desk.pause.end()
    desk.controller.outcome_arrived(answer(old, preview=True))
    assert desk.shown.explanation is before
    desk.answer_last(preview=True)
    desk.controller.text_edited("Three.")
    assert desk.shown.stale
    desk.answer_last()
    assert desk.shown.explanation is not None
    assert desk.shown.explanation.preview, "typing gave the full answer up"


def test_a_preview_survives_the_failure_of_the_full_answer() -> None:
    desk = Desk()
    desk.controller.start()
    desk.answer_last(preview=True)
    desk.controller.outcome_arrived(failure(1, place="method"))
    assert desk.shown.explanation is not None
    assert desk.shown.explanation.preview
    assert desk.shown.failure is not None
    assert desk.shown.activity is Activity.FAILED
    assert not desk.shown.stale


def test_a_look_never_puts_a_preview_in_place_of_the_full_answer() -> None:
    desk = Desk()
    desk.settle()
    desk.controller.layer_chosen(1)
    before = desk.shown.explanation
    desk.answer_last(preview=True)
    assert desk.shown.explanation is before
    desk.answer_last()
    assert desk.shown.explanation is not before


def test_a_layer_is_asked_for_once_however_the_pointer_moves() -> None:
    desk = Desk()
    desk.settle()
    desk.controller.layer_chosen(1)
    for token in range(5):
        desk.controller.hovered(Hover(token))
    assert len(desk.asked) == 3
    desk.controller.layer_chosen(2)
    assert desk.asked[3:] == [(4, "A film.", (2, 3))]


def test_a_look_that_failed_is_not_asked_for_again_until_something_changes() -> None:
    desk = Desk()
    desk.settle()
    desk.controller.layer_chosen(1)
    desk.controller.outcome_arrived(failure(3))
    for token in range(5):
        desk.controller.hovered(Hover(token))
    assert len(desk.asked) == 3
    desk.controller.layer_chosen(2)
    assert desk.asked[3:] == [(4, "A film.", (2, 3))]
    desk.answer_last()
    desk.controller.text_edited("New.")
    desk.pause.end()
    desk.controller.layer_chosen(1)
    desk.answer_last()
    assert desk.asked[5:] == [(6, "New.", (1,))]


def placed(desk: Desk, text: str, word: str) -> None:
    """Choose a word of the text that is shown."""
    desk.controller.text_edited(text)
    desk.pause.end()
    desk.answer_last()
    shown = desk.shown.explanation
    assert shown is not None
    start = text.index(word)
    token = next(place for place, token in enumerate(shown.tokens) if token.start == start)
    desk.controller.place_chosen(Place(start, token))
    desk.answer_last(position=token)


def test_a_chosen_word_is_asked_for_by_its_token() -> None:
    desk = Desk()
    desk.settle()
    placed(desk, "the keys are here", "are")
    assert desk.bridge.requests[-1].position == 3
    desk.controller.model_chosen("m")
    assert desk.bridge.requests[-1].position is None


def test_the_word_is_found_again_where_the_text_before_it_grew() -> None:
    desk = Desk()
    desk.settle()
    placed(desk, "the keys are here", "are")
    desk.answer_last(position=3)
    before = desk.shown.explanation
    desk.controller.text_edited("the old keys are here")
    desk.pause.end()
    assert desk.bridge.requests[-1].position == 3, "the best guess there is"
    desk.answer_last(position=3)
    assert desk.shown.explanation is before, "what was read at another word is never shown"
    assert desk.bridge.requests[-1].position == 4
    desk.answer_last(position=4)
    assert not desk.shown.stale
    assert desk.shown.state.place == Place(13, 4)


def test_a_word_that_is_gone_leaves_the_usual_place() -> None:
    desk = Desk()
    desk.settle()
    placed(desk, "the keys are here", "here")
    desk.controller.text_edited("the keys are ")
    assert desk.shown.state.place is None
    desk.pause.end()
    assert desk.bridge.requests[-1].position is None


def test_a_token_past_the_end_of_a_shorter_text_is_looked_up_again() -> None:
    desk = Desk()
    desk.settle()
    placed(desk, "the very old keys are here", "here")
    desk.controller.text_edited("here")
    desk.pause.end()
    asked = desk.bridge.requests[-1]
    assert asked.position == 6
    desk.controller.outcome_arrived(failure(asked.generation, place="target"))
    assert desk.shown.failure is None
    assert desk.bridge.requests[-1].position is None
    desk.answer_last()
    assert desk.bridge.requests[-1].position == 1
    again = desk.bridge.requests[-1]
    desk.controller.outcome_arrived(failure(again.generation, place="target"))
    assert desk.shown.failure is not None, "once is enough"
