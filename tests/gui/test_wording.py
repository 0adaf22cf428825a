"""Names and numbers as a reader sees them."""

from __future__ import annotations

import pytest

from gui.wording import display_label, duration, escaped, isolated, listed, ordinal, probability, tiny


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
