"""The flow as a finished drawing: for export, and for what the window says of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from engine import registry
from engine.contract import Explanation
from gui.guide.help import help_text
from gui.paint.flow_layers import nearest_boundary
from gui.paint.flow_numbers import has_picture
from gui.paint.flow_picture import paint_flow
from gui.paint.flow_scene import FlowScene, flow_scene
from gui.paint.links import Trace, reachable
from gui.paint.palette import Palette
from gui.paint.quiet import QuietFigure
from gui.state import Node, ViewState
from gui.told.prose import is_bias_shared

BIASES_APART = "biases kept apart, as the baseline"


def row_of(scene: FlowScene, token: int) -> int | None:
    """The row a token stands in, None where it is hidden."""
    return next((index for index, row in enumerate(scene.numbers.rows) if token in row.tokens), None)


def trace_of(scene: FlowScene, node: Node | None) -> Trace | None:
    """What the traced node reaches in this picture.

    A node stands at a boundary of the model; where layers are grouped it is the picture's closest that is traced.
    """
    numbers = scene.numbers
    row = row_of(scene, node.token) if node is not None else None
    if node is None or row is None or node.boundary > numbers.boundaries[-1]:
        return None
    column = nearest_boundary(numbers.boundaries, node.boundary)
    return reachable(numbers.links, numbers.layers, len(numbers.rows), column, row)


@dataclass(frozen=True, slots=True)
class FlowFigure:
    """The flow as a finished drawing; ``is_apart`` where it keeps biases apart that the words' numbers hold."""

    scene: FlowScene
    trace: Trace | None
    rect: QRectF
    palette: Palette
    is_apart: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """How much of the flow is drawn and what is hidden."""
        numbers = self.scene.numbers
        apart = BIASES_APART if self.is_apart else ""
        return tuple(note for note in (f"shown: {numbers.statement}", numbers.badge, numbers.note, apart) if note)

    def paint(self, painter: QPainter) -> None:
        """Draw it into its rectangle."""
        painter.save()
        painter.translate(self.rect.topLeft())
        paint_flow(painter, self.scene, self.palette, self.trace)
        painter.restore()


def missing(explanation: Explanation, view: ViewState) -> str:
    """Why there is no flow of this result, "" where there is one."""
    if has_picture(explanation, view):
        return ""
    method = registry.find(explanation.request.method).label
    return help_text("missing", "flow" if view.paths_only else "maps", method=method)


def figure(explanation: Explanation, view: ViewState, rect: QRectF, palette: Palette) -> FlowFigure | QuietFigure:
    """The flow picture for one size; it states how much of the flow it shows."""
    if not has_picture(explanation, view):
        return QuietFigure(missing(explanation, view), rect, palette)
    scene = flow_scene(explanation, view, (rect.width(), rect.height()))
    is_apart = view.paths_only and is_bias_shared(explanation)
    return FlowFigure(scene, trace_of(scene, view.traced), rect, palette, is_apart)
