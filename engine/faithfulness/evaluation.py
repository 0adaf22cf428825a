"""Methods compared over many sentences: what is measured of each sentence, and what all of them say together.

numpy only; whoever asks the model (``engine.session.Session``) is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.contract import Array


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
    was. ``most``: the most important units go first; ``least``: the least important. ``metrics`` by name: the
    protocol's two scores (``Protocol.metric_most`` and ``metric_least``), ``accuracy_most`` and ``accuracy_least``
    where labels are given, ``area_most`` and ``area_least`` where random orders were tried too.
    """

    protocol: str
    method: str
    parameters: str
    most: MeanCurve
    least: MeanCurve
    metrics: Mapping[str, Estimate]

    @property
    def name(self) -> str:
        """The method with its parameters, as the command line has them: ``decompx:bias=token``."""
        return ":".join([self.method, *self.parameters.split()])


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """All that was found.

    ``results`` stand protocol by protocol, in the order they were asked for, and in each method by method. ``model``
    is its name, ``source`` the file's; ``whole_words`` where the pieces of a word were taken away together.
    ``accuracy`` is the untouched model's, None where no labels are given. ``resamples`` is how many the bootstrap drew.
    """

    model: str
    source: str
    whole_words: bool
    sentences: int
    seed: int
    resamples: int
    accuracy: Estimate | None
    results: tuple[Result, ...]
