"""What each word holds after each layer: rows are words, columns are layers, a cell is a share of the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QCursor, QKeyEvent, QPainter
from PySide6.QtWidgets import QStackedLayout, QToolTip, QVBoxLayout

from engine.contract import Explanation
from gui.controls.canvas import Canvas
from gui.guide.help import help_text
from gui.paint.colour import qcolor
from gui.paint.layer_numbers import has_layers
from gui.paint.layer_picture import paint_frame, paint_layers
from gui.paint.layer_scene import LayerScene, Spot, layer_scene
from gui.paint.layer_words import spot_words
from gui.paint.palette import LIGHT, PALETTES, Palette
from gui.paint.quiet import QuietFigure
from gui.state import Hover, Node, ViewState
from gui.strips.flowstrip import FlowOffer
from gui.strips.rowstrip import RowStrip
from gui.told.layer_prose import no_layers, tell_layers
from gui.told.wording import tooltip
from gui.viewkit import DRAWS_A_FLOW, HostedView, register_view

LIT = 34  # of 255: how strongly a lit row is tinted
STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
HIDDEN_NOTE = "hidden: {names}, counted in the last line"
BASELINE_NOTE = "baseline to come: what enters behind that layer"
ROLLOUT_NOTE = "parts of what has reached {place} after each layer"


@dataclass(frozen=True, slots=True)
class LayersFigure:
    """The picture as a finished drawing; ``traced`` is the cell that is followed."""

    scene: LayerScene
    traced: Spot | None
    rect: QRectF
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """What a cell is where it is not the usual, and what is hidden."""
        numbers = self.scene.numbers
        hidden = HIDDEN_NOTE.format(names=", ".join(numbers.hidden)) if numbers.hidden else ""
        reached = ROLLOUT_NOTE.format(place=numbers.place or "the answer") if numbers.is_rollout else ""
        return tuple(note for note in (BASELINE_NOTE if numbers.is_signed else "", reached, hidden) if note)

    def paint(self, painter: QPainter) -> None:
        """Draw it into its rectangle."""
        painter.save()
        painter.translate(self.rect.topLeft())
        paint_picture(painter, self.scene, self.traced, self.palette)
        painter.restore()


def paint_picture(painter: QPainter, scene: LayerScene, traced: Spot | None, palette: Palette) -> None:
    """The cells, and a frame around the traced one."""
    paint_layers(painter, scene, palette)
    if traced is not None and traced.column is not None and traced.line is not None:
        paint_frame(painter, scene.cell(traced.column, traced.line), palette.text, 2.0)


def traced_spot(scene: LayerScene, node: Node | None) -> Spot | None:
    """The cell of the traced node, None where it is not in this picture."""
    numbers = scene.numbers
    row = numbers.row_of(node.token) if node is not None else None
    if node is None or row is None or node.boundary not in numbers.boundaries:
        return None
    return Spot(numbers.boundaries.index(node.boundary), row)


def missing(explanation: Explanation, _: ViewState) -> str:
    """Why there is nothing to show of single layers, "" where there is."""
    return no_layers(explanation)


def figure(explanation: Explanation, view: ViewState, rect: QRectF, palette: Palette) -> LayersFigure | QuietFigure:
    """The picture for one size."""
    if not has_layers(explanation):
        return QuietFigure(missing(explanation, view), rect, palette)
    scene = layer_scene(explanation, view, (rect.width(), rect.height()))
    return LayersFigure(scene, traced_spot(scene, view.traced), rect, palette)


def _look(view: ViewState) -> tuple[object, ...]:
    """What of a way of looking decides where the cells stand and how they are coloured."""
    rows = (view.whole_words, view.split_words, view.show_special)
    return (*rows, view.grouping, view.layer, view.theme)


class LayersView(HostedView):
    """The picture on the middle card, with the switches for its rows."""

    def __init__(self) -> None:
        super().__init__("Write a sentence to see what its words hold after each layer.")
        self._explanation: Explanation | None = None
        self._view = ViewState()
        self._palette = LIGHT
        self._scene: LayerScene | None = None
        self._cursor: Spot | None = None
        self.canvas = Canvas(self._paint, self._paint_overlay, self.guarded)
        self.canvas.setAccessibleName(help_text("layers", "picture"))
        self.canvas.setAccessibleDescription(help_text("layers", "hint"))
        self.canvas.setMinimumSize(320, 220)
        self.canvas.moved.connect(self._on_moved)
        self.canvas.left.connect(self._on_left)
        self.canvas.clicked.connect(self._on_clicked)
        self.offer = FlowOffer()
        self.offer.button.setText(help_text("missing", "show_decompx_layers"))
        self.offer.button.clicked.connect(self._on_offer_taken)
        self.strip = RowStrip()
        self.strip.look_requested.connect(self.look_requested)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.canvas)
        self._pages.addWidget(self.offer)
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(self._pages, 1)
        box.addWidget(self.strip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Lay out anew only what has changed: hovering keeps the painted picture, tracing keeps the layout."""
        new = explanation is not self._explanation
        laid = new or _look(view) != _look(self._view)
        repainted = laid or view.traced != self._view.traced
        self._explanation, self._view, self._palette = explanation, view, PALETTES[view.theme]
        self.canvas.dress(self._palette, stale=stale)
        if laid:
            self._scene = self._cursor = None
            self.strip.dress(self._palette)
            self.strip.show_choices(explanation, view)
            self.scene()
        why = missing(explanation, view)
        if why:
            is_offered = DRAWS_A_FLOW not in explanation.model.unavailable
            self.offer.show_why(why, self._palette, is_offered=is_offered, stale=stale)
        self.strip.setVisible(not why)
        self._pages.setCurrentWidget(self.offer if why else self.canvas)
        if repainted:
            self.canvas.redraw()

    def forget(self) -> None:
        """Nothing is left to lay out."""
        self._explanation = self._scene = self._cursor = None
        self.canvas.redraw()

    def scene(self) -> LayerScene | None:
        """The layout for the canvas as it stands, None where there is nothing to lay out."""
        size = (float(self.canvas.width()), float(self.canvas.height()))
        if self._explanation is None or not has_layers(self._explanation):
            return None
        if self._scene is None or (self._scene.width, self._scene.height) != size:
            self._scene = layer_scene(self._explanation, self._view, size, lit=self._view.layer)
        return self._scene

    def _paint(self, painter: QPainter) -> None:
        scene = self.scene()
        if scene is not None:
            paint_picture(painter, scene, traced_spot(scene, self._view.traced), self._palette)

    def _paint_overlay(self, painter: QPainter) -> None:
        """The lit-up rows, the layer that is looked into, the cell the keyboard is on."""
        scene = self.scene()
        if scene is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hover = self._view.hover
        for token in {hover.token, hover.receiver} if hover else ():
            row = scene.numbers.row_of(token) if token is not None else None
            if row is not None:
                self._paint_row(painter, scene, row)
        if self._cursor is not None and self._cursor.column is not None:
            cell = self._head(scene, self._cursor.column)
            if self._cursor.line is not None:
                cell = scene.cell(self._cursor.column, self._cursor.line)
            paint_frame(painter, cell, self._palette.accent, 2.0)

    def _head(self, scene: LayerScene, column: int) -> QRectF:
        """Where the name of a column stands."""
        tall = 1.6 * scene.unit
        return QRectF(float(scene.columns[column]), float(scene.tops[0]) - tall - 2, scene.wide, tall)

    def _paint_row(self, painter: QPainter, scene: LayerScene, row: int) -> None:
        cells = scene.line(row)
        left = 0.3 * scene.unit
        beside = QRectF(left, cells.top(), cells.left() - left, cells.height())
        if scene.numbers.right_to_left:
            beside = QRectF(cells.right(), cells.top(), scene.width - left - cells.right(), cells.height())
        tint = QColor(qcolor(self._palette.accent))
        tint.setAlpha(LIT)
        grown = max(0.0, 4.0 - cells.height()) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(beside.adjusted(0, -grown, 0, grown), 4, 4)
        paint_frame(painter, cells, self._palette.text, 1.2)

    @Slot(QPointF)
    def _on_moved(self, at: QPointF) -> None:
        with self.guarded():
            scene = self.scene()
            spot = scene.spot_at(at.x(), at.y()) if scene is not None else None
            if scene is not None:
                self._light(scene, spot)
                QToolTip.showText(QCursor.pos(), tooltip(spot_words(scene, spot)) if spot else "", self.canvas)

    def _light(self, scene: LayerScene, spot: Spot | None) -> None:
        """Light up the word of a spot everywhere."""
        is_word = spot is not None and spot.line is not None and spot.line < scene.count
        hover = Hover(scene.numbers.rows[spot.line].tokens[0]) if is_word and spot and spot.line is not None else None
        if hover != self._view.hover:
            self.hovered.emit(hover)

    @Slot()
    def _on_left(self) -> None:
        if self._view.hover is not None:
            self.hovered.emit(None)

    @Slot(QPointF)
    def _on_clicked(self, at: QPointF) -> None:
        with self.guarded():
            self.setFocus()
            scene = self.scene()
            spot = scene.spot_at(at.x(), at.y()) if scene is not None else None
            if scene is not None and spot is not None:
                self._choose(scene, spot)

    def _choose(self, scene: LayerScene, spot: Spot) -> None:
        """A column's name looks inside its layer; a cell traces its word, the traced one again returns."""
        numbers = scene.numbers
        boundary = numbers.boundaries[spot.column] if spot.column is not None else 0
        if spot.line is None or numbers.is_rollout:
            if boundary > 0:
                self.look_requested.emit(replace(self._view, layer=boundary - 1))
        elif spot.line < scene.count:
            node = Node(boundary, numbers.rows[spot.line].tokens[0])
            self.picked.emit(None if node == self._view.traced else node)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk over the cells and the names above them, Enter chooses, Esc returns to the answer."""
        key = Qt.Key(event.key())
        with self.guarded():
            scene = self.scene()
            if scene is not None and key in STEPS:
                self._walk(scene, *STEPS[key])
            elif scene is not None and self._cursor and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
                self._choose(scene, self._cursor)
            elif key == Qt.Key.Key_Escape and self._view.traced is not None:
                self.picked.emit(None)
            else:
                super().keyPressEvent(event)

    def _walk(self, scene: LayerScene, across: int, down: int) -> None:
        column, line = 0, 0
        if self._cursor is not None and self._cursor.column is not None:
            before = -1 if self._cursor.line is None else self._cursor.line
            column = self._cursor.column + (-across if scene.numbers.right_to_left else across)
            column = min(max(column, 0), len(scene.columns) - 1)
            line = min(max(before + down, -1), len(scene.tops) - 1)
        self._cursor = Spot(column, line if line >= 0 else None)
        self._light(scene, self._cursor)
        words = spot_words(scene, self._cursor)
        self.canvas.setAccessibleDescription(words)
        cell = scene.cell(column, line) if line >= 0 else self._head(scene, column)
        QToolTip.showText(self.canvas.mapToGlobal(cell.bottomRight().toPoint()), tooltip(words), self.canvas)
        self.canvas.update()

    @Slot()
    def _on_offer_taken(self) -> None:
        self.method_requested.emit(DRAWS_A_FLOW)


VIEW = register_view(
    id="layers",
    label="Layers",
    sentence="What each word holds, layer by layer.",
    mixing_sentence="What passes through each word, layer by layer.",
    place="middle",
    figure=figure,
    widget=LayersView,
    missing=missing,
    told=tell_layers,
    order=1,
)
