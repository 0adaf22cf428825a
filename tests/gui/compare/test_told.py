from __future__ import annotations

from dataclasses import replace

import pytest

from gui.compare.difference import difference
from gui.compare.numbers import rounded, signed_percent, signed_rounded
from gui.compare.told import rich, told
from gui.paint.palette import GREY, LIGHT
from gui.state import Compared
from tests.gui import samples
from tests.gui.compare.pairs import KEY, KEYS, MAPS, WORDS, from_maps, of, state, told_by_hand

PLOT = samples.explanation()
GOOD = told_by_hand("film was good", [0.1, 0.0, 3.0], bias=(0.0, 0.0, 0.0))
NOT_GOOD = told_by_hand("film was not good", [0.1, 0.0, -2.5, 0.5], bias=(0.0, 0.0, 0.0))


def plain(made, palette=LIGHT):
    return "".join(run.text for run in told(made, palette))


def bold(made):
    return [run.text for run in told(made, LIGHT) if run.is_bold]


def test_a_minimal_pair_is_told_as_what_was_changed():
    made = of(KEYS, KEY)
    assert plain(made) == (
        "Blue speaks for Positive, orange for Negative. "
        "Changing keys to key moves 3.8 of the 4.5 that separate the two sentences; "
        "cabinets takes 0.5 back; the other words move 0.2; the baseline moves 1.0."
    )
    assert bold(made) == ["Blue", "Positive", "orange", "Negative", "keys", "key", "cabinets"]


def test_the_numbers_told_add_up_to_the_distance():
    shifts = {"keys": 3.75, "cabinets": -0.5, "others": 0.25, "baseline": 1.0}
    assert sum(shifts.values()) == pytest.approx(KEYS.flow.total - KEY.flow.total)


def test_a_word_added_and_an_unchanged_one_that_gives_less():
    assert plain(of(GOOD, NOT_GOOD)).endswith(
        "Adding not moves 2.5 of the 5.0 that separate the two sentences; the unchanged good moves 2.5."
    )
    assert "Leaving out not moves 2.5 of the 5.0" in plain(of(NOT_GOOD, GOOD))


def test_what_moves_more_than_all_is_not_called_a_part_of_it():
    first, second = told_by_hand("a good film", [0, 3, -1.5]), told_by_hand("a bad film", [0, -1, 1.5])
    said = plain(of(first, second))
    assert said.endswith("are 1.0 apart; changing good to bad moves 4.0; the unchanged film takes 3.0 back.")


def test_two_sentences_that_come_to_the_same():
    first, second = told_by_hand("a good film", [0, 2, -1]), told_by_hand("a fine film", [0, 1, 0])
    said = plain(of(first, second))
    assert said.endswith("come to the same; changing good to fine moves 1.00; the unchanged film takes 1.00 back.")


def test_one_of_two_same_words_is_told_from_the_other():
    first = told_by_hand("the plot of the film", [0, 0, 0, 3, 0])
    second = told_by_hand("the plot of the film", [0, 0, 0, -3, 0])
    assert "The unchanged the (2nd) moves 6.0 of the 6.0" in plain(of(first, second))


def test_the_same_twice_says_so():
    for look in ({}, {"compared_as": WORDS}, {"compared_as": MAPS, "layer": 3}):
        assert plain(of(PLOT, PLOT, **look)) == "A and B are the same here: the difference is zero everywhere."


def test_why_not_is_all_that_is_said():
    made = of(KEYS, replace(KEY, target=0, against=1))
    assert plain(made) == made.why_not


def test_an_answer_alone_has_no_rival():
    one, other = (replace(side, against=-1) for side in (KEYS, KEY))
    assert plain(of(one, other)).startswith("Blue speaks for Positive, orange against it. Changing")


def test_without_colours_lightness_and_dashes_are_named():
    assert plain(of(KEYS, KEY), GREY).startswith("Dark speaks for Positive, pale and dashed for Negative.")
    assert "pale and struck through" in plain(of(PLOT, samples.explanation("Good."), compared_as=MAPS, layer=3), GREY)


def test_two_methods_are_told_by_their_agreement():
    made = difference(KEYS, from_maps(KEY), state(Compared.METHODS, compared_as=WORDS))
    assert plain(made) == (
        "In the difference, blue is more in A, orange in B. "
        "DecompX and GlobEnc: Spearman 0.82, Kendall 0.80 over 6 words. "
        "They differ most over to: 10\N{NO-BREAK SPACE}% in A, 0\N{NO-BREAK SPACE}% in B. "
        "Each side is divided by the sum of its own sizes, since their units differ. "
        "GlobEnc knows no sign: sizes are compared."
    )


def test_too_few_words_are_said_to_be_too_few():
    one = told_by_hand("good", [1.0])
    made = difference(one, from_maps(replace(one, scores=one.scores * 2)), state(Compared.METHODS, compared_as=WORDS))
    assert "too few" not in plain(made), "the same"
    two, other = told_by_hand("so good", [1.0, 2.0]), from_maps(told_by_hand("so good", [1.0, 1.0]))
    made = difference(two, other, state(Compared.METHODS, compared_as=WORDS))
    assert "DecompX and GlobEnc: too few words in common to compare their order." in plain(made)


def test_two_layers_are_told_by_name():
    made = difference(PLOT, PLOT, state(Compared.LAYERS, first_layer=1, layer=4, compared_as=WORDS))
    assert "Layer 2 and layer 5: Spearman" in plain(made)


def test_maps_are_told_by_the_cell_that_differs_most():
    made = of(PLOT, samples.explanation(samples.SENTENCE.replace("thin", "bad")), compared_as=MAPS, layer=3)
    said = plain(made)
    assert "over 144 cells" in said
    assert "They differ most in what " in said


def test_rich_text_is_escaped_and_coloured():
    first, second = told_by_hand("<b> film", [2, 0]), told_by_hand("<i> film", [-2, 0])
    said = rich(told(of(first, second), LIGHT), LIGHT)
    assert "&lt;b&gt;" in said
    assert '<b><span style="color: #1f6fb5">Blue</span></b>' in said


def test_numbers_are_rounded_as_a_sentence_needs():
    assert [rounded(-3.86, 4), rounded(0.046, 0.2)] == ["3.9", "0.05"]
    assert [signed_rounded(2.64), signed_rounded(-0.43), signed_rounded(0.0), signed_rounded(-0.001)] == [
        "+2.6",
        "−0.43",
        "0.00",
        "0.00",
    ]
    percents = [signed_percent(value) for value in (0.124, -0.004, 0.0, 0.0001)]
    assert percents == [f"{number}\N{NO-BREAK SPACE}%" for number in ("+12", "−0.4", "0", "0")]


def test_what_the_model_adds_is_not_called_a_word():
    one, other = samples.explanation("good"), samples.explanation("bad!")
    said = plain(of(one, replace(other, tokens=one.tokens, scores=one.scores * 2)))
    assert "other words" not in said
    assert "the special tokens" in said


def test_layers_seen_by_themselves_are_not_told_by_the_words():
    said = plain(of(PLOT, samples.explanation("The plot was bad, but the actors were fine."), paths_only=False))
    assert said.endswith("Every layer is seen by itself: how it mixes the words, whatever the answer.")
