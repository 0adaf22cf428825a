"""Text that wraps, with bold, coloured and marked stretches; from right to left where its words are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from gui.paint.colour import qcolor
from gui.paint.palette import Palette
from gui.paint.typeface import face, metrics
from gui.told.prose import Run

MARKED = "accent"  # the role of a stretch that stands on a ground of its own: the gap
LEADING = 1.3  # line heights from line to line


@dataclass(frozen=True, slots=True, eq=False)
class TextBlock:
    """Runs laid out in lines between two sides; ``rect`` is what they take."""

    layout: QTextLayout
    marked: tuple[tuple[int, int], ...]
    rect: QRectF
    palette: Palette

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return self.layout.lineCount()

    def moved_to(self, top: float) -> TextBlock:
        """The same higher up or lower down."""
        return replace(self, rect=QRectF(self.rect.left(), top, self.rect.width(), self.rect.height()))

    def paint(self, painter: QPainter) -> None:
        """The grounds of what is marked, then the text."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(self.palette.accent_soft))
        for start, end in self.marked:
            line = self.layout.lineForTextPosition(start)
            if line.isValid():
                ends = sorted(self.rect.left() + _across(line, place) for place in (start, end))
                top = self.rect.top() + line.y() - 0.06 * line.height()
                painter.drawRoundedRect(QRectF(ends[0], top, ends[1] - ends[0], 1.12 * line.height()), 3, 3)
        painter.setPen(qcolor(self.palette.text))
        self.layout.draw(painter, self.rect.topLeft())


def _across(line: QTextLine, place: int) -> float:
    """Where a place in the text lies on its line."""
    x, _ = cast("tuple[float, int]", line.cursorToX(place))  # PySide's types know of the number alone
    return x


def _format(run: Run, pixels: int, palette: Palette) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFont(face(pixels, run.is_bold))
    made.setForeground(qcolor(getattr(palette, run.role or "text")))
    return made


def text_block(runs: Sequence[Run], room: QRectF, pixels: int, palette: Palette, *, right_to_left: bool) -> TextBlock:
    """The runs from the top of ``room`` on, in lines no wider than it."""
    layout = QTextLayout("".join(run.text for run in runs), face(pixels))
    option = QTextOption(Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    formats, marked, start = [], [], 0
    for run in runs:
        length = len(run.text.encode("utf-16-le")) // 2
        made = QTextLayout.FormatRange()
        made.start, made.length, made.format = start, length, _format(run, pixels, palette)
        formats.append(made)
        if run.role == MARKED:
            marked.append((start, start + length))
        start += length
    layout.setFormats(formats)
    pitch, top = LEADING * metrics(pixels).height(), 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room.width())
        line.setPosition(QPointF(0, top + 0.5 * (pitch - line.height())))
        top += pitch
    layout.endLayout()
    return TextBlock(layout, tuple(marked), QRectF(room.left(), room.top(), room.width(), top), palette)
