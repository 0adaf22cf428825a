"""The prose says what the numbers say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import registry
from engine.contract import Flow, Head
from gui.state import ViewState
from gui.told.prose import Prose, Run, describe, preview_words, target_words
from tests.gui import samples

DECOMPX, ROLLOUT = registry.find("decompx"), registry.find("rollout")
TEXT = "the plot was thin but the cast wonderful"  # [CLS] 1..8 [SEP], "wonderful" in two pieces


def made(shares: dict[int, float], bias: float | None = -2.6, **changes: object):  # type: ignore[no-untyped-def]
    count = len(samples.tokens_of(TEXT))
    scores = np.zeros(count)
    for position, share in shares.items():
        scores[position] = share
    value = scores.sum() + (bias or 0)
    prediction = samples.explanation(TEXT).prediction
    logits = np.array([-value / 2, value / 2])
    given = {
        "scores": scores,
        "bias": None if bias is None else np.array([-bias / 2, bias / 2]),
        "prediction": replace(prediction, logits=logits),
        "flow": None,
    }
    return samples.explanation(TEXT, **(given | changes))


def text_of(explanation, method=DECOMPX, whole_words: bool = True) -> str:  # type: ignore[no-untyped-def]
    prose = describe(explanation, method, ViewState(whole_words=whole_words))
    return "\n".join("".join(run.text for run in paragraph) for paragraph in prose.paragraphs)


def test_words_baseline_and_sum_are_the_numbers_shown() -> None:
    told = text_of(made({8: 4.0, 9: 0.26, 4: -0.72, 3: 0.96, 5: 0.1}, flow=flow_beginning({}, bias=-2.6)))
    assert told.splitlines()[1] == (
        "wonderful gives +4.26 and was +0.96 towards Positive; thin takes 0.72 away. "
        "All other words come to +0.10. "
        "The baseline, where the model leans whatever the words, is −2.60. "
        "Together: +2.00, the lead of Positive over Negative. "
        "Most of it reaches [CLS] in layer 4."
    )
    assert told.splitlines()[0].startswith("DecompX splits the model's answer")


def test_what_is_listed_and_what_is_left_add_up() -> None:
    explanation = made({8: 4.0, 4: -0.72, 3: 0.96, 5: 0.13, 6: -0.4}, bias=0.5)
    numbers = text_of(explanation).splitlines()[1].replace("−", "-")
    assert "Together: +4.47" in numbers
    assert sum((4.0, 0.96, -0.72, -0.27, 0.5)) == pytest.approx(4.47)
    assert "come to -0.27" in numbers


def test_the_strongest_words_are_bold_and_markup_in_words_is_harmless() -> None:
    prose = describe(made({8: 4.0}), DECOMPX, ViewState())
    assert [run.text for run in prose.paragraphs[1] if run.is_bold] == ["wonderful"]
    hostile = Prose("", ((Run("<s>", is_bold=True), Run(" & more")),), "", is_exact=True)
    assert "<b>&lt;s&gt;</b> &amp; more" in hostile.html()


def test_the_second_of_two_equal_words_is_told_from_the_first() -> None:
    assert "the (2nd) gives +1.00" in text_of(made({6: 1.0}))


def test_pieces_where_pieces_are_shown() -> None:
    pieces = text_of(made({8: 1.0, 9: 2.0}), whole_words=False)
    assert "ful gives +2.00 and wonder" in pieces.replace("wonderful", "?"), pieces


def test_nothing_towards_and_a_class_alone() -> None:
    told = text_of(made({4: -1.0}, bias=-1.0, against=-1))
    assert "No word pushes towards Positive; thin takes 1.00 away." in told
    assert told.endswith("the score of Positive.")


def test_layers_in_which_it_arrives() -> None:
    count = len(samples.tokens_of(TEXT))
    edge = np.zeros((6, count, count))
    edge[3, 0, 4], edge[4, 0, 8], edge[1, 0, 2] = 2.0, -3.0, 0.5
    edge[5, 0, 0] = 99.0  # the row keeping itself is no arrival
    flow = Flow(edge, np.zeros((7, count)), np.zeros((6, count)), np.zeros(7), 1.0, False)
    assert text_of(made({8: 4.0}, flow=flow)).endswith("Most of it reaches [CLS] in layers 4 and 5.")
    even = Flow(np.ones((6, count, count)), flow.nodes, flow.bias_in, flow.bias, 1.0, False)
    assert text_of(made({8: 4.0}, flow=even)).endswith("It reaches [CLS] over many layers.")


def test_a_method_without_sign_speaks_of_mixing() -> None:
    mixing = {"signed": False, "unit": "fraction", "checks": {}, "explains_answer": False}
    explanation = made({8: 0.3, 9: 0.2, 3: 0.25, 4: 0.25}, **mixing)
    told = text_of(explanation, ROLLOUT)
    assert "What reaches [CLS] comes mostly from wonderful (50 %), was (25 %) and thin (25 %)." in told.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "how the words mix, not why the model answered" in told
    assert "+" not in told
    legend = describe(explanation, ROLLOUT, ViewState()).legend
    assert legend.endswith("how the words mix, whatever the answer.")
    assert "Positive" not in legend
    assert describe(explanation, ROLLOUT, ViewState()).check == "Shares are parts of everything that reaches [CLS]."


def test_biases_shared_among_the_words_leave_no_baseline_to_speak_of() -> None:
    told = text_of(made({8: 4.0}, bias=0.0, checks={"completeness": 1e-7}))
    assert "baseline" not in told
    assert "Together: +4.00, the lead of Positive over Negative." in told


def test_a_setting_that_explains_no_answer_names_none_in_the_legend() -> None:
    plain = describe(made({8: 4.0}, explains_answer=False, signed=False), DECOMPX, ViewState()).plain()
    assert "Positive" not in plain.splitlines()[0]


def test_completeness_is_always_said() -> None:
    exact = describe(made({8: 4.0}, checks={"completeness": 2e-7}), DECOMPX, ViewState())
    assert exact.is_exact
    assert exact.check.replace("\N{NO-BREAK SPACE}", " ") == "The shares add up to the answer to within 2 × 10⁻⁷."
    loose = describe(made({8: 4.0}, checks={"completeness": 0.7}), DECOMPX, ViewState())
    assert not loose.is_exact
    assert "do not add up" in loose.check


def test_the_copied_words_say_what_was_explained() -> None:
    plain = describe(made({8: 4.0}), DECOMPX, ViewState()).plain()
    assert plain.startswith(f"“{TEXT}” English sentiment, DecompX (")
    assert "Positive instead of Negative." in plain.splitlines()[0]
    assert "<" not in plain


def test_target_in_words() -> None:
    assert target_words(samples.explanation()) == ("Positive", "Negative")
    assert target_words(samples.explanation(against=-1)) == ("Positive", "")


def test_an_answer_explained_without_a_sign_names_no_direction() -> None:
    explanation = made({8: 0.4, 9: 0.2, 4: 0.4}, signed=False, unit="fraction", checks={}, bias=None)
    told = text_of(explanation).replace("\N{NO-BREAK SPACE}", " ")
    assert "For Positive instead of Negative, what counts most is wonderful (60 %) and thin (40 %)." in told
    assert "do not tell words that speak for the answer from words against it" in told
    assert "mix" not in told.splitlines()[1]
    prose = describe(explanation, DECOMPX, ViewState())
    assert (prose.is_exact, "do not add up to the answer's score" in prose.check) == (None, True)
    nothing = made({}, signed=False, unit="fraction", checks={}, bias=None)
    assert "this method gives every word 0." in text_of(nothing)


def test_other_units_are_said_as_the_method_gives_them() -> None:
    steep = made({8: 0.00002, 4: 0.01234}, signed=False, unit="gradient", checks={}, bias=None)
    assert "what counts most is thin (0.0123)." in text_of(steep)
    assert "All numbers here: gradient." in text_of(steep)
    lost = made({8: 0.31, 4: -0.2}, unit="probability", checks={}, bias=None)
    assert "wonderful gives +0.31 towards Positive; thin takes 0.2 away." in text_of(lost)
    assert "Together" not in text_of(lost)
    assert describe(lost, DECOMPX, ViewState()).check == "This method's numbers need not add up to the answer's score."


def flow_beginning(first: dict[int, float], bias: float, reading: tuple[int, ...] = (0,)) -> Flow:
    count = len(samples.tokens_of(TEXT))
    nodes, edge = np.zeros((7, count)), np.zeros((6, count, count))
    for position, share in first.items():
        nodes[0, position] = share
    nodes[-1, list(reading)] = 1.0
    edge[3, 0, 4] = 1.0
    return Flow(edge, nodes, np.zeros((6, count)), np.array([bias, 0, 0, 0, 0, 0, 0]), 1.0, False)


def test_biases_shared_out_are_told_apart_from_the_flows_baseline() -> None:
    assert "−2.60 belongs to no word." in text_of(made({8: 4.0})), "without a flow there is no baseline to speak of"
    flow = flow_beginning({8: 5.0, 4: -0.5}, bias=-2.6)
    shared = made({8: 3.0, 4: -1.1}, bias=0.0, flow=flow, checks={"completeness": 1e-7, "scores_vs_flow": 2.0})
    told = text_of(shared)
    assert told.splitlines()[-1] == (
        "The words' numbers differ from where the flow begins, by up to −2.00 for wonderful: DecompX shares the "
        "model's biases out among the words, the flow keeps them apart as its baseline (−2.60)."
    )
    assert "The baseline, where the model leans" not in told, "the strip's numbers already hold it"
    assert "Together: +1.90" in told
    same = made({8: 5.0, 4: -0.5}, bias=-2.6, flow=flow, checks={"completeness": 1e-7, "scores_vs_flow": 1e-7})
    assert "differ" not in text_of(same)
    assert "The baseline, where the model leans whatever the words, is −2.60." in text_of(same)
    other = made({8: 3.0}, bias=-2.6, flow=flow, checks={"scores_vs_flow": 2.0})
    assert "without the settings chosen for the words" in text_of(other)


def test_where_all_states_are_read_no_place_is_named() -> None:
    flow = flow_beginning({8: 4.0}, bias=0.0, reading=(0, 1, 2))
    pooled = made({8: 0.3}, flow=flow, signed=False, unit="fraction", checks={}, explains_answer=False)
    told = text_of(pooled)
    assert "What the answer is read from comes mostly from wonderful" in told
    assert "[CLS]" not in told


def test_a_preview_says_so_in_its_legend() -> None:
    method = replace(DECOMPX, preview_note="biases kept apart")
    legend = describe(made({8: 4.0}, preview=True), method, ViewState()).legend
    assert "2023), preview (biases kept apart), Positive instead of Negative." in legend
    assert preview_words(method, is_awaited=True) == "Preview: biases kept apart. The full result is being computed…"
    assert (
        preview_words(replace(DECOMPX, preview_note=""), is_awaited=False)
        == "Preview. The full result was not reached."
    )


def test_a_state_and_a_filler_have_names_of_their_own() -> None:
    assert target_words(samples.filling(target=2)) == ("was", "")
    assert target_words(samples.filling(target=0, against=1, explained=(0, 1))) == ("is", "are")
    state = made({8: 4.0}, against=-1, model=replace(samples.model_info(), head=Head.STATE))
    assert text_of(state).endswith("the length of this state.")
