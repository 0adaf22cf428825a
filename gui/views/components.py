"""Inside one layer: how each of its components lets words look at, bring back and keep one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QCursor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QStackedLayout, QToolTip, QVBoxLayout, QWidget

from engine.contract import Explanation
from gui.canvas import Canvas
from gui.help import help_text
from gui.mappane import MapPane
from gui.paint.colour import css
from gui.paint.component_grid import ComponentGrid, component_grid
from gui.paint.component_maps import SCALE_TITLE, SCALE_WORDS, TITLES, ComponentMap, ComponentMaps, component_maps
from gui.paint.heatmap import NamedMap, named_map, outline, paint_scale
from gui.paint.palette import LIGHT, PALETTES, Palette
from gui.paint.quiet import QuietFigure
from gui.paint.typeface import LEFT, Ink, metrics, place
from gui.segments import Segments
from gui.state import Hover, ViewState
from gui.viewkit import HostedView, register_view

ROOM_TO_EXPLAIN = 640  # pixels of height: below, the maps need the room more than the words do
COMPUTING, NOT_YET = "…computing", "not yet"  # the dear maps of a preview wait for the full answer
NO_MAPS = "This run kept no maps of the layers' components."


def missing(explanation: Explanation, _: ViewState) -> str:
    """Why there are no maps of this result, "" where there are."""
    return NO_MAPS if explanation.components is None else ""


def figure(explanation: Explanation, view: ViewState, rect: QRectF, palette: Palette) -> ComponentGrid | QuietFigure:
    """The seven maps and their scale as one drawing."""
    if explanation.components is None:
        return QuietFigure(NO_MAPS, rect, palette)
    return component_grid(component_maps(explanation, view), rect, palette)


class _Heading(QWidget):
    """A title, and below it in plain words what the map shows."""

    def __init__(self, title: str, subtitle: str) -> None:
        super().__init__()
        self._title, self._subtitle = QLabel(title), QLabel(subtitle)
        self._subtitle.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._title)
        box.addWidget(self._subtitle)
        box.addStretch(1)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self._title.setStyleSheet(f"color: {css(palette.text)}; font-weight: 600;")
        small = round(0.84 * self.fontInfo().pixelSize())
        self._subtitle.setStyleSheet(f"color: {css(palette.muted)}; font-size: {small}px;")


class _ColourBar(QWidget):
    """The scale of all maps."""

    def __init__(self) -> None:
        super().__init__()
        self._top, self._colours = 1.0, LIGHT
        self.setMinimumHeight(40)
        self.setMaximumWidth(220)

    def show_scale(self, top: float, palette: Palette) -> None:
        """From nothing to ``top``."""
        self._top, self._colours = top, palette
        self.setAccessibleName(f"Colour scale from 0 to {top:g}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ramp and three numbers."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pixels = round(0.92 * self.fontInfo().pixelSize())
        paint_scale(painter, self._colours, QRectF(1, 6, self.width() - 2, 13), self._top, pixels)
        painter.end()


class _Scale(QWidget):
    """The eighth cell: the colour bar, how to read a cell, and the cell under the pointer."""

    def __init__(self) -> None:
        super().__init__()
        self._heading = _Heading(*SCALE_TITLE)
        self._bar = _ColourBar()
        self._how = QLabel("\n".join(SCALE_WORDS))
        self.cell = QLabel()
        self.cell.setTextFormat(Qt.TextFormat.PlainText)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        for label in (self._how, self.cell):
            label.setWordWrap(True)
        for widget in (self._heading, self._bar, self._how, self.cell):
            box.addWidget(widget)
        box.addStretch(1)

    def explain(self, fully: bool) -> None:
        """Say how to read a cell where there is room, on the tooltip everywhere."""
        self._how.setVisible(fully)
        self.setToolTip("\n".join(SCALE_WORDS))

    def show_scale(self, top: float, palette: Palette) -> None:
        """Take the scale and the theme's colours."""
        self._heading.dress(palette)
        self._bar.show_scale(top, palette)
        small = round(0.92 * self.fontInfo().pixelSize())
        self._how.setStyleSheet(f"color: {css(palette.muted)}; font-size: {small}px;")
        self.cell.setStyleSheet(f"color: {css(palette.text)}; font-size: {small}px; font-weight: 600;")


class _Grid(QWidget):
    """Seven maps and the scale in two columns; all maps are squares of one size."""

    def __init__(self, panes: Mapping[str, MapPane], headings: Mapping[str, _Heading], scale: _Scale) -> None:
        super().__init__()
        self._panes = tuple(panes.values())
        self._scale = scale
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for index, (key, pane) in enumerate(panes.items()):
            line, column = divmod(index, 2)
            grid.addWidget(headings[key], 2 * line, column, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(pane, 2 * line + 1, column)
            grid.setRowStretch(2 * line + 1, 1)
        grid.addWidget(scale, 6, 1, 2, 1)
        for column in range(2):
            grid.setColumnStretch(column, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One size for all maps, the one that fits everywhere."""
        self._scale.explain(event.size().height() >= ROOM_TO_EXPLAIN)
        self.fit_squares()

    def fit_squares(self) -> None:
        """Measure anew, after a title or a number has changed its height."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
        side = min(min(pane.width(), pane.height()) for pane in self._panes)
        for pane in self._panes:
            pane.fit_square(side)


class ComponentsView(HostedView):
    """Seven linked heatmaps of one layer; a click enlarges one with its words."""

    def __init__(self) -> None:
        super().__init__("The maps of each layer appear here.")
        self._explanation: Explanation | None = None
        self._view = ViewState()
        self._maps: ComponentMaps | None = None
        self._palette = LIGHT
        self._stale = False
        self._large: ComponentMap | None = None
        self._named: NamedMap | None = None
        self.layers = Segments("Layer")
        self.layers.setToolTip(help_text("views", "layer"))
        self.layers.chosen.connect(self._on_layer)
        self._title = QLabel("Inside layer")
        self.panes = {key: MapPane(title) for key, (title, _) in TITLES.items()}
        self._headings = {key: _Heading(*words) for key, words in TITLES.items()}
        self.scale = _Scale()
        self.enlarged = Canvas(self._paint_large, self._paint_large_overlay, self.guarded)
        self.enlarged.setAccessibleName("Enlarged map")
        self.enlarged.moved.connect(self._on_large_moved)
        self.enlarged.clicked.connect(self._on_large_clicked)
        self.enlarged.left.connect(self._on_left)
        self._pages = QStackedLayout()
        self._grid = _Grid(self.panes, self._headings, self.scale)
        for key, pane in self.panes.items():
            pane.pointed.connect(partial(self._on_pointed, key))
            pane.opened.connect(partial(self._on_opened, key))
        self._pages.addWidget(self._grid)
        self._pages.addWidget(self.enlarged)
        top = QHBoxLayout()
        top.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        top.addSpacing(10)
        top.addWidget(self.layers, 1)
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(top)
        box.addLayout(self._pages, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Fill the maps where something changed; light up what is pointed at."""
        if explanation.components is None:
            self.say(NO_MAPS)
            return
        same = explanation is self._explanation and (view.layer, view.whole_words, view.theme, stale) == (
            self._view.layer,
            self._view.whole_words,
            self._view.theme,
            self._stale,
        )
        self._explanation, self._view, self._palette, self._stale = explanation, view, PALETTES[view.theme], stale
        if not same or self._maps is None:
            self._maps = component_maps(explanation, view)
            self._fill(self._maps)
        self._light(self._maps, view.hover)

    def _fill(self, maps: ComponentMaps) -> None:
        self._title.setStyleSheet(f"color: {css(self._palette.muted)}; font-weight: 600; padding-top: 4px;")
        numbers = [str(layer + 1) for layer in range(maps.layers)]
        self.layers.show_labels(numbers, maps.layer, self._palette)
        self.scale.show_scale(maps.top, self._palette)
        is_preview = self._explanation is not None and self._explanation.preview
        waits = NOT_YET if is_preview else COMPUTING
        for shown in maps.maps:
            self._headings[shown.key].dress(self._palette)
            self.panes[shown.key].show_map(shown.shares, maps.top, self._palette, stale=self._stale, waits=waits)
        self._grid.fit_squares()
        if self._large is not None:
            self._enlarge(self._large.key)
        self.enlarged.dress(self._palette, stale=self._stale)

    def _light(self, maps: ComponentMaps, hover: Hover | None) -> None:
        """A word lights up its row and its column; a cell its receiver's row and its source's column."""
        source = maps.row_of(hover.token) if hover else None
        receiver = maps.row_of(hover.receiver) if hover and hover.receiver is not None else source
        for pane in self.panes.values():
            pane.light(receiver, source)
        self.enlarged.update()

    @Slot(int)
    def _on_layer(self, layer: int) -> None:
        self.look_requested.emit(replace(self._view, layer=layer))

    def _on_pointed(self, key: str, cell: tuple[int, int] | None) -> None:
        with self.guarded():
            self._tell(self.panes[key].shares, cell)

    def _tell(self, shares: object, cell: tuple[int, int] | None) -> None:
        """Light up the cell's words everywhere and write its number."""
        maps = self._maps
        shown = next((one.shares for one in maps.maps if one.shares is shares), None) if maps else None
        if maps is None or shown is None or cell is None:
            self.scale.cell.setText("")
            hover = None
        else:
            receiver, source = cell
            self.scale.cell.setText(maps.cell_words(shown, receiver, source))
            QToolTip.showText(QCursor.pos(), self.scale.cell.text(), self)
            hover = Hover(maps.row_tokens[source][0], maps.row_tokens[receiver][0])
        if hover != self._view.hover:
            self.hovered.emit(hover)

    def _on_opened(self, key: str) -> None:
        with self.guarded():
            if self.panes[key].shares is not None:
                self._enlarge(key)
                self._pages.setCurrentWidget(self.enlarged)
                self.setFocus()

    def _enlarge(self, key: str) -> None:
        maps = self._maps
        self._large = next((shown for shown in maps.maps if shown.key == key), None) if maps else None
        self._named = None
        if self._large is None or self._large.shares is None:
            self._shrink()
        self.enlarged.redraw()

    def _shrink(self) -> None:
        self._large = self._named = None
        self._pages.setCurrentIndex(0)

    def _layout_large(self) -> NamedMap | None:
        """The enlarged map for the canvas as it stands."""
        if self._maps is None or self._large is None or self._large.shares is None:
            return None
        pixels = self.fontInfo().pixelSize()
        area = QRectF(self.enlarged.rect()).adjusted(0, 3.2 * pixels, -4, -5 * pixels)
        if self._named is None or self._named.area != area:
            self._named = named_map(self._large.shares, self._maps.names, self._maps.top, area, pixels)
        return self._named

    def _paint_large(self, painter: QPainter) -> None:
        named = self._layout_large()
        if named is None or self._large is None or self._maps is None:
            return
        pixels = self.fontInfo().pixelSize()
        line = metrics(pixels).height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place(self._large.title, Ink(pixels, bold=True), (0, line / 2), LEFT).paint(painter, self._palette)
        place(self._large.subtitle, Ink(pixels, "muted"), (0, 1.5 * line), LEFT).paint(painter, self._palette)
        named.paint(painter, self._palette)
        square = named.heatmap.rect
        bar = QRectF(square.left(), square.bottom() + pixels, min(square.width(), 220), pixels)
        paint_scale(painter, self._palette, bar, self._maps.top, round(0.9 * pixels))

    def _paint_large_overlay(self, painter: QPainter) -> None:
        named, maps, hover = self._layout_large(), self._maps, self._view.hover
        if named is None or maps is None or hover is None or hover.receiver is None:
            return
        receiver, source = maps.row_of(hover.receiver), maps.row_of(hover.token)
        if receiver is not None and source is not None:
            outline(painter, self._palette, named.heatmap.cell_rect(receiver, source))

    @Slot(QPointF)
    def _on_large_moved(self, at: QPointF) -> None:
        with self.guarded():
            named = self._layout_large()
            if named is not None:
                self._tell(named.heatmap.shares, named.heatmap.cell_at(at.x(), at.y()))

    @Slot(QPointF)
    def _on_large_clicked(self, at: QPointF) -> None:
        self._shrink()

    @Slot()
    def _on_left(self) -> None:
        self._tell(None, None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc returns from the enlarged map."""
        if event.key() == Qt.Key.Key_Escape and self._large is not None:
            self._shrink()
        else:
            super().keyPressEvent(event)


VIEW = register_view(
    id="components",
    label="Inside layer",
    sentence="How each component of one layer mixes the words.",
    place="right",
    figure=figure,
    widget=ComponentsView,
    missing=missing,
    aspect=1.9,
)
