"""What trying an explanation will cost, told before it starts: readings of the text, and seconds.

Like :mod:`engine.forecast`, from the pace of the last pass. numpy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.faithfulness.protocol import Taking, find
from engine.faithfulness.trial import Plan, removable, steps
from engine.forecast import Size, recorded_pass

if TYPE_CHECKING:
    from engine.contract import Explanation
    from engine.registry import Method

# A reading of which nothing is recorded, in company with others, takes about this part of a recorded one: measured
# with the bundled model, 0.4 of it for a short sentence, 0.8 for a long one.
IN_COMPANY = 0.6


@dataclass(frozen=True, slots=True)
class TrialForecast:
    """What one trial takes.

    ``readings`` are the variants of the text that the model reads, at most. ``stages`` [stage] are the seconds of the
    explanation's own order, of the random orders, and of every other method; None until a pass was timed.
    """

    readings: int
    stages: tuple[float, ...] | None

    @property
    def seconds(self) -> float | None:
        """Of all stages together."""
        return None if self.stages is None else sum(self.stages)


def forecast(explanation: Explanation, plan: Plan, others: Sequence[Method]) -> TrialForecast:
    """What it takes to try ``explanation``, whose own pass sets the pace, beside other methods and random orders.

    The other methods run with their defaults.
    """
    units = removable(explanation, whole_words=plan.whole_words)
    model, tokens = explanation.model, len(explanation.tokens)
    asked = [count for counts in steps(plan, len(units)) for count in counts if 0 < count < len(units)]
    readings = (1 + plan.orders + len(others)) * len(asked) + 1  # what is left of the whole is asked once
    if explanation.pass_seconds <= 0:
        return TrialForecast(readings, None)
    is_shorter = find(plan.protocol).taking is Taking.DELETE
    per_unit = sum(len(unit.tokens) for unit in units) / max(1, len(units))
    left = [tokens - round(count * per_unit) if is_shorter else tokens for count in asked]
    order = IN_COMPANY * sum(recorded_pass(Size.of(model, count, 1)).work for count in left)
    runs = [_run(explanation, method) for method in others]
    work = (order, plan.orders * order, *(order + run for run in runs))
    pace = explanation.pass_seconds / recorded_pass(Size.of(model, tokens, len(explanation.explained))).work
    return TrialForecast(readings, tuple(pace * part for part in work))


def _run(explanation: Explanation, method: Method) -> float:
    """Multiply-adds of a method with its defaults, beside the pass it shares with all others."""
    explained = len(explanation.explained) if method.class_specific else 1
    size = Size.of(explanation.model, len(explanation.tokens), explained)
    return method.cost(size, method.parse(())).work
