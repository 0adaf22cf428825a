"""Undo and redo: one list of states, over the text and the settings alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.contract import Against
from gui.controller import Controller
from gui.kept.history import MOST_STEPS, History, recorded, redone, undone
from gui.state import AppState, Hover, Node, Place
from tests.gui.stage import FakeBridge, FakePause, answer

FIRST = AppState(text="A film.")


class Desk:
    """A controller with a clock that the test turns."""

    def __init__(self) -> None:
        self.now = 0.0
        self.bridge = FakeBridge()
        self.controller = Controller(FIRST, self.bridge, FakePause(), lambda: self.now)
        self.controller.start()
        self.answer()
        self.answer()

    def answer(self) -> None:
        self.controller.outcome_arrived(answer(self.bridge.requests[-1]))

    @property
    def state(self) -> AppState:
        return self.controller.shown.state

    @property
    def can(self) -> tuple[bool, bool]:
        return self.controller.shown.can_undo, self.controller.shown.can_redo


def test_text_and_settings_are_taken_back_one_after_the_other() -> None:
    desk = Desk()
    controller = desk.controller
    assert desk.can == (False, False)
    seen = [desk.state]
    for change in (
        lambda: controller.text_edited("Another film."),
        lambda: controller.method_chosen("alti", ()),
        lambda: controller.target_chosen(1, Against.NOTHING),
        lambda: controller.looked(replace(desk.state.view, whole_words=False)),
        lambda: controller.pair_edited("A second text."),
        lambda: controller.place_chosen(Place(0, 1)),
        lambda: controller.model_chosen("folder"),
    ):
        change()
        seen.append(desk.state)
    for state in reversed(seen[:-1]):
        controller.undo()
        assert desk.state == state
        assert desk.controller.shown.waiting or state.method == desk.state.method
    assert desk.can == (False, True)
    controller.undo()
    for state in seen[1:]:
        controller.redo()
        assert desk.state == state
    assert desk.can == (True, False)


def test_a_step_back_asks_the_engine_only_where_the_question_changes() -> None:
    desk = Desk()
    desk.controller.method_chosen("alti", ())
    desk.answer()
    desk.answer()
    asked = len(desk.bridge.requests)
    desk.controller.undo()
    assert [request.method for request in desk.bridge.requests[asked:]] == ["decompx"]
    desk.answer()
    desk.answer()
    asked = len(desk.bridge.requests)
    desk.controller.looked(replace(desk.state.view, coverage=0.4))
    desk.controller.undo()
    assert len(desk.bridge.requests) == asked
    assert desk.state.view.coverage == 0.8


def test_letters_typed_in_one_breath_are_one_step() -> None:
    desk = Desk()
    for at, text in ((0.0, "A f"), (0.3, "A fi"), (1.2, "A fin"), (5.0, "A fine")):
        desk.now = at
        desk.controller.text_edited(text)
    desk.controller.undo()
    assert desk.state.text == "A fin"
    desk.controller.undo()
    assert desk.state.text == FIRST.text


def test_typing_after_a_step_back_begins_a_step_of_its_own() -> None:
    desk = Desk()
    desk.controller.text_edited("One.")
    desk.controller.undo()
    desk.controller.text_edited("Two.")
    assert desk.can == (True, False)
    desk.controller.undo()
    assert desk.state.text == FIRST.text


def test_moving_about_is_no_step_and_stays_as_it_is() -> None:
    desk = Desk()
    desk.controller.text_edited("Another film.")
    desk.controller.view_chosen("table")
    desk.controller.layer_chosen(1)
    desk.controller.hovered(Hover(1))
    desk.controller.picked(Node(1, 1))
    desk.controller.looked(replace(desk.state.view, theme="dark", head=2))
    desk.controller.undo()
    assert desk.state.text == FIRST.text
    view = desk.state.view
    assert (view.view, view.layer, view.theme, view.head) == ("table", 1, "dark", 2)
    assert (view.hover, view.traced) == (None, None)
    assert desk.can == (False, True)


def test_an_empty_text_can_be_taken_back() -> None:
    desk = Desk()
    desk.controller.text_edited("")
    assert desk.bridge.given_up == 1
    desk.controller.undo()
    assert desk.bridge.requests[-1].text == FIRST.text


@pytest.mark.parametrize("step", [undone, redone])
def test_there_is_nothing_before_the_first_and_after_the_last(step) -> None:  # type: ignore[no-untyped-def]
    assert step(History(), FIRST) is None


def test_the_oldest_steps_are_forgotten() -> None:
    history, state = History(), FIRST
    for number in range(MOST_STEPS + 5):
        now = replace(state, text=str(number))
        history, state = recorded(history, state, now, "TextEdited", 10.0 * number), now
    assert len(history.past) == MOST_STEPS
    assert history.past[0].text == "4"


def test_the_gap_takes_the_place_of_the_whole_word_in_one_step() -> None:
    desk = Desk()
    controller = desk.controller
    made = desk.controller.shown.explanation
    assert made is not None
    controller.gap_requested(2)
    assert desk.state.text == FIRST.text, "this model fills no gaps"
    gap_filling = replace(made, model=replace(made.model, mask_token="[MASK]"))
    controller._show(explanation=gap_filling)
    controller.gap_requested(0)
    assert desk.state.text == FIRST.text, "[CLS] cannot be left out"
    controller.target_chosen(1, 0)
    controller._show(explanation=replace(gap_filling, request=replace(made.request, target=1, against=0)))
    controller.gap_requested(2)
    assert desk.state == replace(FIRST, text="A [MASK].", target=None, against=Against.OTHER)
    controller.undo()
    assert (desk.state.text, desk.state.target) == (FIRST.text, 1)


def test_leafing_through_slides_is_one_step_and_none_once_it_is_back() -> None:
    desk = Desk()
    controller = desk.controller
    slides = tuple(AppState(text=text) for text in ("One.", "Two.", "Three."))
    controller.text_edited("Mine.")
    controller.slides_changed(slides)
    working = desk.state
    for slide in slides:
        desk.now += 10
        controller.opened(replace(slide, slides=slides))
    assert desk.state.text == "Three."
    controller.undo()
    assert desk.state == working
    controller.redo()
    assert desk.state.text == "Three."
    controller.undo()
    controller.opened(replace(slides[0], slides=slides))
    controller.opened(working)
    assert desk.state == working
    controller.undo()
    assert desk.state.slides == ()
    controller.undo()
    assert desk.state == FIRST


def test_two_files_opened_one_after_the_other_are_two_steps() -> None:
    desk = Desk()
    slides = (AppState(text="One."),)
    desk.controller.opened(AppState(text="A file.", slides=slides))
    desk.now += 0.1
    desk.controller.opened(replace(slides[0], slides=slides))
    desk.now += 0.1
    desk.controller.opened(AppState(text="Another file."))
    for text in ("One.", "A file.", FIRST.text):
        desk.controller.undo()
        assert desk.state.text == text
