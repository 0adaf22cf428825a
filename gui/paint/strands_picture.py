"""Painting of the flow picture's bands and lines: opaque, weak ones first, so that the strongest paths lie on top."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from engine.contract import Array
from gui.paint.colour import qcolor
from gui.paint.flow_scene import FlowScene, drawn_links
from gui.paint.flow_strands import Strands
from gui.paint.links import Trace
from gui.paint.palette import Palette, Rgb, blend

DIM = 0.42  # the curve from share to fullness of colour
DEPTHS = 12  # steps of width and colour when many straight lines are drawn at once
FADED = 0.13  # fullness of colour of what a traced node has nothing to do with


def hue(palette: Palette, scene: FlowScene, weight: float) -> Rgb:
    """Blue for, orange against; one hue where the flow has no sign."""
    return palette.towards if weight >= 0 or not scene.numbers.signed else palette.against


def curve(start: Array, end: Array) -> QPainterPath:
    """A smooth S from one node to the next, level at both ends."""
    middle = (start[0] + end[0]) / 2
    path = QPainterPath(QPointF(start[0], start[1]))
    path.cubicTo(middle, start[1], middle, end[1], end[0], end[1])
    return path


def pen_of(colour: Rgb, width: float) -> QPen:
    """A plain line that ends where it ends."""
    return QPen(qcolor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)


def _strand_pen(scene: FlowScene, palette: Palette, weight: float, depth: float, width: float) -> QPen:
    """Colour is sign, fullness how much; dashes where the theme has no colour to tell signs by."""
    pen = pen_of(blend(palette.card, hue(palette, scene, weight), depth), width)
    if palette.dashes_against and scene.numbers.signed and weight < 0:
        pen.setDashPattern([max(5.0, width) / width, 3.0 / width])
    return pen


def _depths(scene: FlowScene, strands: Strands) -> Array:
    """[strand] 0 to 1: how full the colour is, curved so that small shares can still be told apart."""
    most = np.abs(scene.numbers.links.weight).max(initial=0)
    return np.minimum(1.0, np.abs(strands.weight) / most) ** DIM if most > 0 else np.ones(len(strands))


def paint_curves(painter: QPainter, scene: FlowScene, palette: Palette, strands: Strands) -> None:
    """Each band with a thin rim of the card, so that crossing bands can be told apart."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    depths = _depths(scene, strands)
    for start, end, width, weight, depth in zip(
        strands.start, strands.end, strands.width, strands.weight, depths, strict=True
    ):
        path = curve(start, end)
        if width > 1.5:
            painter.setPen(pen_of(palette.card, width + 1.6))
            painter.drawPath(path)
        painter.setPen(_strand_pen(scene, palette, weight, 0.3 + 0.7 * depth, width))
        painter.drawPath(path)


def _paint_lines(painter: QPainter, scene: FlowScene, palette: Palette, strands: Strands) -> None:
    """Straight lines, all of one depth and sign in a single call."""
    step = np.minimum((_depths(scene, strands) * DEPTHS).astype(int), DEPTHS - 1)
    for level in range(DEPTHS):
        for sign in (1, -1):
            chosen = (step == level) & ((strands.weight >= 0) == (sign > 0))
            if not chosen.any():
                continue
            width = float(strands.width[chosen].mean())
            painter.setPen(_strand_pen(scene, palette, sign, 0.06 + 0.94 * (level + 1) / DEPTHS, width))
            painter.drawLines(_lines(strands.only(chosen)))


def _lines(strands: Strands) -> list[QLineF]:
    return [QLineF(*ends) for ends in np.concatenate([strands.start, strands.end], 1).tolist()]


def paint_faded(painter: QPainter, scene: FlowScene, palette: Palette, strands: Strands, curved: Array) -> None:
    """What the traced node has nothing to do with: present, but barely."""
    for sign in (1, -1):
        chosen = (strands.weight >= 0) == (sign > 0)
        colour = blend(palette.card, hue(palette, scene, sign), FADED)
        painter.setPen(pen_of(colour, 1.0))
        painter.drawLines(_lines(strands.only(chosen & ~curved)))
        for index in np.flatnonzero(chosen & curved):
            painter.setPen(pen_of(colour, float(strands.width[index])))
            painter.drawPath(curve(strands.start[index], strands.end[index]))


def paint_links(painter: QPainter, scene: FlowScene, palette: Palette, trace: Trace | None, *, draft: bool) -> None:
    """All links in view: straight lines below curves, what a ``trace`` reaches over the faded rest.

    A ``draft`` leaves the edges of the many straight lines unsmoothed, which takes a quarter of the time.
    """
    drawn = drawn_links(scene, trace)
    full = drawn.seen if trace is None else drawn.seen & trace.links
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not draft)
    if trace is not None:
        faded = drawn.seen & ~trace.links
        paint_faded(painter, scene, palette, drawn.strands.only(faded), drawn.curved[faded])
    _paint_lines(painter, scene, palette, drawn.strands.only(full & ~drawn.curved))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_curves(painter, scene, palette, drawn.strands.only(full & drawn.curved))
