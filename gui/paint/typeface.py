"""Text with a place: every width comes from the font itself, nothing is cut without an ellipsis."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QGlyphRun, QGuiApplication, QPainter, QTextLayout

from gui.paint.colour import qcolor
from gui.paint.palette import Palette

BODY_PIXELS = 13  # of body text in usual type
LEFT, CENTRE, RIGHT = 0.0, 0.5, 1.0
IMAGES = ("CBDT", "sbix", "COLR")  # where a font keeps signs in colour
FIRST_IMAGE = "\u203c"  # no sign before it is usually shown in colour
_KEEPS_IMAGES: dict[str, bool] = {}
_IS_USUAL = ContextVar("is_usual", default=False)


@dataclass(frozen=True, slots=True)
class Ink:
    """How a text is written: size in pixels, weight, and the name of one of the palette's colours."""

    pixels: int
    role: str = "text"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text in its place. ``full`` is the text before it was elided."""

    text: str
    full: str
    rect: QRectF
    baseline: float
    ink: Ink

    def paint(self, painter: QPainter, palette: Palette) -> None:
        """Write it in its palette colour."""
        painter.setFont(face(self.ink.pixels, self.ink.bold))
        painter.setPen(qcolor(getattr(palette, self.ink.role)))
        painter.drawText(QPointF(self.rect.left(), self.baseline), self.text)

    def mirrored(self, width: float) -> Text:
        """The same on the other side of a picture this wide."""
        rect = QRectF(self.rect)
        rect.moveLeft(width - self.rect.right())
        return replace(self, rect=rect)


@contextmanager
def usual_type() -> Iterator[None]:
    """Lay out in usual type, whatever the window has: a file is read elsewhere, in a size of its own."""
    before = _IS_USUAL.set(True)
    try:
        yield
    finally:
        _IS_USUAL.reset(before)


def body_pixels(width: float, height: float) -> float:
    """The size of body text in a picture of this size: the window's own, growing and shrinking with the picture."""
    own = BODY_PIXELS if _IS_USUAL.get() else max(11, QFontInfo(QGuiApplication.font()).pixelSize())
    return own * min(2.2, max(0.9, math.sqrt(width * height) / 780))


def face(pixels: int, bold: bool = False) -> QFont:
    """The system's font in this size. Unhinted: widths are the same on the screen, in an SVG and in a PDF."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(max(1, pixels))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


@lru_cache(maxsize=64)
def _metrics_of(description: str, pixels: int, bold: bool) -> QFontMetricsF:
    return QFontMetricsF(face(pixels, bold))


def metrics(pixels: int, bold: bool = False) -> QFontMetricsF:
    """The measures of :func:`face`, kept per system font."""
    return _metrics_of(QGuiApplication.font().toString(), pixels, bold)


def width_of(text: str, ink: Ink) -> float:
    """How wide the text runs."""
    return metrics(ink.pixels, ink.bold).horizontalAdvance(text)


def place(text: str, ink: Ink, at: tuple[float, float], align: float = LEFT, room: float = 1e9) -> Text:
    """The text with its left, middle or right at ``at[0]``, centred on the line ``at[1]``, elided to ``room``."""
    measures = metrics(ink.pixels, ink.bold)
    shown = text
    if measures.horizontalAdvance(text) > room:
        shown = measures.elidedText(text, Qt.TextElideMode.ElideRight, room)
    width = measures.horizontalAdvance(shown)
    height = measures.ascent() + measures.descent()
    rect = QRectF(at[0] - align * width, at[1] - height / 2, width, height)
    return Text(shown, text, rect, rect.top() + measures.ascent(), ink)


def wrapped(text: str, ink: Ink, width: float) -> list[str]:
    """The text in lines no wider than ``width``, as far as its words allow."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, ink) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def apart(texts: Sequence[Text], order: Iterable[int], gap: float = 0.0) -> tuple[Text, ...]:
    """As many of the texts as fit without touching, the first of ``order`` first, in their own sequence."""
    taken: list[int] = []
    half = gap / 2
    beside = max(0.0, half)  # a narrow text made narrower would be gone, and touch nothing
    rooms = [text.rect.adjusted(-beside, -half, beside, half) for text in texts]
    for index in order:
        if not any(rooms[index].intersects(rooms[other]) for other in taken):
            taken.append(index)
    return tuple(texts[index] for index in sorted(taken))


def has_images(text: str, font: QFont) -> bool:
    """Whether some of its signs exist as images only, in colour: such have no outline."""
    if text.isascii() or max(text) < FIRST_IMAGE:
        return False
    layout = QTextLayout(text, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return any(is_image(run) for run in layout.glyphRuns())


def is_image(run: QGlyphRun) -> bool:
    """Whether these glyphs are of a font of images."""
    font = run.rawFont()
    family = font.familyName()
    if family not in _KEEPS_IMAGES:  # a table of megabytes is looked for but once
        _KEEPS_IMAGES[family] = any(font.fontTable(table).size() for table in IMAGES)
    return _KEEPS_IMAGES[family]


def reads_right_to_left(words: Iterable[str]) -> bool:
    """Whether most letters belong to a script written from right to left."""
    kinds = [unicodedata.bidirectional(letter) for word in words for letter in word if letter.isalpha()]
    return 2 * sum(kind in ("R", "AL") for kind in kinds) > len(kinds)
