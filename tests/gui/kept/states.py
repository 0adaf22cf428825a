"""Every state a person can reach, and more: strategies for hypothesis."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from engine.contract import COMPONENTS, Against
from gui.annotation import AnnotatedWord, Annotation
from gui.examples.example_set import Example, ExampleSet, Walk
from gui.state import (
    AppState,
    Compared,
    ComparedAs,
    Comparison,
    Grouping,
    Node,
    Place,
    Sorting,
    ViewState,
)

NUMBERS = st.integers(0, 1_000_000)
WORDS = st.text(st.characters(codec="utf-8"), max_size=12)  # whatever can be written: no half letters
PARAMETERS = st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple)
PLACES = st.builds(Place, NUMBERS, st.none() | NUMBERS)
ANNOTATIONS = st.builds(
    Annotation,
    st.lists(st.builds(AnnotatedWord, WORDS, WORDS, WORDS, st.none() | NUMBERS, WORDS), max_size=2).map(tuple),
)
VIEWS = st.builds(
    ViewState,
    view=WORDS,
    layer=NUMBERS,
    head=st.none() | NUMBERS,
    every_layer=st.booleans(),
    coverage=st.floats(0, 1, exclude_min=True),
    grouping=st.sampled_from(Grouping),
    whole_words=st.booleans(),
    split_words=st.lists(WORDS, max_size=2).map(tuple),
    show_special=st.booleans(),
    paths_only=st.booleans(),
    scale_top=st.none() | st.floats(0, 1e9, exclude_min=True),
    annotation=st.none() | ANNOTATIONS,
    sorting=st.none() | st.builds(Sorting, WORDS, st.booleans()),
    compared_as=st.sampled_from(ComparedAs),
    component=st.sampled_from(COMPONENTS),
    one_scale=st.booleans(),
    traced=st.none() | st.builds(Node, NUMBERS, NUMBERS),
)
COMPARISONS = st.builds(
    Comparison,
    compared=st.sampled_from(Compared),
    text=WORDS,
    pair=st.none() | WORDS,
    place=st.none() | PLACES,
    annotation=st.none() | ANNOTATIONS,
    model=WORDS,
    method=WORDS,
    parameters=PARAMETERS,
    layer=NUMBERS,
)
EXAMPLES = st.builds(
    Example, WORDS, st.none() | WORDS, st.none() | WORDS, st.none() | WORDS, st.none() | ANNOTATIONS, WORDS
)


@st.composite
def _walks(draw: st.DrawFn) -> Walk:
    examples = tuple(draw(st.lists(EXAMPLES, min_size=1, max_size=2)))
    return Walk(ExampleSet(draw(WORDS), examples, draw(WORDS)), draw(st.integers(0, len(examples) - 1)))


SINGLE = st.builds(
    AppState,
    text=WORDS,
    pair=st.none() | WORDS,
    model=WORDS,
    method=WORDS,
    parameters=PARAMETERS,
    target=st.none() | NUMBERS | WORDS,
    against=NUMBERS | WORDS | st.sampled_from(Against),
    place=st.none() | PLACES,
    view=VIEWS,
    comparison=st.none() | COMPARISONS,
)


@st.composite
def states(draw: st.DrawFn) -> AppState:
    """A state with slides and a list of examples; nothing hovered or dressed, which is never kept."""
    slides = tuple(draw(st.lists(SINGLE, max_size=2)))
    return replace(draw(SINGLE), slides=slides, walk=draw(st.none() | _walks()))
