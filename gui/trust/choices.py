"""Which methods stand beside an explanation that is tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.contract import Explanation
from engine.registry import Method

NOTHING = ""  # chosen on purpose
# As long as nobody chose: methods of different kinds, each well known.
USUAL = ("decompx", "alti", "integrated_gradients", "rollout")


def fitting(methods: Mapping[str, Method], explanation: Explanation) -> list[str]:
    """The ids of methods that can explain with the explanation's model."""
    return [method for method in methods if method not in explanation.model.unavailable]


def others_for(chosen: Sequence[str | None], current: str, fit: Sequence[str]) -> tuple[str, ...]:
    """The methods beside ``current``: what was chosen for each place, as far as it fits, else the usual ones.

    None is a place for which nothing was chosen. No method stands twice.
    """
    kept = [method if method == NOTHING or (method in fit and method != current) else None for method in chosen]
    free = [method for method in USUAL if method in fit and method != current and method not in kept]
    return tuple(method if method is not None else (free.pop(0) if free else NOTHING) for method in kept)
