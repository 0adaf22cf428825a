"""Scores of many methods as dots with their intervals: a line of names, two columns of dots."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.paint.colour import qcolor
from gui.paint.numerals import plain
from gui.paint.palette import Palette, blend
from gui.paint.typeface import CENTRE, LEFT, Ink, Text, metrics, place, width_of
from gui.trust.plot import GRID
from gui.trust.strokes import Stroke

SMALL = 0.88  # in body letters
MOST_NAMES = 0.42  # of the width
STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
RADIUS, BAR = 0.3, 0.15  # in body letters
BETWEEN, BESIDE = 2.6, 1.3  # in body letters: between columns, and room for half a number at the right
HIGHEST = 2.4  # lines: what a method takes at most
LEAST_LETTERS = 7  # pixels of a name


Score = tuple[float, float, float]  # a mean, and the ends of its interval


@dataclass(frozen=True, slots=True)
class Scored:
    """One method's scores, one for each column."""

    name: str
    stroke: Stroke
    scores: tuple[Score, ...]
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of scores is called, and which way is better."""

    title: str
    hint: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A mean in its place, with its interval."""

    role: str
    at: QPointF
    interval: QLineF


@dataclass(frozen=True, slots=True)
class Dots:
    """The finished picture."""

    dots: tuple[Dot, ...]
    names: tuple[Text, ...]
    texts: tuple[Text, ...]
    grid: tuple[QLineF, ...]
    unit: float

    def paint(self, painter: QPainter, palette: Palette) -> None:
        """Grid, intervals, means, words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(qcolor(blend(palette.card, palette.muted, GRID)), max(1.0, 0.06 * self.unit)))
        painter.drawLines(list(self.grid))
        for dot in self.dots:
            colour = qcolor(getattr(palette, dot.role))
            painter.setPen(QPen(colour, max(1.5, BAR * self.unit)))
            painter.drawLines([dot.interval])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(dot.at, RADIUS * self.unit, RADIUS * self.unit)
        for text in (*self.texts, *self.names):
            text.paint(painter, palette)


def dots(methods: Sequence[Scored], columns: Sequence[Column], room: QRectF, unit: float) -> Dots:
    """The methods from the top on, as they stand, with a column for each of their scores."""
    return _Laid(methods, columns, room, unit).made()


class _Laid:
    def __init__(self, methods: Sequence[Scored], columns: Sequence[Column], room: QRectF, unit: float) -> None:
        self._methods, self._columns, self._room, self._unit = methods, columns, room, unit
        self._small = Ink(round(SMALL * unit), "muted")
        self._line = metrics(self._small.pixels).height()
        self._top = room.top() + metrics(round(unit), bold=True).height() + 2.0 * self._line
        room_for_all = room.bottom() - 2.5 * self._line - self._top
        self._tall = min(HIGHEST * self._line, room_for_all / max(1, len(methods)))
        self._bottom = self._top + self._tall * len(methods)
        shrunk = min(1.0, self._tall / self._line)
        self._letters = max(LEAST_LETTERS, int(self._small.pixels * shrunk))
        widest = max((width_of(method.name, Ink(self._letters, bold=True)) for method in methods), default=0.0)
        self._names_wide = min(widest, MOST_NAMES * room.width())

    def made(self) -> Dots:
        """The picture."""
        found, texts, grid = list[Dot](), list[Text](), list[QLineF]()
        rooms = self._rooms()
        for row in range(len(self._methods)):
            grid += [QLineF(room.left(), self._y(row), room.right(), self._y(row)) for room in rooms]
        for index, (column, room) in enumerate(zip(self._columns, rooms, strict=True)):
            texts += self._head(column, room)
            scale = _scale([method.scores[index] for method in self._methods])
            found += self._column(index, room, scale)
            texts += self._numbers(room, scale)
        return Dots(tuple(found), self._names(), tuple(texts), tuple(grid), self._unit)

    def _y(self, row: int) -> float:
        return self._top + (row + 0.5) * self._tall

    def _rooms(self) -> list[QRectF]:
        gap, many = BETWEEN * self._unit, max(1, len(self._columns))
        left = self._room.left() + self._names_wide + BESIDE * self._unit
        wide = (self._room.right() - BESIDE * self._unit - left - (many - 1) * gap) / many
        tall = self._bottom - self._top
        return [QRectF(left + index * (wide + gap), self._top, wide, tall) for index in range(many)]

    def _names(self) -> tuple[Text, ...]:
        inks = [Ink(self._letters, method.stroke.role, method.is_bold) for method in self._methods]
        return tuple(
            place(method.name, ink, (self._room.left(), self._y(row)), LEFT, self._names_wide)
            for row, (method, ink) in enumerate(zip(self._methods, inks, strict=True))
        )

    def _head(self, column: Column, room: QRectF) -> list[Text]:
        tall = metrics(round(self._unit), bold=True).height()
        top, wide = self._room.top(), room.width() + BESIDE * self._unit
        written = width_of(column.title, Ink(round(self._unit), bold=True))
        bold = Ink(int(self._unit * min(1.0, wide / written)), bold=True)
        return [
            place(column.title, bold, (room.left(), top + 0.5 * tall), LEFT, wide),
            place(column.hint, self._small, (room.left(), top + tall + 0.5 * self._line), LEFT, wide),
        ]

    def _column(self, index: int, room: QRectF, scale: tuple[float, ...]) -> list[Dot]:
        found = []
        for row, method in enumerate(self._methods):
            mean, low, high = (_x(room, scale, value) for value in method.scores[index])
            y = self._y(row)
            found.append(Dot(method.stroke.role, QPointF(mean, y), QLineF(low, y, high, y)))
        return found

    def _numbers(self, room: QRectF, scale: tuple[float, ...]) -> list[Text]:
        """As many of the scale's numbers as have room, the ends first."""
        y = room.bottom() + 0.75 * self._line
        written = [place(_number(value, scale), self._small, (_x(room, scale, value), y), CENTRE) for value in scale]
        widest = max(text.rect.width() for text in written) + 0.6 * self._unit
        every = next(
            step for step in range(1, len(written) + 1) if step * room.width() / max(1, len(written) - 1) >= widest
        )
        return written[::every]


def _scale(scores: Sequence[Score]) -> tuple[float, ...]:
    """Round numbers at equal distances around all scores; at least two."""
    low, high = min(low for _, low, _ in scores), max(high for _, _, high in scores)
    step = next((step for step in STEPS if (high - low) / step <= 4), STEPS[-1])
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(step * number for number in range(first, max(last, first + 1) + 1))


def _x(room: QRectF, scale: tuple[float, ...], value: float) -> float:
    return room.left() + (value - scale[0]) / (scale[-1] - scale[0]) * room.width()


def _number(value: float, scale: tuple[float, ...]) -> str:
    return plain(value) if scale[1] - scale[0] >= 0.0099 else f"{value:.3f}".replace("-", "\N{MINUS SIGN}")
