"""Which layer is it? The maps of all components in all layers side by side."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRectF, Slot
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip, QVBoxLayout

from engine.contract import Explanation
from gui.guide.help import help_text
from gui.maps.gallery import Gallery
from gui.paint.component_maps import component_maps
from gui.paint.map_rows import map_look, map_rows, strongest_in
from gui.paint.overview_tiles import overview_tiles
from gui.paint.overview_words import told
from gui.paint.palette import LIGHT, PALETTES, Palette
from gui.paint.quiet import QuietFigure
from gui.paint.tiles import TilesFigure
from gui.state import SHOWS_ALL_LAYERS, Hover, ViewState
from gui.strips.rowstrip import RowStrip
from gui.told.wording import tooltip
from gui.viewkit import HostedView, register_view


def missing(explanation: Explanation, _: ViewState) -> str:
    """Why there are no maps of this result, "" where there are."""
    return help_text("overview", "missing") if explanation.components is None else ""


def figure(explanation: Explanation, view: ViewState, rect: QRectF, palette: Palette) -> TilesFigure | QuietFigure:
    """All layers and components as one drawing."""
    if explanation.components is None:
        return QuietFigure(missing(explanation, view), rect, palette)
    tiles = overview_tiles(explanation, view, rect.width(), rect.height())
    return TilesFigure(tiles, QPointF(rect.topLeft()), palette)


class OverviewView(HostedView):
    """Thumbnails of all layers' maps; a click chooses the layer."""

    def __init__(self) -> None:
        super().__init__("The maps of all layers appear here.")
        self._explanation: Explanation | None = None
        self._view = ViewState()
        self._stale = False
        self._palette = LIGHT
        self.gallery = Gallery(help_text("maps", "all"), self.guarded)
        self.gallery.setMinimumSize(280, 200)
        self.gallery.can_close = False
        self.strip = RowStrip()
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.gallery, 1)
        box.addWidget(self.strip)
        self.gallery.opened.connect(self._on_opened)
        self.gallery.pointed.connect(self._on_pointed)
        self.strip.look_requested.connect(self.look_requested)

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Show the maps anew where something changed; light up what is pointed at."""
        if explanation.components is None:
            self.forget()
            self.say(missing(explanation, view))
            return
        before = map_look(self._view), self._stale
        same = explanation is self._explanation and (map_look(view), stale) == before
        self._explanation, self._view, self._stale = explanation, view, stale
        if not same:
            self.dress(PALETTES[view.theme])
            self.strip.dress(PALETTES[view.theme])
            self.strip.show_choices(explanation, view)
            self.gallery.show_tiles(partial(overview_tiles, explanation, view), self._palette, stale=stale)
        rows, hover = map_rows(explanation, view), view.hover
        source = rows.row_of(hover.token) if hover else None
        receiver = rows.row_of(hover.receiver) if hover and hover.receiver is not None else source
        self.gallery.light(receiver, source)

    def forget(self) -> None:
        """Nothing is left to lay out."""
        self._explanation = None
        self.gallery.forget()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours; the maps take them with what they show."""
        self._palette = palette

    @Slot(object)
    def _on_opened(self, key: tuple[int, int]) -> None:
        self.look_requested.emit(replace(self._view, layer=key[0]))

    @Slot(object)
    def _on_pointed(self, at: tuple[tuple[int, int], tuple[int, int] | None] | None) -> None:
        with self.guarded():
            hover, words = None, ""
            if at is not None and self._explanation is not None:
                hover, words = self._under(self._explanation, *at)
            QToolTip.showText(QCursor.pos() + QPoint(8, 8), tooltip(words), self)
            if hover != self._view.hover:
                self.hovered.emit(hover)

    def _under(
        self, explanation: Explanation, key: tuple[int, int], first: tuple[int, int] | None
    ) -> tuple[Hover | None, str]:
        """The cell meant by a point of a thumbnail, and which map it belongs to, in words too."""
        maps = component_maps(explanation, replace(self._view, layer=key[0]))
        shown, tiles = maps.maps[key[1]], self.gallery.tiles()
        words = f"Layer {key[0] + 1}, {shown.title}: {shown.subtitle}"
        if shown.shares is None or first is None or tiles is None:
            return None, words
        cell = strongest_in(shown.shares, first, tiles.step)
        hover = Hover(maps.rows.tokens[cell[1]][0], maps.rows.tokens[cell[0]][0])
        return hover, f"{words}\n{maps.rows.cell_words(float(shown.shares[cell]), *cell)}"


VIEW = register_view(
    id=SHOWS_ALL_LAYERS,
    label="All layers",
    sentence="All layers side by side.",
    place="middle",
    figure=figure,
    widget=OverviewView,
    missing=missing,
    told=told,
    aspect=1.35,
    order=3,
)
