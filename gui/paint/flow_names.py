"""The words of the flow picture: names of rows and columns, the baseline in numbers, the line below the graph.

Through the camera, names of rows keep to the edge of the graph and names of columns to its top, at one size of letters.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF

from engine.contract import Array
from gui.paint import numerals
from gui.paint.flow_frame import Frame, baseline_label, gloss_pixels, head_pixels, label_inks, label_text, strengths
from gui.paint.flow_numbers import FlowContent
from gui.paint.kept import kept
from gui.paint.typeface import CENTRE, LEFT, RIGHT, Ink, Text, apart, metrics, place, width_of

SMALLEST = 7  # pixels: letters smaller than this cannot be read


def _moved(text: Text, x: float, y: float) -> Text:
    return replace(text, rect=text.rect.translated(QPointF(x, y)), baseline=text.baseline + y)


@kept(8)
def _row_texts(content: FlowContent, pixels: int, room: float) -> tuple[Text, ...]:
    """Every row's name, its right end at the origin."""
    inks = label_inks(content, pixels)
    return tuple(place(label_text(content, row), ink, (0.0, 0.0), RIGHT, room) for row, ink in enumerate(inks))


@kept(2)
def _rows_by_weight(content: FlowContent) -> tuple[int, ...]:
    """The rows in the order in which they keep their names: where the answer is read, then what brings most."""
    brought = strengths(content)
    return tuple(sorted(range(len(brought)), key=lambda row: (row not in content.answer_rows, -brought[row], row)))


def spaced(order: Iterable[int], lines: Array, least: float) -> list[int]:
    """As many rows as stand at least so far apart, the first of ``order`` first."""
    taken: list[float] = []
    kept = []
    for row in order:
        line = float(lines[row])
        at = bisect(taken, line)
        near = taken[max(0, at - 1) : at + 1]
        if all(abs(line - other) >= least for other in near):
            taken.insert(at, line)
            kept.append(row)
    return sorted(kept)


def labels(content: FlowContent, frame: Frame, lines: Array) -> tuple[tuple[Text, ...], tuple[int, ...]]:
    """The names of the rows in view, as many as fit, and which rows they name."""
    pixels = frame.label_pixels
    texts = _row_texts(content, pixels, frame.label_room)
    gap = -0.14 * pixels if frame.pitch > 0.8 * pixels else 0.5
    seen = _inside(frame, lines)
    kept = spaced((row for row in _rows_by_weight(content) if seen[row]), lines, metrics(pixels).height() + gap)
    return tuple(_moved(texts[row], frame.gutter, float(lines[row])) for row in kept), tuple(kept)


def glosses(content: FlowContent, frame: Frame, lines: Array, rows: tuple[int, ...]) -> tuple[Text, ...]:
    """What a person wrote about the rows that are named, under their names: for all or, where rows are close, none."""
    ink = Ink(gloss_pixels(frame.label_pixels), "muted")
    name, gloss = metrics(frame.label_pixels).height(), metrics(ink.pixels).height()
    if frame.pitch < name + gloss:
        return ()
    end = frame.lens.top + frame.lens.height
    placed = (
        place(
            content.glosses[row], ink, (frame.gutter, float(lines[row]) + (name + gloss) / 2), RIGHT, frame.label_room
        )
        for row in rows
        if content.glosses[row]
    )
    return tuple(text for text in placed if text.rect.bottom() <= end)


def _inside(frame: Frame, lines: Array) -> Array:
    """[row] whether a line of text fits into the graph there."""
    half = 0.4 * frame.label_pixels
    lens = frame.lens
    return np.asarray((lines >= lens.top + half) & (lines <= lens.top + lens.height - half))


def heads(
    content: FlowContent, frame: Frame, columns: Array, *, is_answer_named: bool
) -> tuple[tuple[Text, ...], tuple[int, ...]]:
    """The names over the columns in view, shortened and then thinned out where they would touch, and their columns."""
    ink = Ink(head_pixels(frame.unit), "muted")
    gap = 0.7 * frame.unit
    for names in content.columns:
        widest = max(width_of(name, ink) for name in names)
        if widest + gap <= frame.spacing:
            break
    texts = [place(name, ink, (float(x), frame.line), CENTRE) for name, x in zip(names, columns, strict=True)]
    step = int(np.ceil((widest + gap) / frame.spacing))
    order = [0, *range(step, len(texts), step)]
    if is_answer_named:
        centre = frame.box_left + frame.box_width / 2
        texts.append(place("answer", ink, (centre, frame.line), CENTRE))
        order.insert(0, len(texts) - 1)
    left, right = frame.lens.left, frame.lens.left + frame.lens.width
    order = [index for index in order if left <= texts[index].rect.center().x() and texts[index].rect.right() <= right]
    kept = {id(text) for text in apart([texts[index] for index in order], range(len(order)), gap=0.3 * frame.unit)}
    places = tuple(index for index, text in enumerate(texts) if id(text) in kept)
    return tuple(texts[index] for index in places), places


def baseline_texts(content: FlowContent, frame: Frame, columns: Array, line: float) -> list[Text]:
    """The baseline always in numbers: its sum beside the row, what enters at each layer under the nodes."""
    if not content.has_baseline or not _inside(frame, np.array([line]))[0]:
        return []
    label = baseline_label(content)
    fitting = int(frame.label_pixels * frame.label_room / width_of(label, Ink(frame.label_pixels)))
    # Its number must not be cut off: where there is little room it is written smaller.
    ink = Ink(min(frame.label_pixels, max(SMALLEST, fitting)))
    name = place(label, ink, (frame.gutter, line), RIGHT, frame.label_room)
    small = Ink(round(0.82 * frame.unit), "muted")
    under = line + 1.05 * frame.unit
    seen = (columns >= frame.lens.left) & (columns <= frame.lens.left + frame.lens.width)
    order = [int(index) for index in np.argsort(-np.abs(content.bias), kind="stable") if seen[index]]
    parts = [place(numerals.signed(float(content.bias[i])), small, (float(columns[i]), under), CENTRE) for i in order]
    return [name, *apart(parts, range(len(parts)), gap=0.4 * frame.unit)]


def footer(content: FlowContent, size: tuple[float, float], unit: float) -> tuple[list[Text], Text | None]:
    """The line below the graph, where there is one: what is hidden (its own badge), what kind of picture it is."""
    pixels = round(0.86 * unit)
    line = size[1] - 0.5 * unit - 0.5 * metrics(pixels).height()
    left, right = 1.0 * unit, size[0] - 0.6 * unit
    badge, texts = None, []
    if content.badge:
        badge = place(content.badge, Ink(pixels, "muted"), (left, line), LEFT, 0.4 * size[0])
        left = badge.rect.right() + 1.4 * unit
    if content.note:
        texts.append(place(content.note, Ink(pixels, "muted"), (left, line), LEFT, max(0.0, right - left)))
    return texts, badge
