"""Explanations tried by hand: a model whose answer is the sum of what its words weigh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.context import RunContext
from engine.contract import Explanation, Request
from engine.faithfulness.protocol import Taking
from engine.faithfulness.trial import Answers, Plan, Trying
from gui.trust.tried import Tried
from tests.gui import samples

WEIGHTS = {"superb": 3.0, "truly": 1.5, "actors": 0.5, "thin": -1.0}
BIAS = -1.0
TEXT = "The actors were superb"


def weight(word: str) -> float:
    return WEIGHTS.get(word, 0.0)


class Adding:
    """Answers "positive" with the logistic function of the sum of what is there."""

    def __init__(self, explanation: Explanation) -> None:
        self._weights = np.array([weight(token.text) for token in explanation.tokens])

    def run(self, request: Request, context: RunContext) -> Explanation:
        raise AssertionError("nothing is explained here")

    def without(
        self, request: Request, removed: Sequence[tuple[int, ...]], taking: Taking, context: RunContext
    ) -> Answers:
        shares = np.array([self.share(gone) for gone in removed])
        return Answers(shares, (shares > 0.5).astype(int))

    def share(self, gone: Sequence[int] = ()) -> float:
        kept = np.delete(self._weights, list(gone))
        return float(1 / (1 + np.exp(-(kept.sum() + BIAS))))


def explained(text: str = TEXT, scores: Sequence[float] | None = None, method: str = "decompx") -> Explanation:
    """By default each word is given what it weighs."""
    made = samples.explanation(text)
    weights = np.array([weight(token.text) for token in made.tokens])
    share = Adding(made).share()
    logits, shares = np.array([0.0, np.log(share / (1 - share))]), np.array([1 - share, share])
    return replace(
        made,
        request=replace(made.request, method=method),
        scores=weights if scores is None else np.array([0.0, *scores, 0.0]),
        prediction=replace(made.prediction, logits=logits, probabilities=shares),
    )


def tried(text: str = TEXT, orders: int = 3, protocol: str = "mask", seed: int = 5) -> Tried:
    """The right order, another method that has it the wrong way round, and some by chance."""
    own = explained(text)
    plan = Plan(protocol, whole_words=True, drawn=True, orders=orders, seed=seed)
    trying = Trying(Adding(own), own, plan)
    other = explained(text, -own.scores[1:-1], "gradient")
    context = RunContext()
    return Tried(
        explanation=own,
        plan=plan,
        units=trying.units,
        own=trying.explained(own, context),
        others=(trying.explained(other, context),),
        chance=trying.by_chance(context) if orders else (),
    )
