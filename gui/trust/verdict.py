"""What a trial says about a picture, in one plain sentence made from its numbers. Pure.

It says no more than was tried: one sentence, one way of taking words away, a handful of random orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from engine.contract import Array
from engine.faithfulness.protocol import Taking, find
from engine.faithfulness.trial import Curve, Trial
from gui.guide.help import help_text
from gui.told.wording import answer_name, isolated, probability
from gui.trust.tried import Tried

FEWEST = 4  # words an order can be told from
UNMOVED = 0.1  # of probability: a smaller fall, whatever is taken away, tells nothing
APART = 0.05  # of probability: nearer to chance no picture is called clearly better
NEARLY_ALL = 0.9  # of the random orders


class Standing(Enum):
    """How a picture stands against chance."""

    CLEAR = "clear"
    LITTLE = "little"
    NONE = "none"
    TOO_SHORT = "too_short"
    UNMOVED = "unmoved"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a picture stands: ``lead`` says it, ``facts`` why."""

    standing: Standing
    lead: str
    facts: str

    @property
    def sentence(self) -> str:
        """The whole of it."""
        return f"{self.lead}: {self.facts}."


def verdict(tried: Tried) -> Verdict:
    """Of a trial that has its random orders."""
    standing = _standing(tried)
    answer = isolated(answer_name(tried.explanation, tried.explanation.target))
    unit = unit_name(tried)
    lead = said(standing.value)
    if standing is Standing.TOO_SHORT:
        return Verdict(standing, lead, said("fewer", unit=unit, least=str(FEWEST)))
    if standing is Standing.UNMOVED:
        return Verdict(standing, lead, said("stays", unit=unit, answer=answer, least=probability(_lowest(tried))))
    turned = turning(tried.own.most) if standing is Standing.CLEAR and _is_predicted(tried) else None
    if turned is None:
        own, chance = (_two_digits(fall) for fall in (tried.own.score_most, _mean_fall(tried.chance)))
        facts = said("falls", unit=unit, answer=answer, own=own, chance=chance)
    else:
        facts = said("turns", strongest=_strongest(turned, tried), away=_away(tried), others=_by_chance(tried))
    better = sum(trial.score_most >= tried.own.score_most for trial in tried.chance)
    orders = len(tried.chance)
    ranked = said("none_better" if better == 0 else "better", better=str(better), orders=str(orders))
    return Verdict(standing, lead, f"{facts}; {ranked}")


def unit_name(tried: Tried) -> str:
    """What is taken away, in the plural."""
    return help_text("trust", "words" if tried.plan.whole_words else "pieces")


def turning(curve: Curve) -> int | None:
    """How many are away when the model first gives another answer; None where it never does."""
    turned = np.flatnonzero(curve.predicted != curve.predicted[0])
    return int(curve.counts[turned[0]]) if len(turned) else None


def said(key: str, **names: str) -> str:
    """One part of a verdict."""
    return help_text("trust_verdict", key, **names)


def _standing(tried: Tried) -> Standing:
    if len(tried.units) < FEWEST:
        return Standing.TOO_SHORT
    whole = float(tried.own.most.probability[0])
    if _lowest(tried) > whole - UNMOVED:
        return Standing.UNMOVED
    ahead = tried.own.score_most - _mean_fall(tried.chance)
    beaten = np.mean([trial.score_most < tried.own.score_most for trial in tried.chance])
    if ahead >= APART and beaten >= NEARLY_ALL:
        return Standing.CLEAR
    return Standing.LITTLE if ahead > 0 and beaten > 1 / 2 else Standing.NONE


def _lowest(tried: Tried) -> float:
    """The lowest probability that anything taken away has led to."""
    trials = (tried.own, *tried.chance, *tried.others)
    return min(float(curve.probability.min()) for trial in trials for curve in (trial.most, trial.least))


def _is_predicted(tried: Tried) -> bool:
    """Whether the answer that is tried is the one the model gives."""
    return int(tried.own.most.predicted[0]) == tried.explanation.target


def _mean_fall(chance: tuple[Trial, ...]) -> float:
    return float(np.mean([trial.score_most for trial in chance]))


def _strongest(count: int, tried: Tried) -> str:
    if count == 1:
        return said("strongest_one", unit=help_text("trust", "word" if tried.plan.whole_words else "piece"))
    return said("strongest", count=str(count), unit=unit_name(tried))


def _away(tried: Tried) -> str:
    return said("masked" if find(tried.plan.protocol).taking is Taking.MASK else "deleted")


def _by_chance(tried: Tried) -> str:
    """How many are away in the middle one of the random orders."""
    found: Array = np.array([turned or np.inf for turned in (turning(trial.most) for trial in tried.chance)])
    middle = float(np.median(found))
    return said("chance_never") if middle == np.inf else said("chance", count=f"{middle:.0f}")


def _two_digits(value: float) -> str:
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
