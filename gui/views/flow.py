"""The flow of a sentence into its answer: rows are words, layers run towards the answer, bands are what passes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QCursor, QKeyEvent, QPainter
from PySide6.QtWidgets import QStackedLayout, QToolTip, QVBoxLayout

from engine import registry
from engine.contract import Explanation
from gui.canvas import Canvas
from gui.flowstrip import FlowOffer, FlowStrip
from gui.help import help_text
from gui.paint.colour import qcolor
from gui.paint.flow_hits import (
    baseline_words,
    link_words,
    nearest_link,
    nearest_node,
    nearest_row,
    node_words,
    on_baseline,
)
from gui.paint.flow_numbers import has_picture
from gui.paint.flow_picture import curve, paint_flow, paint_ring
from gui.paint.flow_scene import FlowScene, flow_scene
from gui.paint.links import Trace, reachable
from gui.paint.palette import LIGHT, PALETTES, Palette
from gui.paint.quiet import QuietFigure
from gui.prose import is_bias_shared
from gui.state import Hover, Node, ViewState
from gui.viewkit import DRAWS_A_FLOW, HostedView, register_view

BIASES_APART = "biases kept apart, as the baseline"
ON_A_NODE = 9.0  # pixels within which the pointer means the node rather than the link that passes
STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def row_of(scene: FlowScene, token: int) -> int | None:
    """The row a token stands in, None where it is hidden."""
    return next((index for index, row in enumerate(scene.numbers.rows) if token in row.tokens), None)


def trace_of(scene: FlowScene, node: Node | None) -> Trace | None:
    """What the traced node reaches in this picture."""
    row = row_of(scene, node.token) if node is not None else None
    if node is None or row is None or node.boundary > scene.numbers.layers:
        return None
    return reachable(scene.numbers.links, scene.numbers.layers, len(scene.numbers.rows), node.boundary, row)


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


class FlowView(HostedView):
    """The flow on the middle card, with the strip that says what is shown of it."""

    def __init__(self) -> None:
        super().__init__("Write a sentence to see how its words flow into the answer.")
        self._explanation: Explanation | None = None
        self._view = ViewState()
        self._palette = LIGHT
        self._scene: FlowScene | None = None
        self._link: int | None = None
        self._cursor: tuple[int, int] | None = None
        self.canvas = Canvas(self._paint, self._paint_overlay, self.guarded, zooms=True)
        self.canvas.setAccessibleName("Flow of the words into the answer")
        self.canvas.setMinimumSize(320, 220)
        self.canvas.moved.connect(self._on_moved)
        self.canvas.left.connect(self._on_left)
        self.canvas.clicked.connect(self._on_clicked)
        self.offer = FlowOffer()
        self.offer.button.clicked.connect(self._on_offer_taken)
        self.strip = FlowStrip()
        self._pages = QStackedLayout()
        self._pages.addWidget(self.canvas)
        self._pages.addWidget(self.offer)
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(self._pages, 1)
        box.addWidget(self.strip)
        self.strip.coverage.valueChanged.connect(self._on_coverage)
        self.strip.words.clicked.connect(self._on_words)
        self.strip.special.clicked.connect(self._on_special)
        self.strip.paths.clicked.connect(self._on_paths)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Lay out anew only what has changed: hovering keeps the painted picture, tracing keeps the layout."""
        new = explanation is not self._explanation
        laid = new or replace(view, hover=None, traced=None) != replace(self._view, hover=None, traced=None)
        repainted = laid or view.traced != self._view.traced
        self._explanation, self._view, self._palette = explanation, view, PALETTES[view.theme]
        self.canvas.dress(self._palette, stale=stale)
        if laid:
            self._scene = self._link = self._cursor = None
            for control in (self.strip.coverage, *self.strip.switches):
                control.blockSignals(True)
            self.strip.show_choices(explanation, view, self._palette)
            for control in (self.strip.coverage, *self.strip.switches):
                control.blockSignals(False)
            scene = self.scene()
            self.strip.show_statement(scene.numbers.statement if scene else None)
        why = missing(explanation, view)
        if why:
            is_offered = view.paths_only and DRAWS_A_FLOW not in explanation.model.unavailable
            self.offer.show_why(why, self._palette, is_offered=is_offered, stale=stale)
        self._pages.setCurrentWidget(self.offer if why else self.canvas)
        if repainted:
            self.canvas.redraw()

    def scene(self) -> FlowScene | None:
        """The layout for the canvas as it stands, None where there is nothing to lay out."""
        size = (float(self.canvas.width()), float(self.canvas.height()))
        if self._explanation is None or not has_picture(self._explanation, self._view):
            return None
        if self._scene is None or (self._scene.width, self._scene.height) != size:
            self._scene = flow_scene(self._explanation, self._view, size, lit=self._view.layer)
        return self._scene

    def _paint(self, painter: QPainter) -> None:
        scene = self.scene()
        if scene is not None:
            paint_flow(painter, scene, self._palette, trace_of(scene, self._view.traced))

    def _paint_overlay(self, painter: QPainter) -> None:
        """The lit-up rows, the link under the pointer, the node the keyboard is on."""
        scene = self.scene()
        if scene is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hover = self._view.hover
        for token, share in ((hover.token, 34), (hover.receiver, 18)) if hover else ():
            row = row_of(scene, token) if token is not None else None
            if row is not None:
                self._paint_row(painter, scene, row, share)
        if self._link is not None:
            strands = scene.links
            painter.setPen(qcolor(self._palette.text))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(curve(strands.start[self._link], strands.end[self._link]))
        if self._cursor is not None:
            paint_ring(painter, scene, self._palette, *self._cursor)

    def _paint_row(self, painter: QPainter, scene: FlowScene, row: int, share: int) -> None:
        tint = QColor(qcolor(self._palette.accent))
        tint.setAlpha(share)
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

    @Slot(QPointF)
    def _on_moved(self, at: QPointF) -> None:
        with self.guarded():
            scene = self.scene()
            if scene is not None:
                hover, link, words = self._under(scene, at.x(), at.y())
                self._light(hover, link)
                QToolTip.showText(QCursor.pos(), words, self.canvas)

    def _under(self, scene: FlowScene, x: float, y: float) -> tuple[Hover | None, int | None, str]:
        """What the pointer means: a node, the baseline, a link, or a row; in words too."""
        numbers = scene.numbers
        node = nearest_node(scene, x, y, within=ON_A_NODE)
        if node is not None:
            return Hover(numbers.rows[node[1]].tokens[0]), None, node_words(scene, *node)
        boundary = on_baseline(scene, x, y)
        if boundary is not None:
            return None, None, baseline_words(scene, boundary)
        link = nearest_link(scene, x, y)
        if link is not None:
            source = numbers.rows[numbers.links.source[link]].tokens[0]
            receiver = numbers.rows[numbers.links.receiver[link]].tokens[0]
            return Hover(source, receiver), link, link_words(scene, link)
        row = nearest_row(scene, x, y)
        if row is None:
            return None, None, ""
        return Hover(numbers.rows[row].tokens[0]), None, node_words(scene, 0, row)

    def _light(self, hover: Hover | None, link: int | None) -> None:
        if link != self._link:
            self._link = link
            self.canvas.update()
        if hover != self._view.hover:
            self.hovered.emit(hover)

    @Slot()
    def _on_left(self) -> None:
        self._light(None, None)

    @Slot(QPointF)
    def _on_clicked(self, at: QPointF) -> None:
        with self.guarded():
            self.setFocus()
            scene = self.scene()
            if scene is not None:
                self._pick(scene, nearest_node(scene, at.x(), at.y()))

    def _pick(self, scene: FlowScene, at: tuple[int, int] | None) -> None:
        """Trace this node; the traced one again, or no node, returns to the answer."""
        node = Node(at[0], scene.numbers.rows[at[1]].tokens[0]) if at is not None else None
        self.picked.emit(None if node == self._view.traced else node)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk over the nodes, Enter traces, Esc returns to the answer, 0 shows the whole picture."""
        key = Qt.Key(event.key())
        with self.guarded():
            scene = self.scene()
            if scene is None:
                return
            if key in STEPS:
                self._walk(scene, *STEPS[key])
            elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._cursor is not None:
                self._pick(scene, self._cursor)
            elif key == Qt.Key.Key_0:
                self.canvas.fit()
            elif key == Qt.Key.Key_Escape and self._view.traced is not None:
                self.picked.emit(None)
            else:
                super().keyPressEvent(event)

    def _walk(self, scene: FlowScene, across: int, down: int) -> None:
        boundary, row = self._cursor or (0, 0)
        if self._cursor is not None:
            boundary += -across if scene.numbers.right_to_left else across
        boundary = min(max(boundary, 0), scene.numbers.layers)
        row = min(max(row + (down if self._cursor is not None else 0), 0), len(scene.lines) - 1)
        self._cursor = (boundary, row)
        self._light(Hover(scene.numbers.rows[row].tokens[0]), None)
        words = node_words(scene, boundary, row)
        self.canvas.setAccessibleDescription(words)
        at = QPointF(scene.columns[boundary] + 12, scene.lines[row])
        QToolTip.showText(self.canvas.mapToGlobal(at.toPoint()), words, self.canvas)
        self.canvas.update()

    @Slot()
    def _on_offer_taken(self) -> None:
        self.method_requested.emit(DRAWS_A_FLOW)

    @Slot(int)
    def _on_coverage(self, share: int) -> None:
        self.look_requested.emit(replace(self._view, coverage=share / 100))

    @Slot(bool)
    def _on_words(self, on: bool) -> None:
        self.look_requested.emit(replace(self._view, whole_words=on))

    @Slot(bool)
    def _on_special(self, on: bool) -> None:
        self.look_requested.emit(replace(self._view, show_special=on))

    @Slot(bool)
    def _on_paths(self, on: bool) -> None:
        self.look_requested.emit(replace(self._view, paths_only=on))


VIEW = register_view(
    id="flow",
    label="Flow",
    sentence="How the words flow into the answer.",
    mixing_sentence="How the words mix on their way to where the answer is read.",
    place="middle",
    figure=figure,
    widget=FlowView,
    missing=missing,
    order=0,
)
