"""Why an explanation cannot be tried, known before anything runs."""

from __future__ import annotations

from engine.contract import Explanation, Failure, FailureKind
from engine.faithfulness.trial import Plan, removable
from gui.guide.help import help_text


def problem_of(explanation: Explanation, plan: Plan) -> Failure | None:
    """What stands in the way, and what to do about it."""
    if explanation.prediction.probabilities is None:
        return _failure("no_probability")
    if not removable(explanation, whole_words=plan.whole_words):
        return _failure("nothing_left")
    return None


def _failure(key: str) -> Failure:
    title, message, hint = (help_text("trust", f"{key}{part}") for part in ("_title", "", "_hint"))
    return Failure(0, FailureKind.USER, "trust", title, message, hint)
