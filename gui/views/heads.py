"""The attention heads: where each looks, all of a layer side by side, one large, or those of every layer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRectF, Slot
from PySide6.QtGui import QCursor, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from engine.contract import Explanation
from gui.controls.segments import Segments
from gui.guide.help import help_text
from gui.maps.gallery import Gallery
from gui.maps.largemap import LargeContent, LargeMap
from gui.paint.head_figure import HeadFigure
from gui.paint.head_maps import HeadMaps, front_head, head_maps
from gui.paint.head_tiles import every_tiles, head_name, layer_tiles, strip_tiles
from gui.paint.head_words import told
from gui.paint.map_rows import map_look, map_rows, strongest_in
from gui.paint.palette import LIGHT, PALETTES, Palette
from gui.paint.tiles import TilesFigure
from gui.state import Hover, ViewState
from gui.strips.rowstrip import RowStrip
from gui.told.wording import tooltip
from gui.viewkit import HostedView, register_view

STRIP_SHARE, STRIP_HEIGHT = 0.26, 92  # of the card's width beside the head in front, or pixels under it
QWIDGETSIZE_MAX = 16_777_215  # Qt's own word for no limit


def figure(explanation: Explanation, view: ViewState, rect: QRectF, palette: Palette) -> TilesFigure | HeadFigure:
    """All heads of the chosen layer, those of every layer, or the one in front, as one drawing."""
    front = front_head(explanation, view)
    if front is not None:
        return HeadFigure(head_maps(explanation, view), front, rect, palette)
    lay_out = every_tiles if view.every_layer else layer_tiles
    tiles = lay_out(explanation, view, rect.width(), rect.height())
    return TilesFigure(tiles, QPointF(rect.topLeft()), palette)


class _Front(QWidget):
    """One head large, the others of its layer under it or beside it."""

    def __init__(self, large: LargeMap, strip: Gallery) -> None:
        super().__init__()
        self._strip = strip
        self.back = QPushButton(help_text("heads", "back"))
        self.back.setObjectName("link")
        self.back.setToolTip(help_text("heads", "back_hint"))
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self._box.addWidget(large, 1)
        self._box.addWidget(strip)
        self.back.setParent(self)  # beside the title of the map, which needs no line of its own

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The strip stands where the map leaves room."""
        width, height = event.size().width(), event.size().height()
        is_wide = width > 1.15 * height
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)
        beside = round(STRIP_SHARE * width)
        self._strip.setMinimumSize(*((beside, 0) if is_wide else (0, STRIP_HEIGHT)))
        self._strip.setMaximumSize(*((beside, QWIDGETSIZE_MAX) if is_wide else (QWIDGETSIZE_MAX, STRIP_HEIGHT)))
        self.back.adjustSize()
        self.back.move(width - self.back.width() - (beside + 8 if is_wide else 0), 0)
        self.back.raise_()


def _cell_words(maps: HeadMaps, head: int, cell: tuple[int, int]) -> str:
    """Which head, what it mostly does, and the cell in words."""
    value = float(maps.shares[head][cell])
    name = f"Layer {maps.layer + 1}, {head_name(head)}: {maps.habits[head].words}"
    return f"{name}\n{maps.rows.cell_words(value, *cell)}"


class HeadsView(HostedView):
    """Thumbnails of all heads; a click brings one to the front."""

    def __init__(self) -> None:
        super().__init__("What every attention head looks at appears here.")
        self._explanation: Explanation | None = None
        self._view = ViewState()
        self._stale = False
        self._palette = LIGHT
        self.gallery = Gallery(help_text("heads", "all"), self.guarded)
        self.gallery.setMinimumSize(280, 200)
        self.large = LargeMap(self.guarded)
        self.others = Gallery(help_text("maps", "strip"), self.guarded)
        self.front = _Front(self.large, self.others)
        self.scope = Segments(help_text("heads", "scope"))
        self.scope.setToolTip(help_text("heads", "scope_hint"))
        self.scope.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.strip = RowStrip()
        self.strip.line.insertWidget(0, self.scope)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.gallery)
        self._pages.addWidget(self.front)
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(self._pages, 1)
        box.addWidget(self.strip)
        self.gallery.opened.connect(self._on_opened)
        self.gallery.pointed.connect(self._on_tile_pointed)
        self.gallery.can_close = False
        self.others.opened.connect(self._on_opened)
        self.others.walked.connect(self._on_opened)
        self.others.pointed.connect(self._on_tile_pointed)
        for closing in (self.others.closed, self.large.closed, self.front.back.clicked):
            closing.connect(self._on_closed)
        self.large.pointed.connect(self._on_cell_pointed)
        self.strip.look_requested.connect(self.look_requested)
        self.scope.chosen.connect(self._on_scope)

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Show the heads anew where something changed; light up what is pointed at."""
        before = map_look(self._view), self._stale
        same = explanation is self._explanation and (map_look(view), stale) == before
        self._explanation, self._view, self._stale = explanation, view, stale
        if not same:
            self.dress(PALETTES[view.theme])
            self._fill(explanation, view)
        self._light(explanation, view)

    def forget(self) -> None:
        """Keep where in the large map somebody was."""
        self._explanation = None
        for canvas in (self.gallery, self.large, self.others):
            canvas.forget()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours; the maps take them with what they show."""
        self._palette = palette
        self.strip.dress(palette)

    def _fill(self, explanation: Explanation, view: ViewState) -> None:
        scopes = (
            help_text("heads", "this_layer", layer=str(min(view.layer, explanation.model.layers - 1) + 1)),
            help_text("heads", "every_layer"),
        )
        self.scope.show_labels(scopes, int(view.every_layer), self._palette)
        self.strip.show_choices(explanation, view)
        front = front_head(explanation, view)
        self._pages.setCurrentWidget(self.gallery if front is None else self.front)
        if front is None:
            lay_out = every_tiles if view.every_layer else layer_tiles
            self.gallery.show_tiles(partial(lay_out, explanation, view), self._palette, stale=self._stale)
            return
        maps = head_maps(explanation, view)
        title = f"Layer {maps.layer + 1}, {head_name(front)}"
        content = LargeContent(maps.shares[front], maps.rows, maps.top, title, maps.habits[front].words)
        self.large.show_content(content, self._palette, stale=self._stale)
        self.others.show_tiles(partial(strip_tiles, explanation, view), self._palette, stale=self._stale)

    def _light(self, explanation: Explanation, view: ViewState) -> None:
        rows, hover = map_rows(explanation, view), view.hover
        source = rows.row_of(hover.token) if hover else None
        receiver = rows.row_of(hover.receiver) if hover and hover.receiver is not None else source
        for canvas in (self.gallery, self.large, self.others):
            canvas.light(receiver, source)

    @Slot(object)
    def _on_opened(self, key: tuple[int, int]) -> None:
        self.look_requested.emit(replace(self._view, layer=key[0], head=key[1]))
        self.others.setFocus()

    @Slot()
    def _on_closed(self) -> None:
        front = self._view.head
        self.look_requested.emit(replace(self._view, head=None))
        self.gallery.setFocus()
        if front is not None:
            self.gallery.walk_to((self._view.layer, front))

    @Slot(int)
    def _on_scope(self, scope: int) -> None:
        self.look_requested.emit(replace(self._view, every_layer=bool(scope), head=None))

    @Slot(object)
    def _on_tile_pointed(self, at: tuple[tuple[int, int], tuple[int, int] | None] | None) -> None:
        with self.guarded():
            if at is None or at[1] is None or self._explanation is None:
                QToolTip.hideText()
                self._tell(None)
                return
            layer, head = at[0]
            maps = head_maps(self._explanation, replace(self._view, layer=layer))
            cell = strongest_in(maps.shares[head], at[1], self._step())
            QToolTip.showText(QCursor.pos() + QPoint(8, 8), tooltip(_cell_words(maps, head, cell)), self)
            self._tell(cell)

    def _step(self) -> int:
        """How many words a side a cell of what is pointed at stands for."""
        is_all = self._explanation is None or front_head(self._explanation, self._view) is None
        tiles = (self.gallery if is_all else self.others).tiles()
        return tiles.step if tiles is not None else 1

    @Slot(object)
    def _on_cell_pointed(self, cell: tuple[int, int] | None) -> None:
        self._tell(cell)

    def _tell(self, cell: tuple[int, int] | None) -> None:
        """Light up the cell's words everywhere."""
        hover = None
        if cell is not None and self._explanation is not None:
            rows = map_rows(self._explanation, self._view)
            hover = Hover(rows.tokens[cell[1]][0], rows.tokens[cell[0]][0])
        if hover != self._view.hover:
            self.hovered.emit(hover)


VIEW = register_view(
    id="heads",
    label="Heads",
    sentence="Where each attention head looks.",
    place="middle",
    figure=figure,
    widget=HeadsView,
    told=told,
    aspect=1.35,
    order=2,
)
