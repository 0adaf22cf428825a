"""Laying one plot out: a header above, numbers at the left and below, a label at the end of every line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF

from gui.guide.help import help_text
from gui.paint.numerals import percent
from gui.paint.typeface import CENTRE, LEFT, RIGHT, Ink, Text, metrics, place, width_of
from gui.told.wording import isolated, listed
from gui.trust.end_labels import spread
from gui.trust.lines import Course, CurveWords, Line, Role
from gui.trust.plot import Drawn, Plot, Turning
from gui.trust.strokes import stroke_of

SMALL = 0.88  # in body letters
BEND, LEADER, AFTER = 0.7, 2.4, 0.4  # in body letters: from a line's end to its label
MOST_LABELS = 0.36  # of the width
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
FEW_LEVELS = 7.0  # lines of small type: lower plots have every second level
LEAST_LETTERS = 7  # pixels of a label
STEPS = tuple(factor * 10**power for power in range(6) for factor in (1, 2, 5))

Kind = Literal["most", "least"]
KINDS: tuple[Kind, ...] = ("most", "least")


def plot(kind: Kind, lines: Sequence[Line], words: CurveWords, room: QRectF, unit: float, *, at: int | None) -> Plot:
    """The lines of one kind in this room, with body letters of ``unit`` pixels.

    ``at`` is how many words are away where the reader points.
    """
    return _Plotter(kind, lines, words, room, unit).made(at)


class _Plotter:
    def __init__(self, kind: Kind, lines: Sequence[Line], words: CurveWords, room: QRectF, unit: float) -> None:
        self._kind, self._words, self._room, self._unit = kind, words, room, unit
        self._lines = [(line, line.most if kind == "most" else line.least) for line in lines]
        self._own = next((course for line, course in self._lines if line.role is Role.OWN), self._lines[-1][1])
        self._most = max(1, *(int(course.counts[-1]) for _, course in self._lines))
        self._small = Ink(round(SMALL * unit), "muted")
        self._line = metrics(self._small.pixels).height()
        names = [line.label for line in lines]
        names += [self._turning()] if words.turning is not None else []
        room_for_labels = MOST_LABELS * room.width()
        self._labels_wide = min(max(self._wide(name) for name in names), room_for_labels)
        self._area = self._placed_area()

    def made(self, at: int | None) -> Plot:
        """The plot."""
        step = None if at is None else int(np.argmin(np.abs(self._own.counts - at)))
        marked = None if step is None else self._point(self._own, step)
        area, line = self._area, self._line
        has_ring = self._own.turned >= 0 and self._words.turning is None
        drawn, turning = self._ends()
        return Plot(
            area=area,
            reach=area.adjusted(-self._unit, -0.5 * line, self._unit, 2 * line),
            steps=tuple((int(count), self._x(count)) for count in self._own.counts),
            drawn=drawn,
            texts=(*self._header(step), *self._level_words(), *self._count_words()),
            grid=tuple(QLineF(area.left(), y, area.right(), y) for y in map(self._y, self._levels())),
            turning=turning,
            ring=self._point(self._own, self._own.turned) if has_ring else None,
            marked=marked,
            upright=None if marked is None else QLineF(marked.x(), area.top(), marked.x(), area.bottom()),
            unit=self._unit,
        )

    def _wide(self, name: str) -> float:
        return width_of(name, Ink(self._small.pixels, bold=True)) + 1

    def _turning(self) -> str:
        if not self._words.other:
            return help_text("trust_plot", "turning")
        return help_text("trust_plot", "turning_to", other=isolated(self._words.other))

    def _placed_area(self) -> QRectF:
        """What header, numbers and labels leave."""
        room, unit = self._room, self._unit
        numbers = max(width_of(percent(level), self._small) for level in LEVELS)
        left = room.left() + numbers + 0.6 * unit
        right = room.right() - self._labels_wide - (LEADER + AFTER) * unit
        top = room.top() + metrics(round(unit), bold=True).height() + 2.0 * self._line
        bottom = room.bottom() - 2.5 * self._line
        return QRectF(left, top, max(1.0, right - left), max(1.0, bottom - top))

    def _x(self, count: float) -> float:
        return self._area.left() + float(count) / self._most * self._area.width()

    def _y(self, share: float) -> float:
        return self._area.bottom() - min(1.0, max(0.0, float(share))) * self._area.height()

    def _point(self, course: Course, step: int) -> QPointF:
        return QPointF(self._x(course.counts[step]), self._y(course.probability[step]))

    def _path(self, course: Course, shares: Sequence[float]) -> list[QPointF]:
        return [QPointF(self._x(count), self._y(share)) for count, share in zip(course.counts, shares, strict=True)]

    def _band(self, course: Course) -> tuple[QPointF, ...]:
        if course.low is None or course.high is None:
            return ()
        return (*self._path(course, list(course.high)), *reversed(self._path(course, list(course.low))))

    def _ends(self) -> tuple[tuple[Drawn, ...], Turning | None]:
        """The lines with their labels, which stand in the sequence in which the lines arrive.

        Lines that end at one point, as all do once no word is left, are sorted by the steps before it.
        """
        keys = [tuple(-round(float(share), 6) for share in course.probability[::-1]) for _, course in self._lines]
        if self._words.turning is not None:
            keys.append((-self._words.turning,))
        order = sorted(range(len(keys)), key=lambda index: keys[index])
        wishes = [self._y(-keys[index][0]) for index in order]
        half = 0.5 * self._line
        tall = min(self._line, (self._area.height() + 2 * half) / len(order))
        pixels = max(LEAST_LETTERS, round(self._small.pixels * tall / self._line))
        places = spread(wishes, tall, self._area.top(), self._area.bottom())
        at = dict(zip(order, places, strict=True))
        drawn = tuple(self._drawn(index, at[index], pixels) for index in range(len(self._lines)))
        if self._words.turning is None:
            return drawn, None
        start = QPointF(self._area.left(), self._y(self._words.turning))
        end = QPointF(self._area.right(), start.y())
        label = self._label(self._turning(), Ink(pixels, "faint"), at[len(self._lines)])
        return drawn, Turning((start, end, *self._leader(at[len(self._lines)])), label)

    def _drawn(self, index: int, y: float, pixels: int) -> Drawn:
        line, course = self._lines[index]
        alike = [other for other, _ in self._lines if other.role is line.role]
        stroke = stroke_of(line.role, next(n for n, other in enumerate(alike) if other is line), self._unit)
        return Drawn(
            role=line.role,
            stroke=stroke,
            points=tuple(self._path(course, list(course.probability))),
            band=self._band(course),
            leader=self._leader(y),
            label=self._label(line.label, Ink(pixels, stroke.role, line.role is Role.OWN), y),
        )

    def _leader(self, y: float) -> tuple[QPointF, ...]:
        right = self._area.right()
        return QPointF(right + BEND * self._unit, y), QPointF(right + LEADER * self._unit, y)

    def _label(self, text: str, ink: Ink, y: float) -> Text:
        left = self._area.right() + (LEADER + AFTER) * self._unit
        return place(text, ink, (left, y), LEFT, self._room.right() - left)

    def _levels(self) -> tuple[float, ...]:
        return LEVELS if self._area.height() >= FEW_LEVELS * self._line else LEVELS[::2]

    def _level_words(self) -> list[Text]:
        right = self._area.left() - 0.6 * self._unit
        return [place(percent(level), self._small, (right, self._y(level)), RIGHT) for level in self._levels()]

    def _count_words(self) -> list[Text]:
        """Whole numbers as close together as they can stand, and what they count."""
        area, line = self._area, self._line
        wide = width_of(str(self._most), self._small) + 0.9 * self._unit
        step = next(step for step in STEPS if step / self._most * area.width() >= wide or step >= self._most)
        counts = list(range(0, self._most + 1, step))
        if self._most - counts[-1] > 0.6 * step and self._x(self._most) - self._x(counts[-1]) >= wide:
            counts.append(self._most)
        below = area.bottom() + 0.75 * line
        told = help_text("trust_plot", "axis", unit=self._words.unit)
        middle = (area.center().x(), area.bottom() + 1.9 * line)
        numbers = [place(str(count), self._small, (self._x(count), below), CENTRE) for count in counts]
        return [*numbers, place(told, self._small, middle, CENTRE, self._room.right() - self._room.left())]

    def _header(self, step: int | None) -> tuple[Text, Text]:
        """What goes first, and below it what is to be expected or, where the reader points, what is found."""
        unit, room = self._words.unit, self._room
        bold = Ink(round(self._unit), bold=True)
        tall = metrics(bold.pixels, bold=True).height()
        first = help_text("trust_plot", self._kind, unit=unit)
        said = help_text("trust_plot", f"{self._kind}_hint") if step is None else self._found(step)
        ink = self._small if step is None else Ink(self._small.pixels, "text")
        left, below = room.left(), room.top() + tall + 0.5 * self._line
        return (
            place(first, bold, (left, room.top() + 0.5 * tall), LEFT, room.width()),
            place(said, ink, (left, below), LEFT, room.width()),
        )

    def _found(self, step: int) -> str:
        """The probability there and without which words: as many of them as there is room for."""
        away = int(self._own.counts[step])
        answer = f"{isolated(self._words.answer)} {_uncertain(float(self._own.probability[step]))}"
        if not away:
            return help_text("trust_plot", "whole", answer=answer, unit=self._words.unit)
        order = self._words.order if self._kind == "most" else self._words.order[::-1]
        names = [_named(name) for name in order[:away]]
        for named in range(len(names), 0, -1):
            rest = away - named
            shown = names[:named] + ([help_text("trust_plot", "more", count=str(rest))] if rest else [])
            said = help_text("trust_plot", "without", answer=answer, words=listed(shown))
            if width_of(said, self._small) <= self._room.width():
                return said
        return help_text("trust_plot", "away", answer=answer, count=str(away), unit=self._words.unit)


def _named(word: str) -> str:
    """A word within a sentence; a mark in quotation marks, or it would pass for the sentence's own."""
    return isolated(word) if any(map(str.isalnum, word)) else f"“{word}”"


def _uncertain(share: float) -> str:
    """Never a certainty the model does not have."""
    return ">99\N{NO-BREAK SPACE}%" if 0.995 <= share < 1 else percent(share)
