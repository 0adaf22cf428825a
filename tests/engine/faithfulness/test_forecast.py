"""What a trial costs is told before: readings counted by hand, seconds that follow the pace and the length."""

from __future__ import annotations

import pytest

from engine import registry
from engine.contract import Explanation
from engine.faithfulness.forecast import IN_COMPANY, forecast, pace_of
from engine.faithfulness.trial import Plan
from engine.forecast import Size, recorded_pass
from tests.gui import samples

FIVE = "Such dull and empty plots"


def made(text: str = FIVE, **changes: object) -> Explanation:
    return samples.explanation(text, pass_seconds=0.01, **changes)


def test_readings_of_five_words_are_counted_by_hand() -> None:
    """Masked and drawn, one to four words are away in both directions, and once all five."""
    plan = Plan("mask", whole_words=True, drawn=True, orders=10)
    assert forecast(made(), plan, (), None).readings == 11 * 8 + 1
    others = (registry.find("alti"), registry.find("rollout"))
    assert forecast(made(), plan, others, None).readings == 13 * 8 + 1


def test_readings_of_the_protocols_own_steps() -> None:
    """Of five units 1, 5, 10 and 20 % are one, 50 % are three; and all but those."""
    plan = Plan("delete", whole_words=True, orders=1)
    assert forecast(made(), plan, (), None).readings == 2 * (2 + 2) + 1


def test_nothing_was_timed() -> None:
    assert pace_of(samples.explanation(FIVE, pass_seconds=0.0)) is None
    cost = forecast(made(), Plan(), (), None)
    assert cost.stages is None
    assert cost.seconds is None


def test_masked_readings_cost_a_pass_each_and_random_orders_as_much_as_there_are() -> None:
    explanation = made()
    plan = Plan("mask", whole_words=True, drawn=True, orders=4)
    pace = pace_of(explanation)
    assert pace is not None
    stages = forecast(explanation, plan, (), pace).stages
    assert stages is not None
    one = recorded_pass(Size.of(explanation.model, len(explanation.tokens), 1)).work * pace
    assert stages == pytest.approx((IN_COMPANY * 8 * one, 4 * IN_COMPANY * 8 * one))


def test_deleted_texts_are_shorter_and_cost_less() -> None:
    masked, deleted = (
        forecast(made(), Plan(how, whole_words=True, drawn=True), (), 1e-9).seconds for how in ("mask", "delete")
    )
    assert masked is not None
    assert deleted is not None
    assert deleted < masked


def test_another_method_costs_its_own_run_and_an_order() -> None:
    explanation, plan = made(), Plan("mask", whole_words=True, drawn=True)
    method = registry.find("integrated_gradients")
    own, _, other = forecast(explanation, plan, (method,), 1e-9).stages or (0, 0, 0)
    size = Size.of(explanation.model, len(explanation.tokens), len(explanation.explained))
    assert other == pytest.approx(own + 1e-9 * method.cost(size, method.parse(())).work)


def test_a_long_text_takes_longer_than_its_length() -> None:
    plan = Plan("mask", whole_words=True, drawn=True)
    short, long = (forecast(made(" ".join(["word"] * count)), plan, (), 1e-9).seconds for count in (20, 200))
    assert short is not None
    assert long is not None
    assert long > 10 * short
