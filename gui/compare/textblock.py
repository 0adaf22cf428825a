"""Text that wraps, with bold, coloured and marked stretches; from right to left where its words are.

Qt lays it out; it is drawn stretch by stretch, so that a file holds it as text like all else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from gui.paint.colour import qcolor
from gui.paint.palette import Palette
from gui.paint.typeface import Ink, Text, face, metrics
from gui.told.prose import Run

MARKED = "accent"  # the role of a stretch that stands on a ground of its own: the gap
LEADING = 1.3  # line heights from line to line


@dataclass(frozen=True, slots=True, eq=False)
class TextBlock:
    """``texts`` in their places, ``grounds`` behind what is marked; ``rect`` is what all ``lines`` take."""

    texts: tuple[Text, ...]
    grounds: tuple[QRectF, ...]
    lines: int
    rect: QRectF
    palette: Palette

    def paint(self, painter: QPainter) -> None:
        """The grounds of what is marked, then the text."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(self.palette.accent_soft))
        for ground in self.grounds:
            painter.drawRoundedRect(ground, 3, 3)
        for text in self.texts:
            text.paint(painter, self.palette)


def text_block(runs: Sequence[Run], room: QRectF, pixels: int, palette: Palette, *, right_to_left: bool) -> TextBlock:
    """The runs from the top of ``room`` on, in lines no wider than it."""
    layout = _layout(runs, room.width(), pixels, right_to_left=right_to_left)
    lines = [layout.lineAt(number) for number in range(layout.lineCount())]
    texts, grounds = list[Text](), list[QRectF]()
    starts = [0, *accumulate(_length(run.text) for run in runs)]
    for run, start in zip(runs, starts, strict=False):
        for line in lines:
            placed = [_placed(part, at + start, run, line, room, pixels) for at, part in _parts(run.text, start, line)]
            texts += placed
            grounds += [_ground(text) for text in placed if run.role == MARKED]
    return TextBlock(
        tuple(texts),
        tuple(grounds),
        len(lines),
        QRectF(room.left(), room.top(), room.width(), LEADING * metrics(pixels).height() * len(lines)),
        palette,
    )


def moved_down(block: TextBlock, by: float) -> TextBlock:
    """The same lower down."""
    texts = tuple(
        Text(text.text, text.full, text.rect.translated(0, by), text.baseline + by, text.ink) for text in block.texts
    )
    grounds = tuple(ground.translated(0, by) for ground in block.grounds)
    return TextBlock(texts, grounds, block.lines, block.rect.translated(0, by), block.palette)


def _length(text: str) -> int:
    """As Qt counts: a sign beyond the first plane is two."""
    return len(text.encode("utf-16-le")) // 2


def _layout(runs: Sequence[Run], width: float, pixels: int, *, right_to_left: bool) -> QTextLayout:
    layout = QTextLayout("".join(run.text for run in runs), face(pixels))
    option = QTextOption(Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    formats, start = [], 0
    for run in runs:
        made, look = QTextLayout.FormatRange(), QTextCharFormat()
        look.setFont(face(pixels, run.is_bold))
        made.start, made.length, made.format = start, _length(run.text), look
        formats.append(made)
        start += _length(run.text)
    layout.setFormats(formats)
    pitch = LEADING * metrics(pixels).height()
    layout.beginLayout()
    number = 0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, pitch * number + 0.5 * (pitch - line.height())))
        number += 1
    layout.endLayout()
    return layout


def _parts(text: str, start: int, line: QTextLine) -> list[tuple[int, str]]:
    """What of a run that begins at ``start`` stands on a line, and where: word by word where directions mix."""
    units = text.encode("utf-16-le")
    first = max(0, line.textStart() - start)
    end = min(len(units) // 2, line.textStart() + line.textLength() - start)
    if end <= first:
        return []
    here = units[2 * first : 2 * end].decode("utf-16-le")
    pieces = re.finditer(r"[^ ]+" if _is_mixed(here) else r"[^ ](?:.*[^ ])?", here)
    return [(first + _length(here[: piece.start()]), piece.group()) for piece in pieces]


def _is_mixed(text: str) -> bool:
    kinds = {unicodedata.bidirectional(char) for char in text}
    return bool(kinds & {"R", "AL"}) and bool(kinds & {"L", "EN", "AN"})


def _placed(part: str, start: int, run: Run, line: QTextLine, room: QRectF, pixels: int) -> Text:
    left, right = sorted((_across(line, start), _across(line, start + _length(part))))
    rect = QRectF(room.left() + left, room.top() + line.y(), right - left, line.height())
    baseline = rect.top() + line.ascent()
    return Text(part, part, rect, baseline, Ink(pixels, run.role or "text", run.is_bold))


def _across(line: QTextLine, place: int) -> float:
    """Where a place in the text lies on its line."""
    x, _ = cast("tuple[float, int]", line.cursorToX(place))  # PySide's types know of the number alone
    return x


def _ground(text: Text) -> QRectF:
    return text.rect.adjusted(0, -0.06 * text.rect.height(), 0, 0.06 * text.rect.height())
