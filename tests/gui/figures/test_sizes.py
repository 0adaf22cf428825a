from __future__ import annotations

import pytest

from gui.figures.sizes import DENSITIES, SIZES, Size, centimetres_of, custom_size, parse_size, pixels_of


def test_sizes():
    assert parse_size("slide") == SIZES["slide"]
    assert parse_size("800x600") == Size(800, 600)
    for wrong in ("poster", "800", "800x", "10x10", "800x99999", "-800x600", "8e2x600", "9" * 9999 + "x600"):
        with pytest.raises(ValueError, match="WIDTHxHEIGHT"):
            parse_size(wrong)


def test_a_height_of_zero_is_the_views():
    assert Size(400, 0, 2).fitted(1.9) == Size(400, 760, 2)
    assert Size(400, 300).fitted(1.9) == Size(400, 300)


def test_sizes_on_paper():
    assert (pixels_of(2.54), pixels_of(7.7)) == (96, 291)
    assert centimetres_of(96) == pytest.approx(2.54)
    assert centimetres_of(SIZES["column"].width) == pytest.approx(7.7, abs=0.014)
    assert centimetres_of(SIZES["page"].width) == pytest.approx(16, abs=0.014)
    assert SIZES["slide"].width / SIZES["slide"].height == pytest.approx(16 / 9)
    assert DENSITIES["600 dpi"] == 6.25


def test_a_size_of_ones_own():
    assert custom_size(pixels_of(12), 0, 2.0) == Size(454, 0, 2.0)
    for width, height in ((119, 0), (10_001, 0), (400, 119), (400, -1), (0, 0), (400, 10_001)):
        with pytest.raises(ValueError, match="120 to 10000 pixels"):
            custom_size(width, height)
