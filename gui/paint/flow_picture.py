"""Painting of the flow picture: the graph, which can be kept and moved, and the words and boxes around it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen

from engine.contract import Array
from gui.paint.colour import qcolor, readable_ink
from gui.paint.flow_scene import AnswerBox, FlowScene, drawn_links
from gui.paint.kept import kept
from gui.paint.links import Trace
from gui.paint.palette import Palette, blend
from gui.paint.strands_picture import curve, hue, paint_curves, paint_faded, paint_links, pen_of
from gui.paint.typeface import Text, face

SHADES = 48  # steps of fullness in which nodes are drawn
RIM = 1.4  # pixels
RIMMED = 2.0  # pixels of radius from which a node has a rim


def _paint_grid(painter: QPainter, scene: FlowScene, palette: Palette) -> None:
    """Columns and rows, unsmoothed: upright and level lines are sharpest so."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen_of(palette.grid, 1.0))
    lines = [*scene.lines.tolist(), *([] if np.isnan(scene.baseline) else [scene.baseline])]
    left, right = float(scene.columns.min()), float(scene.columns.max())
    rest = 0.45 * min(scene.pitch, 2 * scene.unit)
    painter.drawLines([QLineF(x, lines[0] - rest, x, lines[-1] + rest) for x in scene.columns.tolist()])
    if scene.pitch >= 5:
        painter.setPen(pen_of(blend(palette.grid, palette.border, 0.6), 1.0))
        painter.drawLines([QLineF(left, y, right, y) for y in lines])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _paint_fan(painter: QPainter, scene: FlowScene, palette: Palette, share: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    fan = scene.fan
    for start, end, width, weight in zip(fan.start, fan.end, fan.width, fan.weight, strict=True):
        painter.setPen(pen_of(blend(palette.card, hue(palette, scene, weight), share), width))
        painter.drawPath(curve(start, end))


def _nodes_in_view(scene: FlowScene) -> Array:
    """[layer+1, row] whether a node is drawn and seen."""
    inner, shown = scene.interior, scene.radii > 0
    across = (scene.columns >= inner.left() - scene.unit) & (scene.columns <= inner.right() + scene.unit)
    down = (scene.lines >= inner.top() - scene.unit) & (scene.lines <= inner.bottom() + scene.unit)
    return np.asarray(shown & across[:, None] & down[None, :])


def _paint_nodes(painter: QPainter, scene: FlowScene, palette: Palette, reached: Array | None) -> None:
    """Round stations with a rim of the card; the more is held, the larger and fuller."""
    nodes = scene.numbers.nodes
    held = np.abs(nodes)
    depths = 0.22 + 0.78 * np.sqrt(held / (scene.numbers.deepest_node or 1.0))
    if reached is not None:
        depths = np.where(reached, depths, 0.25 * depths)
    shades = np.round(depths * SHADES).astype(int)
    seen = _nodes_in_view(scene)
    for is_thick in (False, True):  # nodes grow with what they hold: the small ones are the weakest
        _set_rim(painter, palette, is_thick)
        columns, rows = np.nonzero(seen & ((scene.radii >= RIMMED) == is_thick))
        order = np.argsort(held[columns, rows], kind="stable")
        brush: tuple[int, bool] | None = None
        for column, row in zip(columns[order].tolist(), rows[order].tolist(), strict=True):
            wanted = int(shades[column, row]), bool(nodes[column, row] >= 0)
            if wanted != brush:
                brush = wanted
                colour = hue(palette, scene, 1.0 if wanted[1] else -1.0)
                painter.setBrush(qcolor(blend(palette.card, colour, wanted[0] / SHADES)))
            radius = float(scene.radii[column, row])
            painter.drawEllipse(QPointF(scene.columns[column], scene.lines[row]), radius, radius)
    _paint_baseline_nodes(painter, scene, palette, 0.7 if reached is None else 0.18)


@dataclass(frozen=True, slots=True, eq=False)
class _Nodes:
    """The nodes of a layout on a screen of ``ratio`` dots to the pixel; alike whatever links are drawn."""

    scene: FlowScene
    palette: Palette
    ratio: float

    def _alike(self) -> tuple[object, ...]:
        scene = self.scene
        laid = (scene.camera, scene.width, scene.height, scene.unit)
        return (scene.numbers.ranking, *laid, self.palette.name, self.ratio)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Nodes) and self._alike() == other._alike()

    def __hash__(self) -> int:
        return hash(self._alike())


@kept(2)  # while the threshold moves the nodes stay; drawing them is most of a frame
def _nodes_image(nodes: _Nodes) -> QImage:
    scene = nodes.scene
    size = QSize(round(scene.width * nodes.ratio), round(scene.height * nodes.ratio))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(nodes.ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_nodes(painter, scene, nodes.palette, None)
    painter.end()
    return image


def _set_rim(painter: QPainter, palette: Palette, is_thick: bool) -> None:
    painter.setPen(pen_of(palette.card, RIM) if is_thick else QPen(Qt.PenStyle.NoPen))


def _paint_baseline_nodes(painter: QPainter, scene: FlowScene, palette: Palette, depth: float) -> None:
    for column, radius in enumerate(scene.baseline_radii.tolist()):
        if radius > 0:
            _set_rim(painter, palette, radius >= RIMMED)
            painter.setBrush(qcolor(blend(palette.card, hue(palette, scene, scene.numbers.bias[column]), depth)))
            painter.drawEllipse(QPointF(scene.columns[column], scene.baseline), radius, radius)


def paint_ring(painter: QPainter, scene: FlowScene, palette: Palette, boundary: int, row: int) -> None:
    """A ring around one node: the traced one, the one under the pointer."""
    radius = max(float(scene.radii[boundary, row]) + 2.5, 0.42 * scene.unit)
    painter.setPen(pen_of(palette.text, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(scene.columns[boundary], scene.lines[row]), radius, radius)


def paint_lit_row(painter: QPainter, scene: FlowScene, palette: Palette, row: int, alpha: int) -> None:
    """A tint from the name of a row to its last node."""
    tint = QColor(qcolor(palette.accent))
    tint.setAlpha(alpha)
    tall = max(4.0, min(scene.pitch, 1.9 * scene.unit))
    left = min(0.4 * scene.unit, float(scene.columns.min()))
    ends = [float(scene.columns.min()) - 0.6 * scene.unit, float(scene.columns.max()) + 0.6 * scene.unit]
    if scene.numbers.right_to_left:
        ends[1] = scene.width - left
    else:
        ends[0] = left
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawRoundedRect(QRectF(ends[0], scene.lines[row] - tall / 2, ends[1] - ends[0], tall), 5, 5)


def paint_lit_link(painter: QPainter, scene: FlowScene, palette: Palette, link: int, trace: Trace | None) -> None:
    """A thin line along the middle of a link, as it is drawn."""
    drawn = drawn_links(scene, trace)
    start, end = drawn.strands.start[link], drawn.strands.end[link]
    painter.setPen(qcolor(palette.text))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if drawn.curved[link]:
        painter.drawPath(curve(start, end))
    else:
        painter.drawLine(QLineF(start[0], start[1], end[0], end[1]))


def _paint_box(painter: QPainter, scene: FlowScene, palette: Palette, box: AnswerBox) -> None:
    """A class on its colour; where none is explained, an open frame around what is done there."""
    fill = palette.card
    if box.is_class:
        fill = palette.towards if box.towards else blend(palette.card, palette.against, 0.16)
    painter.setPen(QPen(Qt.PenStyle.NoPen) if box.is_class else pen_of(palette.faint, 1.2))
    painter.setBrush(qcolor(fill))
    painter.drawRoundedRect(box.rect, 0.35 * scene.unit, 0.35 * scene.unit)
    painter.setPen(qcolor(readable_ink(fill, palette) if box.is_class else palette.text))
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


def _paint_edges(painter: QPainter, scene: FlowScene, palette: Palette) -> None:
    """The graph fades out where it goes on beyond the view."""
    inner, camera, deep = scene.interior, scene.camera, 0.9 * scene.unit
    wide, tall = scene.lens.scales(camera)
    before, after = camera.left > 0, camera.left + 1 / wide < 1 - 1e-9
    if scene.numbers.right_to_left:
        before, after = after, before
    sides = (
        (before, inner.topLeft(), QPointF(deep, 0), QRectF(inner.left(), inner.top(), deep, inner.height())),
        (after, inner.topRight(), QPointF(-deep, 0), QRectF(inner.right() - deep, inner.top(), deep, inner.height())),
        (camera.top > 0, inner.topLeft(), QPointF(0, deep), QRectF(inner.left(), inner.top(), inner.width(), deep)),
        (
            camera.top + 1 / tall < 1 - 1e-9,
            inner.bottomLeft(),
            QPointF(0, -deep),
            QRectF(inner.left(), inner.bottom() - deep, inner.width(), deep),
        ),
    )
    clear = QColor(qcolor(palette.card))
    clear.setAlpha(0)
    for goes_on, start, way, rect in sides:
        if goes_on:
            fade = QLinearGradient(start, start + way)
            fade.setColorAt(0, qcolor(palette.card))
            fade.setColorAt(1, clear)
            painter.fillRect(rect, fade)


def paint_graph(
    painter: QPainter, scene: FlowScene, palette: Palette, trace: Trace | None = None, *, draft: bool = False
) -> None:
    """Rows, links and nodes; what a ``trace`` reaches stays full and the rest fades. See ``paint_links`` on drafts."""
    painter.save()
    if not scene.is_whole:
        painter.setClipRect(scene.interior)
    _paint_grid(painter, scene, palette)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_fan(painter, scene, palette, 0.26 if trace is None else 0.1)
    if trace is None or trace.nodes[-1, list(scene.numbers.answer_rows)].any():
        paint_curves(painter, scene, palette, scene.answer)
    else:
        paint_faded(painter, scene, palette, scene.answer)
    paint_links(painter, scene, palette, trace, draft=draft)
    if draft and trace is None:
        painter.drawImage(0, 0, _nodes_image(_Nodes(scene, palette, painter.device().devicePixelRatioF())))
    else:
        _paint_nodes(painter, scene, palette, trace.nodes if trace else None)
    if trace is not None:
        paint_ring(painter, scene, palette, trace.boundary, trace.row)
    painter.restore()


def _inked(text: Text, role: str) -> Text:
    return replace(text, ink=replace(text.ink, role=role))


def paint_words(
    painter: QPainter, scene: FlowScene, palette: Palette, trace: Trace | None = None, lit: int | None = None
) -> None:
    """All that is written and the answers; names of rows the ``trace`` leaves out fade, the ``lit`` layer's is lit."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if not scene.is_whole:
        _paint_edges(painter, scene, palette)
    for text, row in zip(scene.labels, scene.label_rows, strict=True):
        aside = trace is not None and not trace.nodes[:, row].any()
        (_inked(text, "faint") if aside else text).paint(painter, palette)
    boundaries = scene.numbers.boundaries
    for text, column in zip(scene.heads, scene.head_columns, strict=True):
        is_step = 0 < column < len(boundaries)
        is_lit = lit is not None and is_step and boundaries[column - 1] <= lit < boundaries[column]
        (_inked(text, "accent") if is_lit else text).paint(painter, palette)
    for text in (*scene.glosses, *scene.texts):
        text.paint(painter, palette)
    for box in scene.boxes:
        if box.rect.left() >= 0 and box.rect.right() <= scene.width:
            _paint_box(painter, scene, palette, box)
    _paint_badge(painter, scene, palette)


def paint_flow(painter: QPainter, scene: FlowScene, palette: Palette, trace: Trace | None = None) -> None:
    """The whole picture."""
    paint_graph(painter, scene, palette, trace)
    paint_words(painter, scene, palette, trace)
