"""What the person has chosen, as frozen values, and the one pure function that changes it.

``AppState`` is what the engine must be asked about (text, model, method, target); ``ViewState`` is how the same
result is looked at and never reaches the engine, except that the shown layer decides whose feed-forward maps are
fetched. Events are facts or wishes in the words of a person; ``reduce`` folds them into the next state. ``Shown`` is
everything the window needs to draw itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from engine.contract import Against, Explanation, Failure, Progress, Request, Token


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
class Place:
    """The word whose answer is explained: ``start`` is its first character in the text, ``token`` its first token.

    ``token`` is None where it is not known yet.
    """

    start: int
    token: int | None


@dataclass(frozen=True, slots=True)
class AppState:
    """What is explained, and how it is looked at. ``place`` None leaves it to the model where its answer is read."""

    text: str = ""
    model: str = "english-sentiment"
    method: str = "decompx"
    parameters: tuple[tuple[str, str], ...] = ()
    target: int | str | None = None
    against: int | str | Against = Against.OTHER
    place: Place | None = None
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
    """A method was picked, with the parameters that differ from its own defaults."""

    method: str
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TargetChosen:
    """An answer, and what it is explained instead of, were picked."""

    target: int | str | None
    against: int | str | Against


@dataclass(frozen=True, slots=True)
class PlaceChosen:
    """A word was picked whose answer is to be explained, None for the one the model's answer is usually read at."""

    place: Place | None


@dataclass(frozen=True, slots=True)
class Looked:
    """The same result is to be looked at differently."""

    view: ViewState


Event: TypeAlias = TextEdited | ModelChosen | MethodChosen | TargetChosen | PlaceChosen | Looked


def reduce(state: AppState, event: Event) -> AppState:
    """The state after ``event``. Pure: same arguments, same answer."""
    match event:
        case TextEdited(text):
            view = replace(state.view, hover=None, traced=None)
            return replace(state, text=text, place=carried(state.place, state.text, text), view=view)
        case ModelChosen(model):
            view = replace(state.view, hover=None, traced=None)
            return replace(state, model=model, target=None, against=Against.OTHER, place=None, view=view)
        case MethodChosen(method, parameters):
            return replace(state, method=method, parameters=parameters)
        case TargetChosen(target, against):
            return replace(state, target=target, against=against)
        case PlaceChosen(place):
            return replace(state, place=place)
        case Looked(view):
            return replace(state, view=view)


def carried(place: Place | None, before: str, now: str) -> Place | None:
    """The place after an edit: it moves with its word, and is gone when the word's first letter was deleted."""
    if place is None:
        return None
    head = _alike(before, now)
    tail = _alike(before[head:][::-1], now[head:][::-1])
    if place.start < head:
        return place
    if place.start >= len(before) - tail:
        return replace(place, start=place.start + len(now) - len(before))
    retyped = place.start == head and len(now) > head + tail
    return place if retyped else None


def _alike(one: str, other: str) -> int:
    """How many letters two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def token_at(tokens: tuple[Token, ...], start: int) -> int | None:
    """The token of the text that a character belongs to, None where there is none."""
    inside = (place for place, token in enumerate(tokens) if token.segment == 0 and token.start <= start < token.end)
    return next(inside, None)


def request_of(state: AppState, generation: int, feed_forward_layers: tuple[int, ...] = ()) -> Request:
    """The complete question the engine is asked about this state."""
    return Request(
        generation=generation,
        model=state.model,
        method=state.method,
        text=state.text,
        parameters=state.parameters,
        target=state.target,
        against=state.against,
        position=state.place.token if state.place is not None else None,
        feed_forward_layers=feed_forward_layers,
    )


def answers(explanation: Explanation, state: AppState) -> bool:
    """Whether the explanation belongs to what is chosen now, whatever the layers looked into."""
    asked = explanation.request
    return replace(asked, feed_forward_layers=()) == request_of(state, asked.generation)


def layers_missing(explanation: Explanation, state: AppState) -> tuple[int, ...]:
    """The layer whose feed-forward maps still have to be asked for, or none."""
    has_none_to_give = explanation.components is None or explanation.model.layers <= state.view.layer
    if has_none_to_give or state.view.layer in explanation.request.feed_forward_layers:
        return ()
    return (state.view.layer,)


class Activity(Enum):
    """What the program is doing, in the one word the status line needs."""

    NO_TEXT = "no text"
    LOADING = "loading"
    COMPUTING = "computing"
    PREVIEW = "preview"
    UP_TO_DATE = "up to date"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Everything the window draws itself from.

    ``explanation`` is the last good answer, kept while a newer one is on its way (``waiting``); it may be a preview of
    it. ``failure`` is what the person can mend, ``bug`` what only we can. ``seconds`` is what the shown text took,
    looks into layers apart.
    """

    state: AppState
    explanation: Explanation | None = None
    waiting: bool = False
    failure: Failure | None = None
    bug: Failure | None = None
    progress: Progress | None = None
    seconds: float = 0.0

    @property
    def stale(self) -> bool:
        """Whether the picture belongs to something other than what is chosen now."""
        return self.explanation is not None and not answers(self.explanation, self.state)

    @property
    def activity(self) -> Activity:
        """What the program is doing."""
        if not self.state.text.strip():
            return Activity.NO_TEXT
        if self.explanation is not None and not self.stale and not self.explanation.preview:
            return Activity.UP_TO_DATE
        if not self.waiting:
            return Activity.FAILED
        if self.explanation is not None and not self.stale:
            return Activity.PREVIEW
        opened = self.explanation.request.model if self.explanation is not None else None
        return Activity.COMPUTING if opened == self.state.model else Activity.LOADING
