"""Comparisons made by hand: every word's share is given, and all of it flows to the last word."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.contract import Flow, Request, Token
from gui.compare.difference import difference
from gui.state import AppState, Compared, ComparedAs, Comparison, ViewState
from tests.gui import samples


def told_by_hand(text, shares, bias=(0.0, 0.0, 0.5), **changes):
    """Two layers: each word keeps its share, then all goes to the last word. The baseline enters there too."""
    words = text.split()
    starts = np.cumsum([0, *(len(word) + 1 for word in words)])
    tokens = tuple(
        Token(word, 7, int(start), int(start) + len(word), index, 0, False)
        for index, (word, start) in enumerate(zip(words, starts, strict=False))
    )
    held, count = np.array(shares, dtype=float), len(words)
    edge = np.zeros((2, count, count))
    edge[0] = np.diag(held)
    edge[1, -1] = held
    bias_in = np.zeros((2, count))
    bias_in[1, -1] = bias[1]
    nodes = np.stack([held, held, edge[1].sum(1) + bias_in[1]])
    total = float(nodes[-1].sum() + bias[2])
    flow = Flow(edge, nodes, bias_in, np.array([0.0, bias[1], bias[2]]), total, from_map=False)
    whole = samples.explanation(text, layers=2)
    given = {
        "request": Request(generation=1, model="english-sentiment", method="decompx", text=text),
        "tokens": tokens,
        "position": count - 1,
        "flow": flow,
        "scores": held,
        "scores_all": np.stack([-held / 2, held / 2]),
        "bias": np.array([-sum(bias) / 2, sum(bias) / 2]),
        "attention": np.full((2, 1, count, count), 1 / count),
        "components": None,
    }
    return replace(whole, **(given | changes))


def state(compared=Compared.SENTENCES, first_layer=0, method="decompx", **look):
    """B with A as its comparison; the texts are the explanations' own."""
    chosen = ViewState(**({"layer": 1, "coverage": 1.0} | look))
    first = Comparison(compared=compared, text="a", method=method, model="english-sentiment", layer=first_layer)
    return AppState(text="b", view=chosen, comparison=first)


def of(first, second, **look):
    """A and B compared."""
    return difference(first, second, state(**look))


def from_maps(explanation, method="globenc"):
    """The same as a method that knows no sign: shares of 1, drawn from maps."""
    shares = np.abs(explanation.scores) / np.abs(explanation.scores).sum()
    count = len(shares)
    edge = np.zeros((2, count, count))
    edge[0], edge[1, -1] = np.diag(shares), shares
    nodes = np.stack([shares, shares, edge[1].sum(1)])
    return replace(
        explanation,
        request=replace(explanation.request, method=method),
        flow=Flow(edge, nodes, np.zeros((2, count)), np.zeros(3), 1.0, from_map=True),
        scores=shares,
        unit="fraction",
        signed=False,
        explains_answer=False,
        scores_all=None,
        bias=None,
        layer_maps=np.stack([np.eye(count), np.tile(shares, (count, 1))]),
    )


KEYS = told_by_hand("The keys to the cabinet _", [0.0, 2.0, 0.25, 0.0, -0.25, 0.0])
KEY = told_by_hand("The key to the cabinets _", [0.0, -1.75, 0.0, 0.0, 0.25, 0.0], bias=(0.0, 0.0, -0.5))
FLOW, MAPS, WORDS = ComparedAs.FLOW, ComparedAs.MAPS, ComparedAs.WORDS
