"""A state as plain data: everything chosen comes back, everything else is refused."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contract import Against
from gui.annotation import AnnotatedWord, Annotation
from gui.examples.example_set import Example, ExampleSet, Walk
from gui.kept.stored_state import UnreadableStateError, from_plain, to_plain
from gui.state import (
    AppState,
    Compared,
    ComparedAs,
    Comparison,
    Grouping,
    Hover,
    Node,
    Place,
    Sorting,
    ViewState,
    pinned,
    second_side,
)
from tests.gui.kept.states import states

ALONE = AppState(
    text="Die Schlüssel 🗝️ der Kiste",
    pair="شاهد الفيلم",
    model="somewhere/else",
    method="alti",
    parameters=(("norm", "l2"), ("bias", "none")),
    target="are",
    against=7,
    place=Place(4, 2),
    view=ViewState(
        view="heads",
        layer=7,
        head=3,
        every_layer=True,
        sorting=Sorting("share", is_falling=False),
        coverage=0.55,
        grouping=Grouping.THIRDS,
        whole_words=False,
        split_words=("Schlüssel",),
        show_special=False,
        paths_only=False,
        scale_top=0.4,
        annotation=Annotation((AnnotatedWord("Die", "the", "DET", 2, "det"), AnnotatedWord("Kiste"))),
        compared_as=ComparedAs.MAPS,
        component="attention",
        one_scale=False,
        traced=Node(2, 3),
    ),
)
FULL = replace(
    ALONE,
    comparison=replace(pinned(ALONE), compared=Compared.LAYERS, layer=2),
    slides=(replace(second_side(ALONE), comparison=pinned(ALONE)), AppState(text="A film.")),
    walk=Walk(ExampleSet("Agreement", (Example("A"), Example("B", "C", "is", "are", None, "look")), "somewhere"), 1),
)


@pytest.mark.parametrize("state", [AppState(), FULL, replace(FULL, target=3, against=Against.NOTHING, place=None)])
def test_what_is_chosen_comes_back_through_json(state: AppState) -> None:
    assert from_plain(json.loads(json.dumps(to_plain(state)))) == state


def test_every_field_differs_in_the_full_example() -> None:
    """A field that is added and forgotten here would be lost without a sign."""
    not_kept = {"hover", "theme"}
    for full, usual in ((FULL, AppState()), (FULL.view, ViewState()), (FULL.comparison, Comparison())):
        same = {entry.name for entry in fields(full) if getattr(full, entry.name) == getattr(usual, entry.name)}
        assert same <= not_kept


def test_where_the_pointer_is_and_the_theme_are_not_kept() -> None:
    pointed = replace(FULL, view=replace(FULL.view, hover=Hover(1), theme="dark"))
    assert from_plain(to_plain(pointed)) == FULL


def test_a_field_an_older_version_did_not_write_is_as_usual() -> None:
    assert from_plain({"version": 1, "text": "A film.", "view": {}}) == AppState(text="A film.")


@pytest.mark.parametrize(
    "spoiled",
    [
        None,
        [],
        {"text": "no version"},
        {"version": 3},
        {"version": 2, "comparison": {"compared": "two moods"}},
        {"version": 2, "slides": [{"slides": [{}]}]},
        {"version": 2, "walk": {"examples": [{"text": "A"}], "at": 1}},
        {"version": 2, "walk": {"examples": []}},
        {"version": 1, "text": 3},
        {"version": 1, "text": "x" * 1_000_001},
        {"version": 1, "text": "\ud83d"},
        {"version": 1, "target": -1},
        {"version": 1, "target": True},
        {"version": 1, "against": {"against": "everything"}},
        {"version": 1, "parameters": [["norm"]]},
        {"version": 1, "place": {"start": None}},
        {"version": 1, "view": {"layer": 1.5}},
        {"version": 1, "view": {"coverage": 7}},
        {"version": 1, "view": {"coverage": float("nan")}},
        {"version": 1, "view": {"grouping": "by seven"}},
        {"version": 1, "view": {"split_words": "word"}},
        {"version": 1, "view": {"sorting": {"column": "share"}}},
        {"version": 1, "view": {"annotation": [{"gloss": "no form"}]}},
        {"version": 2, "view": {"traced": [1, 2]}},
        {"version": 2, "view": {"traced": {"boundary": -1, "token": 2}}},
    ],
    ids=str,
)
def test_anything_else_is_refused(spoiled: object) -> None:
    with pytest.raises(UnreadableStateError):
        from_plain(spoiled)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from([*to_plain(FULL), *to_plain(FULL)["view"]]), PLAIN)
def test_one_damaged_field_is_refused_or_read_never_worse(name: str, value: Any) -> None:
    plain = to_plain(FULL)
    (plain if name in plain else plain["view"])[name] = value
    try:
        state = from_plain(plain)
    except UnreadableStateError:
        return
    assert from_plain(json.loads(json.dumps(to_plain(state)))) == state


@given(states())
def test_whatever_a_person_has_chosen_comes_back(state: AppState) -> None:
    assert from_plain(json.loads(json.dumps(to_plain(state)))) == state


def test_slides_within_slides_are_refused_however_deep() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"slides": [deep]}
    with pytest.raises(UnreadableStateError):
        from_plain({"version": 2, **deep})
