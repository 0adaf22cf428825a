"""What is measured of one sentence: every candidate's order tried under every protocol, and the orders compared.

numpy only; whoever asks the model (``engine.session.Session``) is handed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from engine.agreement import agreement
from engine.contract import Array, Explanation, Request
from engine.errors import MethodError, TextError
from engine.faithfulness.candidates import Candidate
from engine.faithfulness.journal import Record
from engine.faithfulness.protocol import BINS, RATIOS, Protocol, Taking, find
from engine.faithfulness.shuffling import ShufflingDoor, shuffled_agreement
from engine.faithfulness.trial import Answers, Door, Plan, Trial, Trying

if TYPE_CHECKING:
    from engine.context import RunContext

FEWEST_UNITS = 2  # an order of fewer is no order
MOST, LEAST = "most", "least"
CURVES = {MOST: "probability_most", LEAST: "probability_least"}


@dataclass(frozen=True, slots=True)
class Design:
    """What is compared, and how.

    ``shuffled_layers`` are the model's layers where they are shuffled one after another, None where they are not.
    """

    candidates: tuple[Candidate, ...]
    protocols: tuple[str, ...]
    whole_words: bool = False
    seed: int = 0
    shuffled_layers: int | None = None

    @property
    def methods(self) -> tuple[Candidate, ...]:
        """The candidates that explain: all but random orders."""
        return tuple(candidate for candidate in self.candidates if not candidate.is_random)

    @property
    def orders(self) -> int:
        """How many random orders are tried, 0 where none is asked for."""
        return sum(candidate.orders for candidate in self.candidates)


@dataclass(frozen=True, slots=True)
class Key:
    """What a number says: ``metric`` of a ``candidate`` (None: of the model) under a ``protocol`` ("": under none).

    ``at`` is the share of units taken away where the metric is a curve's point, ``other`` whom it is compared with.
    """

    metric: str
    candidate: Candidate | None = None
    protocol: str = ""
    at: float | None = None
    other: Candidate | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One sentence's numbers: ``values`` [key], NaN where it has none; ``predicted`` is the model's own answer."""

    line: int
    predicted: int
    values: Array

    def record(self) -> Record:
        """The same as a line of a journal."""
        values = [None if np.isnan(value) else value for value in self.values.tolist()]
        return {"line": self.line, "predicted": self.predicted, "values": values}


def measured_of(record: Record) -> Measured:
    """What a journal's line holds."""
    values = np.array([_number(value) for value in record["values"]])
    return Measured(record["line"], record["predicted"], values)


def keys_of(design: Design) -> tuple[Key, ...]:
    """What is measured of every sentence, in the order of ``Measured.values``."""
    return tuple(_keys(design))


def _keys(design: Design) -> Iterator[Key]:
    yield Key("accuracy")
    for identifier in design.protocols:
        rules = find(identifier)
        for candidate in design.candidates:
            yield from _tried_keys(rules, candidate, has_area=design.orders > 0 and not candidate.is_random)
    for candidate in design.methods:
        yield Key("completeness", candidate)
    for metric in ("spearman", "kendall"):
        for one, other in combinations(design.methods, 2):
            yield Key(metric, one, other=other)
    if design.shuffled_layers is not None:
        for candidate in design.methods:
            for layers in range(design.shuffled_layers + 1):
                yield Key(f"spearman_shuffled_{layers}", candidate)


def _tried_keys(rules: Protocol, candidate: Candidate, *, has_area: bool) -> Iterator[Key]:
    names = [rules.metric_most, rules.metric_least, "accuracy_most", "accuracy_least"]
    names += ["area_most", "area_least"] if has_area else []
    yield from (Key(name, candidate, rules.id) for name in names)
    for side, metric in CURVES.items():
        yield from (Key(metric, candidate, rules.id, at) for at in shares(rules, side))


def shares(rules: Protocol, side: str) -> tuple[float, ...]:
    """The shares of the units that are taken away, rising from 0, the whole text."""
    if rules.taking is Taking.MASK:
        return (0.0, *RATIOS)
    if side == MOST:
        return tuple(percent / 100 for percent in BINS)
    return (0.0, *(1 - percent / 100 for percent in reversed(BINS)))


class Measuring:
    """Measures sentence by sentence. ``shuffling`` answers where the design shuffles layers."""

    def __init__(self, door: Door, design: Design, shuffling: ShufflingDoor | None = None) -> None:
        self._door = door
        self._design = design
        self._keys = keys_of(design)
        self._shuffling = shuffling

    def measure(self, request: Request, line: int, gold: int | None, context: RunContext) -> Measured:
        """One sentence, asked about as in ``request``; ``gold`` is its label, None where it has none.

        Raises TextError for a sentence of which too little can be taken away, what the session raises, and Cancelled.
        """
        explained = {each: self._explained(request, each, context) for each in self._design.methods}
        first = next(iter(explained.values()), None) or self._explained(request, Candidate("attention"), context)
        if first.prediction.probabilities is None:
            raise MethodError(
                "This model's answers have no probability",
                "Only a probability that falls can tell whether the right words were taken away.",
                "Use a model that chooses among classes, or fills gaps.",
            )
        predicted = int(np.argmax(first.prediction.logits))
        found: dict[Key, float | None] = {} if gold is None else {Key("accuracy"): float(predicted == gold)}
        door = _Remembering(self._door)
        importance: dict[Candidate, Array] = {}
        for identifier in self._design.protocols:
            plan = Plan(identifier, self._design.whole_words, orders=self._design.orders, seed=self._design.seed)
            trying = Trying(door, first, plan)
            if len(trying.units) < FEWEST_UNITS:
                raise TextError("Too little can be taken away", "Only one word is there.", "Write a longer sentence.")
            importance = {candidate: trying.importance(each) for candidate, each in explained.items()}
            found |= self._tried(trying, explained, gold, context)
        found |= self._compared(explained, importance)
        found |= self._when_shuffled(request, context)
        return Measured(line, predicted, np.array([_number(found.get(key)) for key in self._keys]))

    def _explained(self, request: Request, candidate: Candidate, context: RunContext) -> Explanation:
        return self._door.run(replace(request, method=candidate.method, parameters=candidate.parameters), context)

    def _tried(
        self, trying: Trying, explained: Mapping[Candidate, Explanation], gold: int | None, context: RunContext
    ) -> dict[Key, float | None]:
        trying.ask_ahead(tuple(explained.values()), context)
        found: dict[Key, float | None] = {}
        by_chance = trying.by_chance(context)
        chance = _mean([_read(trying, trial, gold) for trial in by_chance]) if by_chance else None
        for candidate in self._design.candidates:
            if candidate.is_random:
                read = chance or {}
            else:
                read = _read(trying, trying.explained(explained[candidate], context), gold)
                if chance is not None:
                    read |= _areas(trying.rules, read, chance)
            found |= {replace(key, candidate=candidate): value for key, value in read.items()}
        return found

    def _compared(
        self, explained: Mapping[Candidate, Explanation], importance: Mapping[Candidate, Array]
    ) -> dict[Key, float | None]:
        found: dict[Key, float | None] = {
            Key("completeness", candidate): explanation.checks.get("completeness")
            for candidate, explanation in explained.items()
        }
        for one, other in combinations(explained, 2):
            alike = agreement(importance[one], importance[other])
            found[Key("spearman", one, other=other)] = alike.spearman
            found[Key("kendall", one, other=other)] = alike.kendall
        return found

    def _when_shuffled(self, request: Request, context: RunContext) -> dict[Key, float | None]:
        found: dict[Key, float | None] = {}
        if self._shuffling is not None:
            for each in self._design.methods:
                asked = replace(request, method=each.method, parameters=each.parameters)
                for step in shuffled_agreement(self._shuffling, asked, self._design.seed, context):
                    found[Key(f"spearman_shuffled_{step.layers}", each)] = step.spearman
        return found


def _read(trying: Trying, trial: Trial, gold: int | None) -> dict[Key, float | None]:
    """All numbers of one order under one protocol, of no candidate yet."""
    rules, units = trying.rules, len(trying.units)
    found: dict[Key, float | None] = {
        Key(rules.metric_most, None, rules.id): trial.score_most,
        Key(rules.metric_least, None, rules.id): trial.score_least,
    }
    for side, curve, asked in ((MOST, trial.most, rules.most(units)), (LEAST, trial.least, rules.least(units))):
        left = curve.at(asked)
        if rules.runs_on:
            left = (np.minimum if side == MOST else np.maximum).accumulate(left)
        if rules.starts_empty:  # bins: of what is taken away, the empty one first, or of what is kept
            points = left if side == MOST else [trying.whole, *left[::-1]]
        else:
            points = [trying.whole, *left]
        for at, value in zip(shares(rules, side), points, strict=True):
            found[Key(CURVES[side], None, rules.id, at)] = float(value)
        if gold is not None:
            counted = curve.answers_at(asked)[1 if rules.starts_empty else 0 :]
            found[Key(f"accuracy_{side}", None, rules.id)] = float(np.mean(counted == gold))
    return found


def _areas(rules: Protocol, read: Mapping[Key, float | None], chance: Mapping[Key, float | None]) -> dict[Key, float]:
    """How much better than random orders, more is better for both."""
    most, least = (Key(name, None, rules.id) for name in (rules.metric_most, rules.metric_least))
    return {
        Key("area_most", None, rules.id): _number(read[most]) - _number(chance[most]),
        Key("area_least", None, rules.id): _number(chance[least]) - _number(read[least]),
    }


def _mean(all_read: Sequence[Mapping[Key, float | None]]) -> dict[Key, float | None]:
    return {key: float(np.mean([_number(read[key]) for read in all_read])) for key in all_read[0]}


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


class _Remembering:
    """A door that asks the model once about every variant of one text, whichever protocol asks."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._known: dict[tuple[Taking, tuple[int, ...]], tuple[float, int]] = {}

    def run(self, request: Request, context: RunContext) -> Explanation:
        return self._door.run(request, context)

    def without(
        self, request: Request, removed: Sequence[tuple[int, ...]], taking: Taking, context: RunContext
    ) -> Answers:
        new = [places for places in dict.fromkeys(removed) if (taking, places) not in self._known]
        if new:
            found = self._door.without(request, new, taking, context)
            answers = zip(found.probability.tolist(), found.predicted.tolist(), strict=True)
            self._known |= {(taking, places): answer for places, answer in zip(new, answers, strict=True)}
        known = [self._known[taking, places] for places in removed]
        return Answers(np.array([each[0] for each in known]), np.array([each[1] for each in known]))
