"""Names and numbers as a reader sees them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.contract import Head
from gui.told.wording import (
    answer_name,
    display_label,
    duration,
    escaped,
    goal_name,
    isolated,
    listed,
    memory,
    ordinal,
    place_name,
    probability,
    rough_duration,
    tiny,
)
from tests.gui import samples


@pytest.mark.parametrize(
    ("label", "shown"),
    [("positive", "Positive"), ("LABEL_0", "LABEL_0"), ("iPhone", "iPhone"), ("", ""), ("éclair", "Éclair")],
)
def test_labels_are_capitalised_for_display_only(label: str, shown: str) -> None:
    assert display_label(label) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.94, "0.94"), (1.0, "1.00"), (0.9999, ">0.99"), (0.001, "<0.01"), (0.0, "0.00"), (0.005, "0.01")],
)
def test_no_certainty_the_model_does_not_have(value: float, shown: str) -> None:
    assert probability(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(2e-7, "2 × 10⁻⁷"), (9.9e-7, "1 × 10⁻⁶"), (0, "0"), (0.25, "2 × 10⁻¹"), (-3e-12, "3 × 10⁻¹²")]
)
def test_error_margins_have_one_figure(value: float, shown: str) -> None:
    assert tiny(value).replace("\N{NO-BREAK SPACE}", " ") == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.038, "38 ms"), (0.0001, "1 ms"), (1.44, "1.4 s"), (12.3, "12 s"), (0.9996, "1000 ms")]
)
def test_durations(seconds: float, shown: str) -> None:
    assert duration(seconds).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_lists_and_ordinals() -> None:
    assert [listed(list("abc")[:count]) for count in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21)] == ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st"]


def test_brackets_of_tokens_are_seen() -> None:
    assert escaped("<s> & </s>") == "&lt;s&gt; &amp; &lt;/s&gt;"


def test_words_read_from_right_to_left_are_marked_off():
    assert isolated("wonderful") == "wonderful"
    assert isolated("שלום") == "\u2068שלום\u2069"


def test_a_forecast_is_no_more_exact_than_it_can_be():
    said = [
        rough_duration(seconds).replace("\N{NO-BREAK SPACE}", " ") for seconds in (0.004, 0.21, 9.94, 12.3, 99, 200)
    ]
    assert said == ["0.1 s", "0.2 s", "9.9 s", "12 s", "99 s", "3 min"]
    assert [memory(count).replace("\N{NO-BREAK SPACE}", " ") for count in (3e4, 3.1e8, 1.24e9)] == [
        "1 MB",
        "310 MB",
        "1.2 GB",
    ]


def test_answers_are_named_by_what_the_model_answers():
    gap = samples.filling()
    assert [answer_name(gap, index) for index in range(3)] == ["is", "are", "was"]
    assert answer_name(samples.explanation(), 1) == "Positive"
    assert (goal_name(gap), place_name(gap)) == ("are", "MASK")
    state = samples.explanation(model=replace(samples.model_info(), head=Head.STATE))
    assert goal_name(state) == "this state"
    pieces = samples.explanation(position=len(samples.tokens_of(samples.SENTENCE)) - 3)
    assert place_name(pieces) == "wonderful", "a piece is called by its word"
