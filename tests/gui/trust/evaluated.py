"""Evaluations made by hand: curves that fall the faster, the better a method is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.faithfulness.evaluation import Estimate, Evaluation, MeanCurve, Result
from engine.faithfulness.measuring import LEAST, MOST, shares
from engine.faithfulness.protocol import find

WHOLE, FLOOR = 0.93, 0.5
TEN = (
    "decompx",
    "globenc",
    "alti",
    "attention",
    "rollout",
    "gradient",
    "gradient_x_input",
    "integrated_gradients",
    "value_zeroing",
    "random",
)


def curve(at: Sequence[float], bend: float, spread: float = 0.01) -> MeanCurve:
    share = np.array(at)
    mean = WHOLE - (WHOLE - FLOOR) * share**bend
    return MeanCurve(share, mean, mean - spread, mean + spread)


def estimate(value: float) -> Estimate:
    return Estimate(value, value - 0.02, value + 0.03, 200)


def result(name: str, protocol: str, goodness: float) -> Result:
    """``goodness`` from 0 to 1 is also the score for the strongest words first."""
    rules, (method, *parameters) = find(protocol), name.split(":")
    return Result(
        protocol=protocol,
        method=method,
        parameters=" ".join(parameters),
        name=name,
        most=curve(shares(rules, MOST), 1.2 - goodness),
        least=curve(shares(rules, LEAST), 1.2 + goodness),
        metrics={rules.metric_most: estimate(goodness), rules.metric_least: estimate(1 - goodness)},
    )


def evaluation(names: Sequence[str] = TEN, protocols: Sequence[str] = ("mask",), **changes: object) -> Evaluation:
    """The methods from the best on."""
    results = tuple(
        result(name, protocol, 0.9 - 0.8 * number / max(1, len(names) - 1))
        for protocol in protocols
        for number, name in enumerate(names)
    )
    given: dict[str, object] = {
        "model": "english-sentiment",
        "source": "dev.tsv",
        "whole_words": False,
        "sentences": 200,
        "seed": 3,
        "resamples": 1000,
        "accuracy": Estimate(0.91, 0.88, 0.93, 200),
        "results": results,
        "estimates": {},
    }
    return Evaluation(**(given | changes))  # type: ignore[arg-type]
