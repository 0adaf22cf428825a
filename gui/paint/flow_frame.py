"""The room the flow picture leaves for its graph once every text has its own, and the graph seen through the camera."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.contract import Array
from gui.paint import numerals
from gui.paint.flow_camera import Camera, Lens
from gui.paint.flow_numbers import FlowContent
from gui.paint.kept import kept
from gui.paint.typeface import Ink, metrics, width_of

BASELINE_APART = 1.5  # body heights between the last word and the baseline, at least
STRONG, MIDDLING = 0.15, 0.06  # shares of the largest word from which a label is bold, and from which it is dark
BESIDE = 1.5  # body heights between the last column and the answers, at least
READABLE = 1.5  # body heights between rows whose names all have room


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands at the end of the flow: ``name`` above ``figure``. ``is_class`` tells a class from a mere place."""

    name: str
    figure: str
    is_class: bool = True


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the graph lies: columns from ``first`` on, rows from ``top`` on, the names of columns at ``line``.

    Names end at ``gutter`` and take ``label_room``; ``band`` is the width of all the flow of a layer together.
    ``lens`` is the part that can be enlarged; ``grown`` is how much larger the camera shows nodes and bands.
    """

    unit: float
    top: float
    pitch: float
    first: float
    spacing: float
    box_left: float
    box_width: float
    gutter: float
    label_room: float
    label_pixels: int
    line: float
    band: float
    baseline_apart: float
    lens: Lens
    grown: float = 1.0

    def columns(self, layers: int) -> Array:
        """[layer+1] where the columns stand."""
        return self.first + self.spacing * np.arange(layers + 1)

    def lines(self, rows: int) -> Array:
        """[row] where the rows stand."""
        return self.top + self.pitch * np.arange(rows)


def label_text(content: FlowContent, row: int) -> str:
    """What a row is called: the one the answer is read from says so where it was chosen, or its kind is hidden."""
    label = content.rows[row].label
    return f"{label} · answer" if content.is_answer_named and row in content.answer_rows else label


def baseline_label(content: FlowContent) -> str:
    """The baseline with its sum."""
    return f"baseline {numerals.signed(float(content.bias.sum()))}"


def strengths(content: FlowContent) -> Array:
    """[row] from 0 to 1: how much a word brings in, against the one that brings most."""
    held = np.abs(content.nodes[0])
    return held / held.max() if held.max() > 0 else np.zeros_like(held)


def label_inks(content: FlowContent, pixels: int) -> list[Ink]:
    """[row] bold for what brings much, muted for what brings next to nothing."""
    if content.local:
        return [Ink(pixels) for _ in content.rows]
    brought = strengths(content)
    few = np.argsort(-brought, kind="stable")[: max(3, len(brought) // 4)]
    bold = {int(row) for row in few if brought[row] >= STRONG}
    return [
        Ink(pixels, "text" if share >= MIDDLING or row in bold else "muted", row in bold)
        for row, share in enumerate(brought.tolist())
    ]


def _rows_down(content: FlowContent, height: float, unit: float) -> tuple[float, float, float]:
    """Where the first row lies, how far apart rows are, and where the graph ends; the baseline keeps its distance."""
    line = metrics(round(unit)).height()
    top = 2.0 * unit + line
    under = 0.95 * line if content.has_baseline else 0.5 * unit
    end = height - 0.5 * unit - (1.5 * line if content.badge or content.note else 0)
    room = end - under - top
    apart_by = BASELINE_APART * unit if content.has_baseline else 0.0
    slots = max(1, len(content.rows) - (0 if content.has_baseline else 1))
    pitch = min(5.0 * unit, room / slots)
    if pitch < apart_by and slots > 1:
        pitch = (room - apart_by) / (slots - 1)
    whole = (slots - 1) * pitch + max(pitch, apart_by)
    return top + max(0.0, room - whole) / 2, pitch, end


def _widest_name(content: FlowContent, pixels: int) -> float:
    inks = label_inks(content, pixels)
    widths = [width_of(label_text(content, row), ink) for row, ink in enumerate(inks)]
    widths += [width_of(gloss, Ink(gloss_pixels(pixels))) for gloss in content.glosses]
    return max([*widths, width_of(baseline_label(content), Ink(pixels)) if content.has_baseline else 0.0])


def _band(content: FlowContent, unit: float, pitch: float, grown: float) -> float:
    # A layer's own mixing is drawn for every row at once: its bands must leave room for one another.
    widest, of_pitch = (0.9, 0.35) if content.local else (2.7, 0.8)
    return min(widest * unit * grown, max(0.9 * unit, of_pitch * pitch))


def gloss_pixels(pixels: int) -> int:
    """How large a gloss is written under a name of this size."""
    return round(0.8 * pixels)


def head_pixels(unit: float) -> int:
    """How large the names of the columns are written."""
    return round(0.92 * unit)


def _label_pixels(unit: float, pitch: float) -> int:
    return round(max(0.74 * unit, min(unit, 0.78 * pitch)))


@kept(6)
def whole_frame(content: FlowContent, answers: tuple[Answer, ...], size: tuple[float, float], unit: float) -> Frame:
    """The frame of the whole picture; ``unit`` is the size of body text in it."""
    width, height = size
    margin = 0.5 * unit
    top, pitch, end = _rows_down(content, height, unit)
    # Names grow to body size when rows are moved apart: the room beside them is theirs from the start.
    label_room = min(_widest_name(content, round(unit)), 0.26 * width)
    bold = Ink(round(unit), bold=True)
    widths = [width_of(text, bold) for answer in answers for text in (answer.name, answer.figure)]
    box = min(max(widths, default=0) + 1.5 * unit, 0.22 * width)
    first = margin + label_room + 1.2 * unit
    box_left = width - margin - box if answers else width - 2.2 * unit
    band = _band(content, unit, pitch, 1.0)
    half = max(0.6 * unit, 0.5 * metrics(head_pixels(unit)).height() + 0.5)
    line = top - max(0.9 * unit, 0.5 * band) - half
    left, upper = first - 1.0 * unit, line + half
    return Frame(
        unit=unit,
        top=top,
        pitch=pitch,
        first=first,
        spacing=(box_left - first) / (content.layers + (0.85 if answers else 0)),
        box_left=box_left,
        box_width=box,
        gutter=first - 1.2 * unit,
        label_room=label_room,
        label_pixels=_label_pixels(unit, pitch),
        line=line,
        band=band,
        baseline_apart=BASELINE_APART * unit,
        lens=Lens(left, upper, width - left, end - upper, max(1.0, READABLE * unit / pitch)),
    )


def seen_frame(content: FlowContent, whole: Frame, camera: Camera) -> Frame:
    """The same through the camera: places move, letters and what is pinned stay."""
    lens = whole.lens
    wide, tall = lens.scales(camera)
    pitch, grown = whole.pitch * tall, lens.grown(camera)
    columns = replace(whole, first=lens.across(camera, whole.first), spacing=whole.spacing * wide)
    last = float(columns.columns(content.layers)[-1])
    box_left = lens.across(camera, whole.box_left)
    if whole.box_left - last >= BESIDE * whole.unit:  # the answers stay in view as long as what leads to them is
        box_left = min(box_left, whole.box_left)
    elif box_left > whole.box_left:  # half an answer would say nothing
        box_left = max(box_left, lens.left + lens.width)
    return replace(
        columns,
        top=lens.down(camera, whole.top),
        pitch=pitch,
        box_left=box_left,
        label_pixels=_label_pixels(whole.unit, pitch),
        band=_band(content, whole.unit, pitch, grown),
        baseline_apart=whole.baseline_apart * tall,
        grown=grown,
    )
