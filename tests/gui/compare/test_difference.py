from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gui.compare.difference import Pane, difference
from gui.compare.flow_contents import flow_contents, pane_flow
from gui.state import AppState, Compared, Grouping, Hover, boundaries_of
from tests.gui import samples
from tests.gui.compare.pairs import KEY, KEYS, MAPS, WORDS, from_maps, of, state, told_by_hand

PLOT = samples.explanation()
WITH_NOT = samples.explanation("The plot was not thin, but the actors were absolutely wonderful.")


def regrouped(explanation, layers):
    """The explanation with a flow between thirds of its layers beside its own."""
    boundaries = boundaries_of(Grouping.THIRDS, layers)
    flow = samples.flow_of(len(explanation.tokens), 3, explanation.flow.total, seed=4)
    return replace(explanation, grouped=replace(flow, boundaries=boundaries))


def conserved(flow):
    """How far a flow is from being conserved at every node and in its total."""
    return max(
        np.abs(flow.edge.sum(1) - flow.nodes[:-1]).max(),
        np.abs(flow.edge.sum(2) + flow.bias_in - flow.nodes[1:]).max(),
        np.abs(flow.bias_in.sum(1) - flow.bias[: len(flow.edge)]).max(),
        abs(flow.nodes[0].sum() + flow.bias.sum() - flow.total),
    )


def test_the_numbers_stand_on_common_rows():
    made = of(KEYS, KEY)
    assert [row.label for row in made.rows] == ["The", "keys | key", "to", "the", "cabinet | -s", "_"]
    flow = pane_flow(made, Pane.DIFFERENCE)
    np.testing.assert_allclose(flow.nodes[0], [0, 3.75, 0.25, 0, -0.5, 0])
    assert flow.total == pytest.approx(KEYS.flow.total - KEY.flow.total) == pytest.approx(4.5)
    np.testing.assert_allclose(flow.edge[1, -1], [0, 3.75, 0.25, 0, -0.5, 0])


def test_what_one_side_has_not_is_nothing_there():
    made = of(PLOT, WITH_NOT)
    line = [row.label for row in made.rows].index("∅ | not")
    row = made.rows[line]
    assert (row.first, row.second.label, row.is_changed) == (None, "not", True)
    assert (row.drawn(Pane.FIRST).label, row.drawn(Pane.FIRST).tokens) == ("", ())
    one, other = (pane_flow(made, pane) for pane in (Pane.FIRST, Pane.SECOND))
    assert not one.nodes[:, line].any()
    assert not one.edge[:, line].any()
    np.testing.assert_array_equal(pane_flow(made, Pane.DIFFERENCE).nodes[:, line], -other.nodes[:, line])


@pytest.mark.parametrize(
    ("first", "second"),
    [(KEYS, KEY), (PLOT, WITH_NOT), (PLOT, replace(PLOT, flow=samples.flow_of(len(PLOT.tokens), 6, -1.2, 5)))],
)
def test_the_difference_of_conserved_flows_is_conserved(first, second):
    for look in ({}, {"whole_words": False}, {"show_special": False}):
        assert conserved(pane_flow(of(first, second, **look), Pane.DIFFERENCE)) < 1e-9


def test_a_flow_of_shares_less_one_of_logits_is_conserved_too():
    made = difference(KEYS, from_maps(KEYS), state(Compared.METHODS))
    assert conserved(pane_flow(made, Pane.DIFFERENCE)) < 1e-9
    np.testing.assert_allclose(pane_flow(made, Pane.FIRST).nodes[0], [0, 0.8, 0.1, 0, -0.1, 0])
    assert pane_flow(made, Pane.SECOND).total == 1


def test_exchanging_a_and_b_turns_every_sign():
    made, turned = of(PLOT, WITH_NOT), of(WITH_NOT, PLOT)
    one, other = pane_flow(made, Pane.DIFFERENCE), pane_flow(turned, Pane.DIFFERENCE)
    np.testing.assert_array_equal(one.edge, -other.edge)
    assert one.total == -other.total
    np.testing.assert_array_equal(made.words.of(Pane.DIFFERENCE), -turned.words.of(Pane.DIFFERENCE))
    assert made.agreement == turned.agreement


def test_a_against_itself_is_zero_everywhere():
    made = of(PLOT, PLOT)
    flow = pane_flow(made, Pane.DIFFERENCE)
    assert not any(array.any() for array in (flow.edge, flow.nodes, flow.bias_in, flow.bias))
    assert flow.total == 0
    assert not any(row.is_changed for row in made.rows)
    assert (made.agreement.spearman, made.agreement.kendall) == pytest.approx((1, 1))
    assert not of(PLOT, PLOT, compared_as=MAPS, layer=3).maps.of(Pane.DIFFERENCE).any()
    assert not made.words.of(Pane.DIFFERENCE).any()


def test_all_pictures_share_the_measures_of_the_largest_or_have_their_own():
    shared = flow_contents(of(KEYS, KEY))
    assert {content.scale for content in shared.values()} == {4.5}
    assert {content.deepest_node for content in shared.values()} == {3.75}
    own = flow_contents(of(KEYS, KEY, one_scale=False))
    assert [own[pane].scale for pane in Pane] == [2.5, 2.0, 4.5]


def test_units_that_differ_are_divided_and_signs_left_aside():
    made = difference(KEYS, from_maps(KEYS), state(Compared.METHODS, compared_as=WORDS))
    assert made.is_divided
    assert made.is_unsigned
    np.testing.assert_allclose(made.words.first, [0, 0.8, 0.1, 0, 0.1, 0])
    np.testing.assert_allclose(made.words.of(Pane.DIFFERENCE), 0, atol=1e-12)
    assert made.baselines is None
    assert not of(KEYS, KEY).is_divided


def test_baselines_are_compared_where_both_keep_one():
    assert of(KEYS, KEY).baselines.of(Pane.DIFFERENCE) == pytest.approx(1.0)
    shared = replace(KEYS, bias=np.zeros(2))
    assert of(shared, replace(KEY, bias=np.zeros(2))).baselines is None
    assert of(shared, KEY).baselines is not None


def test_only_words_that_both_have_are_counted():
    made = of(PLOT, WITH_NOT)
    assert made.agreement.count == 12
    few = of(told_by_hand("good", [1]), told_by_hand("not good", [-1, 1]))
    assert (few.agreement.count, few.agreement.spearman) == (1, None)


def test_two_answers_are_not_compared_and_two_ways_of_mixing_are():
    other = replace(KEY, target=0, against=1)
    assert of(KEYS, other).why_not == (
        "A explains Positive instead of Negative, B Negative instead of Positive. Choose one answer to explain in both."
    )
    assert Pane.DIFFERENCE not in flow_contents(of(KEYS, other))
    assert set(flow_contents(of(KEYS, other))) == {Pane.FIRST, Pane.SECOND}
    assert of(from_maps(KEYS), from_maps(other)).why_not == ""


def test_models_of_different_depth_are_compared_in_thirds():
    shallow, deep = samples.explanation(layers=6), samples.explanation(layers=12)
    made = difference(deep, shallow, state(Compared.MODELS))
    assert made.why_not == "A has 12 layers, B 6. Take layers together as early, middle and late to compare them."
    look = state(Compared.MODELS, grouping=Grouping.THIRDS)
    assert difference(deep, shallow, look).why_not == "The flow between groups of layers is still being computed."
    made = difference(regrouped(deep, 12), regrouped(shallow, 6), look)
    assert made.why_not == ""
    contents = flow_contents(made)
    assert contents[Pane.FIRST].columns[0][1] == "early (1–4)"
    assert contents[Pane.SECOND].columns[0][1] == "early (1–2)"
    assert contents[Pane.DIFFERENCE].columns[0] == ("words in", "early", "middle", "late")


def test_a_method_without_a_flow_is_named():
    alone = replace(KEYS, **samples.words_alone(), request=replace(KEYS.request, method="integrated_gradients"))
    made = difference(KEYS, alone, state(Compared.METHODS))
    assert made.why_not.startswith("Integrated gradients gives each word one number")
    assert set(flow_contents(made)) == {Pane.FIRST}
    assert difference(KEYS, alone, state(Compared.METHODS, compared_as=WORDS)).why_not == ""


def test_maps_say_why_they_are_missing():
    assert "still being computed" in of(PLOT, WITH_NOT, compared_as=MAPS, layer=1).why_not
    assert of(PLOT, WITH_NOT, compared_as=MAPS, layer=3).why_not == ""
    assert of(PLOT, WITH_NOT, compared_as=MAPS, layer=1, component="attention").why_not == ""
    assert "no maps of this model" in of(KEYS, KEY, compared_as=MAPS).why_not
    methods = state(Compared.METHODS, compared_as=MAPS)
    assert difference(KEYS, from_maps(KEYS), methods).why_not.startswith("DecompX makes no maps of its own")
    assert difference(from_maps(KEYS), from_maps(KEYS, "alti"), methods).why_not == ""


def test_layers_compare_what_passes_through_each_and_what_words_hold_after_it():
    made = difference(PLOT, PLOT, state(Compared.LAYERS, first_layer=1, layer=4))
    assert made.layers == (1, 4)
    flow = pane_flow(made, Pane.DIFFERENCE)
    assert flow.edge.shape[0] == 1
    assert conserved(flow) < 1e-9
    first = pane_flow(made, Pane.FIRST)
    assert first.nodes[1].sum() == pytest.approx(PLOT.flow.nodes[2].sum()) == pytest.approx(first.total)
    words = difference(PLOT, PLOT, state(Compared.LAYERS, first_layer=1, layer=4, compared_as=WORDS)).words
    assert words.second.sum() == pytest.approx(PLOT.flow.nodes[5].sum())


def test_the_maps_of_both_sides_lie_on_common_rows():
    made = of(PLOT, WITH_NOT, compared_as=MAPS, layer=3)
    line = [row.label for row in made.rows].index("∅ | not")
    assert not made.maps.first[line].any()
    assert not made.maps.first[:, line].any()
    np.testing.assert_allclose(made.maps.second.sum(1), 1)
    assert made.map_agreement.count == 12 * 12


def test_hidden_tokens_are_named_and_the_answers_place_stays():
    made = of(PLOT, WITH_NOT, show_special=False)
    assert made.hidden == ("[SEP]",)
    assert made.shown[0].label == "[CLS]"
    contents = flow_contents(made)
    assert contents[Pane.FIRST].badge == "hidden: [SEP]"
    assert contents[Pane.SECOND].badge == ""


def test_hovering_and_themes_make_no_new_comparison():
    one = state()
    hovered = replace(one, view=replace(one.view, hover=Hover(2), theme="dark"), slides=(AppState(),))
    assert difference(KEYS, KEY, one) is difference(KEYS, KEY, hovered)
    with pytest.raises(ValueError, match="nothing is compared"):
        difference(KEYS, KEY, AppState())


def test_numbers_that_are_not_finite_are_refused():
    broken = np.array(KEYS.scores)
    broken[1] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        _ = of(replace(KEYS, scores=broken), KEY).words


def test_short_forms_are_used_only_where_they_cannot_be_misread():
    found = [
        row.label for row in of(told_by_hand("a walk is", [1, 1, 1]), told_by_hand("as walked isn", [1, 1, 1])).rows
    ]
    assert found == ["a | as", "walk | -ed", "is | isn"]
