"""The pure fold of events, and what a state asks the engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.contract import Against, Components, Progress
from gui.asking import Look, answers, look_missing, request_of
from gui.events import (
    Looked,
    MethodChosen,
    ModelChosen,
    PlaceChosen,
    TargetChosen,
    TextEdited,
    carried,
    reduce,
    token_at,
)
from gui.shown import Activity, Shown
from gui.state import AppState, Grouping, Hover, Node, Place, ViewState, boundaries_of
from tests.gui import samples
from tests.gui.stage import answer

LOOKING = ViewState(hover=Hover(2), traced=Node(1, 2))
STATE = AppState(text="A film.", method="globenc", parameters=(("map", "N"),), target=1, against=0, view=LOOKING)


def test_new_text_leaves_the_words_that_were_pointed_at() -> None:
    state = reduce(STATE, TextEdited("Another film."))
    assert state == replace(STATE, text="Another film.", view=replace(LOOKING, hover=None, traced=None))


def test_a_new_model_forgets_the_old_ones_classes() -> None:
    state = reduce(STATE, ModelChosen("folder"))
    assert (state.model, state.target, state.against) == ("folder", None, Against.OTHER)
    assert (state.view.hover, state.view.traced) == (None, None)
    assert (state.text, state.method, state.parameters) == (STATE.text, STATE.method, STATE.parameters)


def test_a_new_method_comes_with_its_own_parameters() -> None:
    assert reduce(STATE, MethodChosen("rollout")) == replace(STATE, method="rollout", parameters=())
    chosen = reduce(STATE, MethodChosen("rollout", (("r", "0.3"),)))
    assert chosen.parameters == (("r", "0.3"),)


def test_target_and_look_change_nothing_else() -> None:
    assert reduce(STATE, TargetChosen(0, Against.NOTHING)) == replace(STATE, target=0, against=Against.NOTHING)
    assert reduce(STATE, Looked(ViewState(layer=1))) == replace(STATE, view=ViewState(layer=1))


def test_a_request_holds_everything_that_was_chosen() -> None:
    request = request_of(STATE, 7, Look((2,)))
    assert (request.generation, request.text, request.model, request.method) == (7, "A film.", STATE.model, "globenc")
    assert (request.parameters, request.target, request.against) == ((("map", "N"),), 1, 0)
    assert (request.components, request.feed_forward_layers) == (True, (2,))


def test_an_answer_belongs_to_its_text_model_method_and_target_whatever_the_layer() -> None:
    explanation = answer(request_of(STATE, 3, Look((1,), (0, 3, 6))))
    assert answers(explanation, STATE)
    assert answers(explanation, reduce(STATE, Looked(ViewState(layer=5))))
    for event in (TextEdited("A film"), ModelChosen("x"), MethodChosen("globenc"), TargetChosen(0, 1)):
        assert not answers(explanation, reduce(STATE, event)), event


def test_only_maps_nobody_asked_for_are_missing() -> None:
    first = answer(request_of(STATE, 1))
    assert look_missing(first, STATE) == Look((3,))
    assert look_missing(answer(request_of(STATE, 1, Look((3,)))), STATE) is None
    assert look_missing(answer(request_of(STATE, 1), components=None), STATE) is None
    assert look_missing(answer(request_of(STATE, 1), layers=2), STATE) is None


def test_what_is_there_already_is_asked_for_again_with_what_is_missing() -> None:
    shown = answer(request_of(STATE, 1, Look((3,))))
    assert look_missing(shown, replace(STATE, view=ViewState(layer=5))) == Look((3, 5))
    assert look_missing(shown, replace(STATE, view=ViewState(view="overview"))) == Look((0, 3))
    every = answer(request_of(STATE, 1, Look(tuple(range(6)))))
    assert look_missing(every, replace(STATE, view=ViewState(view="overview"))) is None


def test_grouped_layers_are_asked_for_where_there_is_a_flow() -> None:
    grouped = replace(STATE, view=ViewState(grouping=Grouping.THIRDS))
    assert look_missing(answer(request_of(STATE, 1, Look((3,)))), grouped) == Look((3,), (0, 2, 4, 6))
    assert look_missing(answer(request_of(STATE, 1, Look((3,), (0, 2, 4, 6)))), grouped) is None
    assert look_missing(answer(request_of(STATE, 1, Look((3,), (0, 2, 4, 6)))), STATE) is None
    assert look_missing(answer(request_of(STATE, 1, Look((3,))), flow=None), grouped) is None


@pytest.mark.parametrize(
    ("grouping", "layers", "boundaries"),
    [
        (Grouping.EVERY, 6, ()),
        (Grouping.TWOS, 6, (0, 2, 4, 6)),
        (Grouping.FOURS, 6, (0, 4, 6)),
        (Grouping.THREES, 2, (0, 2)),
        (Grouping.THIRDS, 12, (0, 4, 8, 12)),
        (Grouping.THIRDS, 4, (0, 1, 3, 4)),
        (Grouping.THIRDS, 2, ()),
        (Grouping.TWOS, 1, ()),
    ],
)
def test_groups_of_layers_meet_at_boundaries(grouping: Grouping, layers: int, boundaries: tuple[int, ...]) -> None:
    assert boundaries_of(grouping, layers) == boundaries


@pytest.mark.parametrize(
    ("before", "now", "start"),
    [
        ("the keys are here", "the keys are here now", 9),  # after it
        ("the keys are here", "the old keys are here", 13),  # before it
        ("the keys are here", "keys are here", 5),
        ("the keys are here", "the keys were here", 9),  # retyped
        ("the keys are here", "the keys aren't here", 9),
        ("the keys are here", "the keys  here", None),  # deleted
        ("the keys are here", "the here", None),
        ("the keys are here", "", None),
        ("a a a a", "a a a a", 9),
    ],
)
def test_a_place_moves_with_its_word(before: str, now: str, start: int | None) -> None:
    moved = carried(Place(9, 3), before, now)
    assert moved == (None if start is None else Place(start, 3))
    assert carried(None, before, now) is None


def test_editing_carries_the_place_and_another_model_forgets_it() -> None:
    state = replace(STATE, place=Place(2, 2))
    assert reduce(state, TextEdited("The A film.")).place == Place(6, 2)
    assert reduce(state, ModelChosen("x")).place is None
    assert reduce(STATE, PlaceChosen(Place(2, 2))) == state
    assert request_of(state, 1).position == 2
    assert request_of(replace(state, place=Place(2, None)), 1).position is None
    assert not answers(answer(request_of(STATE, 1)), state)


def test_the_token_of_a_character() -> None:
    tokens = samples.tokens_of("A wonderful film.")
    assert [token_at(tokens, start) for start in (0, 1, 2, 8, 12, 99)] == [1, None, 2, 3, 4, None]


def test_activity_names_what_is_going_on() -> None:
    current = answer(request_of(STATE, 1))
    other = replace(STATE, text="Another.")
    assert Shown(replace(STATE, text=" \n")).activity is Activity.NO_TEXT
    assert Shown(STATE, waiting=True).activity is Activity.LOADING
    assert Shown(STATE).activity is Activity.FAILED
    assert Shown(STATE, current).activity is Activity.UP_TO_DATE
    assert Shown(other, current, waiting=True).activity is Activity.COMPUTING
    assert Shown(replace(STATE, model="m"), current, waiting=True).activity is Activity.LOADING
    assert Shown(other, current).activity is Activity.FAILED
    assert Shown(other, current).stale
    first = answer(request_of(STATE, 1), preview=True)
    assert Shown(STATE, first, waiting=True).activity is Activity.PREVIEW
    assert Shown(STATE, first).activity is Activity.FAILED
    assert Shown(other, first, waiting=True).activity is Activity.COMPUTING
    assert not Shown(STATE, current, waiting=True, progress=Progress(2, 0.5, "")).stale


def test_samples_have_the_maps_the_tests_speak_of() -> None:
    components = samples.explanation().components
    assert isinstance(components, Components)
    assert np.all(components.maps["attention"] >= 0)
