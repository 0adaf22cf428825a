"""Inside one layer: how each of its components lets words look at, bring back and keep one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QCursor, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QStackedLayout, QToolTip, QVBoxLayout, QWidget

from engine.contract import Explanation
from gui.maps.enlarged import EnlargedMap
from gui.maps.layerbar import LayerBar
from gui.maps.mappane import MapPane
from gui.maps.scalecell import Heading, ScaleCell
from gui.paint.component_grid import ComponentGrid, component_grid
from gui.paint.component_maps import TITLES, ComponentMaps, component_maps
from gui.paint.map_rows import map_look
from gui.paint.palette import LIGHT, PALETTES, Palette
from gui.paint.quiet import QuietFigure
from gui.state import SHOWS_ALL_LAYERS, Hover, ViewState
from gui.told.wording import tooltip
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


class _Grid(QWidget):
    """Seven maps and the scale in two columns; all maps are squares of one size."""

    def __init__(self, panes: Mapping[str, MapPane], headings: Mapping[str, Heading], scale: ScaleCell) -> None:
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
        self._palette, self._is_dressed = LIGHT, False
        self._stale = False
        self._large = ""  # the component that is enlarged, "" for none
        self.bar = LayerBar()
        self.panes = {key: MapPane(title) for key, (title, _) in TITLES.items()}
        self._headings = {key: Heading(*words) for key, words in TITLES.items()}
        self.scale = ScaleCell()
        self.enlarged = EnlargedMap(self.guarded)
        self._grid = _Grid(self.panes, self._headings, self.scale)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._grid)
        self._pages.addWidget(self.enlarged)
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.bar)
        box.addLayout(self._pages, 1)
        self._connect()

    def _connect(self) -> None:
        for key, pane in self.panes.items():
            pane.pointed.connect(partial(self._on_pointed, key))
            pane.opened.connect(partial(self._on_opened, key))
        self.bar.layer_chosen.connect(self._on_layer)
        self.bar.all_requested.connect(self._on_all)
        self.scale.lock.clicked.connect(self._on_lock)
        self.enlarged.pointed.connect(self._on_large_pointed)
        self.enlarged.closed.connect(self._on_closed)
        self.enlarged.head_chosen.connect(self._on_head)

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Fill the maps where something changed; light up what is pointed at."""
        if explanation.components is None:
            self.say(NO_MAPS)
            return
        before = self._look(self._view), self._stale
        same = explanation is self._explanation and (self._look(view), stale) == before
        is_redressed = self._palette.name != view.theme or not self._is_dressed
        self._explanation, self._view, self._stale = explanation, view, stale
        if is_redressed:
            self.dress(PALETTES[view.theme])
        if not same or self._maps is None:
            self._maps = component_maps(explanation, view)
            self._fill(explanation, self._maps)
        self._light(self._maps, view.hover)

    def forget(self) -> None:
        """Keep which map is enlarged, and the colours."""
        self._explanation = self._maps = None
        self.enlarged.forget()
        for pane in self.panes.values():
            pane.forget()

    def _look(self, view: ViewState) -> ViewState:
        """What the maps that are seen depend on: the heads are seen under the enlarged attention only."""
        look = map_look(view)
        return look if self._large else replace(look, head=None, every_layer=False)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self._palette, self._is_dressed = palette, True
        self.scale.dress(palette)
        self.enlarged.dress(palette)
        for heading in self._headings.values():
            heading.dress(palette)
        for pane in self.panes.values():
            pane.dress(palette)

    def _fill(self, explanation: Explanation, maps: ComponentMaps) -> None:
        self.bar.show_layers(maps.layers, maps.layer, self._palette)
        if self._large and maps.map_of(self._large).shares is not None:
            self.enlarged.show_map(explanation, self._view, maps, self._large, stale=self._stale)
            return
        self._large = ""
        self._pages.setCurrentWidget(self._grid)
        waits = NOT_YET if explanation.preview else COMPUTING
        self.scale.show_scale(maps.top, is_locked=maps.is_locked, note=maps.rows.note if maps.rows.hidden else "")
        for shown in maps.maps:
            mirrored = maps.rows.right_to_left
            self.panes[shown.key].show_map(shown.shares, maps.top, is_mirrored=mirrored, stale=self._stale, waits=waits)
        self._grid.fit_squares()

    def _light(self, maps: ComponentMaps, hover: Hover | None) -> None:
        """A word lights up its row and its column; a cell its receiver's row and its source's column."""
        source = maps.rows.row_of(hover.token) if hover else None
        receiver = maps.rows.row_of(hover.receiver) if hover and hover.receiver is not None else source
        if self._large:
            self.enlarged.light(receiver, source)
            return
        for pane in self.panes.values():
            pane.light(receiver, source)

    @Slot(int)
    def _on_layer(self, layer: int) -> None:
        self.look_requested.emit(replace(self._view, layer=layer))

    @Slot()
    def _on_all(self) -> None:
        self.look_requested.emit(replace(self._view, view=SHOWS_ALL_LAYERS))

    @Slot(bool)
    def _on_lock(self, on: bool) -> None:
        if self._maps is not None:
            self.look_requested.emit(replace(self._view, scale_top=self._maps.top if on else None))

    @Slot(object)
    def _on_head(self, head: int | None) -> None:
        self.look_requested.emit(replace(self._view, head=head))

    def _on_pointed(self, key: str, cell: tuple[int, int] | None) -> None:
        with self.guarded():
            shares = self._maps.map_of(key).shares if self._maps is not None else None
            if self._maps is None or shares is None or cell is None:
                self.scale.cell.setText("")
            else:
                self.scale.cell.setText(self._maps.rows.cell_words(float(shares[cell]), *cell))
                QToolTip.showText(QCursor.pos(), tooltip(self.scale.cell.text()), self)
            self._tell(cell)

    @Slot(object)
    def _on_large_pointed(self, cell: tuple[int, int] | None) -> None:
        self._tell(cell)

    def _tell(self, cell: tuple[int, int] | None) -> None:
        """Light up the cell's words everywhere."""
        hover = None
        if cell is not None and self._maps is not None:
            receiver, source = cell
            hover = Hover(self._maps.rows.tokens[source][0], self._maps.rows.tokens[receiver][0])
        if hover != self._view.hover:
            self.hovered.emit(hover)

    def _on_opened(self, key: str) -> None:
        with self.guarded():
            if self._explanation is None or self._maps is None or self.panes[key].shares is None:
                return
            self._large = key
            self._pages.setCurrentWidget(self.enlarged)
            self._fill(self._explanation, self._maps)
            self.enlarged.map.setFocus()

    @Slot()
    def _on_closed(self) -> None:
        """Back to the seven maps, the keyboard where it came from."""
        with self.guarded():
            opened, self._large = self._large, ""
            if self._explanation is not None and self._maps is not None:
                self._fill(self._explanation, self._maps)
                self._light(self._maps, self._view.hover)
            if opened:
                self.panes[opened].setFocus()


VIEW = register_view(
    id="components",
    label="Inside layer",
    sentence="How each component of one layer mixes the words.",
    place="right",
    figure=figure,
    widget=ComponentsView,
    missing=missing,
    aspect=1.7,
)
