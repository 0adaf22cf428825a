"""A state as nested dictionaries and lists, ready for JSON."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from engine.contract import Against
from gui.annotation import AnnotatedWord, Annotation
from gui.examples.example_set import Example, Walk
from gui.state import AppState, Comparison, Place, ViewState

NOT_KEPT = ("hover", "theme")
AGAINST = "against"  # the key of a choice that names no answer


def plain_state(state: AppState) -> dict[str, Any]:
    """Everything chosen; where the pointer is and which theme is worn are left out."""
    kept = {entry.name: getattr(state, entry.name) for entry in fields(AppState)}
    against = {AGAINST: state.against.value} if isinstance(state.against, Against) else state.against
    return kept | {
        "against": against,
        "place": _plain_place(state.place),
        "view": _plain_view(state.view),
        "comparison": None if state.comparison is None else _plain_comparison(state.comparison),
        "slides": [plain_state(slide) for slide in state.slides],
        "walk": None if state.walk is None else _plain_walk(state.walk),
    }


def _plain_view(view: ViewState) -> dict[str, Any]:
    kept = {entry.name: getattr(view, entry.name) for entry in fields(ViewState) if entry.name not in NOT_KEPT}
    sorting = view.sorting
    return kept | {
        "grouping": view.grouping.name,
        "compared_as": view.compared_as.name,
        "sorting": None if sorting is None else {"column": sorting.column, "is_falling": sorting.is_falling},
        "annotation": _plain_annotation(view.annotation),
        "traced": None if view.traced is None else {"boundary": view.traced.boundary, "token": view.traced.token},
    }


def _plain_comparison(comparison: Comparison) -> dict[str, Any]:
    return {entry.name: getattr(comparison, entry.name) for entry in fields(Comparison)} | {
        "compared": comparison.compared.name,
        "place": _plain_place(comparison.place),
        "annotation": _plain_annotation(comparison.annotation),
    }


def _plain_walk(walk: Walk) -> dict[str, Any]:
    examples = [_plain_example(example) for example in walk.examples.examples]
    return {"title": walk.examples.title, "model": walk.examples.model, "examples": examples, "at": walk.at}


def _plain_example(example: Example) -> dict[str, Any]:
    kept = {entry.name: getattr(example, entry.name) for entry in fields(Example)}
    return kept | {"annotation": _plain_annotation(example.annotation)}


def _plain_place(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"start": place.start, "token": place.token}


def _plain_annotation(annotation: Annotation | None) -> list[dict[str, Any]] | None:
    return None if annotation is None else [_plain_word(word) for word in annotation.words]


def _plain_word(word: AnnotatedWord) -> dict[str, Any]:
    return {entry.name: getattr(word, entry.name) for entry in fields(word)}
