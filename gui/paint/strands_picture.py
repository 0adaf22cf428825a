"""Painting of the flow picture's bands and lines: opaque, weak ones first, so that the strongest paths lie on top."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from engine.contract import Array
from gui.paint.colour import qcolor
from gui.paint.flow_scene import FlowScene, drawn_links
from gui.paint.flow_strands import Strands
from gui.paint.links import Trace
from gui.paint.palette import Palette, Rgb, blend
from gui.paint.strands_draft import draft_image, lines_of

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
    most = scene.numbers.deepest_link
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


def _lines(scene: FlowScene, chosen: Array) -> list[QLineF]:
    """The straight lines of the links in ``chosen`` [link], weakest first."""
    numbers = scene.numbers
    made = lines_of(numbers.ranking, *_places(scene))
    return [made[rank] for rank in numbers.links.rank[chosen].tolist()]


def _places(scene: FlowScene) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return tuple(scene.columns.tolist()), tuple(scene.lines.tolist())


def _paint_lines(painter: QPainter, scene: FlowScene, palette: Palette, strands: Strands, chosen: Array) -> None:
    """Straight lines for the links in ``chosen`` [link], all of one depth and sign in a single call."""
    if not chosen.any():
        return
    for level, sign, alike in _alike(scene, strands, chosen):
        width = float(strands.width[alike].mean())
        painter.setPen(_strand_pen(scene, palette, sign, _fullness(level), width))
        painter.drawLines(_lines(scene, alike))


def _alike(scene: FlowScene, strands: Strands, chosen: Array) -> Iterator[tuple[int, int, Array]]:
    """Step of fullness, sign, and the links of both: [link] masks, palest first."""
    step = np.minimum((_depths(scene, strands) * DEPTHS).astype(int), DEPTHS - 1)
    for level in range(DEPTHS):
        for sign in (1, -1):
            alike = chosen & (step == level) & ((strands.weight >= 0) == (sign > 0))
            if alike.any():
                yield level, sign, alike


def _fullness(level: int) -> float:
    return 0.06 + 0.94 * (level + 1) / DEPTHS


def _paint_draft(painter: QPainter, scene: FlowScene, palette: Palette, strands: Strands) -> None:
    """All links as straight unsmoothed lines, at once."""
    numbers = scene.numbers
    colours = np.zeros(sum(map(len, numbers.ranking.place)), np.uint32)
    for level, sign, alike in _alike(scene, strands, np.ones(len(strands), dtype=bool)):
        full = blend(palette.card, hue(palette, scene, sign), _fullness(level))
        colours[numbers.links.rank[alike]] = qcolor(full).rgba()
    size = round(scene.width), round(scene.height)
    per_unit = scene.band / numbers.scale if numbers.scale > 0 else 0.0
    painter.drawImage(0, 0, draft_image(numbers.ranking, _places(scene), size, per_unit, colours))


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

    A ``draft`` leaves the edges of the many straight lines unsmoothed, which takes a fraction of the time.
    """
    drawn = drawn_links(scene, trace)
    if draft and trace is None and not drawn.curved.any():
        _paint_draft(painter, scene, palette, drawn.strands)
        return
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
