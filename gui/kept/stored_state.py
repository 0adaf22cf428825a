"""A state as plain data and back: one readable, versioned form for everything that keeps what a person has chosen.

What comes back was perhaps written by another version, edited by hand or damaged: every field is checked, and anything
that is not of its kind refuses the whole. Where the pointer is and which theme is worn are not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from engine.contract import Against
from gui.annotation import AnnotatedWord, Annotation
from gui.state import AppState, Grouping, Place, Sorting, ViewState

VERSION = 1
MOST_LETTERS = 1_000_000  # of a text, a name or a gloss: nothing a person writes is longer
NOT_KEPT = ("hover", "traced", "theme")
AGAINST = "against"  # the key of a choice that names no answer

T = TypeVar("T")


class UnreadableStateError(ValueError):
    """The data is no state; the message says where."""


def to_plain(state: AppState) -> dict[str, Any]:
    """The state as nested dictionaries and lists, ready for JSON."""
    view = {entry.name: getattr(state.view, entry.name) for entry in fields(ViewState) if entry.name not in NOT_KEPT}
    annotation, sorting = state.view.annotation, state.view.sorting
    view |= {
        "grouping": state.view.grouping.name,
        "sorting": None if sorting is None else {"column": sorting.column, "is_falling": sorting.is_falling},
        "annotation": None if annotation is None else [_word_to_plain(word) for word in annotation.words],
    }
    against = {AGAINST: state.against.value} if isinstance(state.against, Against) else state.against
    place = None if state.place is None else {"start": state.place.start, "token": state.place.token}
    kept = {entry.name: getattr(state, entry.name) for entry in fields(AppState)}
    return {"version": VERSION, **kept, "against": against, "place": place, "view": view}


def from_plain(data: object) -> AppState:
    """The state of :func:`to_plain`. Raises UnreadableStateError for anything else."""
    given = _mapping(data, "state")
    version = given.get("version")
    if version != VERSION:
        raise UnreadableStateError(f"version {version!r} is not {VERSION}")
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
    )


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


def _grouping(value: object, name: str) -> Grouping:
    found = next((grouping for grouping in Grouping if grouping.name == value), None)
    if found is None:
        raise UnreadableStateError(f"{name} is no grouping of layers")
    return found


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


_VIEW_READERS: Mapping[str, Callable[[object, str], Any]] = {
    "view": _text,
    "layer": _count,
    "head": _optional(_count),
    "every_layer": _flag,
    "sorting": _optional(_sorting),
    "coverage": _share,
    "grouping": _grouping,
    "whole_words": _flag,
    "split_words": _words,
    "show_special": _flag,
    "paths_only": _flag,
    "scale_top": _optional(_number),
    "annotation": _optional(_annotation),
}


def _view(value: object, name: str) -> ViewState:
    given = _mapping(value, name)
    read = {entry: reader(given[entry], entry) for entry, reader in _VIEW_READERS.items() if entry in given}
    return replace(ViewState(), **read)
