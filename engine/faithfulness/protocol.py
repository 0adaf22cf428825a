"""How words are taken away, how many at a time, and what is read off the model's answers: the published protocols.

``mask`` is that of DecompX (Modarressi et al. 2023, section 4.2, and the notebook beside their code). ``delete`` is
comprehensiveness and sufficiency (DeYoung et al. 2020, section 4.2) with the bins of ALTI (Ferrando et al. 2022,
section 5.1); ``delete-monotone`` the same as ALTI's published code computes it, with running extremes. numpy only.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from engine.contract import Array
from engine.errors import MethodError

RATIOS = tuple(tenth / 10 for tenth in range(1, 10))
BINS = (0, 1, 5, 10, 20, 50)  # percent


class Taking(Enum):
    """How a word is taken away: the mask token stands in its place, or the text closes up."""

    MASK = "mask"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Protocol:
    """One way to try an order of importance.

    ``most`` and ``least`` say, of so many removable units, how many of the most and of the least important ones are
    taken away at every step. ``metric_most`` (more is better) and ``metric_least`` (less is better) are what the
    scores are called. Where ``starts_empty`` the first step is the empty bin, which counts in the mean with a fall of
    zero. ``runs_on``: a probability never rises again as more of the most important are taken, nor falls as more are
    kept. Of equally important units the earlier is the more important where ``earlier_first``.
    """

    id: str
    label: str
    sentence: str
    taking: Taking
    most: Callable[[int], tuple[int, ...]]
    least: Callable[[int], tuple[int, ...]]
    metric_most: str
    metric_least: str
    starts_empty: bool
    runs_on: bool
    earlier_first: bool

    def order(self, scores: Array) -> Array:
        """[unit] the units from the most important on, by ``scores`` [unit]."""
        if self.earlier_first:
            return np.argsort(-scores, kind="stable")
        return np.argsort(scores, kind="stable")[::-1]

    def score_most(self, whole: float, left: Array) -> float:
        """How far the probability falls from ``whole`` to ``left`` [step], the steps of ``most``, on average."""
        return self._mean_fall(whole, np.minimum.accumulate(left) if self.runs_on else left)

    def score_least(self, whole: float, left: Array) -> float:
        """The same over the steps of ``least``."""
        return self._mean_fall(whole, np.maximum.accumulate(left) if self.runs_on else left)

    def _mean_fall(self, whole: float, left: Array) -> float:
        counted = left[1:] if self.starts_empty else left
        return float(np.sum(whole - counted) / len(left))


def _shares(units: int) -> tuple[int, ...]:
    """How many units each of the nine ratios takes: rounded down, of the product as floating point has it."""
    return tuple(math.floor(units * ratio) for ratio in RATIOS)


def _bins(units: int) -> tuple[int, ...]:
    """How many units each bin takes: rounded up."""
    return tuple(math.ceil(units * percent / 100) for percent in BINS)


def _all_but_bins(units: int) -> tuple[int, ...]:
    return tuple(units - kept for kept in _bins(units))


MASK = Protocol(
    id="mask",
    label="Replaced by the mask",
    sentence="A tenth to nine tenths of the words are replaced by the mask token; the score is the mean fall of the"
    " answer's probability (AOPC, as in the DecompX paper).",
    taking=Taking.MASK,
    most=_shares,
    least=_shares,
    metric_most="aopc_most",
    metric_least="aopc_least",
    starts_empty=False,
    runs_on=False,
    earlier_first=False,
)
DELETE = Protocol(
    id="delete",
    label="Deleted",
    sentence="1, 5, 10, 20 and 50 % of the words are deleted, or all others are; the score is the mean fall of the"
    " answer's probability (comprehensiveness and sufficiency, bins as in the ALTI paper).",
    taking=Taking.DELETE,
    most=_bins,
    least=_all_but_bins,
    metric_most="comprehensiveness",
    metric_least="sufficiency",
    starts_empty=True,
    runs_on=False,
    earlier_first=True,
)
DELETE_MONOTONE = replace(
    DELETE,
    id="delete-monotone",
    label="Deleted, as in the ALTI code",
    sentence="Like “delete”, but a probability that has fallen never rises again: how ALTI's published code computes"
    " the tables of its paper.",
    runs_on=True,
)
PROTOCOLS = (MASK, DELETE, DELETE_MONOTONE)


def find(identifier: str) -> Protocol:
    """The protocol of this id; raises MethodError naming the known ones."""
    for protocol in PROTOCOLS:
        if protocol.id == identifier:
            return protocol
    known = ", ".join(protocol.id for protocol in PROTOCOLS)
    raise MethodError("Unknown protocol", f"There is no protocol “{identifier}”.", f"Known: {known}.")
