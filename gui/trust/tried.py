"""An explanation that was tried, as lines and words for :func:`gui.trust.curves.curve_figure`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine import registry
from engine.contract import Explanation
from engine.faithfulness.protocol import find
from engine.faithfulness.trial import Curve, Plan, Trial
from engine.words import Row
from gui.guide.help import help_text
from gui.paint.numerals import counted, plain
from gui.told.wording import answer_name, distinct_names, isolated
from gui.trust.lines import Course, CurveWords, Line, Role

TWO = 2  # answers: the other one wins below one half


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """One explanation (``own``) tried under a ``plan`` beside ``others`` and random orders (``chance``).

    Of the ``explanation`` there is what :func:`told_of` leaves.
    ``units`` is what can be taken away (:attr:`engine.faithfulness.trial.Trying.units`).
    """

    explanation: Explanation
    plan: Plan
    units: tuple[Row, ...]
    own: Trial
    others: tuple[Trial, ...] = ()
    chance: tuple[Trial, ...] = ()


def told_of(explanation: Explanation) -> Explanation:
    """What is told of an explanation beside its curves: all but its maps and its flow, which a trial would keep."""
    none = explanation.attention[..., :0, :0].copy()
    bare = replace(explanation, attention=none, layer_maps=None, rollout=None, flow=None, grouped=None)
    return replace(bare, components=None, extra={})


def lines(tried: Tried) -> tuple[Line, ...]:
    """Chance first, so that it is drawn below the others, the explanation's own last."""
    drawn = [_by_chance(tried.chance)] if tried.chance else []
    drawn += [_line(trial, name, Role.OTHER) for trial, name in zip(tried.others, names(tried)[1:], strict=True)]
    return (*drawn, _line(tried.own, names(tried)[0], Role.OWN))


def words(tried: Tried) -> CurveWords:
    """What stands around them."""
    explanation = tried.explanation
    labels = distinct_names(row.label for row in tried.units)
    unit = help_text("trust_plot", "words" if tried.plan.whole_words else "pieces")
    answer = answer_name(explanation, explanation.target)
    is_either_or = len(explanation.prediction.labels) == TWO
    return CurveWords(
        title=help_text("trust_plot", "title", answer=isolated(answer), unit=unit),
        answer=answer,
        unit=unit,
        order=tuple(labels[index] for index in tried.own.order),
        turning=1 / TWO if is_either_or else None,
        notes=_notes(tried, unit),
        other=answer_name(explanation, 1 - explanation.target) if is_either_or else "",
    )


def names(tried: Tried) -> tuple[str, ...]:
    """What the explanation's method and the others are called: with their parameters where one is there twice."""
    known = {method.id: method.label for method in registry.discover()}
    trials = (tried.own, *tried.others)
    methods = [trial.method for trial in trials]
    return tuple(
        known.get(trial.method, trial.method) + (_set(trial) if methods.count(trial.method) > 1 else "")
        for trial in trials
    )


def _set(trial: Trial) -> str:
    given = ", ".join(f"{name}={value}" for name, value in trial.parameters)
    return f" ({given})" if given else ""


def _notes(tried: Tried, unit: str) -> tuple[str, ...]:
    """How it was tried, and the protocol's scores."""
    rules = find(tried.plan.protocol)
    taken = rules.label[:1].lower() + rules.label[1:]
    said = [help_text("trust_plot", "protocol", unit=unit, taken=taken, protocol=rules.id)]
    if tried.chance:
        orders = counted(len(tried.chance), "random order")
        said.append(help_text("trust_plot", "orders", orders=orders, seed=str(tried.plan.seed)))
    trials = (tried.own, *tried.others)
    most = [trial.score_most for trial in trials]
    least = [trial.score_least for trial in trials]
    named = list(names(tried))
    if tried.chance:
        named.append(help_text("trust_plot", "chance").lower())
        most.append(float(np.mean([trial.score_most for trial in tried.chance])))
        least.append(float(np.mean([trial.score_least for trial in tried.chance])))
    for metric, scores in ((rules.metric_most, most), (rules.metric_least, least)):
        told = ", ".join(f"{name} {plain(score)}" for name, score in zip(named, scores, strict=True))
        said.append(help_text("trust_plot", "score", metric=help_text("trust_metric", metric), scores=told))
    return tuple(said)


def _line(trial: Trial, name: str, role: Role) -> Line:
    return Line(name, role, _course(trial.most), _course(trial.least))


def _course(curve: Curve) -> Course:
    turned = np.flatnonzero(curve.predicted != curve.predicted[0])
    return Course(curve.counts, curve.probability, turned=int(turned[0]) if len(turned) else -1)


def _by_chance(trials: Sequence[Trial]) -> Line:
    most = _spread(trials, lambda trial: trial.most)
    return Line(help_text("trust_plot", "chance"), Role.CHANCE, most, _spread(trials, lambda trial: trial.least))


def _spread(trials: Sequence[Trial], curve_of: Callable[[Trial], Curve]) -> Course:
    found = np.array([curve_of(trial).probability for trial in trials])  # [order, step]
    return Course(curve_of(trials[0]).counts, found.mean(0), found.min(0), found.max(0))
