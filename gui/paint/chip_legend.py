"""How to read the strip of words, in sentences that wrap below it, and what is not seen in it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from engine.contract import Explanation, Head
from gui.paint.palette import Palette
from gui.paint.typeface import LEFT, Ink, Text, place, width_of
from gui.told.wording import goal_name

ASKED = "Underlined: where the answer is read."
Words = list[tuple[str, str]]  # text and colour role


@dataclass(slots=True)
class Pen:
    """Where the next box goes on lines of one width, from the left; lines are mirrored afterwards where needed."""

    width: float
    line: float
    gap: float
    x: float = 0.0
    y: float = 0.0

    def has_room(self, width: float) -> bool:
        """Whether so much fits into this line; an empty line takes anything."""
        return self.x == 0 or self.x + width <= self.width

    def box(self, width: float, gap: float | None = None) -> QRectF:
        """The next box, on a new line where this one is full; as wide as the line at most."""
        width = min(width, self.width)
        if not self.has_room(width):
            self.newline()
        rect = QRectF(self.x, self.y, width, self.line)
        self.x += width + (self.gap if gap is None else gap)
        return rect

    def newline(self) -> None:
        """Go on below."""
        self.x, self.y = 0.0, self.y + self.line + self.gap


def badge_words(explanation: Explanation, hidden: tuple[str, ...]) -> str:
    """What is not seen and what became of its numbers, "" where everything is seen."""
    if not hidden:
        return ""
    named = f"hidden: {', '.join(hidden)}"
    if explanation.unit == "fraction":
        return f"{named}; shares rescaled to the words shown"
    return f"{named}; they still count in the sum" if "completeness" in explanation.checks else named


def legend_lines(
    explanation: Explanation, palette: Palette, badge: str, pen: Pen, pixels: int
) -> tuple[tuple[Text, str], ...]:
    """Word by word with its colour role, so that the lines wrap like any other text; the badge has its own."""
    pieces = _written(_legend_words(explanation, palette), pen, pixels)
    if badge:
        pen.newline()
        pen.y += 0.3 * pixels
        pieces += _written([(f"{badge[:1].upper()}{badge[1:]}.", "muted")], pen, pixels)
    return tuple(pieces)


def _written(words: Words, pen: Pen, pixels: int) -> list[tuple[Text, str]]:
    pieces = []
    for sentence, role in words:
        ink = Ink(pixels, bold=role != "muted")
        for word in sentence.split():
            box = pen.box(width_of(word, ink), width_of(" ", Ink(pixels)))
            pieces.append((place(word, ink, (box.left(), box.center().y()), LEFT, box.width() + 0.5), role))
    return pieces


def _legend_words(explanation: Explanation, palette: Palette) -> Words:
    asked = [] if explanation.model.head is Head.SEQUENCE_CLASSIFICATION else [(ASKED, "muted")]
    return [*_colour_words(explanation, palette), *asked]


def _colour_words(explanation: Explanation, palette: Palette) -> Words:
    grey = palette.dashes_against
    goal = goal_name(explanation)
    if not explanation.explains_answer:
        return [(f"{palette.more}: more of the mixing comes from this word, whatever the answer.", "muted")]
    if not explanation.signed:
        return [(f"{palette.more}: counts more for {goal}. This method gives no sign.", "muted")]
    if grey:
        towards, against = [("Dark", "text"), (f"words push towards {goal},", "muted")], [("framed", "text")]
    else:
        towards, against = [("Blue", "towards"), (f"words push towards {goal},", "muted")], [("orange", "against")]
    return [*towards, *against, ("words push against it.", "muted")]
