"""What the person has chosen, as frozen values, and the one pure function that changes it.

``AppState`` is what the engine must be asked about (text, model, method, target); ``ViewState`` is how the same
result is looked at and never reaches the engine, except that the shown layer decides whose feed-forward maps are
fetched. Events are facts or wishes in the words of a person; ``reduce`` folds them into the next state.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from engine.contract import Against


@dataclass(frozen=True, slots=True)
class Node:
    """A point of the flow graph: ``boundary`` 0 is the words coming in, ``boundary`` L the last layer's states."""

    boundary: int
    token: int


@dataclass(frozen=True, slots=True)
class Hover:
    """What the pointer is on; every view lights up the same word. ``receiver`` is set on cells of a map."""

    token: int
    receiver: int | None = None


@dataclass(frozen=True, slots=True)
class ViewState:
    """How a result is looked at. ``layer`` is 0-based; ``coverage`` is the share of the flow to be drawn."""

    view: str = "flow"
    layer: int = 3
    coverage: float = 0.8
    whole_words: bool = True
    show_special: bool = True
    paths_only: bool = True
    hover: Hover | None = None
    traced: Node | None = None
    theme: str = "light"


@dataclass(frozen=True, slots=True)
class AppState:
    """What is explained, and how it is looked at."""

    text: str = ""
    model: str = "english-sentiment"
    method: str = "decompx"
    parameters: tuple[tuple[str, str], ...] = ()
    target: int | str | None = None
    against: int | str | Against = Against.OTHER
    view: ViewState = field(default_factory=ViewState)


@dataclass(frozen=True, slots=True)
class TextEdited:
    """The text now reads so."""

    text: str


@dataclass(frozen=True, slots=True)
class ModelChosen:
    """A bundled model's name or a folder was picked; targets of the old model mean nothing to the new one."""

    model: str


@dataclass(frozen=True, slots=True)
class MethodChosen:
    """A method was picked."""

    method: str


@dataclass(frozen=True, slots=True)
class TargetChosen:
    """An answer, and what it is explained instead of, were picked."""

    target: int | str | None
    against: int | str | Against


@dataclass(frozen=True, slots=True)
class Looked:
    """The same result is to be looked at differently."""

    view: ViewState


Event: TypeAlias = TextEdited | ModelChosen | MethodChosen | TargetChosen | Looked


def reduce(state: AppState, event: Event) -> AppState:
    """The state after ``event``. Pure: same arguments, same answer."""
    match event:
        case TextEdited(text):
            return replace(state, text=text, view=replace(state.view, hover=None, traced=None))
        case ModelChosen(model):
            return replace(state, model=model, target=None, against=Against.OTHER, view=replace(state.view, traced=None))
        case MethodChosen(method):
            return replace(state, method=method, parameters=())
        case TargetChosen(target, against):
            return replace(state, target=target, against=against)
        case Looked(view):
            return replace(state, view=view)
