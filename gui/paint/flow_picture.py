"""Painting of the flow picture: opaque bands, weak ones first, so that the strongest paths lie on top."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from engine.contract import Array
from gui.paint.colour import qcolor, readable_ink
from gui.paint.flow_scene import AnswerBox, FlowScene
from gui.paint.flow_strands import CURVED_AT_MOST, Strands
from gui.paint.links import Trace
from gui.paint.palette import Palette, Rgb, blend
from gui.paint.typeface import face

DIM = 0.42  # the curve from share to fullness of colour
DEPTHS = 12  # steps of width and colour when many straight lines are drawn at once


def hue(palette: Palette, scene: FlowScene, weight: float) -> Rgb:
    """Blue for, orange against; one hue where the flow has no sign."""
    return palette.towards if weight >= 0 or not scene.numbers.signed else palette.against


def curve(start: Array, end: Array) -> QPainterPath:
    """A smooth S from one node to the next, level at both ends."""
    middle = (start[0] + end[0]) / 2
    path = QPainterPath(QPointF(start[0], start[1]))
    path.cubicTo(middle, start[1], middle, end[1], end[0], end[1])
    return path


def _pen(colour: Rgb, width: float) -> QPen:
    return QPen(qcolor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)


def _strand_pen(scene: FlowScene, palette: Palette, weight: float, depth: float, width: float) -> QPen:
    """Colour is sign, fullness how much; dashes where the theme has no colour to tell signs by."""
    pen = _pen(blend(palette.card, hue(palette, scene, weight), depth), width)
    if palette.dashes_against and scene.numbers.signed and weight < 0:
        pen.setDashPattern([max(5.0, width) / width, 3.0 / width])
    return pen


def _depths(scene: FlowScene, strands: Strands) -> Array:
    """[strand] 0 to 1: how full the colour is, curved so that small shares can still be told apart."""
    most = np.abs(scene.links.weight).max(initial=0)
    return np.minimum(1.0, np.abs(strands.weight) / most) ** DIM if most > 0 else np.ones(len(strands))


def _paint_curves(painter: QPainter, scene: FlowScene, palette: Palette, strands: Strands, depths: Array) -> None:
    """Each band with a thin rim of the card, so that crossing bands can be told apart."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for start, end, width, weight, depth in zip(
        strands.start, strands.end, strands.width, strands.weight, depths, strict=True
    ):
        path = curve(start, end)
        if width > 1.5:
            painter.setPen(_pen(palette.card, width + 1.6))
            painter.drawPath(path)
        painter.setPen(_strand_pen(scene, palette, weight, 0.3 + 0.7 * depth, width))
        painter.drawPath(path)


def _paint_lines(painter: QPainter, scene: FlowScene, palette: Palette, strands: Strands, depths: Array) -> None:
    """Straight lines, all of one depth and sign in a single call."""
    step = np.minimum((depths * DEPTHS).astype(int), DEPTHS - 1)
    for level in range(DEPTHS):
        for sign in (1, -1):
            chosen = np.flatnonzero((step == level) & ((strands.weight >= 0) == (sign > 0)))
            if not len(chosen):
                continue
            width = float(strands.width[chosen].mean())
            painter.setPen(_strand_pen(scene, palette, sign, 0.06 + 0.94 * (level + 1) / DEPTHS, width))
            painter.drawLines([QLineF(a[0], a[1], b[0], b[1]) for a, b in _ends(strands, chosen)])


def _ends(strands: Strands, chosen: Array) -> list[tuple[list[float], list[float]]]:
    return list(zip(strands.start[chosen].tolist(), strands.end[chosen].tolist(), strict=True))


def paint_strands(painter: QPainter, scene: FlowScene, palette: Palette, strands: Strands) -> None:
    """Curves where they are few, straight lines where they are many."""
    depths = _depths(scene, strands)
    if len(strands) <= CURVED_AT_MOST:
        _paint_curves(painter, scene, palette, strands, depths)
    else:
        _paint_lines(painter, scene, palette, strands, depths)


def _paint_faded(painter: QPainter, scene: FlowScene, palette: Palette, strands: Strands) -> None:
    """What the traced node has nothing to do with: present, but barely."""
    for sign in (1, -1):
        chosen = np.flatnonzero((strands.weight >= 0) == (sign > 0))
        colour = blend(palette.card, hue(palette, scene, sign), 0.13)
        if len(strands) > CURVED_AT_MOST:
            painter.setPen(_pen(colour, 1.0))
            painter.drawLines([QLineF(a[0], a[1], b[0], b[1]) for a, b in _ends(strands, chosen)])
            continue
        for index in chosen:
            painter.setPen(_pen(colour, float(strands.width[index])))
            painter.drawPath(curve(strands.start[index], strands.end[index]))


def _paint_grid(painter: QPainter, scene: FlowScene, palette: Palette) -> None:
    painter.setPen(_pen(palette.grid, 1.0))
    lines = [*scene.lines.tolist(), *([] if np.isnan(scene.baseline) else [scene.baseline])]
    left, right = float(scene.columns.min()), float(scene.columns.max())
    rest = 0.45 * min(scene.pitch, 2 * scene.unit)
    painter.drawLines([QLineF(x, lines[0] - rest, x, lines[-1] + rest) for x in scene.columns.tolist()])
    if scene.pitch >= 5:
        painter.setPen(_pen(blend(palette.grid, palette.border, 0.6), 1.0))
        painter.drawLines([QLineF(left, y, right, y) for y in lines])


def _paint_fan(painter: QPainter, scene: FlowScene, palette: Palette, share: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for start, end, width, weight in zip(
        scene.fan.start, scene.fan.end, scene.fan.width, scene.fan.weight, strict=True
    ):
        painter.setPen(_pen(blend(palette.card, hue(palette, scene, weight), share), width))
        painter.drawPath(curve(start, end))


def _paint_nodes(painter: QPainter, scene: FlowScene, palette: Palette, reached: Array | None) -> None:
    """Round stations with a rim of the card; the more is held, the larger and fuller."""
    held = np.abs(scene.numbers.nodes)
    most = held.max() or 1.0
    weakest_first = np.argsort(held, axis=None, kind="stable")
    for flat in weakest_first[scene.radii.ravel()[weakest_first] > 0].tolist():
        boundary, row = divmod(flat, len(scene.lines))
        depth = 0.22 + 0.78 * float(np.sqrt(held[boundary, row] / most))
        if reached is not None and not reached[boundary, row]:
            depth *= 0.25
        colour = blend(palette.card, hue(palette, scene, scene.numbers.nodes[boundary, row]), depth)
        place = QPointF(scene.columns[boundary], scene.lines[row])
        _paint_node(painter, palette, place, float(scene.radii[boundary, row]), colour)
    for boundary, radius in enumerate(scene.baseline_radii.tolist()):
        depth = 0.7 if reached is None else 0.18
        colour = blend(palette.card, hue(palette, scene, scene.numbers.bias[boundary]), depth)
        _paint_node(painter, palette, QPointF(scene.columns[boundary], scene.baseline), radius, colour)


def _paint_node(painter: QPainter, palette: Palette, place: QPointF, radius: float, colour: Rgb) -> None:
    if radius <= 0:
        return
    painter.setPen(_pen(palette.card, 1.4) if radius >= 2 else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(qcolor(colour))
    painter.drawEllipse(place, radius, radius)


def paint_ring(painter: QPainter, scene: FlowScene, palette: Palette, boundary: int, row: int) -> None:
    """A ring around one node: the traced one, the one under the pointer."""
    radius = max(float(scene.radii[boundary, row]) + 2.5, 0.42 * scene.unit)
    painter.setPen(_pen(palette.text, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(scene.columns[boundary], scene.lines[row]), radius, radius)


def _paint_box(painter: QPainter, scene: FlowScene, palette: Palette, box: AnswerBox) -> None:
    fill = palette.towards if box.towards else blend(palette.card, palette.against, 0.16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(fill))
    painter.drawRoundedRect(box.rect, 0.35 * scene.unit, 0.35 * scene.unit)
    painter.setPen(qcolor(readable_ink(fill, palette)))
    for text in (box.name, box.figure):
        painter.setFont(face(text.ink.pixels, text.ink.bold))
        painter.drawText(QPointF(text.rect.left(), text.baseline), text.text)


def _paint_badge(painter: QPainter, scene: FlowScene, palette: Palette) -> None:
    if scene.badge is None:
        return
    pad = 0.5 * scene.unit
    pill = QRectF(scene.badge.rect).adjusted(-pad, -0.15 * scene.unit, pad, 0.15 * scene.unit)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(palette.accent_soft))
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    scene.badge.paint(painter, palette)


def paint_flow(painter: QPainter, scene: FlowScene, palette: Palette, trace: Trace | None = None) -> None:
    """The whole picture; what a ``trace`` reaches stays full and the rest fades."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_grid(painter, scene, palette)
    _paint_fan(painter, scene, palette, 0.26 if trace is None else 0.1)
    if trace is None:
        paint_strands(painter, scene, palette, scene.answer)
        paint_strands(painter, scene, palette, scene.links)
    else:
        _paint_faded(painter, scene, palette, scene.links.only(~trace.links))
        draw = paint_strands if trace.nodes[-1, list(scene.numbers.answer_rows)].any() else _paint_faded
        draw(painter, scene, palette, scene.answer)
        paint_strands(painter, scene, palette, scene.links.only(trace.links))
    _paint_nodes(painter, scene, palette, trace.nodes if trace else None)
    if trace is not None:
        paint_ring(painter, scene, palette, trace.boundary, trace.row)
    for text, row in zip(scene.labels, scene.label_rows, strict=True):
        aside = trace is not None and not trace.nodes[:, row].any()
        (replace(text, ink=replace(text.ink, role="faint")) if aside else text).paint(painter, palette)
    for text in scene.texts:
        text.paint(painter, palette)
    for box in scene.boxes:
        _paint_box(painter, scene, palette, box)
    _paint_badge(painter, scene, palette)
