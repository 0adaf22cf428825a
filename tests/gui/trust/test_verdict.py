"""One sentence made from the numbers, and never more than they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from engine.faithfulness.trial import Curve, Plan, Trial
from gui.trust.tried import Tried
from gui.trust.verdict import Standing, turning, verdict
from tests.gui.trust import trials

TEXT = "The superb actors were truly wonderful here"
WHOLE = 0.9


def curve(probability: Sequence[float]) -> Curve:
    shares = np.array(probability)
    return Curve(np.arange(len(shares)), shares, (shares > 0.5).astype(int))


def trial(score: float, most: Sequence[float] = (WHOLE, 0.6, 0.55, 0.2), method: str = "random") -> Trial:
    order = np.arange(len(most) - 1)
    return Trial(method, (), order, curve(most), curve([WHOLE, 0.9, 0.8, 0.2]), score, 0.1)


def made(own: Trial, chance: Sequence[Trial], protocol: str = "mask", text: str = TEXT, words: bool = True) -> Tried:
    base = trials.tried(text, orders=0)
    plan = Plan(protocol, whole_words=words, drawn=True, orders=len(chance))
    return replace(base, plan=plan, own=own, others=(), chance=tuple(chance))


def ten(*scores: float, most: Sequence[float] = (WHOLE, 0.8, 0.7, 0.2)) -> list[Trial]:
    return [trial(score, most) for score in scores]


def test_clearly_better_says_how_many_words_it_takes() -> None:
    found = verdict(made(trial(0.5, (WHOLE, 0.8, 0.2, 0.2)), ten(*[0.2] * 10)))
    assert found.standing is Standing.CLEAR
    assert found.sentence == (
        "Clearly better than chance on this sentence: with the 2 strongest words masked the model changes its answer"
        " (in random order that takes 3); none of 10 random orders does as well."
    )


def test_one_word_is_said_in_the_singular_and_deleted_words_are_left_out() -> None:
    found = verdict(made(trial(0.5, (WHOLE, 0.3, 0.2, 0.2)), ten(*[0.2] * 10), "delete"))
    assert "with the strongest word left out the model" in found.sentence


def test_pieces_are_called_pieces() -> None:
    found = verdict(made(trial(0.5, (WHOLE, 0.8, 0.2, 0.2)), ten(*[0.2] * 10), words=False))
    assert "the 2 strongest pieces masked" in found.sentence


def test_random_orders_that_never_change_the_answer_are_told() -> None:
    never = ten(*[0.2] * 10, most=(WHOLE, 0.8, 0.7, 0.6))
    assert "(in random order it mostly never does)" in verdict(made(trial(0.5), never)).sentence


def test_an_answer_that_does_not_change_is_told_by_how_far_it_falls() -> None:
    found = verdict(made(trial(0.31, (WHOLE, 0.7, 0.6, 0.55)), ten(*[0.1] * 9, 0.4)))
    assert found.standing is Standing.CLEAR
    assert found.sentence == (
        "Clearly better than chance on this sentence: the probability of Positive falls by 0.31 on average as the"
        " strongest words go first, by 0.13 in random order; 1 of 10 random orders does as well or better."
    )


def test_an_answer_the_model_does_not_give_cannot_change_into_another() -> None:
    """The trial is of “positive”, and what is given all the time is “negative”."""
    low = trial(0.2, (0.4, 0.3, 0.2, 0.1))
    found = verdict(made(low, ten(*[0.1] * 10, most=(0.4, 0.39, 0.38, 0.1))))
    assert "falls by 0.20 on average" in found.sentence


@pytest.mark.parametrize(
    ("scores", "standing"),
    [
        ([0.2] * 10, Standing.CLEAR),
        ([0.2] * 9 + [0.6], Standing.CLEAR),
        ([0.2] * 8 + [0.6] * 2, Standing.LITTLE),
        ([0.46] * 10, Standing.LITTLE),  # beats all, but only just
        ([0.2] * 6 + [0.6] * 4, Standing.LITTLE),
        ([0.2] * 5 + [0.6] * 5, Standing.NONE),
        ([0.5] * 10, Standing.NONE),  # as good is not better
        ([0.9] * 10, Standing.NONE),
        ([0.49] * 6 + [0.9] * 4, Standing.NONE),  # beats most, and is behind on average
    ],
)
def test_standings(scores: list[float], standing: Standing) -> None:
    found = verdict(made(trial(0.5), ten(*scores)))
    assert found.standing is standing
    better = sum(score >= 0.5 for score in scores)
    said = {0: "none of 10 random orders does as well.", 1: "1 of 10 random orders does as well or better."}
    assert found.sentence.endswith(said.get(better, f"{better} of 10 random orders do as well or better."))


def test_a_fall_below_nothing_is_written_with_a_minus_sign() -> None:
    found = verdict(made(trial(-0.1), ten(*[0.2] * 10)))
    assert found.standing is Standing.NONE
    assert "falls by \N{MINUS SIGN}0.10" in found.sentence


def test_three_words_are_too_few() -> None:
    found = verdict(made(trial(0.5), ten(*[0.1] * 10), text="Truly superb actors"))
    assert found.standing is Standing.TOO_SHORT
    assert found.sentence == (
        "Too short to tell: with fewer than 4 words to take away, chance alone finds a good order."
    )


def test_an_answer_that_hardly_depends_on_the_words_is_called_so() -> None:
    flat = trial(0.02, (WHOLE, 0.88, 0.9, 0.85))
    same = Trial("random", (), flat.order, flat.most, flat.most, 0.0, 0.0)
    own = Trial("decompx", (), flat.order, flat.most, flat.most, 0.02, 0.0)
    found = verdict(made(own, [same] * 10))
    assert found.standing is Standing.UNMOVED
    assert "stayed at 0.85 or above" in found.sentence


def test_one_fall_anywhere_is_a_dependence() -> None:
    """Everything taken away leaves the answer as it was, but on the way it falls."""
    back = trial(0.3, (WHOLE, 0.3, 0.4, WHOLE))
    assert verdict(made(back, ten(*[0.1] * 10))).standing is Standing.CLEAR


def test_turning() -> None:
    assert turning(curve([0.9, 0.8, 0.3, 0.8])) == 2
    assert turning(curve([0.9, 0.8])) is None
    assert turning(curve([0.3, 0.2, 0.8])) == 2
