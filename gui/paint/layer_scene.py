"""What each word holds after each layer, with every cell in its place. Nothing is painted here.

All geometry is laid out left to right and mirrored at the end for scripts written from right to left; the scale below
keeps its direction, as its numbers do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QRectF

from engine.contract import Array, Explanation
from gui.paint.layer_numbers import LayerNumbers, Tail, layer_numbers
from gui.paint.numerals import signed
from gui.paint.palette import PALETTES
from gui.paint.typeface import CENTRE, LEFT, RIGHT, Ink, Text, apart, body_pixels, metrics, place, width_of, wrapped
from gui.state import ViewState
from gui.told.wording import goal_name

WORTH_WRITING = 0.05  # of the scale: weaker cells show their colour alone
TALLEST = 3.4  # body heights: a row that is taller reads no better
STRONG, MIDDLING = 0.15, 0.06  # shares of the strongest word from which a label is bold, and from which it is dark


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the picture: ``column`` None is beside the cells, on the names; ``line`` None is above, on the heads.

    Lines are the rows, then the tails.
    """

    column: int | None
    line: int | None


@dataclass(frozen=True, slots=True, eq=False)
class LayerScene:
    """Where everything stands.

    ``columns`` [column] are the left edges of cells ``wide`` pixels wide, ``tops`` [line] the upper edges of the rows
    and then the tails, ``talls`` [line] their heights. ``heads`` name columns, ``labels`` rows, ``tail_texts`` are what
    stands in the last lines; ``written`` are numbers inside cells: (text, column, row). ``ramp`` is the colour scale.
    """

    numbers: LayerNumbers
    width: float
    height: float
    unit: float
    columns: Array
    wide: float
    tops: Array
    talls: Array
    heads: tuple[Text, ...]
    labels: tuple[Text, ...]
    label_rows: tuple[int, ...]
    tail_texts: tuple[Text, ...]
    written: tuple[tuple[Text, int, int], ...]
    ramp: QRectF
    legend: tuple[Text, ...]

    @property
    def count(self) -> int:
        """How many words are shown."""
        return len(self.numbers.rows)

    def cell(self, column: int, line: int) -> QRectF:
        """Where one cell lies."""
        return QRectF(float(self.columns[column]), float(self.tops[line]), self.wide, float(self.talls[line]))

    def line(self, line: int) -> QRectF:
        """All cells of one line."""
        first = float(self.columns.min())
        width = float(self.columns.max()) + self.wide - first
        return QRectF(first, float(self.tops[line]), width, float(self.talls[line]))

    def column(self, column: int) -> QRectF:
        """All cells of one column, down to the last line."""
        bottom = float(self.tops[-1] + self.talls[-1])
        return QRectF(float(self.columns[column]), float(self.tops[0]), self.wide, bottom - float(self.tops[0]))

    def spot_at(self, x: float, y: float) -> Spot | None:
        """What lies under a point: a cell, a column's head, a line's name."""
        first, last = float(self.columns.min()), float(self.columns.max()) + self.wide
        inside = (self.columns <= x) & (x < self.columns + self.wide)
        column = int(np.argmax(inside)) if inside.any() else None
        on = (self.tops <= y) & (y < self.tops + self.talls)
        line = int(np.argmax(on)) if on.any() else None
        beside = x > last if self.numbers.right_to_left else x < first
        if line is not None and (column is not None or beside):
            return Spot(column, line)
        is_above = column is not None and 0 <= y < self.tops[0]
        return Spot(column, None) if is_above else None


@dataclass(frozen=True, slots=True)
class _Frame:
    """The room of each part once the legend and the names have theirs."""

    unit: float
    head_line: float
    first: float
    wide: float
    label_room: float
    label_ink: int
    tops: Array
    talls: Array
    legend_top: float

    def middle(self, line: int) -> float:
        return float(self.tops[line] + self.talls[line] / 2)


def _strengths(numbers: LayerNumbers) -> Array:
    """[row] from 0 to 1: the most a word ever holds, where the answer is read from set no measure."""
    held = np.abs(numbers.shares).max(axis=0, initial=0)
    most = np.delete(held, numbers.answer_rows).max(initial=0)
    return np.minimum(1, held / most) if most > 0 else np.zeros_like(held)


def _inks(numbers: LayerNumbers, pixels: int) -> list[Ink]:
    strengths = _strengths(numbers)
    few = np.argsort(-strengths, kind="stable")[: max(3, len(strengths) // 4)]
    bold = {int(row) for row in few if strengths[row] >= STRONG}
    return [
        Ink(pixels, "text" if strength >= MIDDLING or row in bold else "muted", row in bold)
        for row, strength in enumerate(strengths)
    ]


def _legend_words(explanation: Explanation, numbers: LayerNumbers, theme: str) -> str:
    """How to read a cell, and what a column adds up to."""
    if numbers.is_signed:
        towards, against = ("Blue", "orange") if not PALETTES[theme].dashes_against else ("Dark", "with a dash")
        cell = f"{towards}: holds a part of the answer that speaks for {goal_name(explanation)}; {against}: against it."
        whole = f"the words and the baseline still to come together are {signed(numbers.total)}"
        return f"{cell} In every column {whole}."
    place = numbers.place or "the answer"
    more = PALETTES[theme].more
    if numbers.is_rollout:
        return f"{more}: more of what has reached {place} comes from this word. Every column adds up to 100 %."
    return f"{more}: more of what reaches {place} passes here. Every column adds up to 100 %."


def _frame(numbers: LayerNumbers, size: tuple[float, float], legend_lines: int) -> _Frame:
    width, height = size
    unit = body_pixels(width, height)
    line = metrics(round(unit)).height()
    small = metrics(round(0.86 * unit)).height()
    head_line = 0.5 * unit + line / 2
    top = 0.8 * unit + line
    legend = max(unit + 1.3 * small, legend_lines * 1.15 * small)
    least, between, tails_count = 1.25 * line, 0.45 * unit, len(numbers.tails)
    rest = height - top - between - legend - 1.7 * unit
    # Tails are as tall as the words' rows, but stay readable where those do not.
    pitch = min(TALLEST * unit, rest / (len(numbers.rows) + tails_count))
    if pitch < least:
        pitch = max(0.5, (rest - least * tails_count) / len(numbers.rows))
    tail = max(least, pitch)
    used = pitch * len(numbers.rows)
    above = max(0.0, rest - used - tail * tails_count) / 2
    rows = top + above + pitch * np.arange(len(numbers.rows))
    tails = top + above + used + between + tail * np.arange(tails_count)
    pixels = round(max(0.74 * unit, min(unit, 0.82 * pitch)))
    widths = [width_of(numbers.label(row), ink) for row, ink in enumerate(_inks(numbers, pixels))]
    widths += [width_of(numbers.tail_label(kind), Ink(round(unit), bold=True)) for kind in numbers.tails]
    label_room = min(max(widths), 0.26 * width)
    first = 0.5 * unit + label_room + 0.7 * unit
    return _Frame(
        unit=unit,
        head_line=head_line + above,
        first=first,
        wide=(width - first - 0.5 * unit) / len(numbers.boundaries),
        label_room=label_room,
        label_ink=pixels,
        tops=np.concatenate([rows, tails]),
        talls=np.concatenate([np.full(len(rows), pitch), np.full(tails_count, tail)]),
        legend_top=float(tails[-1]) + tail + 0.6 * unit,
    )


def _heads(numbers: LayerNumbers, frame: _Frame, columns: Array, lit: int | None) -> tuple[Text, ...]:
    """The names of the columns, shortened and then thinned out where they would touch."""
    pixels = round(0.92 * frame.unit)
    gap = 0.7 * frame.unit
    names = ["words in" if boundary == 0 else f"layer {boundary}" for boundary in numbers.boundaries]
    if max(width_of(name, Ink(pixels, bold=True)) for name in names) + gap > frame.wide:
        names = ["in" if boundary == 0 else str(boundary) for boundary in numbers.boundaries]
    inks = [
        Ink(pixels, "accent", bold=True) if lit is not None and boundary == lit + 1 else Ink(pixels, "muted")
        for boundary in numbers.boundaries
    ]
    texts = [
        place(name, ink, (float(left) + frame.wide / 2, frame.head_line), CENTRE)
        for name, ink, left in zip(names, inks, columns, strict=True)
    ]
    step = max(1, int(np.ceil((max(text.rect.width() for text in texts) + 0.4 * gap) / frame.wide)))
    chosen = [index for index, ink in enumerate(inks) if ink.bold]
    return apart(texts, [*chosen, *range(0, len(texts), step)], gap=0.3 * frame.unit)


def _labels(numbers: LayerNumbers, frame: _Frame) -> tuple[tuple[Text, ...], tuple[int, ...]]:
    """The rows' names, as many as fit: the words that hold most keep theirs."""
    inks = _inks(numbers, frame.label_ink)
    at = frame.first - 0.7 * frame.unit
    texts = [
        place(numbers.label(row), ink, (at, frame.middle(row)), RIGHT, frame.label_room) for row, ink in enumerate(inks)
    ]
    strengths = _strengths(numbers)
    order = sorted(range(len(texts)), key=lambda row: (row not in numbers.answer_rows, -strengths[row], row))
    is_roomy = frame.talls[0] > 0.8 * frame.label_ink
    kept = apart(texts, order, gap=-0.3 * frame.label_ink if is_roomy else 0.5)
    places = {id(text) for text in kept}
    return kept, tuple(row for row, text in enumerate(texts) if id(text) in places)


def _tail_texts(numbers: LayerNumbers, frame: _Frame, columns: Array) -> tuple[Text, ...]:
    """The names of the last lines and their numbers, thinned out where they would touch."""
    texts: list[Text] = []
    at = frame.first - 0.7 * frame.unit
    for index, kind in enumerate(numbers.tails):
        line = frame.middle(len(numbers.rows) + index)
        pixels = max(frame.label_ink, round(0.92 * frame.unit))
        ink = Ink(pixels, "muted" if kind is Tail.HIDDEN else "text", bold=kind is Tail.TOGETHER)
        label = numbers.tail_label(kind)
        if kind is Tail.BASELINE and width_of(label, ink) > frame.label_room:
            label = "baseline"
        texts.append(place(label, ink, (at, line), RIGHT, frame.label_room))
        if kind is not Tail.TOGETHER:
            continue
        parts = [
            place(numbers.amount(float(value)), ink, (float(left) + frame.wide / 2, line), CENTRE)
            for value, left in zip(numbers.tail_shares(kind), columns, strict=True)
        ]
        texts += apart(parts, [0, len(parts) - 1, *range(len(parts))], gap=0.5 * frame.unit)
    return tuple(texts)


def _written(numbers: LayerNumbers, frame: _Frame, columns: Array) -> tuple[tuple[Text, int, int], ...]:
    """Numbers inside the cells that hold enough to be worth reading, where they fit; (text, column, line)."""
    written = []
    for line, values in enumerate(numbers.cells.T):
        pixels = round(min(0.9 * frame.unit, 0.62 * float(frame.talls[line])))
        if pixels < max(8, 0.6 * frame.unit):
            continue
        ink = Ink(pixels)
        for column in np.flatnonzero(np.abs(values) >= WORTH_WRITING * numbers.top).tolist():
            at = (float(columns[column]) + frame.wide / 2, frame.middle(line))
            written.append((place(numbers.amount(float(values[column])), ink, at, CENTRE), column, line))
    widest = max((text.rect.width() for text, _, _ in written), default=0.0)
    return tuple(written) if widest + 0.5 * frame.unit <= frame.wide else ()


def _ramp_texts(numbers: LayerNumbers, ramp: QRectF, pixels: int) -> list[Text]:
    """The numbers at the two ends of the scale and in its middle."""
    ends = (-numbers.top, 0.0, numbers.top) if numbers.is_signed else (0.0, numbers.top / 2, numbers.top)
    names = [numbers.end(value) for value in ends]
    if numbers.cells.max(initial=0) > numbers.top:
        names[-1] = f"≥ {names[-1]}"
    if numbers.cells.min(initial=0) < -numbers.top:
        names[0] = f"≤ {names[0]}"
    line = ramp.bottom() + 0.75 * metrics(pixels).height()
    return [
        place(name, Ink(pixels, "muted"), (ramp.left() + share * ramp.width(), line), share)
        for share, name in zip((LEFT, CENTRE, RIGHT), names, strict=True)
    ]


def layer_scene(
    explanation: Explanation, view: ViewState, size: tuple[float, float], lit: int | None = None
) -> LayerScene:
    """Lay the picture out; ``lit`` is the layer the window looks into, whose name is lit up."""
    numbers = layer_numbers(explanation, view)
    unit = body_pixels(*size)
    small = Ink(round(0.86 * unit), "muted")
    ramp_wide = min(13 * unit, 0.34 * size[0])
    beside = unit + ramp_wide + 1.6 * unit
    sentences = wrapped(_legend_words(explanation, numbers, view.theme), small, size[0] - beside - 0.5 * unit)
    frame = _frame(numbers, size, len(sentences))
    columns = frame.first + frame.wide * np.arange(len(numbers.boundaries))
    ramp = QRectF(unit, frame.legend_top, ramp_wide, 0.9 * unit)
    step = 1.15 * metrics(small.pixels).height()
    said = [
        place(sentence, small, (beside, frame.legend_top + (index + 0.5) * step), LEFT, size[0] - beside)
        for index, sentence in enumerate(sentences)
    ]
    labels, label_rows = _labels(numbers, frame)
    scene = LayerScene(
        numbers=numbers,
        width=size[0],
        height=size[1],
        unit=unit,
        columns=columns,
        wide=frame.wide,
        tops=frame.tops,
        talls=frame.talls,
        heads=_heads(numbers, frame, columns, lit),
        labels=labels,
        label_rows=label_rows,
        tail_texts=_tail_texts(numbers, frame, columns),
        written=_written(numbers, frame, columns),
        ramp=ramp,
        legend=(*_ramp_texts(numbers, ramp, small.pixels), *said),
    )
    return _mirrored(scene) if numbers.right_to_left else scene


def _mirrored(scene: LayerScene) -> LayerScene:
    width = scene.width
    return replace(
        scene,
        columns=width - scene.columns - scene.wide,
        heads=tuple(text.mirrored(width) for text in scene.heads),
        labels=tuple(text.mirrored(width) for text in scene.labels),
        tail_texts=tuple(text.mirrored(width) for text in scene.tail_texts),
        written=tuple((text.mirrored(width), column, line) for text, column, line in scene.written),
    )
