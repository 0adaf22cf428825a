"""What can happen to what the person has chosen.

Events are facts or wishes in a person's words; ``reduce`` folds them into the next state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from engine.contract import Against, Token
from gui.examples.example_set import Walk
from gui.state import AppState, Compared, ComparedAs, Comparison, Place, ViewState, first_side, pinned

DIFFERING = {
    Compared.SENTENCES: ("text", "pair", "place", "annotation"),
    Compared.METHODS: ("method", "parameters"),
    Compared.MODELS: ("model",),
    Compared.LAYERS: ("layer",),
}


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


@dataclass(frozen=True, slots=True)
class ComparisonChanged:
    """A comparison began, ended, or its A changed."""

    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class DepthTold:
    """The model of A, or of B, has so many layers: one that has fewer shows its last."""

    of_first: bool
    layers: int


@dataclass(frozen=True, slots=True)
class ComparedChosen:
    """A and B are to differ in something else."""

    compared: Compared


@dataclass(frozen=True, slots=True)
class SidesSwapped:
    """A of the comparison is to be B, and B to be A."""


@dataclass(frozen=True, slots=True)
class SlidesChanged:
    """The states to step through when presenting are these now."""

    slides: tuple[AppState, ...]


@dataclass(frozen=True, slots=True)
class Walked:
    """Another example was walked to, of the same list or another; None leaves the list and keeps the text."""

    walk: Walk | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A whole state was opened: a session, a figure, a slide. Where the person looks from comes with it."""

    state: AppState


Event: TypeAlias = (
    TextEdited
    | PairEdited
    | ModelChosen
    | MethodChosen
    | TargetChosen
    | PlaceChosen
    | Looked
    | DepthTold
    | ComparisonChanged
    | ComparedChosen
    | SidesSwapped
    | SlidesChanged
    | Walked
    | Opened
)


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
            made = state.comparison
            first = None if made is None else replace(made, place=None)
            return replace(
                state, model=model, target=None, against=Against.OTHER, place=None, view=view, comparison=first
            )
        case MethodChosen(method, parameters):
            return replace(state, method=method, parameters=parameters)
        case TargetChosen(target, against):
            return replace(state, target=target, against=against)
        case PlaceChosen(place):
            return replace(state, place=place)
        case Looked(view):
            return replace(state, view=view)
        case DepthTold(of_first, layers):
            return _within(state, layers, of_first=of_first)
        case ComparisonChanged() | ComparedChosen() | SidesSwapped() | SlidesChanged() | Walked() | Opened():
            return _around(state, event)


def _around(
    state: AppState, event: ComparisonChanged | ComparedChosen | SidesSwapped | SlidesChanged | Walked | Opened
) -> AppState:
    match event:
        case ComparisonChanged(comparison):
            return replace(state, comparison=comparison, view=replace(state.view, hover=None, traced=None))
        case ComparedChosen(compared):
            return _compared(state, compared)
        case SidesSwapped():
            return _swapped(state)
        case SlidesChanged(slides):
            return replace(state, slides=slides)
        case Walked(walk):
            return _walked(state, walk)
        case Opened(opened):
            return replace(opened, view=replace(opened.view, theme=state.view.theme, hover=None))


def _within(state: AppState, layers: int, *, of_first: bool) -> AppState:
    made, view = state.comparison, state.view
    if not of_first:
        return replace(state, view=replace(view, layer=min(view.layer, layers - 1)))
    return state if made is None else replace(state, comparison=replace(made, layer=min(made.layer, layers - 1)))


def _compared(state: AppState, compared: Compared) -> AppState:
    """The state with this compared; of two layers only maps can be, and the one before is A where both are the same."""
    made, view = state.comparison, state.view
    if made is None:
        return state
    made = replace(made, compared=compared)
    if compared is Compared.LAYERS:
        view = replace(view, compared_as=ComparedAs.MAPS)
        if made.layer == view.layer:
            made = replace(made, layer=view.layer - 1 if view.layer else 1)
    return replace(state, comparison=made, view=replace(view, hover=None, traced=None))


def _swapped(state: AppState) -> AppState:
    """The state with what A and B differ in exchanged; what is kept for another comparison stays."""
    made = state.comparison
    if made is None:
        return state
    was_first, was_second = first_side(state), pinned(state)
    view = replace(was_first.view, hover=None, traced=None)
    names = DIFFERING[made.compared]
    comparison = replace(made, **{name: getattr(was_second, name) for name in names})
    return replace(was_first, view=view, comparison=comparison, slides=state.slides, walk=state.walk)


def _walked(state: AppState, walk: Walk | None) -> AppState:
    """The state with the walk's example written in; a pair is compared, its first sentence being A."""
    if walk is None:
        return replace(state, walk=None)
    example = walk.example
    view = replace(state.view, annotation=example.annotation, hover=None, traced=None)
    at_first = replace(state, walk=walk, text=example.text, pair=None, place=None, view=view, comparison=None)
    before = state.walk.example if state.walk is not None else None
    if before is not None and (state.target, state.against) == (before.target, before.against):
        at_first = replace(at_first, target=None, against=Against.OTHER)
    if example.target is not None or example.against is not None:
        at_first = replace(at_first, target=example.target, against=example.against or Against.OTHER)
    if example.other is None:
        return at_first
    second = replace(view, annotation=None)
    return replace(at_first, text=example.other, view=second, comparison=pinned(at_first))


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
