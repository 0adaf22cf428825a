"""A stand-in for the model whose probabilities are known by arithmetic, and explanations made by hand for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.context import RunContext
from engine.contract import Explanation, Head, ModelInfo, Prediction, Request, Token
from engine.faithfulness.protocol import Taking
from engine.faithfulness.trial import Answers

INFO = ModelInfo(
    name="additive",
    title="Additive",
    folder="nowhere",
    family="none",
    head=Head.SEQUENCE_CLASSIFICATION,
    labels=("no", "yes"),
    layers=1,
    heads=1,
    hidden=1,
    intermediate=1,
    max_tokens=512,
    parameters=1,
    weights_sha256="",
    device="CPU",
    dtype="float64",
    has_tokenizer=False,
)
SPECIAL = -1  # stands where a word's number stands


def explanation(
    scores: Sequence[float],
    probability: float,
    *,
    words: Sequence[int] | None = None,
    head: Head = Head.SEQUENCE_CLASSIFICATION,
    position: int = 0,
    **request: object,
) -> Explanation:
    """Of the answer "yes", by ``scores`` [token]. ``words`` [token] number the words, ``SPECIAL`` for a special token;
    by default every token but the first and the last is a word of its own.
    """
    numbers = (SPECIAL, *range(len(scores) - 2), SPECIAL) if words is None else words
    ids = tuple(range(10, 10 + len(scores)))
    return Explanation(
        request=replace(Request(0, "additive", "by hand", ids=ids), **request),
        model=replace(INFO, head=head),
        tokens=tuple(
            Token(f"t{place}", ids[place], -1, -1, number, 0, number == SPECIAL) for place, number in enumerate(numbers)
        ),
        prediction=Prediction(INFO.labels, np.array([0.0, 1.0]), np.array([1 - probability, probability])),
        target=1,
        against=-1,
        explained=(0, 1),
        position=position,
        unit="logit",
        signed=True,
        scores=np.array(scores, dtype=float),
        attention=np.zeros((1, 1, len(scores), len(scores))),
    )


class Additive:
    """Says ``base`` and what each token left adds; keeps what it was asked (``asked``: request, removed, taking)."""

    def __init__(self, adds: Sequence[float], base: float = 0.0) -> None:
        self.adds, self.base = np.array(adds), base
        self.asked: list[tuple[Request, tuple[int, ...], Taking]] = []

    @property
    def whole(self) -> float:
        """The probability with nothing taken away."""
        return float(self.base + self.adds.sum())

    def run(self, request: Request, context: RunContext) -> Explanation:
        raise AssertionError("only variants are asked for")

    def without(
        self, request: Request, removed: Sequence[tuple[int, ...]], taking: Taking, context: RunContext
    ) -> Answers:
        """The sum of what is left; "yes" from one half on."""
        context.raise_if_cancelled()
        self.asked += [(request, places, taking) for places in removed]
        said = np.array([self.whole - self.adds[list(places)].sum() for places in removed])
        return Answers(said, (said >= 0.5).astype(int))
