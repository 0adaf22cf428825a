from __future__ import annotations

from gui.paint import numerals


def test_signs_and_zero():
    assert [numerals.signed(value) for value in (1.318, -0.724, 0.0, -0.001)] == ["+1.32", "−0.72", "0.00", "0.00"]
    assert [numerals.plain(value) for value in (1.318, -0.724, -0.001)] == ["1.32", "−0.72", "0.00"]


def test_shares_never_claim_more_than_is_true():
    assert numerals.at_least_percent(0.7999) == "79\N{NO-BREAK SPACE}%"
    assert numerals.at_least_percent(0.81) == "81\N{NO-BREAK SPACE}%"
    assert numerals.at_least_percent(1.0) == "100\N{NO-BREAK SPACE}%"


def test_small_is_not_nothing():
    assert numerals.percent(0.001) == "<1\N{NO-BREAK SPACE}%"
    assert numerals.percent(0.0) == "0\N{NO-BREAK SPACE}%"


def test_counting():
    assert (numerals.counted(1, "link"), numerals.counted(37, "link")) == ("1 link", "37 links")


def test_a_unit_is_said_where_it_is_no_logit():
    def said(value, unit, is_signed):
        return numerals.amount(value, unit, is_signed=is_signed).replace("\N{NO-BREAK SPACE}", " ")

    assert said(1.318, "logit", True) == "+1.32"
    assert said(1.318, "logit", False) == "1.32"
    assert said(0.31, "fraction", False) == "31 %"
    assert said(-0.31, "fraction", True) == "−31 %"
    assert said(0.31, "probability", True) == "+0.31 probability"
    assert said(-0.2, "probability", True) == "−0.2 probability"
    assert said(12.3456, "gradient", False) == "12.3 gradient"
    assert said(-3.2e-5, "gradient", True) == "−3 × 10⁻⁵ gradient"
    assert said(0.0, "gradient", True) == "0 gradient"
    assert numerals.figure(0.31, "probability", is_signed=True) == "+0.31"
