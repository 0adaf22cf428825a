from __future__ import annotations

from dataclasses import replace

import pytest

from engine.contract import Head
from gui.examples.example_set import Example, ExampleSet
from gui.examples.gaps import needs_gaps, suits, with_gap, with_gaps
from tests.gui import samples


def test_a_pair_that_differs_in_one_word_becomes_a_gap() -> None:
    pair = Example("The keys are here.", "The keys is here.", note="agreement")
    assert with_gap(pair) == Example("The keys [MASK] here.", None, "are", "is", note="agreement")


def test_marks_around_the_word_stay() -> None:
    made = with_gap(Example("They hurt themselves.", "They hurt himself."))
    assert (made.text, made.target, made.against) == ("They hurt [MASK].", "themselves", "himself")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The keys are here.", "The key is here."),  # two words
        ("The keys are here.", "The keys here."),  # one is missing
        ("The keys aren’t here.", "The keys isn’t here."),  # several pieces
        ("The keys are here.", "The keys are here!"),  # no word at all
        ("The keys are, here.", "The keys is here."),  # a word and a mark
        ("The keys are here.", "The keys are here."),  # nothing
        ("It is [MASK].", "It was [MASK]."),  # a gap of its own
        ("", ""),
    ],
)
def test_any_other_pair_stays(one: str, other: str) -> None:
    assert with_gap(Example(one, other)) == Example(one, other)
    assert with_gap(Example(one)) == Example(one)


def test_lists_are_offered_to_the_models_that_can_read_them() -> None:
    plain, gapped = ExampleSet("", (Example("A.", "B."),)), ExampleSet("", (Example("A [MASK]."),))
    classifier = samples.explanation("A film.").model
    filler = replace(classifier, head=Head.MASKED_WORD)
    assert [needs_gaps(plain), needs_gaps(gapped)] == [False, True]
    assert [suits(plain, classifier), suits(gapped, classifier), suits(plain, None)] == [True, False, False]
    assert [suits(plain, filler), suits(gapped, filler)] == [False, True]
    assert suits(with_gaps(ExampleSet("", (Example("It is so.", "It was so."),))), filler)
