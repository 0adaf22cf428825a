"""Painting the strip of words."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from gui.paint.chips import Chip, ChipStrip, chip_fill
from gui.paint.colour import READABLE, contrast, qcolor, readable_ink
from gui.paint.palette import Palette, Rgb
from gui.paint.typeface import Text, face

RADIUS = 4.0
SEAM = 0.75  # half of what is left free between two pieces


def paint_chips(painter: QPainter, strip: ChipStrip, palette: Palette) -> None:
    """The chips and the lines below."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for chip in strip.chips:
        fill = chip_fill(chip, palette, signed=strip.signed)
        framed = palette.dashes_against and strip.signed and chip.strength < 0 and not chip.is_special
        painter.setPen(QPen(qcolor(palette.text), 1.2, Qt.PenStyle.DashLine) if framed else Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(fill))
        painter.drawPath(chip_outline(chip, strip, inset=0.5))
        _write(painter, chip.text, _ink(chip, fill, palette))
        for note in chip.below:
            note.paint(painter, palette)
        if chip.is_asked:
            painter.setPen(QPen(qcolor(palette.text), 2))
            left, right = chip.rect.left() + 4, chip.rect.right() - 4
            painter.drawLine(QPointF(left, chip.rect.bottom() + 1.5), QPointF(right, chip.rect.bottom() + 1.5))
    for caption in strip.captions:
        caption.paint(painter, palette)
    for text, role in strip.legend:
        _write(painter, text, getattr(palette, role))


def paint_opener(painter: QPainter, chip: Chip, palette: Palette) -> None:
    """A small mark at the foot of a chip: there is something to choose."""
    middle = QPointF(chip.rect.center().x(), chip.rect.bottom() - 1.5)
    painter.setPen(QPen(qcolor(palette.card), 1))
    painter.setBrush(qcolor(palette.text))
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in ((-5.0, 0.0), (5.0, 0.0), (0.0, 5.0))]))


def chip_outline(chip: Chip, strip: ChipStrip, inset: float) -> QPainterPath:
    """Round at both ends of a word, straight at the seams between its pieces."""
    sides = (chip.joins_after, chip.joins_before) if strip.right_to_left else (chip.joins_before, chip.joins_after)
    left, right = ((SEAM if joins else 0.0) + (0.0 if joins else inset) for joins in sides)
    rect = chip.rect.adjusted(left, inset, -right, -inset)
    outline = QPainterPath()
    outline.setFillRule(Qt.FillRule.WindingFill)
    outline.addRoundedRect(rect, RADIUS, RADIUS)
    half = rect.width() / 2
    for joins, at in zip(sides, (rect.left(), rect.center().x()), strict=True):
        if joins:
            outline.addRect(QRectF(at, rect.top(), half, rect.height()))
    return outline.simplified() if any(sides) else outline


def _ink(chip: Chip, fill: Rgb, palette: Palette) -> Rgb:
    is_quiet = chip.is_special and contrast(palette.muted, fill) > READABLE
    return palette.muted if is_quiet else readable_ink(fill, palette)


def _write(painter: QPainter, text: Text, ink: Rgb) -> None:
    painter.setFont(face(text.ink.pixels, text.ink.bold))
    painter.setPen(qcolor(ink))
    painter.drawText(QPointF(text.rect.left(), text.baseline), text.text)
