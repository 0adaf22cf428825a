"""Arrow keys go where the eye goes, whichever way the script reads."""

from __future__ import annotations

import pytest

from gui.paint.chip_walk import Step, walked
from gui.paint.chips import chip_strip
from gui.state import ViewState
from tests.gui import samples
from tests.gui.stage import application

HEBREW = "הסרט היה ארוך מדי, אבל השחקנים היו נפלאים באמת"


def strip(text: str):  # type: ignore[no-untyped-def]
    application()
    return chip_strip(samples.explanation(text), ViewState(), 220, 13)


@pytest.mark.parametrize("text", [samples.SENTENCE, HEBREW])
def test_left_and_right_are_where_they_are_on_the_screen(text: str) -> None:
    shown = strip(text)
    line = [chip for chip in shown.chips if chip.rect.top() == shown.chips[0].rect.top()]
    assert len(line) > 2
    for chip in line[1:-1]:
        assert walked(shown, chip, Step.RIGHT).rect.left() > chip.rect.left()
        assert walked(shown, chip, Step.LEFT).rect.left() < chip.rect.left()


def test_every_word_is_reached_and_the_ends_hold() -> None:
    shown = strip(samples.SENTENCE)
    chip, seen = shown.chips[0], []
    for _ in shown.chips:
        seen.append(chip)
        chip = walked(shown, chip, Step.RIGHT)
    assert seen == list(shown.chips)
    assert walked(shown, shown.chips[-1], Step.RIGHT) is shown.chips[-1]
    assert walked(shown, shown.chips[0], Step.LEFT) is shown.chips[0]
    assert walked(shown, shown.chips[3], Step.FIRST) is shown.chips[0]
    assert walked(shown, shown.chips[3], Step.LAST) is shown.chips[-1]


def test_up_and_down_go_to_the_nearest_word_of_the_next_line() -> None:
    shown = strip(samples.SENTENCE)
    chip = shown.chips[1]
    below = walked(shown, chip, Step.DOWN)
    assert below.rect.top() == min(other.rect.top() for other in shown.chips if other.rect.top() > chip.rect.top())
    line = [other for other in shown.chips if other.rect.top() == below.rect.top()]
    off = {abs(other.rect.center().x() - chip.rect.center().x()) for other in line}
    assert abs(below.rect.center().x() - chip.rect.center().x()) == min(off)
    assert walked(shown, chip, Step.UP) is chip
    assert walked(shown, shown.chips[-1], Step.DOWN) is shown.chips[-1]
