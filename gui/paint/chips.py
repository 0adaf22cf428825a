"""The sentence as a strip of words, each on the colour of its share, and below each what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
from PySide6.QtCore import QRectF

from engine.contract import Array, Explanation, Head
from engine.words import Row, merge_shares
from gui.guide.help import help_text
from gui.paint import numerals
from gui.paint.chip_legend import Pen, badge_words, legend_lines
from gui.paint.chip_notes import Note, notes
from gui.paint.palette import PALETTES, Palette, Rgb, blend
from gui.paint.shown_rows import shown_rows
from gui.paint.typeface import CENTRE, LEFT, RIGHT, Ink, Text, metrics, place, reads_right_to_left, width_of
from gui.state import ViewState

# In letters of the words: room at the sides of a chip, at a seam, between chips, above a note; and a note's widest.
PAD, SEAM_PAD, GAP, NOTE_GAP, NOTE_WIDEST = 0.55, 0.22, 0.32, 0.16, 10.0


@dataclass(frozen=True, slots=True)
class Chip:
    """One word: ``share`` is its number, ``strength`` -1 to 1 against the strongest word; special ones are muted.

    ``is_asked`` marks the word whose own answer or state is explained. A piece ``joins_before`` or ``joins_after`` to
    the other pieces of its word. ``below`` is what is known of the word, ``known`` the same unabridged.
    """

    rect: QRectF
    text: Text
    tokens: tuple[int, ...]
    share: float
    strength: float
    is_special: bool
    is_asked: bool = False
    joins_before: bool = False
    joins_after: bool = False
    below: tuple[Text, ...] = ()
    known: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ChipStrip:
    """All chips in reading order, and the sentences that say how to read them in pieces (text, colour role).

    ``captions`` tell the texts of a pair apart. ``badge`` names what is hidden.
    """

    chips: tuple[Chip, ...]
    legend: tuple[tuple[Text, str], ...]
    captions: tuple[Text, ...]
    badge: str
    signed: bool
    unit: str
    right_to_left: bool
    height: float

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
    """``wonderful: +4.26``, and what is known of the word."""
    number = numerals.amount(chip.share, strip.unit, is_signed=strip.signed)
    return "\n".join(filter(None, (f"{chip.text.full}: {number}", chip.known)))


def chip_strip(explanation: Explanation, view: ViewState, width: float, pixels: int) -> ChipStrip:
    """Lay the words out in lines of this width, reading from the side their script reads from."""
    merged = shown_rows(explanation, view)
    is_seen = np.array([view.show_special or not row.is_special or _is_asked(row, explanation) for row in merged])
    hidden = tuple(dict.fromkeys(row.label for row, seen in zip(merged, is_seen, strict=True) if not seen))
    columns = _columns(explanation, view, merged, is_seen, pixels)
    backwards = _is_backwards(merged)
    layout = _Layout(width, pixels, backwards=backwards, columns=columns)
    small = round(0.9 * pixels)
    lines = Pen(width, 1.25 * metrics(small).height(), 0.0, y=layout.bottom + 0.3 * pixels)
    badge = badge_words(explanation, hidden)
    legend = legend_lines(explanation, PALETTES[view.theme], badge, lines, small)
    return ChipStrip(
        chips=tuple(layout.chips),
        legend=legend,
        captions=tuple(layout.captions),
        badge=badge,
        signed=explanation.signed,
        unit=explanation.unit,
        right_to_left=backwards,
        height=lines.y + lines.line,
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """One row, before it has a place. ``word`` numbers the words of the whole input."""

    row: Row
    word: int
    share: float
    strength: float
    is_asked: bool
    ink: Ink
    note: Note


def _is_backwards(merged: Sequence[Row]) -> bool:
    return reads_right_to_left(row.label for row in merged if not row.is_special)


def _is_asked(row: Row, explanation: Explanation) -> bool:
    return explanation.model.head is not Head.SEQUENCE_CLASSIFICATION and explanation.position in row.tokens


def _columns(
    explanation: Explanation, view: ViewState, merged: tuple[Row, ...], is_seen: Array, pixels: int
) -> list[_Column]:
    """The rows that are seen; ``is_seen`` [row]."""
    shares = _numbers(explanation, merged, is_seen)
    strengths = _strengths(shares, [row.is_special for row in merged])
    below = notes(view.annotation, merged, pixels, backwards=_is_backwards(merged))
    ink, quiet = Ink(pixels), Ink(round(0.8 * pixels), "muted")
    return [
        _Column(
            row=row,
            word=explanation.tokens[row.tokens[0]].word_index,
            share=float(shares[place]),
            strength=float(strengths[place]),
            is_asked=_is_asked(row, explanation),
            ink=quiet if row.is_special else ink,
            note=below[place],
        )
        for place, row in enumerate(merged)
        if is_seen[place]
    ]


def _word_of(column: _Column) -> int:
    """A number that only pieces of one word have in common."""
    return column.word if column.word >= 0 else -1 - column.row.tokens[0]


def _numbers(explanation: Explanation, merged: Sequence[Row], is_seen: Array) -> Array:
    """[row] the method's own numbers; fractions are parts of what is seen."""
    shares = merge_shares(explanation.scores, tuple(merged))
    whole = np.abs(shares[is_seen]).sum()
    return shares / whole if explanation.unit == "fraction" and whole > 0 else shares


def _strengths(shares: Array, special: Sequence[bool]) -> Array:
    if not np.isfinite(shares).all():
        raise ValueError("the shares hold numbers that are not finite; they cannot be drawn")
    words = np.abs(np.where(special, 0, shares))
    most = words.max(initial=0) or np.abs(shares).max(initial=0)
    return np.clip(shares / most, -1, 1) if most > 0 else np.zeros_like(shares)


@dataclass(slots=True)
class _Layout:
    """Gives every column its place, word by word, text by text."""

    width: float
    pixels: int
    backwards: bool = field(kw_only=True)
    columns: list[_Column] = field(kw_only=True)
    chips: list[Chip] = field(default_factory=list)
    captions: list[Text] = field(default_factory=list)
    bottom: float = 0.0

    def __post_init__(self) -> None:
        chip = metrics(self.pixels).height() + PAD * self.pixels
        sizes = [ink.pixels for _, ink in next((column.note.lines for column in self.columns), ())]
        heights = [metrics(size).height() for size in sizes]
        below = sum(heights) + (NOTE_GAP + PAD) * self.pixels if heights else 0.0
        pen = Pen(self.width, chip + below, GAP * self.pixels)
        is_pair = any(column.row.segment for column in self.columns)
        for segment, texts in groupby(self.columns, key=lambda column: column.row.segment):
            if is_pair:
                self._add_caption(pen, segment)
            for _, pieces in groupby(texts, key=_word_of):
                self._add_word(pen, list(pieces), chip, heights)
            pen.newline()
        self.bottom = pen.y - (PAD * self.pixels if heights else 0)

    def _add_caption(self, pen: Pen, segment: int) -> None:
        """Above each text of a pair, a line apart."""
        ink = Ink(round(0.85 * self.pixels), "muted", bold=True)
        height = 1.3 * metrics(ink.pixels).height()
        pen.y += 0.5 * self.pixels if segment else 0
        at = (self.width if self.backwards else 0.0, pen.y + height / 2)
        words = help_text("text", "second" if segment else "first")
        self.captions.append(place(words, ink, at, RIGHT if self.backwards else LEFT, self.width))
        pen.y += height + 0.2 * self.pixels

    def _add_word(self, pen: Pen, pieces: list[_Column], chip: float, heights: list[float]) -> None:
        """The pieces of one word without a gap, on one line where it holds them; what is known of it below them."""
        last = len(pieces) - 1
        widths = [self._width(column, (place > 0) + (place < last)) for place, column in enumerate(pieces)]
        noted = min(pieces[0].note.width() + 2 * PAD * self.pixels, NOTE_WIDEST * self.pixels)
        widths[-1] += max(0.0, noted - sum(widths))
        if not pen.has_room(sum(widths)):
            pen.newline()
        for place_in_word, (column, width) in enumerate(zip(pieces, widths, strict=True)):
            rect = pen.box(width, None if place_in_word == last else 0.0)
            rect.setHeight(chip)
            if self.backwards:
                rect.moveLeft(self.width - rect.right())
            joins = (place_in_word > 0, place_in_word < last)
            room = rect.width() if last else min(sum(widths), self.width)
            below = self._below(column.note, rect, room, heights) if place_in_word == 0 else ()
            self.chips.append(self._chip(column, rect, joins, below))

    def _width(self, column: _Column, seams: int) -> float:
        return width_of(column.row.label, column.ink) + ((2 - seams) * PAD + seams * SEAM_PAD) * self.pixels

    def _chip(self, column: _Column, rect: QRectF, joins: tuple[bool, bool], below: tuple[Text, ...]) -> Chip:
        sides = [(SEAM_PAD if join else PAD) * self.pixels for join in (joins[::-1] if self.backwards else joins)]
        inner = rect.adjusted(sides[0], 0, -sides[1], 0)
        align = CENTRE if not column.note.lines else RIGHT if self.backwards else LEFT
        at = (inner.left() + align * inner.width(), rect.center().y())
        return Chip(
            rect=rect,
            text=place(column.row.label, column.ink, at, align, inner.width() + 0.5),
            tokens=column.row.tokens,
            share=column.share,
            strength=column.strength,
            is_special=column.row.is_special,
            is_asked=column.is_asked,
            joins_before=joins[0],
            joins_after=joins[1],
            below=below,
            known=column.note.full,
        )

    def _below(self, note: Note, rect: QRectF, room: float, heights: list[float]) -> tuple[Text, ...]:
        """The lines under a word, from the side it is read from."""
        y = rect.bottom() + NOTE_GAP * self.pixels
        pad = PAD * self.pixels
        x, align = (rect.right() - pad, RIGHT) if self.backwards else (rect.left() + pad, LEFT)
        placed = []
        for (text, ink), height in zip(note.lines, heights, strict=True):
            placed.append(place(text, ink, (x, y + height / 2), align, room - pad + 0.5))
            y += height
        return tuple(text for text in placed if text.full)
