"""What many sentences say together: means with their intervals, as values to draw and as rows of two tidy tables.

numpy only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.contract import Array
from engine.faithfulness.bootstrap import RESAMPLES, intervals, means
from engine.faithfulness.candidates import Candidate
from engine.faithfulness.measuring import CURVES, LEAST, MOST, Design, Key, Measured, keys_of, shares
from engine.faithfulness.protocol import find
from engine.rows import Cell

SUMMARY_COLUMNS = ("method", "parameters", "protocol", "metric", "value", "low", "high", "sentences", "other")
SENTENCE_COLUMNS = (
    "line",
    "label",
    "predicted",
    "method",
    "parameters",
    "protocol",
    "metric",
    "at",
    "value",
    "other",
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over ``sentences``, with the interval that 95 % of the bootstrap's means lie in."""

    value: float
    low: float
    high: float
    sentences: int


@dataclass(frozen=True, slots=True, eq=False)
class MeanCurve:
    """The probability of the answer, on average over all sentences, as units are taken away.

    ``at`` [step] is the share of a sentence's units taken away, rising from 0 (the whole text) as the protocol names
    it: tenths, or the bins; ``mean`` [step] with ``low`` and ``high`` [step], the interval of the bootstrap.
    """

    at: Array
    mean: Array
    low: Array
    high: Array


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One method under one protocol.

    ``method`` is its id or ``random``, ``parameters`` those that were set, as in ``bias=token ffn=la``, "" where none
    was; ``name`` is both as the command line has them, ``decompx:bias=token``. ``most``: the most important units go
    first; ``least``: the least important. ``metrics`` by name: the protocol's two scores (``Protocol.metric_most`` and
    ``metric_least``), ``accuracy_most`` and ``accuracy_least`` where labels are given, ``area_most`` and
    ``area_least`` where random orders were tried too.
    """

    protocol: str
    method: str
    parameters: str
    name: str
    most: MeanCurve
    least: MeanCurve
    metrics: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """All that was found.

    ``results`` stand protocol by protocol, in the order they were asked for, and in each method by method. ``model``
    is its name, ``source`` the file's; ``whole_words`` where the pieces of a word were taken away together.
    ``accuracy`` is the untouched model's, None where no labels are given. ``resamples`` is how many the bootstrap drew.
    ``estimates`` are all numbers but the curves' points, by what they say, those that no sentence has left out.
    """

    model: str
    source: str
    whole_words: bool
    sentences: int
    seed: int
    resamples: int
    accuracy: Estimate | None
    results: tuple[Result, ...]
    estimates: Mapping[Key, Estimate]


def evaluate(design: Design, measured: Sequence[Measured], model: str, source: str) -> Evaluation:
    """Put the sentences together. At least one is needed; the same ones and the same seed give the same numbers."""
    keys = keys_of(design)
    values = np.array([each.values for each in measured])  # [sentence, key]
    low, high = intervals(values, design.seed)
    counts = (~np.isnan(values)).sum(0)
    found = zip(means(values).tolist(), low.tolist(), high.tolist(), counts.tolist(), strict=True)
    all_found = {key: Estimate(*numbers) for key, numbers in zip(keys, found, strict=True)}
    estimates = {key: estimate for key, estimate in all_found.items() if key.at is None and estimate.sentences}
    return Evaluation(
        model=model,
        source=source,
        whole_words=design.whole_words,
        sentences=len(measured),
        seed=design.seed,
        resamples=RESAMPLES,
        accuracy=estimates.get(Key("accuracy")),
        results=tuple(
            _result(candidate, protocol, all_found, estimates)
            for protocol in design.protocols
            for candidate in design.candidates
        ),
        estimates=estimates,
    )


def _result(
    candidate: Candidate, protocol: str, all_found: Mapping[Key, Estimate], estimates: Mapping[Key, Estimate]
) -> Result:
    return Result(
        protocol=protocol,
        method=candidate.method,
        parameters=candidate.settings,
        name=candidate.name,
        most=_curve(candidate, protocol, MOST, all_found),
        least=_curve(candidate, protocol, LEAST, all_found),
        metrics={
            key.metric: estimate
            for key, estimate in estimates.items()
            if key.candidate == candidate and key.protocol == protocol
        },
    )


def _curve(candidate: Candidate, protocol: str, side: str, found: Mapping[Key, Estimate]) -> MeanCurve:
    steps = shares(find(protocol), side)
    points = [found[Key(CURVES[side], candidate, protocol, at)] for at in steps]
    return MeanCurve(
        at=np.array(steps),
        mean=np.array([point.value for point in points]),
        low=np.array([point.low for point in points]),
        high=np.array([point.high for point in points]),
    )


def summary_rows(evaluation: Evaluation) -> Iterator[tuple[Cell, ...]]:
    """The rows of SUMMARY_COLUMNS."""
    for key, found in evaluation.estimates.items():
        numbers = (found.value, found.low, found.high, found.sentences)
        yield (*_named(key), *numbers, "" if key.other is None else key.other.name)


def sentence_rows(
    design: Design, measured: Sequence[Measured], gold: Mapping[int, int], labels: Sequence[str]
) -> Iterator[tuple[Cell, ...]]:
    """The rows of SENTENCE_COLUMNS: every number of every sentence.

    ``gold`` are the classes given, by line, and ``labels`` the names of all classes.
    """
    keys = keys_of(design)
    for sentence in measured:
        given = gold.get(sentence.line)
        about = (sentence.line, "" if given is None else labels[given], labels[sentence.predicted])
        for key, value in zip(keys, sentence.values.tolist(), strict=True):
            if value == value:  # not NaN
                at = "" if key.at is None else key.at
                yield (*about, *_named(key), at, value, "" if key.other is None else key.other.name)


def _named(key: Key) -> tuple[str, str, str, str]:
    candidate = key.candidate
    method, parameters = ("", "") if candidate is None else (candidate.method, candidate.settings)
    return method, parameters, key.protocol, key.metric
