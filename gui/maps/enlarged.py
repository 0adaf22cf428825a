"""One component's map enlarged in the card of a layer; under attention, the heads it is the mean of."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.contract import Explanation
from gui.controls.canvas import Guard
from gui.guide.help import help_text
from gui.maps.gallery import Gallery
from gui.maps.largemap import LargeContent, LargeMap
from gui.paint.component_maps import ComponentMaps
from gui.paint.head_maps import front_head, head_maps
from gui.paint.head_tiles import head_name, strip_tiles
from gui.paint.palette import LIGHT, Palette
from gui.state import ViewState
from gui.style import sized

WORDS_AND_SCALE = 96  # pixels: what a map takes in height beyond its own width
STRIP_HEIGHT = 132


class EnlargedMap(QWidget):
    """``pointed`` tells (receiver, source) or None; ``head_chosen`` a head or None for all; ``closed`` the way back."""

    pointed = Signal(object)
    head_chosen = Signal(object)
    closed = Signal()

    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self._palette = LIGHT
        self.map = LargeMap(guard)
        self.map.pointed.connect(self.pointed)
        self.map.closed.connect(self.closed)
        self.strip = Gallery(help_text("maps", "strip"), guard)
        self.strip.setFixedHeight(sized(STRIP_HEIGHT))
        self.strip.opened.connect(self._on_head)
        self.strip.walked.connect(self._on_head)
        self.strip.closed.connect(self.closed)
        self._label = QLabel(help_text("maps", "strip"))
        self._label.setObjectName("title")
        self.mean = QPushButton(help_text("maps", "mean"))
        self.mean.setObjectName("link")
        self.mean.setToolTip(help_text("maps", "mean_hint"))
        self.mean.clicked.connect(self._on_mean)
        self.heads = QWidget()
        head = QHBoxLayout()
        head.addWidget(self._label, 1)
        head.addWidget(self.mean)
        under = QVBoxLayout(self.heads)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(0)
        under.addLayout(head)
        under.addWidget(self.strip)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.map, 1)
        box.addWidget(self.heads)
        box.addStretch(0)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours; the maps take them with what they show."""
        self._palette = palette
        self.strip.setFixedHeight(sized(STRIP_HEIGHT))

    def show_map(
        self, explanation: Explanation, view: ViewState, maps: ComponentMaps, key: str, *, stale: bool
    ) -> None:
        """Show one component; of attention, the head in front where there is one."""
        shown = maps.map_of(key)
        if shown.shares is None:
            raise ValueError("this map is not there yet")
        content = LargeContent(shown.shares, maps.rows, maps.top, shown.title, shown.subtitle)
        is_attention = key == "attention"
        self.heads.setVisible(is_attention)
        if is_attention:
            view = replace(view, scale_top=maps.top)  # the heads stand on the scale of the map above them
            content = self._content_of_heads(explanation, view, content)
            self.strip.show_tiles(partial(strip_tiles, explanation, view), self._palette, stale=stale)
        self.map.show_content(content, self._palette, stale=stale)

    def _content_of_heads(self, explanation: Explanation, view: ViewState, mean: LargeContent) -> LargeContent:
        heads, front = head_maps(explanation, view), front_head(explanation, view)
        self.mean.setEnabled(front is not None)
        if front is None:
            of = help_text("maps", "mean_of", heads=str(len(heads)))
            return replace(mean, subtitle=f"{mean.subtitle}, {of}")
        title = f"{mean.title}, {head_name(front)}"
        return replace(mean, shares=heads.shares[front], title=title, subtitle=heads.habits[front].words)

    def forget(self) -> None:
        """Let go of the maps."""
        self.map.forget()
        self.strip.forget()

    def light(self, receiver: int | None, source: int | None) -> None:
        """Frame a word's row and column."""
        self.map.light(receiver, source)
        self.strip.light(receiver, source)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """No higher than the map needs, so that the heads stand close under it."""
        self.map.setMaximumHeight(event.size().width() + WORDS_AND_SCALE)

    @Slot(object)
    def _on_head(self, key: tuple[int, int]) -> None:
        self.head_chosen.emit(key[1])

    @Slot()
    def _on_mean(self) -> None:
        self.head_chosen.emit(None)
