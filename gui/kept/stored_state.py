"""A state as plain data and back: one readable, versioned form for everything that keeps what a person has chosen.

What comes back was perhaps written by another version, edited by hand or damaged: every field is checked, and anything
that is not of its kind refuses the whole. Where the pointer is and which theme is worn are not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from enum import Enum
from typing import Any, TypeVar

from engine.contract import COMPONENTS, Against
from gui.annotation import AnnotatedWord, Annotation
from gui.examples.example_set import Example, ExampleSet, Walk
from gui.state import AppState, Compared, ComparedAs, Comparison, Grouping, Place, Sorting, ViewState

VERSION = 2  # 2: comparisons, slides, lists of examples
READABLE = (1, 2)
MOST_LETTERS = 1_000_000  # of a text, a name or a gloss: nothing a person writes is longer
NOT_KEPT = ("hover", "traced", "theme")
AGAINST = "against"  # the key of a choice that names no answer

T = TypeVar("T")
E = TypeVar("E", bound=Enum)


class UnreadableStateError(ValueError):
    """The data is no state; the message says where."""


def to_plain(state: AppState) -> dict[str, Any]:
    """The state as nested dictionaries and lists, ready for JSON."""
    return {"version": VERSION, **_state_to_plain(state)}


def from_plain(data: object) -> AppState:
    """The state of :func:`to_plain`. Raises UnreadableStateError for anything else."""
    given = _mapping(data, "state")
    version = given.get("version")
    if version not in READABLE:
        raise UnreadableStateError(f"version {version!r} is not {VERSION}")
    return _state(given, "state")


def _state_to_plain(state: AppState) -> dict[str, Any]:
    kept = {entry.name: getattr(state, entry.name) for entry in fields(AppState)}
    against = {AGAINST: state.against.value} if isinstance(state.against, Against) else state.against
    return kept | {
        "against": against,
        "place": _place_to_plain(state.place),
        "view": _view_to_plain(state.view),
        "comparison": None if state.comparison is None else _comparison_to_plain(state.comparison),
        "slides": [_state_to_plain(slide) for slide in state.slides],
        "walk": None if state.walk is None else _walk_to_plain(state.walk),
    }


def _view_to_plain(view: ViewState) -> dict[str, Any]:
    kept = {entry.name: getattr(view, entry.name) for entry in fields(ViewState) if entry.name not in NOT_KEPT}
    sorting = view.sorting
    return kept | {
        "grouping": view.grouping.name,
        "compared_as": view.compared_as.name,
        "sorting": None if sorting is None else {"column": sorting.column, "is_falling": sorting.is_falling},
        "annotation": _annotation_to_plain(view.annotation),
    }


def _comparison_to_plain(comparison: Comparison) -> dict[str, Any]:
    return {entry.name: getattr(comparison, entry.name) for entry in fields(Comparison)} | {
        "compared": comparison.compared.name,
        "place": _place_to_plain(comparison.place),
        "annotation": _annotation_to_plain(comparison.annotation),
    }


def _walk_to_plain(walk: Walk) -> dict[str, Any]:
    examples = [_example_to_plain(example) for example in walk.examples.examples]
    return {"title": walk.examples.title, "model": walk.examples.model, "examples": examples, "at": walk.at}


def _example_to_plain(example: Example) -> dict[str, Any]:
    kept = {entry.name: getattr(example, entry.name) for entry in fields(Example)}
    return kept | {"annotation": _annotation_to_plain(example.annotation)}


def _place_to_plain(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"start": place.start, "token": place.token}


def _annotation_to_plain(annotation: Annotation | None) -> list[dict[str, Any]] | None:
    return None if annotation is None else [_word_to_plain(word) for word in annotation.words]


def _word_to_plain(word: AnnotatedWord) -> dict[str, Any]:
    return {entry.name: getattr(word, entry.name) for entry in fields(word)}


def _read(given: Mapping[str, Any], name: str, reader: Callable[[object, str], T], usual: T) -> T:
    """The field read, or what is usual where an older version did not write it."""
    return reader(given[name], name) if name in given else usual


def _optional(reader: Callable[[object, str], T]) -> Callable[[object, str], T | None]:
    def read(value: object, name: str) -> T | None:
        return None if value is None else reader(value, name)

    return read


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise UnreadableStateError(f"{name} is no set of named values")
    return value


def _list(value: object, name: str) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise UnreadableStateError(f"{name} is no list")
    return list(value)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or len(value) > MOST_LETTERS:
        raise UnreadableStateError(f"{name} is no text of reasonable length")
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise UnreadableStateError(f"{name} holds half a letter")
    return value


def _flag(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise UnreadableStateError(f"{name} is neither true nor false")
    return value


def _count(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_LETTERS:
        raise UnreadableStateError(f"{name} is no number of reasonable size")
    return value


def _number(value: object, name: str) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 < value < 1e300:
        raise UnreadableStateError(f"{name} is no number above zero")
    return float(value)


def _share(value: object, name: str) -> float:
    found = _number(value, name)
    if found > 1:
        raise UnreadableStateError(f"{name} is no share")
    return found


def _answer(value: object, name: str) -> int | str:
    return _text(value, name) if isinstance(value, str) else _count(value, name)


def _against(value: object, name: str) -> int | str | Against:
    if not isinstance(value, dict):
        return _answer(value, name)
    try:
        return Against(value.get(AGAINST))
    except ValueError as error:
        raise UnreadableStateError(f"{name} is no choice of an answer") from error


def _parameters(value: object, name: str) -> tuple[tuple[str, str], ...]:
    pairs = [_list(entry, name) for entry in _list(value, name)]
    if any(len(pair) != 2 for pair in pairs):
        raise UnreadableStateError(f"{name} are no pairs of name and value")
    return tuple((_text(key, name), _text(chosen, name)) for key, chosen in pairs)


def _place(value: object, name: str) -> Place:
    given = _mapping(value, name)
    return Place(_count(given.get("start"), "start"), _optional(_count)(given.get("token"), "token"))


def _one_of(kind: type[E]) -> Callable[[object, str], E]:
    def read(value: object, name: str) -> E:
        found = next((member for member in kind if member.name == value), None)
        if found is None:
            raise UnreadableStateError(f"{name} is not one of {', '.join(member.name for member in kind)}")
        return found

    return read


def _sorting(value: object, name: str) -> Sorting:
    given = _mapping(value, name)
    return Sorting(_text(given.get("column"), "column"), _flag(given.get("is_falling"), "is_falling"))


def _words(value: object, name: str) -> tuple[str, ...]:
    return tuple(_text(entry, name) for entry in _list(value, name))


def _annotation(value: object, name: str) -> Annotation:
    return Annotation(tuple(_annotated(_mapping(entry, name)) for entry in _list(value, name)))


def _annotated(given: Mapping[str, Any]) -> AnnotatedWord:
    return AnnotatedWord(
        form=_text(given.get("form"), "form"),
        gloss=_text(given.get("gloss", ""), "gloss"),
        part_of_speech=_text(given.get("part_of_speech", ""), "part of speech"),
        head=_optional(_count)(given.get("head"), "head"),
        relation=_text(given.get("relation", ""), "relation"),
    )


def _component(value: object, name: str) -> str:
    if value not in COMPONENTS:
        raise UnreadableStateError(f"{name} is no component of a layer")
    return str(value)


_VIEW_READERS: Mapping[str, Callable[[object, str], Any]] = {
    "view": _text,
    "layer": _count,
    "head": _optional(_count),
    "every_layer": _flag,
    "sorting": _optional(_sorting),
    "coverage": _share,
    "grouping": _one_of(Grouping),
    "whole_words": _flag,
    "split_words": _words,
    "show_special": _flag,
    "paths_only": _flag,
    "scale_top": _optional(_number),
    "annotation": _optional(_annotation),
    "compared_as": _one_of(ComparedAs),
    "component": _component,
    "one_scale": _flag,
}


def _view(value: object, name: str) -> ViewState:
    given = _mapping(value, name)
    read = {entry: reader(given[entry], entry) for entry, reader in _VIEW_READERS.items() if entry in given}
    return replace(ViewState(), **read)


def _comparison(value: object, name: str) -> Comparison:
    given, usual = _mapping(value, name), Comparison()
    return Comparison(
        compared=_read(given, "compared", _one_of(Compared), usual.compared),
        text=_read(given, "text", _text, usual.text),
        pair=_read(given, "pair", _optional(_text), usual.pair),
        place=_read(given, "place", _optional(_place), usual.place),
        annotation=_read(given, "annotation", _optional(_annotation), usual.annotation),
        model=_read(given, "model", _text, usual.model),
        method=_read(given, "method", _text, usual.method),
        parameters=_read(given, "parameters", _parameters, usual.parameters),
        layer=_read(given, "layer", _count, usual.layer),
    )


def _slides(value: object, name: str) -> tuple[AppState, ...]:
    slides = tuple(_state(_mapping(entry, name), name) for entry in _list(value, name))
    if any(slide.slides for slide in slides):
        raise UnreadableStateError(f"{name} hold slides of their own")
    return slides


def _walk(value: object, name: str) -> Walk:
    given = _mapping(value, name)
    examples = tuple(_example(_mapping(entry, "example")) for entry in _list(given.get("examples"), "examples"))
    at = _read(given, "at", _count, 0)
    if at >= len(examples):
        raise UnreadableStateError(f"{name} is at no example of its own")
    return Walk(ExampleSet(_read(given, "title", _text, ""), examples, _read(given, "model", _text, "")), at)


def _example(given: Mapping[str, Any]) -> Example:
    return Example(
        text=_text(given.get("text"), "text"),
        other=_read(given, "other", _optional(_text), None),
        target=_read(given, "target", _optional(_text), None),
        against=_read(given, "against", _optional(_text), None),
        annotation=_read(given, "annotation", _optional(_annotation), None),
        note=_read(given, "note", _text, ""),
    )


def _state(given: Mapping[str, Any], _: str) -> AppState:
    usual = AppState()
    return AppState(
        text=_read(given, "text", _text, usual.text),
        pair=_read(given, "pair", _optional(_text), usual.pair),
        model=_read(given, "model", _text, usual.model),
        method=_read(given, "method", _text, usual.method),
        parameters=_read(given, "parameters", _parameters, usual.parameters),
        target=_read(given, "target", _optional(_answer), usual.target),
        against=_read(given, "against", _against, usual.against),
        place=_read(given, "place", _optional(_place), usual.place),
        view=_read(given, "view", _view, usual.view),
        comparison=_read(given, "comparison", _optional(_comparison), usual.comparison),
        slides=_read(given, "slides", _slides, usual.slides),
        walk=_read(given, "walk", _optional(_walk), usual.walk),
    )
