"""A painter that writes SVG: it takes what a figure says to a QPainter, and keeps whole texts and round numbers.

Qt's own generator cuts a text wherever script or direction changes, writes the pieces in the order they are seen, and
says every attribute anew for every shape. Here a text stays one element in the order it is read, shapes of one look
share their attributes, and those that may lie over one another unseen are one path.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTransform,
)

from gui.figures.svg_path import Rectangle, joined, number, path_data, rectangle
from gui.figures.svg_style import box, colour_of, line_of_text, matrix, stroke_of, type_of
from gui.paint.typeface import has_images

UNIQUE = "\0"  # stands for what makes the identifiers of one file its own
NOTHING = ""
SHIFTS = (QTransform.TransformationType.TxNone, QTransform.TransformationType.TxTranslate)

Fill = QColor | QBrush | QLinearGradient | Qt.BrushStyle | Qt.GlobalColor


@dataclass(slots=True)
class _Run:
    """Elements of one look; where ``is_path`` there are ``shapes`` instead that are joined into one."""

    clip: str
    look: str
    is_path: bool
    elements: list[str] = field(default_factory=list)
    shapes: list[str | Rectangle] = field(default_factory=list)

    def markup(self) -> str:
        if self.is_path:
            return f'<path{self.look} d="{joined(self.shapes)}"/>'
        if len(self.elements) == 1:
            name, rest = self.elements[0][1:].split(" ", 1)
            return f"<{name}{self.look} {rest}"
        return f"<g{self.look}>{''.join(self.elements)}</g>"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What ``save`` keeps."""

    pen: QPen
    brush: Fill
    font: QFont
    transform: QTransform
    clip: str
    is_smooth: bool


class SvgPainter:
    """The part of QPainter that figures use; anything else is an AttributeError, never silently missing.

    ``is_outlined`` writes letters as shapes, but for those that exist only as images (emoji), which stay text.
    """

    def __init__(self, *, is_outlined: bool) -> None:
        self._is_outlined = is_outlined
        self._runs: list[_Run] = []
        self._definitions: dict[str, str] = {}
        self._saved: list[_Kept] = []
        self._metrics: dict[str, QFontMetricsF] = {}
        self._pen, self._stroke = QPen(), ""
        self._brush: Fill = Qt.BrushStyle.NoBrush
        self._fill, self._font = NOTHING, QFont()
        self._clip, self._is_smooth = "", True
        self._transform, self._within = QTransform(), ""
        self._dx = self._dy = 0.0
        self.setPen(QPen())

    def markup(self) -> str:
        """All that was painted, what it refers to first."""
        parts = [f"<defs>{''.join(self._definitions.values())}</defs>"] if self._definitions else []
        clip = ""
        for run in self._runs:
            if run.clip != clip:
                parts.append(("</g>" if clip else "") + (f'<g clip-path="url(#{run.clip})">' if run.clip else ""))
                clip = run.clip
            parts.append(run.markup())
        return "\n".join([*parts, "</g>"] if clip else parts)

    # What is painted with

    def setPen(self, pen: QPen | QColor | Qt.PenStyle) -> None:
        """As QPainter's."""
        self._pen = QPen(pen)
        self._stroke = stroke_of(self._pen)

    def setBrush(self, brush: Fill) -> None:
        """As QPainter's: one colour, a linear gradient, or nothing."""
        self._brush, self._fill = brush, self._filled(brush)

    def setFont(self, font: QFont) -> None:
        """As QPainter's."""
        self._font = font

    def setRenderHint(self, hint: QPainter.RenderHint, on: bool = True) -> None:
        """As QPainter's; only smoothing has a meaning in a file of shapes."""
        if hint is QPainter.RenderHint.Antialiasing:
            self._is_smooth = on

    def setClipRect(self, rect: QRectF) -> None:
        """As QPainter's: replaces the clip that was."""
        self._clip = self._defined("clipPath", "", f"<rect{self._within}{box(rect.translated(self._dx, self._dy))}/>")

    def save(self) -> None:
        """As QPainter's."""
        self._saved.append(
            _Kept(self._pen, self._brush, self._font, QTransform(self._transform), self._clip, self._is_smooth)
        )

    def restore(self) -> None:
        """As QPainter's."""
        kept = self._saved.pop()
        self._move(kept.transform)
        self.setPen(kept.pen)
        self.setBrush(kept.brush)
        self._font, self._clip, self._is_smooth = kept.font, kept.clip, kept.is_smooth

    def translate(self, by: QPointF | float, down: float = 0.0) -> None:
        """As QPainter's."""
        across, down = (by.x(), by.y()) if isinstance(by, QPointF) else (by, down)
        self._move(QTransform(self._transform).translate(across, down))

    def scale(self, across: float, down: float) -> None:
        """As QPainter's."""
        self._move(QTransform(self._transform).scale(across, down))

    def rotate(self, degrees: float) -> None:
        """As QPainter's."""
        self._move(QTransform(self._transform).rotate(degrees))

    def _move(self, transform: QTransform) -> None:
        """A mere shift goes into the numbers; anything else is said of the elements."""
        self._transform = transform
        if transform.type() in SHIFTS:
            self._dx, self._dy, self._within = transform.dx(), transform.dy(), ""
        else:
            self._dx, self._dy, self._within = 0.0, 0.0, matrix(transform)
        if isinstance(self._brush, QLinearGradient):  # it moves along
            self._fill = self._filled(self._brush)

    # What is painted

    def fillRect(self, *rect_and_brush: Any) -> None:
        """As QPainter's."""
        *rect, brush = rect_and_brush
        self._add_path(rectangle(QRectF(*rect), self._dx, self._dy), self._filled(brush), "")

    def drawRect(self, *rect: Any) -> None:
        """As QPainter's."""
        self._add_path(rectangle(QRectF(*rect), self._dx, self._dy), self._fill, self._stroke)

    def drawRoundedRect(self, rect: QRectF, across: float, down: float) -> None:
        """As QPainter's; the radii are lengths."""
        room = box(rect.translated(self._dx, self._dy))
        rx, ry = number(min(across, rect.width() / 2)), number(min(down, rect.height() / 2))
        down_too = f' ry="{ry}"' if ry != rx else ""
        self._add(f'<rect{room} rx="{rx}"{down_too}/>')

    def drawEllipse(self, centre: QPointF, across: float, down: float) -> None:
        """As QPainter's."""
        at = f'cx="{number(centre.x() + self._dx)}" cy="{number(centre.y() + self._dy)}"'
        if across == down:
            self._add(f'<circle {at} r="{number(across)}"/>')
        else:
            self._add(f'<ellipse {at} rx="{number(across)}" ry="{number(down)}"/>')

    def drawLine(self, *line: Any) -> None:
        """As QPainter's."""
        self.drawLines([QLineF(*line)])

    def drawLines(self, lines: Iterable[QLineF]) -> None:
        """As QPainter's."""
        dx, dy = self._dx, self._dy
        data = "".join(
            f"M{number(line.x1() + dx)} {number(line.y1() + dy)}L{number(line.x2() + dx)} {number(line.y2() + dy)}"
            for line in lines
        )
        self._add_path(data, "", self._stroke)

    def drawPolyline(self, points: QPolygonF) -> None:
        """As QPainter's."""
        path = QPainterPath()
        path.addPolygon(points)
        self._add_path(path_data(path, self._dx, self._dy), NOTHING, self._stroke)

    def drawPolygon(self, polygon: QPolygonF) -> None:
        """As QPainter's."""
        path = QPainterPath()
        path.addPolygon(polygon)
        path.closeSubpath()
        self.drawPath(path)

    def drawPath(self, path: QPainterPath) -> None:
        """As QPainter's."""
        self._add_path(path_data(path, self._dx, self._dy), self._fill, self._stroke, _rule(path) if self._fill else "")

    def fillPath(self, path: QPainterPath, brush: Fill) -> None:
        """As QPainter's."""
        self._add_path(path_data(path, self._dx, self._dy), self._filled(brush), "", _rule(path))

    def drawText(self, at: QPointF, text: str) -> None:
        """As QPainter's: one line, its beginning on the baseline at ``at``."""
        if not text.strip():
            return
        ink = colour_of(self._pen.color(), "fill")
        if self._is_outlined and not has_images(text, self._font):
            outline = QPainterPath()
            outline.addText(at, self._font, text)
            self._add_path(path_data(outline, self._dx, self._dy), ink, "")
            return
        width = self._measures().horizontalAdvance(text)
        x, y = at.x() + self._dx, at.y() + self._dy
        self._run(self._within + ink + type_of(self._font), is_path=False).elements.append(
            line_of_text(text, x, y, width)
        )

    def _measures(self) -> QFontMetricsF:
        key = self._font.key()
        if key not in self._metrics:
            self._metrics[key] = QFontMetricsF(self._font)
        return self._metrics[key]

    def _run(self, look: str, *, is_path: bool) -> _Run:
        """Where elements of this look go on."""
        last = self._runs[-1] if self._runs else None
        if last is None or (last.look, last.clip, last.is_path) != (look, self._clip, is_path):
            last = _Run(self._clip, look, is_path)
            self._runs.append(last)
        return last

    def _add(self, element: str) -> None:
        self._run(self._within + self._fill + self._stroke, is_path=False).elements.append(element)

    def _add_path(self, shape: str | Rectangle, fill: str, stroke: str, rule: str = "") -> None:
        """Joined to its neighbours where nobody can tell: fill or stroke alone, both opaque, of one winding."""
        look = self._within + fill + stroke + rule + ("" if self._is_smooth else ' shape-rendering="crispEdges"')
        if (fill and stroke) or rule or "opacity" in look or "dasharray" in look:
            self._run(look, is_path=False).elements.append(f'<path d="{joined([shape])}"/>')
        elif shape and (fill or stroke):
            self._run(look, is_path=True).shapes.append(shape)

    def _filled(self, brush: Fill) -> str:
        if isinstance(brush, QLinearGradient):
            return f' fill="url(#{self._gradient(brush)})"'
        if isinstance(brush, QBrush):
            if brush.style() not in (Qt.BrushStyle.NoBrush, Qt.BrushStyle.SolidPattern):
                raise TypeError("only plain colours and linear gradients are written to SVG")
            return colour_of(brush.color(), "fill") if brush.style() is Qt.BrushStyle.SolidPattern else NOTHING
        return NOTHING if brush == Qt.BrushStyle.NoBrush else colour_of(QColor(brush), "fill")

    def _gradient(self, gradient: QLinearGradient) -> str:
        start, end = gradient.start(), gradient.finalStop()
        places = zip(
            ("x1", "y1", "x2", "y2"),
            (start.x() + self._dx, start.y() + self._dy, end.x() + self._dx, end.y() + self._dy),
            strict=True,
        )
        stops = "".join(
            f'<stop offset="{share:.4g}"{colour_of(colour, "stop", "stop-color")}/>'
            for share, colour in gradient.stops()
        )
        along = "".join(f' {name}="{number(value)}"' for name, value in places)
        return self._defined("linearGradient", f' gradientUnits="userSpaceOnUse"{along}', stops)

    def _defined(self, kind: str, attributes: str, content: str) -> str:
        key = f"{kind}{attributes}{content}"
        name = f"{UNIQUE}{list(self._definitions).index(key) if key in self._definitions else len(self._definitions)}"
        self._definitions.setdefault(key, f'<{kind} id="{name}"{attributes}>{content}</{kind}>')
        return name


def _rule(path: QPainterPath) -> str:
    """Only where it can make a difference: where a path is in parts."""
    is_in_parts = any(path.elementAt(index).isMoveTo() for index in range(1, path.elementCount()))
    return ' fill-rule="evenodd"' if path.fillRule() is Qt.FillRule.OddEvenFill and is_in_parts else ""
