"""A state out of nested dictionaries and lists: every field is checked, a damaged one refuses the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.contract import COMPONENTS, Against
from gui.annotation import AnnotatedWord, Annotation
from gui.examples.example_set import Example, ExampleSet, Walk
from gui.kept.plain_values import (
    UnreadableStateError,
    count,
    flag,
    listing,
    mapping,
    number,
    one_of,
    optional,
    read,
    share,
    text,
)
from gui.kept.state_writing import AGAINST
from gui.state import AppState, Compared, ComparedAs, Comparison, Grouping, Node, Place, Sorting, ViewState


def state_of(given: Mapping[str, Any]) -> AppState:
    """The state whose fields these are. Raises UnreadableStateError where one is not of its kind."""
    usual = AppState()
    return AppState(
        text=read(given, "text", text, usual.text),
        pair=read(given, "pair", optional(text), usual.pair),
        model=read(given, "model", text, usual.model),
        method=read(given, "method", text, usual.method),
        parameters=read(given, "parameters", _parameters, usual.parameters),
        target=read(given, "target", optional(_answer), usual.target),
        against=read(given, "against", _against, usual.against),
        place=read(given, "place", optional(_place), usual.place),
        view=read(given, "view", _view, usual.view),
        comparison=read(given, "comparison", optional(_comparison), usual.comparison),
        slides=read(given, "slides", _slides, usual.slides),
        walk=read(given, "walk", optional(_walk), usual.walk),
    )


def _answer(value: object, name: str) -> int | str:
    return text(value, name) if isinstance(value, str) else count(value, name)


def _against(value: object, name: str) -> int | str | Against:
    if not isinstance(value, dict):
        return _answer(value, name)
    try:
        return Against(value.get(AGAINST))
    except ValueError as error:
        raise UnreadableStateError(f"{name} is no choice of an answer") from error


def _parameters(value: object, name: str) -> tuple[tuple[str, str], ...]:
    pairs = [listing(entry, name) for entry in listing(value, name)]
    if any(len(pair) != 2 for pair in pairs):
        raise UnreadableStateError(f"{name} are no pairs of name and value")
    return tuple((text(key, name), text(chosen, name)) for key, chosen in pairs)


def _place(value: object, name: str) -> Place:
    given = mapping(value, name)
    return Place(count(given.get("start"), "start"), optional(count)(given.get("token"), "token"))


def _sorting(value: object, name: str) -> Sorting:
    given = mapping(value, name)
    return Sorting(text(given.get("column"), "column"), flag(given.get("is_falling"), "is_falling"))


def _words(value: object, name: str) -> tuple[str, ...]:
    return tuple(text(entry, name) for entry in listing(value, name))


def _annotation(value: object, name: str) -> Annotation:
    return Annotation(tuple(_annotated(mapping(entry, name)) for entry in listing(value, name)))


def _annotated(given: Mapping[str, Any]) -> AnnotatedWord:
    return AnnotatedWord(
        form=text(given.get("form"), "form"),
        gloss=text(given.get("gloss", ""), "gloss"),
        part_of_speech=text(given.get("part_of_speech", ""), "part of speech"),
        head=optional(count)(given.get("head"), "head"),
        relation=text(given.get("relation", ""), "relation"),
    )


def _traced(value: object, name: str) -> Node:
    given = mapping(value, name)
    return Node(count(given.get("boundary"), "boundary"), count(given.get("token"), "token"))


def _component(value: object, name: str) -> str:
    if value not in COMPONENTS:
        raise UnreadableStateError(f"{name} is no component of a layer")
    return str(value)


_VIEW_READERS: Mapping[str, Callable[[object, str], Any]] = {
    "view": text,
    "layer": count,
    "head": optional(count),
    "every_layer": flag,
    "sorting": optional(_sorting),
    "coverage": share,
    "grouping": one_of(Grouping),
    "whole_words": flag,
    "split_words": _words,
    "show_special": flag,
    "paths_only": flag,
    "scale_top": optional(number),
    "annotation": optional(_annotation),
    "compared_as": one_of(ComparedAs),
    "component": _component,
    "one_scale": flag,
    "traced": optional(_traced),
}


def _view(value: object, name: str) -> ViewState:
    given = mapping(value, name)
    found = {entry: reader(given[entry], entry) for entry, reader in _VIEW_READERS.items() if entry in given}
    return replace(ViewState(), **found)


def _comparison(value: object, name: str) -> Comparison:
    given, usual = mapping(value, name), Comparison()
    return Comparison(
        compared=read(given, "compared", one_of(Compared), usual.compared),
        text=read(given, "text", text, usual.text),
        pair=read(given, "pair", optional(text), usual.pair),
        place=read(given, "place", optional(_place), usual.place),
        annotation=read(given, "annotation", optional(_annotation), usual.annotation),
        model=read(given, "model", text, usual.model),
        method=read(given, "method", text, usual.method),
        parameters=read(given, "parameters", _parameters, usual.parameters),
        layer=read(given, "layer", count, usual.layer),
    )


def _slides(value: object, name: str) -> tuple[AppState, ...]:
    entries = [mapping(entry, name) for entry in listing(value, name)]
    if any(entry.get("slides") for entry in entries):
        raise UnreadableStateError(f"{name} hold slides of their own")
    return tuple(map(state_of, entries))


def _walk(value: object, name: str) -> Walk:
    given = mapping(value, name)
    examples = tuple(_example(mapping(entry, "example")) for entry in listing(given.get("examples"), "examples"))
    at = read(given, "at", count, 0)
    if at >= len(examples):
        raise UnreadableStateError(f"{name} is at no example of its own")
    return Walk(ExampleSet(read(given, "title", text, ""), examples, read(given, "model", text, "")), at)


def _example(given: Mapping[str, Any]) -> Example:
    return Example(
        text=text(given.get("text"), "text"),
        other=read(given, "other", optional(text), None),
        target=read(given, "target", optional(text), None),
        against=read(given, "against", optional(text), None),
        annotation=read(given, "annotation", optional(_annotation), None),
        note=read(given, "note", text, ""),
    )
