"""What stands under a picture of rows: whole words or pieces, with the model's own marks or without."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.contract import Explanation
from gui.help import help_text
from gui.paint.palette import Palette
from gui.state import ViewState
from gui.switch import ToggleSwitch


class RowStrip(QWidget):
    """Two switches at the right; ``line`` takes what a view adds before them."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ToggleSwitch(help_text("rows", "words"))
        self.words.setToolTip(help_text("rows", "words_hint"))
        self.special = ToggleSwitch(help_text("rows", "special"))
        self.special.setToolTip(help_text("rows", "special_hint"))
        font = self.font()
        font.setPixelSize(round(0.92 * self.fontInfo().pixelSize()))
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(2, 4, 2, 0)
        self.line.setSpacing(8)
        self.line.addStretch(1)
        for switch in (self.words, self.special):
            switch.setFont(font)
            self.line.addWidget(switch)

    def show_choices(self, explanation: Explanation, view: ViewState) -> None:
        """Set both without telling anybody."""
        special = list(dict.fromkeys(token.text for token in explanation.tokens if token.is_special))
        self.special.rename(" and ".join(special[:2]) if special else help_text("rows", "special"))
        self.special.setVisible(bool(special))
        for switch, on in ((self.words, view.whole_words), (self.special, view.show_special)):
            switch.blockSignals(True)
            switch.setChecked(on)
            switch.blockSignals(False)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        for switch in (self.words, self.special):
            switch.dress(palette)
