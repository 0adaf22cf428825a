from __future__ import annotations

from gui.paint import numerals


def test_signs_and_zero():
    assert [numerals.signed(value) for value in (1.318, -0.724, 0.0, -0.001)] == ["+1.32", "−0.72", "0.00", "0.00"]


def test_shares_never_claim_more_than_is_true():
    assert numerals.at_least_percent(0.7999) == "79\N{NO-BREAK SPACE}%"
    assert numerals.at_least_percent(0.81) == "81\N{NO-BREAK SPACE}%"
    assert numerals.at_least_percent(1.0) == "100\N{NO-BREAK SPACE}%"


def test_small_is_not_nothing():
    assert numerals.percent(0.001) == "<1\N{NO-BREAK SPACE}%"
    assert numerals.percent(0.0) == "0\N{NO-BREAK SPACE}%"


def test_counting():
    assert (numerals.counted(1, "link"), numerals.counted(37, "link")) == ("1 link", "37 links")
