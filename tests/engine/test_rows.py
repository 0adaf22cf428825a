"""The tidy rows of an explanation: every number where its row says, and sums that still hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import rows as tidy
from engine.contract import COMPONENTS, Explanation
from engine.errors import TextError
from engine.rows import ALONE, COLUMNS, FIELDS, Chosen, Place, chosen_fields, row_count, rows_of
from engine.words import merge_map, merge_shares, rows
from tests.gui import samples


@pytest.fixture
def made() -> Explanation:
    """Six layers; the maps of the feed-forward are there for layer 4 alone."""
    return samples.explanation()


def lines(explanation, *fields, layers=None, merged=None, place=ALONE):
    found = rows_of(explanation, Chosen(fields or ("scores",), layers), merged, place)
    return [dict(zip(COLUMNS, line, strict=True)) for line in found]


def test_the_names_and_the_order_of_the_columns_are_fixed():
    who = ("number", "sentence", "pair", "label")
    where = ("receiver", "receiver_position", "source", "source_position", "layer", "component", "head")
    how = ("model", "method", "parameters", "target", "against", "unit", "value")
    assert who + where + how == COLUMNS


def test_shares_are_one_row_per_token_and_one_for_the_baseline(made):
    found = lines(made)
    assert [line["source"] for line in found] == [token.text for token in made.tokens] + ["(baseline)"]
    assert [line["source_position"] for line in found] == [*range(len(made.tokens)), ""]
    assert [line["value"] for line in found[:-1]] == made.scores.tolist()
    assert sum(line["value"] for line in found) == pytest.approx(2.75)
    alike = {name: {line[name] for line in found} for name in COLUMNS}
    assert (alike["target"], alike["against"], alike["unit"]) == ({"positive"}, {"negative"}, {"logit"})
    assert (alike["receiver"], alike["layer"], alike["component"]) == ({""}, {""}, {"scores"})
    assert (alike["sentence"], alike["number"], alike["label"]) == ({made.request.text}, {1}, {""})
    assert (alike["method"], alike["model"]) == ({"decompx"}, {"english-sentiment"})


def test_numbers_are_plain_python_numbers(made):
    for line in rows_of(made, Chosen(FIELDS)):
        assert type(line[-1]) is float
        assert all(type(cell) in (str, int) for cell in line[:-1])


def test_shares_of_whole_words_add_up_their_pieces(made):
    merged = rows(made.request, made.tokens, whole_words=True)
    found = lines(made, merged=merged)
    assert "absolutely" in [line["source"] for line in found]
    assert [line["value"] for line in found[:-1]] == merge_shares(made.scores, merged).tolist()
    assert [line["source_position"] for line in found[:-1]] == [row.tokens[0] for row in merged]


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_map_has_a_row_for_every_pair_of_words(made, name):
    found = lines(made, f"component/{name}", layers=(3,))
    count = len(made.tokens)
    assert len(found) == count**2
    array = made.components.layer_map(name, 3)
    for line in found:
        assert line["value"] == array[line["receiver_position"], line["source_position"]]
    assert {line["layer"] for line in found} == {4}
    assert {(line["component"], line["head"], line["target"]) for line in found} == {(name, "", "")}
    assert {line["unit"] for line in found} == {"weight" if name == "attention" else "norm"}


def test_maps_of_words_average_receivers_and_add_sources(made):
    merged = rows(made.request, made.tokens, whole_words=True)
    found = lines(made, "component/residual_1", layers=(0,), merged=merged)
    wanted = merge_map(made.components.layer_map("residual_1", 0), merged)
    assert [line["value"] for line in found] == wanted.ravel().tolist()


def test_layers_whose_maps_were_not_asked_for_have_no_rows(made):
    assert {line["layer"] for line in lines(made, "component/layer")} == {4}
    assert {line["layer"] for line in lines(made, "component/residual_1")} == {1, 2, 3, 4, 5, 6}


def test_heads_have_their_number_and_average_to_the_mean(made):
    heads = lines(made, "attention", layers=(1,))
    mean = lines(made, "component/attention", layers=(1,))
    assert {line["head"] for line in heads} == {1, 2, 3, 4}
    by_head = np.array([line["value"] for line in heads]).reshape(4, -1)
    assert by_head.mean(0) == pytest.approx([line["value"] for line in mean])


@pytest.mark.parametrize("whole_words", [True, False])
def test_the_flow_sums_to_the_answer_with_its_baseline(made, whole_words):
    merged = rows(made.request, made.tokens, whole_words=whole_words)
    found = lines(made, "flow", merged=merged)
    first = sum(line["value"] for line in found if line["layer"] == 1 and line["source"] != "(baseline)")
    biases = sum(line["value"] for line in found if line["source"] == "(baseline)")
    assert first + biases == pytest.approx(2.75)
    assert [line["receiver"] for line in found if line["layer"] == ""] == ["(answer)"]
    assert {(line["target"], line["against"]) for line in found} == {("positive", "negative")}


def test_some_layers_of_the_flow_leave_out_what_the_head_adds(made):
    found = lines(made, "flow", layers=(2, 4))
    assert {line["layer"] for line in found} == {3, 5}
    count = len(made.tokens)
    assert len(found) == 2 * count * (count + 1)


def test_a_flow_of_maps_has_no_baseline_and_no_target(made):
    drawn = replace(
        made, flow=replace(made.flow, from_map=True), explains_answer=False, unit="fraction", bias=None, against=-1
    )
    found = lines(drawn, "flow", "scores")
    assert not [line for line in found if line["source"] == "(baseline)"]
    assert {(line["target"], line["against"], line["unit"]) for line in found} == {("", "", "fraction")}


def test_what_a_method_has_not_has_no_rows(made):
    bare = replace(made, flow=None, rollout=None, layer_maps=None, components=None)
    assert {line["component"] for line in lines(bare, *FIELDS)} == {"scores", "attention"}
    maps = replace(made, rollout=made.attention[:, 0], layer_maps=made.attention[:, 1])
    for field, head in (("rollout", 0), ("layer_maps", 1)):
        assert [line["value"] for line in lines(maps, field)] == made.attention[:, head].ravel().tolist()


def test_a_row_says_which_sentence_and_which_settings(made):
    asked = replace(made.request, pair="Really?", parameters=(("bias", "none"), ("ffn", "la")))
    line = lines(replace(made, request=asked), place=Place(7, "good"))[0]
    assert (line["number"], line["label"], line["pair"]) == (7, "good", "Really?")
    assert line["parameters"] == "bias=none ffn=la"


def test_rows_come_one_by_one(made, monkeypatch):
    merged = []
    monkeypatch.setattr(tidy, "merge_map", lambda *given: merged.append(1) or merge_map(*given))
    found = rows_of(made, Chosen(("component/attention",)))
    next(found)
    assert len(merged) == 1


@pytest.mark.parametrize("fields", [(field,) for field in FIELDS] + [FIELDS])
@pytest.mark.parametrize("layers", [None, (3,), (0, 5)])
@pytest.mark.parametrize("whole_words", [True, False])
def test_rows_are_counted_without_making_them(made, fields, layers, whole_words):
    drawn = replace(made, flow=replace(made.flow, from_map=True), rollout=made.attention[:, 0], bias=None)
    for explanation in (made, drawn, replace(made, flow=None, components=None)):
        merged = rows(made.request, made.tokens, whole_words=True) if whole_words else None
        chosen = Chosen(fields, layers)
        assert row_count(explanation, chosen, merged) == len(list(rows_of(explanation, chosen, merged)))


def test_names_of_fields_are_those_of_the_arrays():
    assert chosen_fields(["flow", "scores"]) == ("scores", "flow")
    everything = chosen_fields(["components"])
    assert everything == ("scores", *(f"component/{name}" for name in COMPONENTS))
    assert chosen_fields(["components", "flow"]) == ("flow", *(f"component/{name}" for name in COMPONENTS))
    with pytest.raises(TextError, match="“logits” has no rows") as refused:
        chosen_fields(["scores", "logits"])
    assert "component/residual_1" in refused.value.hint
