"""The flow of a sentence into its answer: rows are words, layers run towards the answer, bands are what passes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QCursor, QKeyEvent, QPainter, QTransform
from PySide6.QtWidgets import QStackedLayout, QToolTip, QVBoxLayout

from engine.contract import Explanation
from gui.controls.zoomcanvas import ZoomCanvas
from gui.paint.flow_camera import WHOLE, Camera
from gui.paint.flow_figure import figure, missing, row_of, trace_of
from gui.paint.flow_hits import nearest_link, nearest_node, nearest_row, on_baseline
from gui.paint.flow_numbers import has_picture, is_grouping_awaited
from gui.paint.flow_picture import paint_graph, paint_lit_link, paint_lit_row, paint_ring, paint_words
from gui.paint.flow_scene import FlowScene, flow_scene
from gui.paint.flow_strands import CURVED_AT_MOST
from gui.paint.flow_words import baseline_words, link_words, node_words
from gui.paint.palette import LIGHT, PALETTES, Palette
from gui.state import Grouping, Hover, Node, ViewState
from gui.strips.flowstrip import FlowOffer, FlowStrip
from gui.told.flowtold import told
from gui.told.wording import tooltip
from gui.viewkit import DRAWS_A_FLOW, HostedView, register_view

ON_A_NODE = 9.0  # pixels within which the pointer means the node rather than the link that passes
BUTTON_STEP = 1.5
ZOOM_KEYS = {Qt.Key.Key_Plus: BUTTON_STEP, Qt.Key.Key_Equal: BUTTON_STEP, Qt.Key.Key_Minus: 1 / BUTTON_STEP}
STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def _words(scene: FlowScene) -> Counter[str]:
    return Counter(row.label for row in scene.numbers.rows)


def _is_alike(words: Counter[str], others: Counter[str]) -> bool:
    """Whether two pictures have most of their words in common."""
    return 2 * (words & others).total() > max(words.total(), others.total())


class FlowView(HostedView):
    """The flow on the middle card, with the strip that says what is shown of it."""

    def __init__(self) -> None:
        super().__init__("Write a sentence to see how its words flow into the answer.")
        self._explanation: Explanation | None = None
        self._view = ViewState()
        self._palette = LIGHT
        self._scene: FlowScene | None = None
        self._laid: tuple[object, ...] = ()  # what the scene was laid out for
        self._words_before: Counter[str] = Counter()  # of the picture that was forgotten
        self._camera = self._painted = WHOLE
        self._link: int | None = None
        self._cursor: tuple[int, int] | None = None
        self._traced_before: Node | None = None  # the click that begins a double click
        self.canvas = ZoomCanvas(self._paint, self._paint_words, self._paint_overlay, self.guarded)
        self.canvas.setAccessibleName("Flow of the words into the answer")
        self.canvas.setMinimumSize(320, 220)
        self.offer = FlowOffer()
        self.strip = FlowStrip()
        self._pages = QStackedLayout()
        self._pages.addWidget(self.canvas)
        self._pages.addWidget(self.offer)
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(self._pages, 1)
        box.addWidget(self.strip)
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _connect(self) -> None:
        canvas, strip = self.canvas, self.strip
        canvas.moved.connect(self._on_moved)
        canvas.left.connect(self._on_left)
        canvas.clicked.connect(self._on_clicked)
        canvas.zoom_asked.connect(self._on_zoom_asked)
        canvas.pan_asked.connect(self._on_pan_asked)
        canvas.fit_asked.connect(self._on_double_clicked)
        canvas.buttons.larger.clicked.connect(self._on_larger)
        canvas.buttons.smaller.clicked.connect(self._on_smaller)
        canvas.buttons.fit.clicked.connect(self._on_fit)
        self.offer.button.clicked.connect(self._on_offer_taken)
        strip.coverage.valueChanged.connect(self._on_coverage)
        strip.words.clicked.connect(self._on_words)
        strip.grouping_chosen.connect(self._on_grouping)
        strip.special_chosen.connect(self._on_special)
        strip.paths_chosen.connect(self._on_paths)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours and the room its type needs; the picture takes them with what it shows."""
        self.strip.dress(palette)
        self.canvas.buttons.dress(palette)

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Lay out and paint anew only what has changed: hovering keeps the painted picture, tracing the layout."""
        before, seen, shown = self._scene, self._view, self._explanation
        self._explanation, self._view, self._palette = explanation, view, PALETTES[view.theme]
        self.canvas.dress(self._palette, stale=stale)
        if explanation is shown and replace(view, hover=None) == replace(seen, hover=None) and before is not None:
            return
        why = missing(explanation, view)
        self._show_controls(why, stale=stale)
        scene = self._scene_of_text(before)
        self.strip.show_statement(scene.numbers.statement if scene else None)
        if scene is not before:
            self._link = None
        if scene is not before or (view.traced, view.theme) != (seen.traced, seen.theme):
            is_tried = explanation is shown and view.theme == seen.theme
            is_many = scene is not None and len(scene.numbers.links) > CURVED_AT_MOST
            (self.canvas.redraw_soon if is_tried and is_many else self.canvas.redraw)()

    def forget(self) -> None:
        """Keep of the picture only which words it had and where it was enlarged."""
        if self._scene is not None:
            self._words_before = _words(self._scene)
        self._explanation = self._scene = self._link = None
        self._laid = ()
        self.canvas.redraw()

    def _show_controls(self, why: str, *, stale: bool) -> None:
        explanation, view = self._explanation, self._view
        assert explanation is not None
        self.canvas.buttons.dress(self._palette)
        is_awaited = is_grouping_awaited(explanation, view)
        self.strip.show_choices(explanation, view, self._palette, is_awaited=is_awaited)
        if why:
            is_offered = view.paths_only and DRAWS_A_FLOW not in explanation.model.unavailable
            self.offer.show_why(why, self._palette, is_offered=is_offered, stale=stale)
        self._pages.setCurrentWidget(self.offer if why else self.canvas)

    def _scene_of_text(self, before: FlowScene | None) -> FlowScene | None:
        """The layout of a result that has just come: another text is seen whole, an edited one from where it was."""
        scene = self.scene()
        if scene is None or (before is not None and scene.numbers.rows is before.numbers.rows):
            return scene
        self._cursor = None
        words_before = self._words_before if before is None else _words(before)
        if not _is_alike(words_before, _words(scene)):
            self._camera = WHOLE
        self._camera = scene.lens.zoomed(self._camera, 1.0, scene.lens.left, scene.lens.top)
        return self.scene()

    def scene(self) -> FlowScene | None:
        """The layout for the canvas as it stands, None where there is nothing to lay out."""
        if self._explanation is None or not has_picture(self._explanation, self._view):
            self._scene, self._laid = None, ()
            return None
        size = (float(self.canvas.width()), float(self.canvas.height()))
        laid = (self._explanation, replace(self._view, hover=None, traced=None), size, self._camera)
        if self._scene is None or laid != self._laid:
            self._scene, self._laid = flow_scene(self._explanation, self._view, size, self._camera), laid
            self._show_camera(self._scene)
        return self._scene

    def _show_camera(self, scene: FlowScene) -> None:
        self.canvas.show_camera(
            is_enlarged=not scene.is_whole,
            is_crowded=len(scene.labels) < len(scene.numbers.rows),
            is_mirrored=scene.numbers.right_to_left,
        )

    def _look_through(self, camera: Camera) -> None:
        """Another part of the picture: the kept one stands in for it until the gesture rests."""
        if camera == self._camera:
            return
        self._camera = camera
        scene = self.scene()
        if scene is not None:
            self._link = None
            way = scene.lens.drift(self._painted, camera)
            right = way.right
            if scene.numbers.right_to_left:
                right = scene.width - way.across * scene.width - way.right
            self.canvas.drift(QTransform(way.across, 0, 0, way.down, right, way.below), scene.interior)

    def _zoom(self, factor: float, at: QPointF) -> None:
        scene = self.scene()
        if scene is not None:
            x = scene.width - at.x() if scene.numbers.right_to_left else at.x()
            self._look_through(scene.lens.zoomed(self._camera, factor, x, at.y()))

    def _zoom_on_middle(self, factor: float) -> None:
        scene = self.scene()
        if scene is not None:
            self._zoom(factor, scene.interior.center())

    def _paint(self, painter: QPainter) -> None:
        scene = self.scene()
        self._painted = self._camera
        if scene is not None:
            trace = trace_of(scene, self._view.traced)
            paint_graph(painter, scene, self._palette, trace, draft=self.canvas.is_draft)

    def _paint_words(self, painter: QPainter) -> None:
        scene = self.scene()
        if scene is not None:
            paint_words(painter, scene, self._palette, trace_of(scene, self._view.traced), self._view.layer)

    def _paint_overlay(self, painter: QPainter) -> None:
        """The lit-up rows, the link under the pointer, the node the keyboard is on."""
        scene = self.scene()
        if scene is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not scene.is_whole:
            inner = scene.interior
            painter.setClipRect(QRectF(0, inner.top(), scene.width, inner.height()))
        hover = self._view.hover
        for token, share in ((hover.token, 34), (hover.receiver, 18)) if hover else ():
            row = row_of(scene, token) if token is not None else None
            if row is not None:
                paint_lit_row(painter, scene, self._palette, row, share)
        if not scene.is_whole:
            painter.setClipRect(scene.interior)
        if self._link is not None:
            paint_lit_link(painter, scene, self._palette, self._link, trace_of(scene, self._view.traced))
        if self._cursor is not None:
            paint_ring(painter, scene, self._palette, *self._cursor)

    @Slot(QPointF)
    def _on_moved(self, at: QPointF) -> None:
        with self.guarded():
            scene = self.scene()
            if scene is not None:
                hover, link, words = self._under(scene, at.x(), at.y())
                self._light(hover, link)
                QToolTip.showText(QCursor.pos(), tooltip(words), self.canvas)

    def _under(self, scene: FlowScene, x: float, y: float) -> tuple[Hover | None, int | None, str]:
        """What the pointer means: a node, the baseline, a link, or a row; in words too."""
        numbers = scene.numbers
        node = nearest_node(scene, x, y, within=ON_A_NODE)
        if node is not None:
            return Hover(numbers.rows[node[1]].tokens[0]), None, node_words(numbers, *node)
        boundary = on_baseline(scene, x, y)
        if boundary is not None:
            return None, None, baseline_words(numbers, boundary)
        link = nearest_link(scene, x, y, trace_of(scene, self._view.traced))
        if link is not None:
            source = numbers.rows[numbers.links.source[link]].tokens[0]
            receiver = numbers.rows[numbers.links.receiver[link]].tokens[0]
            return Hover(source, receiver), link, link_words(numbers, link)
        row = nearest_row(scene, x, y)
        if row is None:
            return None, None, ""
        return Hover(numbers.rows[row].tokens[0]), None, node_words(numbers, 0, row)

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
            self._traced_before = self._view.traced
            if scene is not None:
                self._pick(scene, nearest_node(scene, at.x(), at.y()))

    def _pick(self, scene: FlowScene, at: tuple[int, int] | None) -> None:
        """Trace this node; the traced one again, or no node, returns to the answer."""
        trace = trace_of(scene, self._view.traced)
        if at is None or (trace is not None and at == (trace.boundary, trace.row)):
            self.picked.emit(None)
        else:
            numbers = scene.numbers
            self.picked.emit(Node(numbers.boundaries[at[0]], numbers.rows[at[1]].tokens[0]))

    @Slot(float, QPointF)
    def _on_zoom_asked(self, factor: float, at: QPointF) -> None:
        with self.guarded():
            self._zoom(factor, at)

    @Slot(QPointF)
    def _on_pan_asked(self, way: QPointF) -> None:
        with self.guarded():
            scene = self.scene()
            if scene is not None:
                right = -way.x() if scene.numbers.right_to_left else way.x()
                self._look_through(scene.lens.panned(self._camera, right, way.y()))

    @Slot()
    def _on_double_clicked(self) -> None:
        """The whole picture; what the first of the two clicks did is taken back."""
        if self._traced_before != self._view.traced:
            self.picked.emit(self._traced_before)
        self._on_fit()

    @Slot()
    def _on_larger(self) -> None:
        self._zoom_on_middle(BUTTON_STEP)

    @Slot()
    def _on_smaller(self) -> None:
        self._zoom_on_middle(1 / BUTTON_STEP)

    @Slot()
    def _on_fit(self) -> None:
        self._camera = WHOLE
        self.canvas.redraw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk over the nodes, Enter traces, Esc returns to the answer; + and − zoom, 0 shows the whole."""
        key = Qt.Key(event.key())
        with self.guarded():
            scene = self.scene()
            if scene is None:
                return
            if key in STEPS:
                self._walk(scene, *STEPS[key])
            elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._cursor is not None:
                self._pick(scene, self._cursor)
            elif key in ZOOM_KEYS:
                self._zoom_on_middle(ZOOM_KEYS[key])
            elif key == Qt.Key.Key_0:
                self._on_fit()
            elif key == Qt.Key.Key_Escape and self._view.traced is not None:
                self.picked.emit(None)
            else:
                super().keyPressEvent(event)

    def _walk(self, scene: FlowScene, across: int, down: int) -> None:
        column, row = self._cursor or (0, 0)
        if self._cursor is not None:
            column += -across if scene.numbers.right_to_left else across
        column = min(max(column, 0), scene.numbers.layers)
        row = min(max(row + (down if self._cursor is not None else 0), 0), len(scene.lines) - 1)
        self._cursor = (column, row)
        self._light(Hover(scene.numbers.rows[row].tokens[0]), None)
        x = float(scene.columns[column])
        x = scene.width - x if scene.numbers.right_to_left else x
        self._look_through(scene.lens.revealing(self._camera, x, float(scene.lines[row]), 2 * scene.unit))
        scene = self.scene() or scene
        words = node_words(scene.numbers, column, row)
        self.canvas.setAccessibleDescription(words)
        at = QPointF(scene.columns[column] + 12, scene.lines[row])
        QToolTip.showText(self.canvas.mapToGlobal(at.toPoint()), tooltip(words), self.canvas)
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

    @Slot(object)
    def _on_grouping(self, grouping: Grouping) -> None:
        self.look_requested.emit(replace(self._view, grouping=grouping))

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
    told=told,
)
