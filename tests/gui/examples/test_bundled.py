from __future__ import annotations

from collections import Counter

import pytest

from engine.context import RunContext
from engine.contract import Request
from engine.session import Session
from gui.examples.bundled import offered_sets
from gui.examples.gaps import MASK, needs_gaps

WORDS_IN_COMMON = 0.5


def test_every_phenomenon_has_a_list_of_its_own() -> None:
    titles = " ".join(offered.examples.title.lower() for offered in offered_sets())
    for phenomenon in ("attractor", "negation", "reflexives", "relative clause", "word order", "sentiment twists"):
        assert phenomenon in titles


@pytest.mark.parametrize("offered", offered_sets(), ids=lambda offered: offered.examples.title)
def test_a_list_is_made_of_minimal_pairs(offered) -> None:
    examples = offered.examples.examples
    assert 16 <= len(examples) <= 24
    assert offered.about.endswith(".")
    texts = [text for example in examples for text in (example.text, example.other)]
    assert len(set(texts)) == len(texts)
    for example in examples:
        assert example.note
        assert example.text[0].isupper() or example.text.startswith(MASK)
        assert example.text[-1] in ".?"
        one, other = (Counter(text.lower().strip(".?").split()) for text in (example.text, example.other))
        assert (one & other).total() >= WORDS_IN_COMMON * min(one.total(), other.total()), example


def test_lists_with_gaps_have_one_gap_in_each_sentence_and_two_fillers() -> None:
    gapped = [offered.examples for offered in offered_sets() if needs_gaps(offered.examples)]
    assert len(gapped) == 4
    for examples in gapped:
        assert examples.model == "english-gap"
        for example in examples.examples:
            assert example.text.count(MASK) == example.other.count(MASK) == 1
            assert example.target.isalpha()
            assert example.against.isalpha()
            assert example.target != example.against


def test_the_notes_say_what_the_bundled_model_does() -> None:
    session = Session()
    written = [o.examples for o in offered_sets() if o.examples.model == "english-sentiment"]
    assert len(written) == 2
    for examples in written:
        for example in examples.examples:
            answers = []
            for text in (example.text, example.other):
                request = Request(0, examples.model, "attention", text=text, components=False)
                answers.append(session.run(request, RunContext()).target)
            turns = answers[0] != answers[1]
            assert example.note.startswith("The answer turns: " if turns else "The answer stays: "), example
