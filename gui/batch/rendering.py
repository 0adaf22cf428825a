"""What the options of ``render`` mean: a state from a session or a figure, and from what is written after it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine import registry
from engine.contract import Against, ModelInfo
from engine.errors import TextError
from gui.batch.order import Order
from gui.examples.example_set import ExampleSet
from gui.figures.embedded import UnreadableFigureError, state_in
from gui.figures.files import KINDS as FIGURES
from gui.kept.session_file import SUFFIX, UnreadableSessionError, load_session
from gui.state import AppState, ComparedAs, Place, ViewState

OF_ONE_SENTENCE = ("text", "pair", "ids", "segments", "attention_mask", "position")


def settings_in(path: Path) -> AppState:
    """The state of a session file, or of a figure that carries its settings. Raises TextError."""
    try:
        return state_in(path) if path.suffix.lower() in FIGURES else load_session(path)
    except (UnreadableFigureError, UnreadableSessionError) as error:
        hint = f"Name a session ({SUFFIX}) or a figure that Headstream has written."
        raise TextError("The settings cannot be read", f"“{path.name}”: {error}", hint) from error


def as_defaults(state: AppState, *, is_of_another: bool) -> Mapping[str, Any]:
    """The state as what the options are where nothing is said, without its text where it is of another."""
    against = None if isinstance(state.against, Against) and state.against is Against.OTHER else state.against
    place = state.place
    own = {
        "text": state.text or None,
        "pair": state.pair,
        "position": None if place is None else place.token,
    }
    return ({} if is_of_another else own) | {
        "model": state.model,
        "method": state.method,
        "target": _quoted(state.target),
        "against": _quoted(against),
        "layer": state.view.layer + 1,
        "coverage": state.view.coverage,
        "pieces": not state.view.whole_words,
        "compared_as": state.view.compared_as.value,
    }


def kept_parameters(parsed: argparse.Namespace, kept: AppState) -> list[str]:
    """What the method is set to: as it was kept where nothing is said and the method is the same."""
    if parsed.set or parsed.method != kept.method:
        return list(parsed.set)
    return [f"{name}={value}" for name, value in kept.parameters]


def _quoted(answer: object) -> object:
    """A label that reads like an index in marks of its own, as it would be written on a command line."""
    return f'"{answer}"' if isinstance(answer, str) and answer.removeprefix("-").isdecimal() else answer


def state_of(parsed: argparse.Namespace, kept: AppState | None, model: ModelInfo) -> AppState:
    """What is explained and how it is looked at. Raises TextError for a layer there is not, MethodError as parsing."""
    look = kept.view if kept is not None else ViewState()
    layer = model.layers // 2 if parsed.layer is None else parsed.layer - 1
    if layer >= model.layers:
        if kept is None or layer != kept.view.layer:
            told = f"The model has {model.layers} layers."
            raise TextError("There is no such layer", told, f"Use --layer 1 to {model.layers}.")
        layer = model.layers - 1
    if parsed.head is not None and parsed.head > model.heads:
        told = f"The model has {model.heads} heads in every layer."
        raise TextError("There is no such head", told, f"Use --head 1 to {model.heads}.")
    look = replace(
        look,
        layer=layer,
        coverage=parsed.coverage,
        whole_words=not parsed.pieces or parsed.words,
        theme=parsed.theme,
        compared_as=ComparedAs(parsed.compared_as),
        component=parsed.component or look.component,
        show_special=look.show_special and not parsed.hide_special,
        head=parsed.head - 1 if parsed.head is not None else look.head,
    )
    return AppState(
        text=parsed.text or "",
        pair=parsed.pair,
        model=parsed.model,
        method=parsed.method,
        parameters=tuple(registry.split_setting(setting) for setting in parsed.set),
        target=parsed.target,
        against=Against.OTHER if parsed.against is None else parsed.against,
        place=None if parsed.position is None else _place(kept, parsed.position),
        view=look,
    )


def _place(kept: AppState | None, token: int) -> Place:
    is_kept = kept is not None and kept.place is not None and kept.place.token == token
    return kept.place if is_kept and kept is not None and kept.place is not None else Place(0, token)


def order_of(parsed: argparse.Namespace, state: AppState, examples: ExampleSet) -> Order:
    """The order for a list of sentences."""
    return Order(
        state=state,
        examples=examples,
        pictures=tuple(dict.fromkeys(parsed.view)),
        kind=f".{parsed.kind}",
        size=parsed.size,
        captioned=not parsed.no_caption,
        table=f".{parsed.table}",
    )


def refuse_idle(parsed: argparse.Namespace, names: tuple[str, ...], beside: str) -> None:
    """Raises TextError where one of these options was given, which says nothing beside another."""
    for name in names:
        if getattr(parsed, name) not in (None, False):
            option = name.replace("_", "-")
            raise TextError("Idle option", f"--{option} says nothing where {beside} is given.", "Leave it out.")
