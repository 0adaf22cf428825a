"""The pace is that of the quickest pass, until a trial has shown the true one."""

from __future__ import annotations

import pytest

from engine.faithfulness.forecast import pace_of
from gui.trust.pace import Pace
from tests.gui import samples


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_of_several_passes_the_quickest_counts() -> None:
    pace = Pace()
    assert pace.value is None
    slow, quick = (samples.explanation(pass_seconds=seconds) for seconds in (0.5, 0.02))
    for explanation in (samples.explanation(pass_seconds=0.0), slow, quick, slow):
        pace.seen(explanation)
    assert pace.value == pace_of(quick)
    pace.forget()
    assert pace.value is None


def test_a_trial_tells_better() -> None:
    clock = Clock()
    pace = Pace(clock)
    explanation = samples.explanation(pass_seconds=0.04)
    pace.seen(explanation)
    before = pace.value
    assert before is not None
    pace.begun(10.0)
    clock.now += 5.0
    pace.ended()
    assert pace.value == pytest.approx(before / 2)
    pace.seen(samples.explanation(pass_seconds=0.0001))
    assert pace.value == pytest.approx(before / 2), "a single pass knows less than a trial"
    pace.ended()
    assert pace.value == pytest.approx(before / 2), "what ended is counted once"
