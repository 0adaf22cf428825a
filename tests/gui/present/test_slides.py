"""Slides as values."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gui.examples.example_set import Example, ExampleSet, Walk
from gui.present.slides import moved, place_among, shown_with, slide_of, slide_title, stepped, with_slide, without
from gui.state import AppState, Compared, Hover, Node, ViewState, pinned
from tests.gui.kept.test_stored_state import FULL

ONE, TWO, THREE = (AppState(text=text) for text in ("One.", "Two.", "Three."))
SLIDES = (ONE, TWO, THREE)


def test_a_slide_keeps_the_comparison_and_the_traced_node_and_nothing_around_it() -> None:
    view = replace(FULL.view, hover=Hover(1), traced=Node(1, 2), theme="dark")
    slide = slide_of(replace(FULL, view=view))
    assert slide.comparison == FULL.comparison
    assert slide.view == replace(view, hover=None, theme=ViewState().theme)
    assert (slide.slides, slide.walk) == ((), None)


def test_the_same_is_not_kept_twice_in_a_row() -> None:
    once = with_slide((), ONE)
    assert with_slide(once, replace(ONE, view=replace(ONE.view, hover=Hover(2)))) == once
    assert with_slide((*once, TWO), ONE) == (ONE, TWO, ONE)


@given(st.integers(0, 2), st.integers(-5, 5))
def test_moving_loses_and_doubles_nothing(index: int, to: int) -> None:
    after = moved(SLIDES, index, to)
    assert sorted(after, key=SLIDES.index) == list(SLIDES)
    assert after.index(SLIDES[index]) == min(max(to, 0), 2)
    assert [slide for slide in after if slide is not SLIDES[index]] == list(without(SLIDES, index))


def test_steps_end_where_the_slides_do() -> None:
    assert [stepped(at, 1, 3) for at in (None, 0, 1, 2)] == [0, 1, 2, 2]
    assert [stepped(at, -1, 3) for at in (None, 0, 1, 2)] == [None, 0, 0, 1]
    assert (stepped(None, -100_000, 3), stepped(1, -100_000, 3), stepped(None, 100_000, 3)) == (None, 0, 2)
    assert stepped(None, 1, 0) is None


def test_a_slide_is_shown_among_the_others_and_known_again() -> None:
    walk = Walk(ExampleSet("List", (Example("A"),)))
    state = replace(TWO, slides=SLIDES, walk=walk)
    shown = shown_with(THREE, state)
    assert (shown.text, shown.slides, shown.walk) == ("Three.", SLIDES, walk)
    assert place_among(SLIDES, shown) == 2
    assert place_among(SLIDES, replace(shown, view=replace(shown.view, theme="dark", hover=Hover(0)))) == 2
    assert place_among(SLIDES, replace(shown, text="Three?")) is None


def test_slides_are_known_by_their_words() -> None:
    assert slide_title(AppState(text="  The keys\n are here. ")) == "The keys are here."
    pair = replace(AppState(text="The keys are here."), comparison=pinned(AppState(text="The key is here.")))
    assert slide_title(pair) == "The key is here. | The keys are here."
    methods = replace(pair, comparison=replace(pinned(AppState(text="x")), compared=Compared.METHODS))
    assert slide_title(methods) == "The keys are here."
    assert slide_title(AppState()) == "Empty text"
