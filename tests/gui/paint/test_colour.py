from __future__ import annotations

import pytest

from gui.paint.colour import READABLE, contrast, css, readable_ink
from gui.paint.palette import PALETTES


def test_contrast_of_known_pairs():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
    assert contrast((10, 20, 30), (10, 20, 30)) == 1


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
def test_every_share_leaves_its_word_readable(palette):
    for step in range(-50, 51):
        for fill in (palette.signed(step / 50), palette.sequential(abs(step) / 50)):
            assert contrast(readable_ink(fill, palette), fill) >= READABLE


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
def test_words_of_the_picture_are_readable_on_the_card(palette):
    for role in ("text", "muted", "accent"):
        assert contrast(getattr(palette, role), palette.card) >= READABLE


def test_css():
    assert css((31, 95, 147)) == "#1f5f93"
