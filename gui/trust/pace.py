"""How fast this computer reads with a model: learnt from every pass that is timed, and from trials."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from engine.contract import Explanation
from engine.faithfulness.forecast import pace_of


class Pace:
    """``value`` is in seconds per multiply-add of a recorded pass, None before one was seen.

    Of several passes the quickest counts: the others had to share the processor. What trials take in truth is better
    still.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.value: float | None = None
        self._clock = clock
        self._is_learnt = False
        self._begun: tuple[float, float] | None = None

    def forget(self) -> None:
        """Another model."""
        self.value, self._is_learnt, self._begun = None, False, None

    def seen(self, explanation: Explanation) -> None:
        """An explanation's pass was timed."""
        if not self._is_learnt:
            self.value = min(filter(None, (self.value, pace_of(explanation))), default=None)

    def begun(self, expected: float) -> None:
        """What is expected to take so many seconds begins now."""
        self._begun = self._clock(), expected

    def ended(self) -> None:
        """It is done."""
        if self._begun is None or self.value is None:
            return
        (begun, expected), self._begun = self._begun, None
        took = self._clock() - begun
        if expected > 0 and took > 0:
            self.value *= took / expected
            self._is_learnt = True
