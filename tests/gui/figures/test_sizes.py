from __future__ import annotations

import pytest

from gui.figures.sizes import SIZES, Size, parse_size


def test_sizes():
    assert parse_size("slide") == SIZES["slide"]
    assert parse_size("800x600") == Size(800, 600)
    for wrong in ("poster", "800", "800x", "10x10", "800x99999", "-800x600", "8e2x600"):
        with pytest.raises(ValueError, match="WIDTHxHEIGHT"):
            parse_size(wrong)


def test_a_height_of_zero_is_the_views():
    assert Size(400, 0, 2).fitted(1.9) == Size(400, 760, 2)
    assert Size(400, 300).fitted(1.9) == Size(400, 300)
