"""What the person has chosen, as frozen values, and the one pure function that changes it.

``AppState`` is what the engine must be asked about (text, model, method, target); ``ViewState`` is how the same
result is looked at and never reaches the engine, except that what costs something of its own is fetched when it is
looked at: the shown layer's feed-forward maps, and the flow between groups of layers. Events are facts or wishes in
the words of a person; ``reduce`` folds them into the next state. ``Shown`` is everything the window needs to draw
itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from engine.contract import Against, Explanation, Failure, Progress, Request, Token
from gui.annotation import Annotation

SHOWS_ALL_LAYERS = "overview"  # the view that wants the dear maps of every layer


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


class Grouping(Enum):
    """How many layers one step of the flow takes together."""

    EVERY = "every layer"
    TWOS = "by two"
    THREES = "by three"
    FOURS = "by four"
    THIRDS = "early, middle, late"


def boundaries_of(grouping: Grouping, layers: int) -> tuple[int, ...]:
    """The boundaries where the groups of a model's layers meet, from 0 to ``layers``; () for every single one.

    The last group is the shorter one; thirds differ by one layer at most.
    """
    if grouping is Grouping.THIRDS:
        found = tuple(dict.fromkeys(round(third * layers / 3) for third in range(4)))
    else:
        step = {Grouping.EVERY: 1, Grouping.TWOS: 2, Grouping.THREES: 3, Grouping.FOURS: 4}[grouping]
        found = (*range(0, layers, step), layers)
    return found if len(found) <= layers else ()


@dataclass(frozen=True, slots=True)
class Sorting:
    """A column of the table, by its identifier, and whether its largest come first."""

    column: str
    is_falling: bool


@dataclass(frozen=True, slots=True)
class ViewState:
    """How a result is looked at. ``layer`` is 0-based; ``coverage`` is the share of the flow to be drawn.

    ``split_words`` are words shown in pieces though ``whole_words``. ``head`` is the attention head in front, None for
    all of them; ``every_layer`` looks at the heads of all layers at once. ``scale_top`` is the end of the component
    maps' colour scale where it is locked. ``sorting`` is that of the table, None for the order of the text.
    """

    view: str = "flow"
    layer: int = 3
    head: int | None = None
    every_layer: bool = False
    coverage: float = 0.8
    grouping: Grouping = Grouping.EVERY
    whole_words: bool = True
    split_words: tuple[str, ...] = ()
    show_special: bool = True
    paths_only: bool = True
    scale_top: float | None = None
    annotation: Annotation | None = None
    sorting: Sorting | None = None
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
    """What is explained, and how it is looked at.

    ``pair`` is the second text of a pair, None where there is one text. ``place`` None leaves it to the model where
    its answer is read.
    """

    text: str = ""
    pair: str | None = None
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
class PairEdited:
    """The second text now reads so; None takes it away."""

    pair: str | None


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


Event: TypeAlias = TextEdited | PairEdited | ModelChosen | MethodChosen | TargetChosen | PlaceChosen | Looked


def reduce(state: AppState, event: Event) -> AppState:
    """The state after ``event``. Pure: same arguments, same answer."""
    match event:
        case TextEdited(text):
            view = replace(state.view, hover=None, traced=None)
            return replace(state, text=text, place=carried(state.place, state.text, text), view=view)
        case PairEdited(pair):
            view = replace(state.view, hover=None, traced=None)
            return replace(state, pair=pair, view=view)
        case ModelChosen(model):
            view = replace(state.view, hover=None, traced=None)
            view = replace(view, head=None, scale_top=None)
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


def word_around(tokens: tuple[Token, ...], place: int) -> tuple[bool, int, int] | None:
    """Where the word of a token stands: whether in the second text, and its first and last character (exclusive).

    None for what the model adds.
    """
    token = tokens[place]
    if token.word_index < 0 or token.start < 0:
        return None
    word = [other for other in tokens if other.word_index == token.word_index and other.start >= 0]
    return token.segment == 1, min(other.start for other in word), max(other.end for other in word)


@dataclass(frozen=True, slots=True)
class Look:
    """What is wanted beside an explanation that stands already: layers' dear maps, and the flow between boundaries."""

    feed_forward_layers: tuple[int, ...] = ()
    boundaries: tuple[int, ...] = ()


NOTHING_MORE = Look()


def request_of(state: AppState, generation: int, look: Look = NOTHING_MORE) -> Request:
    """The complete question the engine is asked about this state."""
    return Request(
        generation=generation,
        model=state.model,
        method=state.method,
        text=state.text,
        pair=state.pair,
        parameters=state.parameters,
        target=state.target,
        against=state.against,
        position=state.place.token if state.place is not None else None,
        feed_forward_layers=look.feed_forward_layers,
        boundaries=look.boundaries,
    )


def answers(explanation: Explanation, state: AppState) -> bool:
    """Whether the explanation belongs to what is chosen now, whatever was looked into."""
    asked = explanation.request
    return replace(asked, feed_forward_layers=(), boundaries=()) == request_of(state, asked.generation)


def look_missing(explanation: Explanation, state: AppState) -> Look | None:
    """What has to be asked for next, with what is there already; None where nothing is missing.

    One layer at a time, the shown one first, so that each is seen as soon as it is there.
    """
    asked, layers = explanation.request, explanation.model.layers
    boundaries = boundaries_of(state.view.grouping, layers) if explanation.flow is not None else ()
    wanted = [state.view.layer] if state.view.layer < layers else []
    if state.view.view == SHOWS_ALL_LAYERS:
        wanted += range(layers)
    has_maps = explanation.components is not None
    missing = [layer for layer in wanted if has_maps and layer not in asked.feed_forward_layers]
    if not missing and boundaries in ((), asked.boundaries):
        return None
    return Look(tuple(sorted({*asked.feed_forward_layers, *missing[:1]})), boundaries)


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
    looks into layers apart. ``can_undo`` and ``can_redo`` tell whether there is a step to take.
    """

    state: AppState
    explanation: Explanation | None = None
    waiting: bool = False
    can_undo: bool = False
    can_redo: bool = False
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
