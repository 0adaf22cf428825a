"""What stands under maps of all heads or layers: what they are of, whole words or pieces, special tokens or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from engine.contract import Explanation
from gui.help import help_text
from gui.paint.palette import PALETTES
from gui.segments import Segments
from gui.state import ViewState
from gui.switch import ToggleSwitch


class MapStrip(QWidget):
    """``look_requested`` tells the changed view state, ``scope_chosen`` the index of what the maps are to be of."""

    look_requested = Signal(object)
    scope_chosen = Signal(int)

    def __init__(self, scope: str = "") -> None:
        super().__init__()
        self._view = ViewState()
        self.scope = Segments(scope)
        self.scope.setVisible(bool(scope))
        self.scope.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.words = ToggleSwitch(help_text("rows", "words"))
        self.words.setToolTip(help_text("rows", "words_hint"))
        self.special = ToggleSwitch(help_text("rows", "special"))
        self.special.setToolTip(help_text("rows", "special_hint"))
        font = self.font()
        font.setPixelSize(round(0.92 * self.fontInfo().pixelSize()))
        line = QHBoxLayout(self)
        line.setContentsMargins(2, 4, 2, 0)
        line.setSpacing(8)
        line.addWidget(self.scope)
        line.addStretch(1)
        for switch in (self.words, self.special):
            switch.setFont(font)
            line.addWidget(switch)
        self.scope.chosen.connect(self.scope_chosen)
        self.words.clicked.connect(self._on_words)
        self.special.clicked.connect(self._on_special)

    def show_choices(
        self, explanation: Explanation, view: ViewState, scopes: Sequence[str] = (), current: int = 0
    ) -> None:
        """Set every control without telling anybody."""
        self._view, palette = view, PALETTES[view.theme]
        special = list(dict.fromkeys(token.text for token in explanation.tokens if token.is_special))
        self.special.rename(" and ".join(special[:2]) if special else help_text("rows", "special"))
        self.special.setVisible(bool(special))
        for switch, on in ((self.words, view.whole_words), (self.special, view.show_special)):
            switch.setChecked(on)
            switch.dress(palette)
        self.scope.show_labels(scopes, current, palette)

    @Slot(bool)
    def _on_words(self, on: bool) -> None:
        self.look_requested.emit(replace(self._view, whole_words=on))

    @Slot(bool)
    def _on_special(self, on: bool) -> None:
        self.look_requested.emit(replace(self._view, show_special=on))
