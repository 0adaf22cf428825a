"""What the person has chosen, as frozen values.

``AppState`` is what the engine must be asked about (text, model, method, target); ``ViewState`` is how the same
result is looked at and never reaches the engine, except that what costs something of its own is fetched when it is
looked at (``gui.asking``). ``gui.events`` has what changes them, ``gui.shown`` what the window draws itself from.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from engine.contract import Against
from gui.annotation import Annotation
from gui.examples.example_set import Walk

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


class Compared(Enum):
    """What A and B differ in; everything else they share."""

    SENTENCES = "two sentences"
    METHODS = "two methods"
    MODELS = "two models"
    LAYERS = "two layers"


class ComparedAs(Enum):
    """The picture two explanations are compared in."""

    FLOW = "flow"
    MAPS = "maps"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class ViewState:
    """How a result is looked at. ``layer`` is 0-based; ``coverage`` is the share of the flow to be drawn.

    ``split_words`` are words shown in pieces though ``whole_words``. ``head`` is the attention head in front, None for
    all of them; ``every_layer`` looks at the heads of all layers at once. ``scale_top`` is the end of the component
    maps' colour scale where it is locked. ``sorting`` is that of the table, None for the order of the text.
    ``compared_as``, ``component`` (one of ``engine.contract.COMPONENTS``) and ``one_scale`` are of comparisons: the
    picture, the map it shows, and whether A and B are drawn to the same scale.
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
    compared_as: ComparedAs = ComparedAs.FLOW
    component: str = "layer"
    one_scale: bool = True
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
class Comparison:
    """What is compared with the state itself, which is B: this is A.

    Only what ``compared`` names counts, the rest is kept for when that is chosen; all else A shares with B, so that
    one thing differs.
    """

    compared: Compared = Compared.SENTENCES
    text: str = ""
    pair: str | None = None
    place: Place | None = None
    annotation: Annotation | None = None
    model: str = ""
    method: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    layer: int = 0


@dataclass(frozen=True, slots=True)
class AppState:
    """What is explained, and how it is looked at.

    ``pair`` is the second text of a pair, None where there is one text. ``place`` None leaves it to the model where
    its answer is read. ``comparison`` is what it is compared with, None where one sentence is explored. ``slides`` are
    the states to step through when presenting (they hold no slides of their own), ``walk`` the list of examples that
    the text comes from.
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
    comparison: Comparison | None = None
    slides: tuple[AppState, ...] = ()
    walk: Walk | None = None


def pinned(state: AppState) -> Comparison:
    """The state as A of a comparison; B is like it until it is changed."""
    return Comparison(
        text=state.text,
        pair=state.pair,
        place=state.place,
        annotation=state.view.annotation,
        model=state.model,
        method=state.method,
        parameters=state.parameters,
        layer=state.view.layer,
    )


def first_side(state: AppState) -> AppState:
    """A of the state's comparison as a state of its own. Raises ValueError where nothing is compared."""
    made = state.comparison
    if made is None:
        raise ValueError("nothing is compared")
    alone = second_side(state)
    match made.compared:
        case Compared.SENTENCES:
            view = replace(alone.view, annotation=made.annotation)
            return replace(alone, text=made.text, pair=made.pair, place=made.place, view=view)
        case Compared.METHODS:
            return replace(alone, method=made.method, parameters=made.parameters)
        case Compared.MODELS:
            return replace(alone, model=made.model)
        case Compared.LAYERS:
            return replace(alone, view=replace(alone.view, layer=made.layer))


def second_side(state: AppState) -> AppState:
    """The state without what goes on around it: B of a comparison, or what is explored, alone."""
    return replace(state, comparison=None, slides=(), walk=None)
