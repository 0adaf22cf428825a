"""The bar below the panes: what they show in words, and whether A and B are drawn to the same scale."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from gui.controls.switch import ToggleSwitch
from gui.guide.help import help_text
from gui.paint.palette import Palette


class StatementBar(QFrame):
    """``scale_chosen`` tells whether both are to have one scale."""

    scale_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.words = QLabel()
        self.words.setObjectName("prose")
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.scale = ToggleSwitch(help_text("compare", "one_scale"))
        self.scale.setToolTip(help_text("compare", "one_scale_hint"))
        self.scale.clicked.connect(self.scale_chosen)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 10, 14, 10)
        line.setSpacing(24)
        line.addWidget(self.words, 1)
        line.addWidget(self.scale)

    def say(self, markup: str, plain: str, *, stale: bool) -> None:
        """Say this; dimmed while the pictures are."""
        self.words.setText(markup)
        self.words.setAccessibleName(plain)
        self.words.setEnabled(not stale)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self.scale.dress(palette)
