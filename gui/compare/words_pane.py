"""What every word gets in A, in B, and the difference, as bars on the same lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.contract import Array
from gui.compare.difference import Difference, Pane
from gui.compare.numbers import agreement_words, written
from gui.compare.pane import Hit, below_heading, headed, unit_of
from gui.paint.colour import qcolor
from gui.paint.flow_names import spaced
from gui.paint.palette import Palette, blend
from gui.paint.typeface import RIGHT, Ink, Text, metrics, place, width_of
from gui.state import Compared

TALLEST, BAR, THICKEST = 4.4, 0.52, 1.3  # body heights of a line at most, the part of it a bar takes, and at most
BOLD_FROM, QUIET_BELOW = 0.4, 0.06  # of the longest bar
BASELINE = "baseline"


@dataclass(frozen=True, slots=True, eq=False)
class WordsPane:
    """One pane as a finished drawing: ``values`` [line] are the shown rows' and, where there is one, the baseline's.

    ``zero`` is where bars begin, ``scale`` pixels to one unit, ``lines`` [line] where they stand.
    """

    difference: Difference
    pane: Pane
    values: Array
    lines: Array
    pitch: float
    zero: float
    scale: float
    is_signed: bool
    texts: tuple[Text, ...]
    rect: QRectF
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """How alike the orders of A and B are."""
        return (agreement_words(self.difference.agreement, "word"),) if self.pane is Pane.DIFFERENCE else ()

    def bar(self, line: int) -> QRectF:
        """Where one bar lies."""
        end = self.zero + self.scale * float(self.values[line])
        tall = min(BAR * self.pitch, THICKEST * unit_of(self.rect))
        return QRectF(min(self.zero, end), float(self.lines[line]) - tall / 2, abs(end - self.zero), tall)

    def paint(self, painter: QPainter) -> None:
        """The zero line, the bars, names and numbers."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self.pitch / 2
        painter.setPen(QPen(qcolor(self.palette.border), 1))
        painter.drawLine(QLineF(self.zero, self.lines[0] - half, self.zero, self.lines[-1] + half))
        for line, value in enumerate(self.values.tolist()):
            bar = self.bar(line)
            if bar.width() < 0.5:
                continue
            is_against = self.is_signed and value < 0
            dashed = self.palette.dashes_against and is_against
            painter.setPen(QPen(qcolor(self.palette.text), 1, Qt.PenStyle.DashLine) if dashed else Qt.PenStyle.NoPen)
            colour = self.palette.against if is_against else self.palette.towards
            is_baseline = line >= len(self.difference.shown)
            painter.setBrush(qcolor(blend(self.palette.card, colour, 0.45 if is_baseline else 0.85)))
            painter.drawRoundedRect(bar, 1.5, 1.5)
        for text in self.texts:
            text.paint(painter, self.palette)

    def paint_lit(self, painter: QPainter, hit: Hit) -> None:
        """A tint along the row."""
        if hit.row is None:
            return
        tint = QColor(qcolor(self.palette.accent))
        tint.setAlpha(34)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        room = QRectF(self.rect.left() + 4, self.lines[hit.row] - self.pitch / 2, self.rect.width() - 8, self.pitch)
        painter.drawRoundedRect(room, 4, 4)

    def hit(self, x: float, y: float) -> Hit | None:
        """The row a point is on."""
        line = int(np.argmin(np.abs(self.lines - y)))
        if not self.rect.contains(x, y) or abs(float(self.lines[line]) - y) > self.pitch / 2:
            return None
        numbers = line_values(self.difference)
        values = {pane: float(numbers[pane][line]) for pane in Pane}
        parts = [f"{NAMES[pane]} {_written(self.difference, pane, value)}" for pane, value in values.items()]
        shown = self.difference.shown
        name = shown[line].label if line < len(shown) else BASELINE
        return Hit(line if line < len(shown) else None, None, f"{name}: {', '.join(parts)}")


NAMES = {Pane.FIRST: "A", Pane.SECOND: "B", Pane.DIFFERENCE: "A minus B"}


def line_values(difference: Difference) -> dict[Pane, Array]:
    """[line] what is drawn: the shown rows and the baseline, where both sides keep one."""
    baseline = difference.baselines
    made = {}
    for pane in Pane:
        values = difference.words.of(pane)[difference.kept]
        made[pane] = values if baseline is None else np.append(values, baseline.of(pane))
    return made


def unit_written(difference: Difference) -> str:
    """The unit of the numbers as they are drawn."""
    made = difference.first
    if difference.compared is Compared.LAYERS and made.flow is not None:
        return "fraction" if made.flow.from_map else "logit"
    return "fraction" if difference.is_divided else made.unit


def _written(difference: Difference, pane: Pane, value: float) -> str:
    is_signed = pane is Pane.DIFFERENCE or not difference.is_unsigned
    return written(value, unit_written(difference), is_signed=is_signed)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where everything stands from left to right; ``end`` is where numbers end, ``gutter`` where names do."""

    gutter: float
    names: float
    zero: float
    scale: float
    end: float
    longest: float


def _frame(difference: Difference, pane: Pane, rect: QRectF, unit: float, pixels: int) -> _Frame:
    numbers = line_values(difference)
    measured = [numbers[side] for side in Pane] if difference.state.view.one_scale else [numbers[pane]]
    below = -min(0.0, *(float(one.min()) for one in measured))
    above = max(0.0, *(float(one.max()) for one in measured))
    bold = Ink(pixels, bold=True)
    labels = [row.drawn(side).label for row in difference.shown for side in Pane]
    names = min(max(width_of(label, bold) for label in (BASELINE, *labels)), 0.3 * rect.width())
    figures = max(width_of(_written(difference, side, one), bold) for side in Pane for one in numbers[side].tolist())
    margin, gap = 0.8 * unit, 0.8 * unit
    gutter, end = rect.left() + margin + names, rect.right() - margin
    left, right = gutter + gap, end - figures - gap
    scale = max(0.0, right - left) / (below + above) if below + above > 0 else 0.0
    return _Frame(gutter, names, left + scale * below, scale, end, max(below, above))


def _lines(difference: Difference, room: QRectF, unit: float) -> tuple[Array, float]:
    """[line] heights, and how far they are apart; the baseline keeps a little distance."""
    extra = 0.0 if difference.baselines is None else 0.4
    count = len(difference.shown) + (difference.baselines is not None)
    pitch = min(TALLEST * unit, (room.height() - unit) / (count + extra))
    lines = room.top() + 0.2 * unit + pitch * (np.arange(count) + 0.5)
    if extra:
        lines[-1] += extra * pitch
    return lines, pitch


def _texts(difference: Difference, pane: Pane, frame: _Frame, lines: Array, pixels: int) -> list[Text]:
    """Names and numbers; a side without the word has neither."""
    made: list[Text] = []
    for line in _named(difference, lines, 0.92 * metrics(pixels).height()):
        value = float(line_values(difference)[pane][line])
        is_word = line < len(difference.shown)
        row = difference.shown[line].drawn(pane) if is_word else None
        if row is not None and not row.tokens:
            continue
        share = abs(value) / (frame.longest or 1.0)
        ink = Ink(pixels, "text" if share >= QUIET_BELOW else "muted", is_word and share >= BOLD_FROM)
        at = float(lines[line])
        made.append(place(row.label if row else BASELINE, ink, (frame.gutter, at), RIGHT, frame.names))
        made.append(place(_written(difference, pane, value), ink, (frame.end, at), RIGHT))
    return made


def _named(difference: Difference, lines: Array, least: float) -> list[int]:
    """The lines that are named, in all panes the same: where they lie close, those that get most on any side."""
    most = np.max([np.abs(values) for values in line_values(difference).values()], axis=0)
    return spaced(np.argsort(-most, kind="stable").tolist(), lines, least)


def _aside(difference: Difference, pane: Pane) -> str:
    if pane is Pane.DIFFERENCE:
        return agreement_words(difference.agreement, "word")
    return "" if difference.state.view.one_scale else "own scale"


def words_pane(difference: Difference, pane: Pane, rect: QRectF, palette: Palette) -> WordsPane:
    """Lay one pane out; of one size, all have their lines at the same heights and, on one scale, their zero there."""
    unit, room = unit_of(rect), below_heading(rect)
    lines, pitch = _lines(difference, room, unit)
    pixels = round(max(0.74 * unit, min(unit, 0.78 * pitch)))
    frame = _frame(difference, pane, rect, unit, pixels)
    texts = _texts(difference, pane, frame, lines, pixels)
    zero, scale = frame.zero, frame.scale
    if difference.right_to_left:
        across = rect.left() + rect.right()
        texts = [text.mirrored(across) for text in texts]
        zero, scale = across - zero, -scale
    return WordsPane(
        difference=difference,
        pane=pane,
        values=line_values(difference)[pane],
        lines=lines,
        pitch=pitch,
        zero=zero,
        scale=scale,
        is_signed=pane is Pane.DIFFERENCE or not difference.is_unsigned,
        texts=(*headed(difference, pane, rect, _aside(difference, pane)), *texts),
        rect=rect,
        palette=palette,
    )
