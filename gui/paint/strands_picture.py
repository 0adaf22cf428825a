"""Painting of the flow picture's bands and lines: opaque, weak ones first, so that the strongest paths lie on top."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from engine.contract import Array
from gui.paint.colour import qcolor
from gui.paint.flow_scene import FlowScene, drawn_links
from gui.paint.flow_strands import Strands
from gui.paint.links import Ranking, Trace
from gui.paint.palette import Palette, Rgb, blend

DIM = 0.42  # the curve from share to fullness of colour
DEPTHS = 12  # steps of width and colour when many straight lines are drawn at once
PALEST, PALEST_TRACED = 0.3, 0.6  # fullness of colour of the weakest curves
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


def paint_curves(
    painter: QPainter, scene: FlowScene, palette: Palette, strands: Strands, least: float = PALEST
) -> None:
    """Each band with a thin rim of the card, so that crossing bands can be told apart; none paler than ``least``."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    depths = _depths(scene, strands)
    for start, end, width, weight, depth in zip(
        strands.start, strands.end, strands.width, strands.weight, depths, strict=True
    ):
        path = curve(start, end)
        if width > 1.5:
            painter.setPen(pen_of(palette.card, width + 1.6))
            painter.drawPath(path)
        painter.setPen(_strand_pen(scene, palette, weight, least + (1 - least) * depth, width))
        painter.drawPath(path)


@lru_cache(maxsize=2)  # moving the threshold must not make thousands of lines anew
def _ranked_lines(ranking: Ranking, columns: tuple[float, ...], lines: tuple[float, ...]) -> tuple[QLineF, ...]:
    """A straight line for every link that can be chosen, in the order of their ranks."""
    made: list[QLineF] = []
    for layer, place in enumerate(ranking.place):
        receivers, sources = np.divmod(place, max(1, ranking.rows))
        start, end = columns[layer : layer + 2]
        pairs = zip(sources.tolist(), receivers.tolist(), strict=True)
        made += [QLineF(start, lines[source], end, lines[receiver]) for source, receiver in pairs]
    return tuple(made)


def _lines(scene: FlowScene, chosen: Array) -> list[QLineF]:
    """The straight lines of the links in ``chosen`` [link], weakest first."""
    numbers = scene.numbers
    made = _ranked_lines(numbers.ranking, tuple(scene.columns.tolist()), tuple(scene.lines.tolist()))
    return [made[rank] for rank in numbers.links.rank[chosen].tolist()]


def _paint_lines(painter: QPainter, scene: FlowScene, palette: Palette, strands: Strands, chosen: Array) -> None:
    """Straight lines for the links in ``chosen`` [link], all of one depth and sign in a single call."""
    if not chosen.any():
        return
    step = np.minimum((_depths(scene, strands) * DEPTHS).astype(int), DEPTHS - 1)
    for level in range(DEPTHS):
        for sign in (1, -1):
            alike = chosen & (step == level) & ((strands.weight >= 0) == (sign > 0))
            if alike.any():
                width = float(strands.width[alike].mean())
                painter.setPen(_strand_pen(scene, palette, sign, 0.06 + 0.94 * (level + 1) / DEPTHS, width))
                painter.drawLines(_lines(scene, alike))


def paint_faded(painter: QPainter, scene: FlowScene, palette: Palette, strands: Strands) -> None:
    """Curves that the traced node has nothing to do with: present, but barely."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for start, end, width, weight in zip(strands.start, strands.end, strands.width, strands.weight, strict=True):
        painter.setPen(pen_of(_faded(scene, palette, weight), width))
        painter.drawPath(curve(start, end))


def _faded(scene: FlowScene, palette: Palette, weight: float) -> Rgb:
    return blend(palette.card, hue(palette, scene, weight), FADED)


def _paint_faded_lines(painter: QPainter, scene: FlowScene, palette: Palette, strands: Strands, chosen: Array) -> None:
    for sign in (1, -1):
        painter.setPen(pen_of(_faded(scene, palette, sign), 1.0))
        painter.drawLines(_lines(scene, chosen & ((strands.weight >= 0) == (sign > 0))))


def paint_links(painter: QPainter, scene: FlowScene, palette: Palette, trace: Trace | None, *, draft: bool) -> None:
    """All links in view: straight lines below curves, what a ``trace`` reaches over the faded rest.

    A ``draft`` leaves the edges of the many straight lines unsmoothed, which takes a quarter of the time.
    """
    drawn = drawn_links(scene, trace)
    full = drawn.seen if trace is None else drawn.seen & trace.links
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not draft)
    if trace is not None:
        faded = drawn.seen & ~trace.links
        _paint_faded_lines(painter, scene, palette, drawn.strands, faded & ~drawn.curved)
        paint_faded(painter, scene, palette, drawn.strands.only(faded & drawn.curved))
    _paint_lines(painter, scene, palette, drawn.strands, full & ~drawn.curved)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    least = PALEST if trace is None else PALEST_TRACED  # over a faded rest weak ones must stand out too
    paint_curves(painter, scene, palette, drawn.strands.only(full & drawn.curved), least)
