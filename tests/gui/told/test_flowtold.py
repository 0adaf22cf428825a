from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.contract import Flow
from gui.state import Grouping, Node, ViewState
from gui.told.flowtold import told
from gui.told.prose import describe, usual_words
from gui.views.flow import VIEW
from tests.gui import samples
from tests.gui.views.test_flow import CHAIN, DECOMPX, grouped, handmade


def written(explanation, view):
    return ["".join(run.text for run in paragraph) for paragraph in told(explanation, view)]


def test_where_nothing_is_traced_the_usual_words_stand():
    explanation = samples.explanation()
    assert told(explanation, ViewState()) == usual_words(explanation, ViewState())
    assert VIEW.told is told
    assert describe(explanation, DECOMPX, ViewState(), told) == describe(explanation, DECOMPX, ViewState())


def test_a_traced_node_is_told_by_its_numbers():
    first, *usual = written(CHAIN, ViewState(traced=Node(1, 0)))
    assert first == (
        "aa after layer 1 holds +2.00 of +2.50. "
        "It comes from bb +3.00, cc −2.00 and itself +1.00 (layer 1) and goes to itself +2.00 (layer 2)."
    )
    assert usual == written(CHAIN, ViewState())


def test_both_ends_of_the_flow():
    assert written(CHAIN, ViewState(traced=Node(0, 1)))[0] == (
        "bb coming in holds +3.00 of +2.50. It goes to aa +3.00 (layer 1)."
    )
    assert written(CHAIN, ViewState(traced=Node(2, 0)))[0].endswith("itself +2.00 (layer 2). Here the answer is read.")
    assert written(CHAIN, ViewState(traced=Node(2, 2)))[0] == (
        "cc after layer 2 holds 0.00 of +2.50. Nothing of it is read for the answer."
    )


def test_the_baseline_is_named_where_it_enters():
    made = handmade([[[1.0, 0], [0, 0]]], bias_in=[[0.5, 0]])
    assert "comes from itself +1.00 and the baseline +0.50 (layer 1)" in written(made, ViewState(traced=Node(1, 0)))[0]


def test_groups_are_named_and_weak_links_are_not():
    made = grouped(samples.explanation(), Grouping.THIRDS)
    first = written(made, ViewState(grouping=Grouping.THIRDS, traced=Node(2, 3)))[0]
    assert first.startswith("was after layer 2 holds ")
    assert "(layers 1–2)" in first
    assert "(layers 3–4)" in first
    weak = handmade([[[1.0, 0.1], [0, 0]]])
    assert "bb" not in written(weak, ViewState(traced=Node(1, 0)))[0]


def test_what_is_hidden_is_said():
    explanation = samples.explanation()
    first = written(explanation, ViewState(traced=Node(0, 3), show_special=False))[0]
    assert first.endswith("Left out of the picture: [SEP].")
    last = len(explanation.tokens) - 1
    hidden = ViewState(traced=Node(0, last), show_special=False)
    assert told(explanation, hidden) == usual_words(explanation, hidden), "a hidden word is not traced"


def test_mixing_knows_no_amounts_of_the_answer():
    view = ViewState(traced=Node(3, 3), paths_only=False)
    first = written(samples.explanation(), view)[0]
    assert " holds " not in first
    assert " after layer 3 comes from itself " in first
    assert "%" in first


def test_a_method_without_flow_keeps_the_usual_words():
    made = replace(samples.explanation(), flow=None)
    view = ViewState(traced=Node(0, 1))
    assert told(made, view) == usual_words(made, view)


def test_a_flow_made_of_maps_is_told_in_parts_of_the_whole():
    edge = np.array([[[0.25, 0.75], [0, 0]]])
    flow = Flow(edge, np.array([[0.25, 0.75], [1.0, 0]]), np.zeros((1, 2)), np.zeros(2), 1.0, from_map=True)
    made = replace(handmade(edge), flow=flow)
    first = written(made, ViewState(traced=Node(1, 0)))[0].replace("\N{NO-BREAK SPACE}", " ")
    assert first == (
        "aa after layer 1 holds 100 % of 100 %. "
        "It comes from bb 75 % and itself 25 % (layer 1). Here the answer is read."
    )
