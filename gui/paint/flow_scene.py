"""The flow picture with every point in its place: words are rows reading down, layers run towards the answer.

All geometry is laid out left to right and mirrored at the end for scripts written from right to left. Nothing is
painted here, so every number on the picture can be tested.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QRectF

from engine.contract import Array, Explanation
from gui.paint import numerals
from gui.paint.flow_numbers import FlowNumbers, flow_numbers
from gui.paint.flow_strands import Strands, answer_strands, baseline_strands, link_strands, no_strands
from gui.paint.typeface import CENTRE, LEFT, RIGHT, Ink, Text, apart, body_pixels, metrics, place, width_of
from gui.state import ViewState
from gui.wording import answer_name, probability

BASELINE_APART = 1.5  # body heights between the last word and the baseline, at least
STRONG, MIDDLING = 0.15, 0.06  # shares of the largest word from which a label is bold, and from which it is dark


@dataclass(frozen=True, slots=True)
class AnswerBox:
    """One answer at the end of the flow; ``towards`` tells what is explained from what it is explained instead of."""

    rect: QRectF
    name: Text
    figure: Text
    towards: bool


@dataclass(frozen=True, slots=True, eq=False)
class FlowScene:
    """Where everything stands. ``columns`` [layer+1] and ``lines`` [row] are the places of the nodes.

    ``radii`` [layer+1, row] are their sizes, ``baseline_radii`` [layer+1] those of the baseline at height
    ``baseline`` (NaN where there is none). ``labels`` name the rows ``label_rows``; ``texts`` are all other words.
    """

    numbers: FlowNumbers
    width: float
    height: float
    unit: float
    pitch: float
    columns: Array
    lines: Array
    baseline: float
    radii: Array
    baseline_radii: Array
    links: Strands
    fan: Strands
    answer: Strands
    labels: tuple[Text, ...]
    label_rows: tuple[int, ...]
    texts: tuple[Text, ...]
    boxes: tuple[AnswerBox, ...]
    badge: Text | None


@dataclass(frozen=True, slots=True)
class _Frame:
    """The room left for the graph once every text has its own."""

    unit: float
    top: float
    pitch: float
    first: float
    spacing: float
    box_left: float
    box_width: float
    label_room: float
    label_pixels: int
    band: float


def label_text(numbers: FlowNumbers, row: int) -> str:
    """What a row is called: the one the answer is read from says so where it was chosen, or its kind is hidden."""
    label = numbers.rows[row].label
    return f"{label} · answer" if numbers.is_answer_named and row in numbers.answer_rows else label


def _strengths(numbers: FlowNumbers) -> Array:
    """[row] from 0 to 1: how much a word brings in, against the one that brings most."""
    held = np.abs(numbers.nodes[0])
    return held / held.max() if held.max() > 0 else np.zeros_like(held)


def _inks(numbers: FlowNumbers, pixels: int) -> list[Ink]:
    if numbers.local:
        return [Ink(pixels) for _ in numbers.rows]
    strengths = _strengths(numbers)
    few = np.argsort(-strengths, kind="stable")[: max(3, len(strengths) // 4)]
    bold = {int(row) for row in few if strengths[row] >= STRONG}
    return [
        Ink(pixels, "text" if strength >= MIDDLING or row in bold else "muted", row in bold)
        for row, strength in enumerate(strengths)
    ]


def _answers(explanation: Explanation, numbers: FlowNumbers) -> list[tuple[str, str]]:
    """Name and figure of the answers shown: what is explained, then what it is explained instead of."""
    if numbers.local:
        return []
    said = explanation.prediction
    # A flow made from maps knows how words mix, not what speaks for one answer and against the other.
    contrast = numbers.signed and explanation.against >= 0
    classes = [explanation.target, explanation.against] if contrast else [explanation.target]
    if said.probabilities is None:
        return [(answer_name(explanation, index), numerals.plain(said.logits[index])) for index in classes]
    return [(answer_name(explanation, index), probability(said.probabilities[index])) for index in classes]


def _baseline_label(numbers: FlowNumbers) -> str:
    return f"baseline {numerals.signed(float(numbers.bias.sum()))}"


def _rows_down(numbers: FlowNumbers, size: tuple[float, float], unit: float, footer: bool) -> tuple[float, float]:
    """Where the first row lies and how far apart rows are; the baseline keeps its distance from the last word."""
    line = metrics(round(unit)).height()
    top = 2.0 * unit + line
    under = 0.95 * line if numbers.signed else 0.5 * unit
    room = size[1] - 0.5 * unit - (1.5 * line if footer else 0) - under - top
    apart_by = BASELINE_APART * unit if numbers.signed else 0.0
    slots = max(1, len(numbers.rows) - (0 if numbers.signed else 1))
    pitch = min(5.0 * unit, room / slots)
    if pitch < apart_by and slots > 1:
        pitch = (room - apart_by) / (slots - 1)
    whole = (slots - 1) * pitch + max(pitch, apart_by)
    return top + max(0.0, room - whole) / 2, pitch


def _frame(explanation: Explanation, numbers: FlowNumbers, size: tuple[float, float]) -> _Frame:
    width, height = size
    unit = body_pixels(width, height)
    margin = 0.5 * unit
    top, pitch = _rows_down(numbers, size, unit, bool(numbers.badge or numbers.note))
    pixels = round(max(0.74 * unit, min(unit, 0.82 * pitch)))
    inks = _inks(numbers, pixels)
    widths = [width_of(label_text(numbers, row), ink) for row, ink in enumerate(inks)]
    if numbers.signed:
        widths.append(width_of(_baseline_label(numbers), Ink(pixels)))
    label_room = min(max(widths), 0.26 * width)
    bold = Ink(round(unit), bold=True)
    answers = [width_of(text, bold) for pair in _answers(explanation, numbers) for text in pair]
    box = min(max(answers, default=0) + 1.5 * unit, 0.22 * width)
    first = margin + label_room + 1.2 * unit
    box_left = width - margin - box if answers else width - 2.2 * unit
    spacing = (box_left - first) / (numbers.layers + (0.85 if answers else 0))
    # A layer's own mixing is drawn for every row at once: its bands must leave room for one another.
    widest, of_pitch = (0.9, 0.35) if numbers.local else (2.7, 0.8)
    band = min(widest * unit, max(0.9 * unit, of_pitch * pitch))
    return _Frame(unit, top, pitch, first, spacing, box_left, box, label_room, pixels, band)


def _labels(numbers: FlowNumbers, frame: _Frame, lines: Array) -> tuple[tuple[Text, ...], tuple[int, ...]]:
    """The rows' names, as many as fit: the words that hold most keep theirs."""
    inks = _inks(numbers, frame.label_pixels)
    at = frame.first - 1.2 * frame.unit
    texts = [
        place(label_text(numbers, row), inks[row], (at, float(lines[row])), RIGHT, frame.label_room)
        for row in range(len(numbers.rows))
    ]
    strengths = _strengths(numbers)
    order = sorted(range(len(texts)), key=lambda row: (row not in numbers.answer_rows, -strengths[row], row))
    kept = apart(texts, order, gap=-0.14 * frame.label_pixels if frame.pitch > 0.8 * frame.label_pixels else 0.5)
    rows_kept = {id(text) for text in kept}
    return kept, tuple(row for row, text in enumerate(texts) if id(text) in rows_kept)


def _heads(numbers: FlowNumbers, frame: _Frame, columns: Array, lit: int | None) -> list[Text]:
    """The names of the columns, shortened and then thinned out where they would touch."""
    pixels = round(0.92 * frame.unit)
    names = ["words in", *(f"layer {index + 1}" for index in range(numbers.layers))]
    gap = 0.7 * frame.unit
    if max(width_of(name, Ink(pixels)) for name in names) + gap > frame.spacing:
        names = ["in", *(str(index + 1) for index in range(numbers.layers))]
    line = frame.top - max(0.9 * frame.unit, 0.5 * frame.band) - 0.6 * frame.unit
    texts = []
    for index, (name, column) in enumerate(zip(names, columns, strict=True)):
        role = "accent" if lit is not None and index == lit + 1 else "muted"
        texts.append(place(name, Ink(pixels, role), (float(column), line), CENTRE))
    step = int(np.ceil((max(text.rect.width() for text in texts) + gap) / frame.spacing))
    order = [0, *range(step, len(texts), step)]
    if not numbers.local:
        centre = frame.box_left + frame.box_width / 2
        texts.append(place("answer", Ink(pixels, "muted"), (centre, line), CENTRE))
        order.insert(0, len(texts) - 1)
    return list(apart(texts, order, gap=0.3 * frame.unit))


def _boxes(explanation: Explanation, numbers: FlowNumbers, frame: _Frame, height: float) -> tuple[AnswerBox, ...]:
    """The answers beside the rows whose states are read: the explained one level with them where there is room."""
    answers = _answers(explanation, numbers)
    pixels = round(frame.unit)
    line = metrics(pixels).height()
    tall, gap = 2 * line + 0.7 * frame.unit, 1.1 * frame.unit
    whole = len(answers) * tall + (len(answers) - 1) * gap
    row = frame.top + sum(numbers.answer_rows) / max(1, len(numbers.answer_rows)) * frame.pitch
    top = max(frame.top - 0.6 * frame.unit, min(row - whole / 2, height - whole - 2 * frame.unit))
    boxes = []
    for index, (name, figure) in enumerate(answers):
        rect = QRectF(frame.box_left, top + index * (tall + gap), frame.box_width, tall)
        middle, room = rect.center(), frame.box_width - 0.8 * frame.unit
        role = "on_colour" if index == 0 else "text"
        boxes.append(
            AnswerBox(
                rect,
                place(name, Ink(pixels, role, bold=True), (middle.x(), middle.y() - line / 2), CENTRE, room),
                place(figure, Ink(pixels, role), (middle.x(), middle.y() + line / 2), CENTRE, room),
                towards=index == 0,
            )
        )
    return tuple(boxes)


def _radii(frame: _Frame, held: Array, most: float) -> Array:
    """Areas are shares held. In crowded pictures the nodes that hold next to nothing are left out (radius 0)."""
    largest = max(1.6, min(0.3 * frame.pitch, 0.55 * frame.unit))
    radii = largest * np.sqrt(np.abs(held) / most) if most > 0 else np.zeros_like(held)
    least = 0.14 * frame.unit
    return np.where(radii >= least, radii, least if frame.pitch >= 0.6 * frame.unit else 0.0)


def _baseline_texts(numbers: FlowNumbers, frame: _Frame, columns: Array, line: float) -> list[Text]:
    """The baseline always in numbers: its sum beside the row, what enters at each layer under the nodes."""
    ink = Ink(frame.label_pixels)
    name = place(_baseline_label(numbers), ink, (frame.first - 1.2 * frame.unit, line), RIGHT, frame.label_room)
    small = Ink(round(0.82 * frame.unit), "muted")
    under = line + 1.05 * frame.unit
    parts = [
        place(numerals.signed(float(value)), small, (float(column), under), CENTRE)
        for value, column in zip(numbers.bias, columns, strict=True)
    ]
    order = sorted(range(len(parts)), key=lambda index: -abs(numbers.bias[index]))
    return [name, *apart(parts, order, gap=0.4 * frame.unit)]


def _footer(numbers: FlowNumbers, size: tuple[float, float], unit: float) -> tuple[list[Text], Text | None]:
    """The line below the graph, where there is one: what is hidden (its own badge), what kind of picture it is."""
    pixels = round(0.86 * unit)
    line = size[1] - 0.5 * unit - 0.5 * metrics(pixels).height()
    left, right = 1.0 * unit, size[0] - 0.6 * unit
    badge, texts = None, []
    if numbers.badge:
        badge = place(numbers.badge, Ink(pixels, "muted"), (left, line), LEFT, 0.4 * size[0])
        left = badge.rect.right() + 1.4 * unit
    if numbers.note:
        texts.append(place(numbers.note, Ink(pixels, "muted"), (left, line), LEFT, max(0.0, right - left)))
    return texts, badge


def _flip(text: Text, width: float) -> Text:
    rect = QRectF(text.rect)
    rect.moveLeft(width - text.rect.right())
    return replace(text, rect=rect)


def _flip_box(box: AnswerBox, width: float) -> AnswerBox:
    rect = QRectF(box.rect)
    rect.moveLeft(width - box.rect.right())
    return replace(box, rect=rect, name=_flip(box.name, width), figure=_flip(box.figure, width))


def _mirrored(scene: FlowScene) -> FlowScene:
    width = scene.width
    return replace(
        scene,
        columns=width - scene.columns,
        links=scene.links.mirrored(width),
        fan=scene.fan.mirrored(width),
        answer=scene.answer.mirrored(width),
        labels=tuple(_flip(text, width) for text in scene.labels),
        texts=tuple(_flip(text, width) for text in scene.texts),
        boxes=tuple(_flip_box(box, width) for box in scene.boxes),
        badge=_flip(scene.badge, width) if scene.badge else None,
    )


def flow_scene(
    explanation: Explanation, view: ViewState, size: tuple[float, float], lit: int | None = None
) -> FlowScene:
    """Lay the picture out; ``lit`` is the layer the window looks into, whose name is lit up."""
    numbers = flow_numbers(explanation, view)
    frame = _frame(explanation, numbers, size)
    columns = frame.first + frame.spacing * np.arange(numbers.layers + 1)
    lines = frame.top + frame.pitch * np.arange(len(numbers.rows))
    baseline = float(lines[-1] + max(frame.pitch, BASELINE_APART * frame.unit)) if numbers.signed else float("nan")
    boxes = _boxes(explanation, numbers, frame, size[1])
    targets = [(frame.box_left, box.rect.center().y()) for box in boxes]
    labels, label_rows = _labels(numbers, frame, lines)
    footer_texts, badge = _footer(numbers, size, frame.unit)
    heads = _heads(numbers, frame, columns, lit)
    stated = _baseline_texts(numbers, frame, columns, baseline) if numbers.signed else []
    most = float(max(np.abs(numbers.nodes).max(), np.abs(numbers.bias).max()))
    scene = FlowScene(
        numbers=numbers,
        width=size[0],
        height=size[1],
        unit=frame.unit,
        pitch=frame.pitch,
        columns=columns,
        lines=lines,
        baseline=baseline,
        radii=_radii(frame, numbers.nodes, 0 if numbers.local else most),
        baseline_radii=_radii(frame, numbers.bias, most) if numbers.signed else np.zeros(0),
        links=link_strands(numbers, columns, lines, frame.band),
        fan=baseline_strands(numbers, columns, lines, baseline, targets, frame.band)
        if numbers.signed
        else no_strands(),
        answer=answer_strands(numbers, columns, lines, targets, frame.band) if targets else no_strands(),
        labels=labels,
        label_rows=label_rows,
        texts=(*heads, *stated, *footer_texts),
        boxes=boxes,
        badge=badge,
    )
    return _mirrored(scene) if numbers.right_to_left else scene
