"""From word to word by arrow keys, as the eye sees them."""

from __future__ import annotations

from enum import Enum

from gui.paint.chips import Chip, ChipStrip


class Step(Enum):
    """Where to go on the screen, whichever way the script reads."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    FIRST = "first"
    LAST = "last"


def walked(strip: ChipStrip, chip: Chip, step: Step) -> Chip:
    """The word one step from ``chip``; at the edge it stays. Left and right go on to the next line, as reading does."""
    chips = strip.chips
    place = chips.index(chip)
    if step in (Step.FIRST, Step.LAST):
        return chips[0 if step is Step.FIRST else -1]
    if step in (Step.LEFT, Step.RIGHT):
        onwards = (step is Step.RIGHT) is not strip.right_to_left
        return chips[max(0, min(len(chips) - 1, place + (1 if onwards else -1)))]
    sign = 1 if step is Step.DOWN else -1
    beyond = [other for other in chips if sign * (other.rect.top() - chip.rect.top()) > 1]
    if not beyond:
        return chip
    x = chip.rect.center().x()
    return min(beyond, key=lambda other: (sign * other.rect.top(), abs(other.rect.center().x() - x)))
