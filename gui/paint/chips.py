"""The sentence as a strip of words, each on the colour of its share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from engine.contract import Array, Explanation, Head
from engine.words import Row, merge_shares
from gui.paint import numerals
from gui.paint.colour import READABLE, contrast, qcolor, readable_ink
from gui.paint.palette import PALETTES, Palette, Rgb, blend
from gui.paint.shown_rows import shown_rows
from gui.paint.typeface import CENTRE, LEFT, Ink, Text, face, metrics, place, reads_right_to_left, width_of
from gui.state import ViewState
from gui.wording import goal_name

# What a larger number looks like where there is no sign.
MORE = {
    "light": "Deeper blue",
    "dark": "Brighter",
    "contrast": "Deeper blue",
    "contrast-dark": "Brighter",
    "grey": "Darker",
}
ASKED = "Underlined: where the answer is read."


@dataclass(frozen=True, slots=True)
class Chip:
    """One word: ``share`` is its number, ``strength`` -1 to 1 against the strongest word; special ones are muted.

    ``is_asked`` marks the word whose own answer or state is explained.
    """

    rect: QRectF
    text: Text
    tokens: tuple[int, ...]
    share: float
    strength: float
    is_special: bool
    is_asked: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ChipStrip:
    """All chips in reading order, and the sentence that says how to read them in pieces (text, colour role)."""

    chips: tuple[Chip, ...]
    legend: tuple[tuple[Text, str], ...]
    signed: bool
    unit: str
    right_to_left: bool
    height: float
    hidden: tuple[str, ...]

    def chip_at(self, x: float, y: float) -> Chip | None:
        """The word under a point."""
        return next((chip for chip in self.chips if chip.rect.contains(x, y)), None)


def chip_fill(chip: Chip, palette: Palette, *, signed: bool) -> Rgb:
    """Blue for, orange against, one hue where there is no sign."""
    if chip.is_special:
        return blend(palette.card, palette.grid, 0.6)
    if not signed:
        return palette.sequential(abs(chip.strength))
    # A word that says nothing still is a chip: the ground is a shade off the card.
    ground = blend(palette.card, palette.grid, 0.5)
    return blend(ground, palette.towards if chip.strength >= 0 else palette.against, abs(chip.strength))


def chip_words(strip: ChipStrip, chip: Chip) -> str:
    """``wonderful: +4.26``."""
    return f"{chip.text.full}: {numerals.amount(chip.share, strip.unit, is_signed=strip.signed)}"


def _legend_words(explanation: Explanation, palette: Palette) -> list[tuple[str, str]]:
    asked = [] if explanation.model.head is Head.SEQUENCE_CLASSIFICATION else [(ASKED, "muted")]
    return [*_colour_words(explanation, palette), *asked]


def _colour_words(explanation: Explanation, palette: Palette) -> list[tuple[str, str]]:
    grey = palette.dashes_against
    more = MORE[palette.name]
    goal = goal_name(explanation)
    if not explanation.explains_answer:
        return [(f"{more}: more of the mixing comes from this word, whatever the answer.", "muted")]
    if not explanation.signed:
        return [(f"{more}: counts more for {goal}. This method gives no sign.", "muted")]
    if grey:
        towards, against = [("Dark", "text"), (f"words push towards {goal},", "muted")], [("framed", "text")]
    else:
        towards, against = [("Blue", "towards"), (f"words push towards {goal},", "muted")], [("orange", "against")]
    return [*towards, *against, ("words push against it.", "muted")]


def _numbers(explanation: Explanation, merged: Sequence[Row]) -> Array:
    """[row] the method's own numbers; fractions are parts of the whole."""
    shares = merge_shares(explanation.scores, tuple(merged))
    whole = np.abs(shares).sum()
    return shares / whole if explanation.unit == "fraction" and whole > 0 else shares


def _strengths(shares: Array, special: Sequence[bool]) -> Array:
    if not np.isfinite(shares).all():
        raise ValueError("the shares hold numbers that are not finite; they cannot be drawn")
    words = np.abs(np.where(special, 0, shares))
    most = words.max(initial=0) or np.abs(shares).max(initial=0)
    return np.clip(shares / most, -1, 1) if most > 0 else np.zeros_like(shares)


@dataclass(slots=True)
class _Pen:
    """Where the next box goes on lines of one width, from the left; lines are mirrored afterwards where needed."""

    width: float
    line: float
    gap: float
    x: float = 0.0
    y: float = 0.0

    def box(self, width: float, gap: float | None = None) -> QRectF:
        width = min(width, self.width)
        if self.x > 0 and self.x + width > self.width:
            self.newline()
        rect = QRectF(self.x, self.y, width, self.line)
        self.x += width + (self.gap if gap is None else gap)
        return rect

    def newline(self) -> None:
        self.x, self.y = 0.0, self.y + self.line + self.gap


def _legend(explanation: Explanation, palette: Palette, pen: _Pen, pixels: int) -> list[tuple[Text, str]]:
    """Word by word, so that the line wraps like any other text."""
    pieces = []
    for words, role in _legend_words(explanation, palette):
        ink = Ink(pixels, bold=role != "muted")
        for word in words.split():
            box = pen.box(width_of(word, ink), width_of(" ", Ink(pixels)))
            pieces.append((place(word, ink, (box.left(), box.center().y()), LEFT, box.width() + 0.5), role))
    return pieces


def chip_strip(explanation: Explanation, view: ViewState, width: float, pixels: int) -> ChipStrip:
    """Lay the words out in lines of this width, reading from the side their script reads from."""
    merged = shown_rows(explanation, view)
    shares = _numbers(explanation, merged)
    strengths = _strengths(shares, [row.is_special for row in merged])
    backwards = reads_right_to_left(row.label for row in merged)
    pad, ink = 0.55 * pixels, Ink(pixels)
    pen = _Pen(width, metrics(pixels).height() + 0.55 * pixels, 0.32 * pixels)
    chips, hidden = [], []
    for row, share, strength in zip(merged, shares.tolist(), strengths.tolist(), strict=True):
        if row.is_special and not view.show_special:
            hidden.append(row.label)
            continue
        written = Ink(round(0.8 * pixels), "muted") if row.is_special else ink
        rect = pen.box(width_of(row.label, written) + 2 * pad)
        if backwards:
            rect.moveLeft(width - rect.right())
        text = place(row.label, written, (rect.center().x(), rect.center().y()), CENTRE, rect.width() - 2 * pad + 0.5)
        asked = explanation.model.head is not Head.SEQUENCE_CLASSIFICATION and explanation.position in row.tokens
        chips.append(Chip(rect, text, row.tokens, share, strength, row.is_special, asked))
    if chips:
        pen.newline()
    small = round(0.9 * pixels)
    lines = _Pen(width, 1.25 * metrics(small).height(), 0.0, y=pen.y + 0.3 * pixels)
    legend = _legend(explanation, PALETTES[view.theme], lines, small)
    return ChipStrip(
        chips=tuple(chips),
        legend=tuple(legend),
        signed=explanation.signed,
        unit=explanation.unit,
        right_to_left=backwards,
        height=lines.y + lines.line,
        hidden=tuple(dict.fromkeys(hidden)),
    )


def paint_chips(painter: QPainter, strip: ChipStrip, palette: Palette) -> None:
    """The chips and the line below."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for chip in strip.chips:
        fill = chip_fill(chip, palette, signed=strip.signed)
        framed = palette.dashes_against and strip.signed and chip.strength < 0 and not chip.is_special
        painter.setPen(QPen(qcolor(palette.text), 1.2, Qt.PenStyle.DashLine) if framed else Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(fill))
        painter.drawRoundedRect(chip.rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        ink = (
            palette.muted
            if chip.is_special and contrast(palette.muted, fill) > READABLE
            else readable_ink(fill, palette)
        )
        painter.setFont(face(chip.text.ink.pixels))
        painter.setPen(qcolor(ink))
        painter.drawText(QPointF(chip.text.rect.left(), chip.text.baseline), chip.text.text)
        if chip.is_asked:
            painter.setPen(QPen(qcolor(palette.text), 2))
            left, right = chip.rect.left() + 4, chip.rect.right() - 4
            painter.drawLine(QPointF(left, chip.rect.bottom() + 1.5), QPointF(right, chip.rect.bottom() + 1.5))
    for text, role in strip.legend:
        painter.setFont(face(text.ink.pixels, text.ink.bold))
        painter.setPen(qcolor(getattr(palette, role)))
        painter.drawText(QPointF(text.rect.left(), text.baseline), text.text)
