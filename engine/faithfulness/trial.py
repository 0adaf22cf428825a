"""How far one explanation can be trusted: the words it calls important are taken away, and the model is asked again.

numpy only; whoever asks the model (``engine.session.Session``) is handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from engine.contract import Array, Explanation, Request
from engine.errors import TextError
from engine.faithfulness.protocol import Protocol as Rules
from engine.faithfulness.protocol import Taking, find
from engine.words import Row, merge_shares, rows

if TYPE_CHECKING:
    from engine.context import RunContext

RANDOM = "random"  # stands where a method's id stands
MOST_SHOWN = 20  # steps of a curve that is drawn, at most


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the model says of every variant of a text.

    ``probability`` [variant] of the one answer that is asked about, ``predicted`` [variant] the answer it gives now.
    """

    probability: Array
    predicted: Array


class Door(Protocol):
    """What answers: ``engine.session.Session``, or a stand-in."""

    def run(self, request: Request, context: RunContext) -> Explanation:
        """The explanation; raises EngineError or Cancelled."""

    def without(
        self, request: Request, removed: Sequence[tuple[int, ...]], taking: Taking, context: RunContext
    ) -> Answers:
        """The answers for the request's text, each time without the tokens at some positions."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How explanations are tried.

    ``protocol`` is its id; ``whole_words`` take the pieces of a word away together. ``drawn`` asks for a curve to be
    drawn beside the protocol's own steps: one unit after the other, in at most ``MOST_SHOWN`` steps. ``orders`` is how
    many random orders are tried, ``seed`` what they are drawn from.
    """

    protocol: str = "mask"
    whole_words: bool = False
    drawn: bool = False
    orders: int = 1
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """How the answer changes: its ``probability`` [step] with ``counts`` [step] units taken away.

    ``predicted`` [step] is the answer the model gives then. Counts rise from 0, the whole text.
    """

    counts: Array
    probability: Array
    predicted: Array

    def at(self, counts: Sequence[int]) -> Array:
        """[count] the probabilities with so many units away, which are all among the steps."""
        return np.asarray(self.probability[np.searchsorted(self.counts, counts)])

    def answers_at(self, counts: Sequence[int]) -> Array:
        """[count] the answers given then."""
        return np.asarray(self.predicted[np.searchsorted(self.counts, counts)])


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One order tried on one text: the most important units first (``most``), or the least important (``least``).

    ``order`` [unit] is the order, from the most important on; ``score_most`` and ``score_least`` are the protocol's.
    """

    method: str
    parameters: tuple[tuple[str, str], ...]
    order: Array
    most: Curve
    least: Curve
    score_most: float
    score_least: float


class Trying:
    """One text under one plan. What was asked once is not asked again, whichever order asks for it."""

    def __init__(self, door: Door, explanation: Explanation, plan: Plan) -> None:
        """``explanation``, by whatever method, says what is read, what is answered, and which answer is tried.

        Raises TextError where nothing can be taken away, or the answer has no probability.
        """
        if explanation.prediction.probabilities is None:
            raise TextError(
                "This model's answers have no probability",
                "Only a probability that falls can tell whether the right words were taken away.",
                "Use a model that chooses among classes, or fills gaps.",
            )
        self.rules: Rules = find(plan.protocol)
        self.units = removable(explanation, whole_words=plan.whole_words)
        if not self.units:
            raise TextError("Nothing can be taken away", "Only what the answer needs is there.", "Add a word.")
        self.whole = float(explanation.prediction.probabilities[explanation.target])
        self._door = door
        self._plan = plan
        self._request = replace(explanation.request, target=explanation.target)
        self._most, self._least = steps(plan, len(self.units))
        now = int(np.argmax(explanation.prediction.logits))
        self._known: dict[frozenset[int], tuple[float, int]] = {frozenset(): (self.whole, now)}
        self._ids = [token.id for token in explanation.tokens]

    def importance(self, explanation: Explanation) -> Array:
        """[unit] what the explanation gives each unit."""
        return merge_shares(explanation.scores, self.units)

    def explained(self, explanation: Explanation, context: RunContext) -> Trial:
        """Try an explanation of the same text and answer. Raises Cancelled."""
        asked = explanation.request
        order = self.rules.order(self.importance(explanation))
        return self._tried([order], asked.method, asked.parameters, context)[0]

    def by_chance(self, context: RunContext) -> tuple[Trial, ...]:
        """Try the plan's random orders: the same for the same text and seed, whatever was tried before."""
        return self._tried(self._chance_orders(), RANDOM, (), context)

    def ask_ahead(self, explanations: Sequence[Explanation], context: RunContext) -> None:
        """Ask at once, in fewer passes, all that trying these explanations and the random orders will ask."""
        orders = [self.rules.order(self.importance(explanation)) for explanation in explanations]
        orders += self._chance_orders()
        self._ask([removed for order in orders for removals in self._taken(order) for removed in removals], context)

    def passes(self, orders: int) -> int:
        """How many variants of the text so many orders ask for, at most."""
        return orders * (len(self._most) + len(self._least))

    def _tried(
        self, orders: Sequence[Array], method: str, parameters: tuple[tuple[str, str], ...], context: RunContext
    ) -> tuple[Trial, ...]:
        taken = [self._taken(order) for order in orders]
        self._ask([removed for both in taken for removals in both for removed in removals], context)
        return tuple(
            self._trial(method, parameters, order, self._curve(self._most, most), self._curve(self._least, least))
            for order, (most, least) in zip(orders, taken, strict=True)
        )

    def _chance_orders(self) -> list[Array]:
        drawing = np.random.default_rng([self._plan.seed, *self._ids])
        return [drawing.permutation(len(self.units)) for _ in range(self._plan.orders)]

    def _taken(self, order: Array) -> tuple[list[frozenset[int]], list[frozenset[int]]]:
        """The tokens that are away at every step, the most important units first and the least important first."""
        return self._first(order, self._most), self._first(order[::-1], self._least)

    def _first(self, order: Array, counts: tuple[int, ...]) -> list[frozenset[int]]:
        """[step] the tokens of the first units of an order."""
        return [frozenset(token for unit in order[:count] for token in self.units[unit].tokens) for count in counts]

    def _ask(self, removals: Sequence[frozenset[int]], context: RunContext) -> None:
        new = [removed for removed in dict.fromkeys(removals) if removed not in self._known]
        if new:
            sorted_positions = [tuple(sorted(removed)) for removed in new]
            found = self._door.without(self._request, sorted_positions, self.rules.taking, context)
            answers = zip(found.probability.tolist(), found.predicted.tolist(), strict=True)
            self._known.update(zip(new, answers, strict=True))

    def _curve(self, counts: tuple[int, ...], removals: list[frozenset[int]]) -> Curve:
        answers = [self._known[removed] for removed in removals]
        return Curve(
            counts=np.array(counts),
            probability=np.array([probability for probability, _ in answers]),
            predicted=np.array([predicted for _, predicted in answers]),
        )

    def _trial(
        self, method: str, parameters: tuple[tuple[str, str], ...], order: Array, most: Curve, least: Curve
    ) -> Trial:
        units = len(self.units)
        return Trial(
            method=method,
            parameters=parameters,
            order=order,
            most=most,
            least=least,
            score_most=self.rules.score_most(self.whole, most.at(self.rules.most(units))),
            score_least=self.rules.score_least(self.whole, least.at(self.rules.least(units))),
        )


def removable(explanation: Explanation, *, whole_words: bool) -> tuple[Row, ...]:
    """What can be taken away, in reading order: words, or single tokens.

    Special tokens and padding stay, and so does the token whose state is read: the first one where a class of the
    whole text is the answer, which is a special token unless ids were given without.
    """
    reading = explanation.request.attention_mask or ()
    stays = {explanation.position, *(place for place, is_read in enumerate(reading) if not is_read)}
    return tuple(
        row
        for row in rows(explanation.request, explanation.tokens, whole_words=whole_words)
        if not row.is_special and not stays.intersection(row.tokens)
    )


def steps(plan: Plan, units: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How many of so many units are away at every step: the most important ones first, the least important first."""
    rules = find(plan.protocol)
    drawn = _drawn(units) if plan.drawn else set()
    most, least = (tuple(sorted({0, *counts} | drawn)) for counts in (rules.most(units), rules.least(units)))
    return most, least


def _drawn(units: int) -> set[int]:
    steps = min(units, MOST_SHOWN)
    return {round(units * step / steps) for step in range(steps + 1)}
