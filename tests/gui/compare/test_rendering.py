from __future__ import annotations

import argparse
from dataclasses import replace

import pytest

from engine.cli import add_request_options
from engine.contract import Against
from engine.errors import TextError
from gui.compare.difference import Pane
from gui.compare.rendering import Engine, add_comparison_options, compared, compared_state, is_comparison
from gui.state import Compared, ComparedAs, Grouping, ViewState, first_side, second_side
from tests.gui import samples


def parsed(*options):
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_request_options(parser)
    add_comparison_options(parser, lambda text: int(text))
    return parser.parse_args(["--text", "The film was good.", *options])


class Asked:
    """An engine that answers by hand and remembers what it was asked."""

    def __init__(self, layers=6, **changes):
        self.requests, self.layers, self.changes = [], layers, changes

    def explain(self, request):
        self.requests.append(request)
        made = samples.explanation(request.text, layers=self.layers)
        if request.target not in (None, 1):
            made = replace(made, target=0, against=1)
        return replace(made, request=request, **self.changes)

    def model(self, name):
        return samples.model_info(layers=self.layers)

    @property
    def engine(self):
        return Engine(self.explain, self.model)


def test_one_option_says_what_b_differs_in():
    assert not is_comparison(parsed())
    found = {
        Compared.SENTENCES: ("--compare", "The film was bad."),
        Compared.METHODS: ("--compare-method", "globenc"),
        Compared.MODELS: ("--compare-model", "another"),
        Compared.LAYERS: ("--compare-layer", "5"),
    }
    for kind, options in found.items():
        assert is_comparison(parsed(*options))
        state = compared_state(parsed("--set", "bias=absdot", *options), ViewState(layer=1))
        one, other = first_side(state), second_side(state)
        assert state.comparison.compared is kind
        assert (one.text, one.method, one.model, one.view.layer) == (
            "The film was good.",
            "decompx",
            "english-sentiment",
            1,
        )
        assert one.parameters == (("bias", "absdot"),)
        differing = {
            Compared.SENTENCES: other.text == "The film was bad.",
            Compared.METHODS: (other.method, other.parameters) == ("globenc", ()),
            Compared.MODELS: other.model == "another",
            Compared.LAYERS: other.view.layer == 4,
        }
        assert differing[kind]


def test_only_one_thing_differs():
    with pytest.raises(argparse.ArgumentError):
        parsed("--compare", "b", "--compare-layer", "2")


def test_both_sides_are_explained_for_the_answer_of_the_first():
    asked = Asked()
    made = compared(compared_state(parsed("--compare", "The film was bad."), ViewState()), asked.engine, seed=3)
    one, other = asked.requests
    assert (one.text, one.target, one.against, one.seed) == ("The film was good.", None, Against.OTHER, 3)
    assert (other.text, other.target, other.against, other.seed) == ("The film was bad.", 1, 0, 3)
    assert made.first.request is one
    assert made.side(Pane.SECOND).request is other


def test_another_model_is_asked_for_the_answer_by_its_name():
    asked = Asked(target=1, against=0)
    compared(compared_state(parsed("--compare-model", "another"), ViewState()), asked.engine)
    assert (asked.requests[1].target, asked.requests[1].against) == ("positive", "negative")
    alone = Asked(against=-1)
    compared(compared_state(parsed("--compare", "b"), ViewState()), alone.engine)
    assert alone.requests[1].against is Against.NOTHING


def test_maps_ask_for_their_own_layers_dear_maps():
    asked = Asked()
    options = parsed("--compare-layer", "5", "--compared-as", "maps")
    state = compared_state(options, ViewState(layer=3, component="attention"))
    compared(state, asked.engine)
    assert [request.feed_forward_layers for request in asked.requests] == [(3,), (4,)]
    assert state.view.compared_as is ComparedAs.MAPS


def test_what_cannot_be_compared_ends_in_a_sentence():
    no_flow = Asked(**samples.words_alone())
    with pytest.raises(TextError, match="shows no flow"):
        compared(compared_state(parsed("--compare", "b"), ViewState()), no_flow.engine)
    with pytest.raises(TextError, match="6 layers"):
        compared(compared_state(parsed("--compare-layer", "9"), ViewState()), Asked().engine)
    bare = parsed("--compare", "b")
    bare.text = None
    with pytest.raises(TextError, match="needs a text"):
        compared_state(bare, ViewState())


def test_models_of_unlike_depth_are_taken_as_thirds():
    asked = Asked(target=1, against=0)

    def model(name):
        return samples.model_info(layers=12 if name == "another" else 6)

    with pytest.raises(TextError, match="still being computed"):
        compared(compared_state(parsed("--compare-model", "another"), ViewState()), Engine(asked.explain, model))
    assert [request.boundaries for request in asked.requests] == [(0, 2, 4, 6), (0, 4, 8, 12)]
    assert ViewState().grouping is Grouping.EVERY
