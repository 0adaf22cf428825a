"""One of the three flow pictures of a comparison, in its place beside the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.compare.difference import Difference, Pane
from gui.compare.flow_contents import are_unlike, flow_contents, pane_flow
from gui.compare.numbers import signed_rounded, written
from gui.compare.pane import Hit, below_heading, headed, unit_of
from gui.paint.flow_camera import WHOLE
from gui.paint.flow_frame import Answer, Frame, whole_frame
from gui.paint.flow_hits import nearest_link, nearest_node, nearest_row, on_baseline
from gui.paint.flow_layers import place_words, step_words
from gui.paint.flow_numbers import FlowContent
from gui.paint.flow_picture import paint_flow, paint_lit_row
from gui.paint.flow_scene import FlowScene, content_scene
from gui.paint.palette import Palette
from gui.paint.typeface import LEFT, Ink, Text, place
from gui.state import Compared

ON_A_NODE = 9.0  # pixels within which the pointer means the node rather than the link that passes
LIT, LIT_RECEIVER = 34, 18  # of 255


@dataclass(frozen=True, slots=True, eq=False)
class FlowPane:
    """The picture of one pane as a finished drawing."""

    difference: Difference
    pane: Pane
    scene: FlowScene
    texts: tuple[Text, ...]
    rect: QRectF
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """How much of this flow is drawn."""
        return (f"{self.pane.value}: {self.scene.numbers.statement}",)

    @property
    def room(self) -> QRectF:
        """Where the graph stands."""
        return below_heading(self.rect)

    def paint(self, painter: QPainter) -> None:
        """The heading and the flow."""
        for text in self.texts:
            text.paint(painter, self.palette)
        painter.save()
        painter.translate(self.room.topLeft())
        paint_flow(painter, self.scene, self.palette)
        painter.restore()

    def paint_lit(self, painter: QPainter, hit: Hit) -> None:
        """A tint along the rows."""
        painter.save()
        painter.translate(self.room.topLeft())
        for row, alpha in ((hit.row, LIT), (hit.receiver, LIT_RECEIVER)):
            if row is not None:
                paint_lit_row(painter, self.scene, self.palette, row, alpha)
        painter.restore()

    def hit(self, x: float, y: float) -> Hit | None:
        """A node, the baseline, a link, or a row."""
        x, y = x - self.room.left(), y - self.room.top()
        if y < 0:
            return None
        scene, numbers = self.scene, self.scene.numbers
        node = nearest_node(scene, x, y, within=ON_A_NODE)
        boundary = on_baseline(scene, x, y)
        if node is None and boundary is not None:
            return Hit(None, None, f"baseline {self._place(boundary)}: {self._numbers('bias', (boundary,))}")
        if node is None:
            link = nearest_link(scene, x, y)
            if link is not None:
                links = numbers.links
                source, receiver = int(links.source[link]), int(links.receiver[link])
                return Hit(source, receiver, self._link_words(int(links.layer[link]), receiver, source))
            row = nearest_row(scene, x, y)
            node = None if row is None else (0, row)
        return None if node is None else Hit(node[1], None, self._node_words(*node))

    def _node_words(self, column: int, row: int) -> str:
        name = self.difference.shown[row].label
        line = self._line(row)
        return f"{name} {self._place(column)}: {self._numbers('nodes', (column, line))}"

    def _link_words(self, layer: int, receiver: int, source: int) -> str:
        shown = self.difference.shown
        where = self._step(layer)
        numbers = self._numbers("edge", (layer, self._line(receiver), self._line(source)))
        if source == receiver:
            return f"{shown[source].label} keeps through {where}: {numbers}"
        return f"{shown[source].label} → {shown[receiver].label} in {where}: {numbers}"

    def _line(self, row: int) -> int:
        """Where a shown row stands among all."""
        return int(self.difference.kept.nonzero()[0][row])

    def _place(self, column: int) -> str:
        if self.difference.compared is Compared.LAYERS:
            return "after the layer" if column else "before the layer"
        return place_words(self.scene.numbers.boundaries, column)

    def _step(self, layer: int) -> str:
        if self.difference.compared is Compared.LAYERS:
            return "the layer"
        return step_words(self.scene.numbers.boundaries, layer)

    def _numbers(self, field: str, at: tuple[int, ...]) -> str:
        """``A +0.83, B −0.70, A minus B +1.53``, as far as there are such numbers."""
        contents = flow_contents(self.difference)
        parts = []
        for pane in contents:
            flow = pane_flow(self.difference, pane)
            values = getattr(flow, field)
            if all(place < size for place, size in zip(at, values.shape, strict=True)):
                name = "A minus B" if pane is Pane.DIFFERENCE else pane.value
                parts.append(f"{name} {_written(self.difference, contents[pane], float(values[at]))}")
        return ", ".join(parts)


def _written(difference: Difference, content: FlowContent, value: float) -> str:
    """Logits, and parts of 1 beside them, with two digits; where all are parts, as percentages."""
    is_part = not any(one.has_baseline for one in flow_contents(difference).values())
    return written(value, "fraction" if is_part else "logit", is_signed=content.signed)


def _end(difference: Difference, content: FlowContent) -> str:
    """What is written where the flow ends: its total, or for shares of 1 that the answer is read there."""
    if not content.answer_rows or content.local:
        return ""
    if are_unlike(difference):
        return _written(difference, content, content.total)
    return signed_rounded(content.total) if content.has_baseline else "answer"


def _frame(difference: Difference, size: tuple[float, float], unit: float) -> Frame:
    """One frame for all panes: as much room for names as the longest needs, and for what is hidden."""
    contents = flow_contents(difference)
    ends = {_end(difference, content) for content in contents.values()}
    answers = tuple(Answer("", end, is_class=False) for end in sorted(ends) if end)
    has_baseline = any(content.has_baseline for content in contents.values())
    alike = [replace(content, hidden=difference.hidden, has_baseline=has_baseline) for content in contents.values()]
    frames = [whole_frame(content, answers, size, unit) for content in alike]
    return max(frames, key=lambda frame: frame.label_room)


def _ended(scene: FlowScene, frame: Frame, end: str) -> FlowScene:
    """The scene with its flow running out to the right, and ``end`` written there."""
    content = scene.numbers
    if not end:
        return scene
    line = float(scene.lines[list(content.answer_rows)].mean())
    is_zero = not end.strip("+\N{MINUS SIGN}0.")
    role = "muted" if is_zero or not content.signed else "towards" if content.total >= 0 else "against"
    ink = Ink(round(1.05 * scene.unit), role, bold=content.signed)
    text = place(end, ink, (frame.box_left + 0.35 * scene.unit, line), LEFT, frame.box_width)
    goal = (frame.box_left, line)
    if content.right_to_left:
        text, goal = text.mirrored(scene.width), (scene.width - goal[0], line)
    return replace(scene, texts=(*scene.texts, text), goals=(goal,))


def _aside(difference: Difference, scene: FlowScene) -> str:
    scale = "" if difference.state.view.one_scale else "own scale · "
    return f"{scale}{scene.numbers.statement}"


def flow_pane(difference: Difference, pane: Pane, rect: QRectF, palette: Palette) -> FlowPane:
    """The flow of one pane; all panes of one size have rows and columns in the same places."""
    content = flow_contents(difference)[pane]
    room, unit = below_heading(rect), unit_of(rect)
    size = room.width(), room.height()
    frame = _frame(difference, size, unit)
    scene = content_scene(content, (), difference.state.view.coverage, frame, size, WHOLE)
    scene = _ended(scene, frame, _end(difference, content))
    return FlowPane(difference, pane, scene, headed(difference, pane, rect, _aside(difference, scene)), rect, palette)
