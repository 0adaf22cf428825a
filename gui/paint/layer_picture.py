"""Painting what each word holds after each layer: cells as shapes, text as text."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPen

from engine.contract import Array
from gui.paint.colour import qcolor, readable_ink
from gui.paint.heatmap import GAPPED_FROM
from gui.paint.layer_numbers import LayerNumbers
from gui.paint.layer_scene import LayerScene
from gui.paint.palette import Palette, Rgb
from gui.paint.typeface import face

LEVELS = 48  # steps of colour on each side of zero: neighbours of one step are drawn as one shape where they touch
DASH_FROM = 3  # the level from which a cell against the answer carries a dash where colour has no hue


def cell_fill(numbers: LayerNumbers, palette: Palette, value: float) -> Rgb:
    """Blue for, orange against, white at zero; one hue where there is no sign. Beyond the scale: its last colour."""
    return _fill(palette, round(float(_levels(np.array(value), numbers.top))), is_signed=numbers.is_signed)


def _levels(values: Array, top: float) -> Array:
    return np.clip((values / top * LEVELS).round(), -LEVELS, LEVELS)


def _fill(palette: Palette, level: int, *, is_signed: bool) -> Rgb:
    return palette.signed(level / LEVELS) if is_signed else palette.sequential(level / LEVELS)


def paint_layers(painter: QPainter, scene: LayerScene, palette: Palette) -> None:
    """The whole picture but for what the pointer is on."""
    _paint_cells(painter, scene, palette)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    cells = scene.numbers.cells
    for text, column, line in scene.written:
        value = float(cells[column, line])
        painter.setFont(face(text.ink.pixels))
        painter.setPen(qcolor(readable_ink(cell_fill(scene.numbers, palette, value), palette)))
        painter.drawText(QPointF(text.rect.left(), text.baseline), text.text)
    for text in (*scene.heads, *scene.labels, *scene.tail_texts, *scene.legend):
        text.paint(painter, palette)
    painter.setPen(QPen(qcolor(palette.border), 1))
    sums = scene.line(len(scene.tops) - 1)
    painter.drawLine(QLineF(sums.topLeft(), sums.topRight()))
    _paint_ramp(painter, scene, palette)


def _paint_cells(painter: QPainter, scene: LayerScene, palette: Palette) -> None:
    """One colour after another; where rows touch, a run of one colour is one rectangle."""
    levels = _levels(scene.numbers.cells, scene.numbers.top).astype(int)
    gap = 1.0 if scene.talls[0] >= GAPPED_FROM else 0.0
    across = 1.0 if scene.wide >= GAPPED_FROM else 0.0
    cells: dict[int, list[QRectF]] = {level: [] for level in np.unique(levels).tolist()}
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, gap > 0)
    painter.setPen(Qt.PenStyle.NoPen)
    tops, bottoms = scene.tops.tolist(), (scene.tops + scene.talls).tolist()
    for left, down in zip(scene.columns.tolist(), levels, strict=True):
        steps = down.tolist()
        for start, end in _runs(down, scene.count, is_gapped=gap > 0):
            below = gap if start < scene.count else 1.0
            cell = QRectF(left, tops[start], scene.wide - across, bottoms[end - 1] - below - tops[start])
            cells[steps[start]].append(cell)
    for level, alike in cells.items():
        painter.setBrush(qcolor(_fill(palette, level, is_signed=scene.numbers.is_signed)))
        for cell in alike:
            painter.drawRect(cell)
    if palette.dashes_against and scene.numbers.is_signed:
        _paint_dashes(painter, scene, palette, levels)


def _runs(levels: Array, count: int, *, is_gapped: bool) -> list[tuple[int, int]]:
    """Stretches of one level, end exclusive; tails and gapped rows stand alone."""
    borders = np.arange(len(levels) + 1)
    if not is_gapped:
        changes = np.flatnonzero(np.diff(levels[:count])) + 1
        borders = np.concatenate([[0], changes, np.arange(count, len(levels) + 1)])
    return list(zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True))


def _paint_dashes(painter: QPainter, scene: LayerScene, palette: Palette, levels: Array) -> None:
    """Where lightness already says how much, a dash in a cell without a number says that it speaks against."""
    numbered = {(column, line) for _, column, line in scene.written}
    for column, line in np.argwhere(levels <= -DASH_FROM).tolist():
        if (column, line) in numbered:
            continue
        cell = scene.cell(column, line)
        ground = _fill(palette, int(levels[column, line]), is_signed=True)
        painter.setPen(QPen(qcolor(readable_ink(ground, palette)), max(0.5, min(1.2, 0.2 * cell.height()))))
        reach = min(0.12 * cell.width(), 5.0)
        left = QPointF(cell.left() + 3, cell.center().y())
        painter.drawLine(left, left + QPointF(reach, 0))


def _paint_ramp(painter: QPainter, scene: LayerScene, palette: Palette) -> None:
    ramp = QLinearGradient(scene.ramp.topLeft(), scene.ramp.topRight())
    for stop in range(17):
        share = stop / 16
        colour = palette.signed(2 * share - 1) if scene.numbers.is_signed else palette.sequential(share)
        ramp.setColorAt(share, qcolor(colour))
    painter.setPen(QPen(qcolor(palette.border), 1))
    painter.setBrush(ramp)
    painter.drawRoundedRect(scene.ramp, 3, 3)


def paint_frame(painter: QPainter, rect: QRectF, colour: Rgb, width: float) -> None:
    """A frame around a cell, a line or a column that stays visible where they are thinner than a hair."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(qcolor(colour), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    grown = max(0.0, 4.0 - rect.height()) / 2
    painter.drawRoundedRect(rect.adjusted(-0.5, -grown - 0.5, -0.5, grown - 0.5), 2, 2)
