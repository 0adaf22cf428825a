"""What the panel shows is what the headless command computes, with the real model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.context import RunContext
from engine.contract import Request
from engine.faithfulness.trial import Plan, Trial, Trying
from engine.session import Session
from gui.trust.running import Making, Wanted

TEXT = "The plot was thin, but the actors were wonderful."
CLOSE = 1e-6  # of probability, in single precision: batches of other sizes add up in another order


def scores(trials: tuple[Trial, ...]) -> list[float]:
    return [score for trial in trials for score in (trial.score_most, trial.score_least)]


@pytest.mark.parametrize("protocol", ["mask", "delete"])
def test_scores_are_those_of_a_trial_without_a_window(protocol: str) -> None:
    context = RunContext()
    request = Request(1, "english-sentiment", "decompx", text=TEXT)
    drawn = Plan(protocol, whole_words=True, drawn=True, orders=3, seed=0)
    window, beside, headless = Session(), Session(), Session()
    shown = window.run(request, context)
    *_, tried = Making(Wanted(shown, drawn, ("rollout",), (1, 1, 1)), lambda _: None).curves(beside, lambda: None)
    again = headless.run(replace(request, components=False), context)
    rollout = headless.run(replace(request, method="rollout", components=False), context)
    plain = Trying(headless, again, replace(drawn, drawn=False))
    found = (plain.explained(again, context), plain.explained(rollout, context), *plain.by_chance(context))
    panel = (tried.own, *tried.others, *tried.chance)
    for one, other in zip(panel, found, strict=True):
        np.testing.assert_array_equal(one.order, other.order)
    np.testing.assert_allclose(scores(panel), scores(found), rtol=0, atol=CLOSE)
