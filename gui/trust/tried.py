"""An explanation that was tried, as lines and words for :func:`gui.trust.curves.curve_figure`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine import registry
from engine.contract import Explanation
from engine.faithfulness.trial import Curve, Plan, Trial
from engine.words import Row
from gui.guide.help import help_text
from gui.told.wording import answer_name, distinct_names, isolated
from gui.trust.curves import Course, CurveWords, Line, Role

TWO = 2  # answers: the other one wins below one half


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """One explanation (``own``) tried under a ``plan`` beside ``others`` and random orders (``chance``).

    ``units`` is what can be taken away (:attr:`engine.faithfulness.trial.Trying.units`).
    """

    explanation: Explanation
    plan: Plan
    units: tuple[Row, ...]
    own: Trial
    others: tuple[Trial, ...] = ()
    chance: tuple[Trial, ...] = ()


def lines(tried: Tried) -> tuple[Line, ...]:
    """Chance first, so that it is drawn below the others, the explanation's own last."""
    drawn = [_by_chance(tried.chance)] if tried.chance else []
    drawn += [_line(trial, Role.OTHER) for trial in tried.others]
    return (*drawn, _line(tried.own, Role.OWN))


def words(tried: Tried) -> CurveWords:
    """What stands around them."""
    explanation = tried.explanation
    names = distinct_names(row.label for row in tried.units)
    unit = "words" if tried.plan.whole_words else "pieces"
    answer = answer_name(explanation, explanation.target)
    return CurveWords(
        title=help_text("trust_plot", "title", answer=isolated(answer), unit=unit),
        unit=unit,
        order=tuple(names[unit] for unit in tried.own.order),
        turning=1 / TWO if len(explanation.prediction.labels) == TWO else None,
    )


def method_name(trial: Trial) -> str:
    """What the order's method is called on screen."""
    known = {method.id: method for method in registry.discover()}
    return known[trial.method].label if trial.method in known else trial.method


def _line(trial: Trial, role: Role) -> Line:
    return Line(method_name(trial), role, _course(trial.most), _course(trial.least))


def _course(curve: Curve) -> Course:
    turned = np.flatnonzero(curve.predicted != curve.predicted[0])
    return Course(curve.counts, curve.probability, turned=int(turned[0]) if len(turned) else -1)


def _by_chance(trials: Sequence[Trial]) -> Line:
    most = _spread(trials, lambda trial: trial.most)
    return Line(help_text("trust_plot", "chance"), Role.CHANCE, most, _spread(trials, lambda trial: trial.least))


def _spread(trials: Sequence[Trial], curve_of: Callable[[Trial], Curve]) -> Course:
    found = np.array([curve_of(trial).probability for trial in trials])  # [order, step]
    return Course(curve_of(trials[0]).counts, found.mean(0), found.min(0), found.max(0))
