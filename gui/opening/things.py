"""What a file or folder from outside is to Headstream, by its name, and the state in those that hold one."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from engine import registry
from engine.errors import MethodError
from gui.figures.embedded import UnreadableFigureError, state_in
from gui.kept.session_file import SUFFIX, UnreadableSessionError, load_session
from gui.state import AppState


class Kind(Enum):
    """What can be opened."""

    SESSION = "session"
    FIGURE = "figure"
    EXAMPLES = "examples"
    MODEL = "model"


SUFFIXES = {
    Kind.SESSION: (SUFFIX,),
    Kind.FIGURE: (".svg", ".png", ".pdf"),
    Kind.EXAMPLES: (".jsonl", ".tsv", ".csv", ".txt", ".conllu", ".conll"),
}


class CannotOpenError(ValueError):
    """It cannot be opened; the message says why, for the person."""


def kind_of(path: Path) -> Kind:
    """What it is. Raises CannotOpenError for what is none of these."""
    suffix = path.suffix.lower()
    found = next((kind for kind, suffixes in SUFFIXES.items() if suffix in suffixes), None)
    try:
        is_folder = path.is_dir()
        if is_folder and (path / "config.json").is_file():
            return Kind.MODEL
    except (OSError, ValueError):  # the system does not let it be looked at, or has no such names
        is_folder = False
    if is_folder:
        raise CannotOpenError("It is a folder without a model: there is no config.json in it.")
    if found is None:
        raise CannotOpenError(
            "Headstream opens its sessions, figures saved by it (SVG, PDF, PNG), lists of examples "
            "(JSONL, TSV, CSV, TXT, CoNLL-U) and model folders."
        )
    return found


def state_from(path: Path, kind: Kind) -> AppState:
    """The state in a session or a figure. Raises CannotOpenError where there is none that this program can show."""
    try:
        state = load_session(path) if kind is Kind.SESSION else state_in(path)
    except (UnreadableSessionError, UnreadableFigureError) as error:
        raise CannotOpenError(str(error)) from error
    for shown in (state, *state.slides):
        _check_methods(shown)
    return state


def _check_methods(state: AppState) -> None:
    asked = [(state.method, state.parameters)]
    if state.comparison is not None and state.comparison.method:
        asked.append((state.comparison.method, state.comparison.parameters))
    for method, parameters in asked:
        try:
            registry.find(method).parse(parameters)
        except MethodError as error:
            raise CannotOpenError(
                f"It uses a method that is not known here. {error.message} Open it with the program that wrote it."
            ) from error
