"""What stands under a picture of rows: whole words or pieces, with the model's own marks or without."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout

from engine.contract import Explanation
from gui.controls.switch import ToggleSwitch
from gui.guide.help import help_text
from gui.paint.palette import Palette
from gui.state import ViewState
from gui.strips.strip import Strip


class RowStrip(Strip):
    """Two switches at the right; ``line`` takes what a view adds before them.

    ``look_requested`` tells the changed :class:`gui.state.ViewState`.
    """

    look_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._view = ViewState()
        self.words = ToggleSwitch(help_text("rows", "words"))
        self.words.setToolTip(help_text("rows", "words_hint"))
        self.words.clicked.connect(self._on_words)
        self.special = ToggleSwitch(help_text("rows", "special"))
        self.special.setToolTip(help_text("rows", "special_hint"))
        self.special.clicked.connect(self._on_special)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(2, 4, 2, 0)
        self.line.setSpacing(8)
        self.line.addStretch(1)
        for switch in (self.words, self.special):
            self.line.addWidget(switch)

    def show_choices(self, explanation: Explanation, view: ViewState) -> None:
        """Set both without telling anybody."""
        self._view = view
        special = list(dict.fromkeys(token.text for token in explanation.tokens if token.is_special))
        self.special.rename(" and ".join(special[:2]) if special else help_text("rows", "special"))
        self.special.setVisible(bool(special))
        for switch, on in ((self.words, view.whole_words), (self.special, view.show_special)):
            switch.setChecked(on)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        for switch in (self.words, self.special):
            switch.dress(palette)

    @Slot(bool)
    def _on_words(self, on: bool) -> None:
        self.look_requested.emit(replace(self._view, whole_words=on))

    @Slot(bool)
    def _on_special(self, on: bool) -> None:
        self.look_requested.emit(replace(self._view, show_special=on))
