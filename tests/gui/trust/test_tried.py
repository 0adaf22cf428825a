from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gui.trust.curves import Role
from gui.trust.tried import lines, names, words
from tests.gui import samples
from tests.gui.trust.trials import Adding, explained, tried


def test_the_lines_are_what_the_model_says():
    made = tried()
    chance, other, own = lines(made)
    assert [line.role for line in (chance, other, own)] == [Role.CHANCE, Role.OTHER, Role.OWN]
    door = Adding(made.explanation)
    # [CLS] The actors were wonderful [SEP]: "superb" goes first, then "actors", then the two that weigh nothing.
    expected = [door.share(gone) for gone in ((), (4,), (4, 2), (4, 2, 1), (4, 2, 1, 3))]
    assert own.most.probability == pytest.approx(expected)
    assert own.most.counts.tolist() == [0, 1, 2, 3, 4]
    assert own.most.turned == 1
    kept = [door.share(gone) for gone in ((), (1,), (1, 3), (1, 3, 2), (1, 3, 2, 4))]
    assert own.least.probability == pytest.approx(kept)
    assert own.least.turned == 4


def test_chance_lies_between_its_orders():
    made = tried(orders=7)
    chance = lines(made)[0].most
    found = np.array([trial.most.probability for trial in made.chance])
    assert chance.probability == pytest.approx(found.mean(0))
    assert chance.low == pytest.approx(found.min(0))
    assert chance.high == pytest.approx(found.max(0))
    assert len(lines(tried(orders=0))) == 2


def test_the_words_say_how_it_was_tried():
    said = words(tried())
    assert said.title == "Probability of “Positive” as words are taken away"
    assert said.order[:2] == ("superb", "actors")
    assert (said.turning, said.other) == (0.5, "Negative")
    made = tried()
    assert said.notes[:2] == (
        "words replaced by the mask (“mask”)",
        "band: lowest to highest of 3 random orders, dashes their mean, seed 5",
    )
    assert said.notes[2].startswith(f"AOPC, strongest first: DecompX {made.own.score_most:.2f}, Gradient")
    mean = np.mean([trial.score_least for trial in made.chance])
    assert said.notes[3].endswith(f"random order {mean:.2f}".replace("-", "\N{MINUS SIGN}"))
    assert len(words(tried(orders=0)).notes) == 3


def test_scores_have_the_names_of_their_protocol():
    assert [note.split(":")[0] for note in words(tried(protocol="delete", orders=0)).notes[1:]] == [
        "comprehensiveness",
        "sufficiency",
    ]


def test_among_many_answers_there_is_no_half():
    made = replace(tried(), explanation=samples.filling())
    assert words(made).turning is None


def test_one_method_twice_is_told_by_its_parameters():
    made = tried()
    assert names(made)[0] == "DecompX"
    other = replace(made.others[0], method="decompx", parameters=(("bias", "absdot"),))
    assert names(replace(made, others=(other,))) == ("DecompX", "DecompX (bias=absdot)")


def test_a_word_that_stands_twice_is_told_from_itself():
    order = words(tried("superb superb film")).order
    assert set(order) == {"superb (1st)", "superb (2nd)", "film"}


def test_the_door_has_the_answer_of_the_explanation():
    made = explained()
    assert made.prediction.probabilities is not None
    assert Adding(made).share() == pytest.approx(made.prediction.probabilities[1])
