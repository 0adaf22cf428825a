"""The way into a comparison and out of it."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from gui.guide.help import help_text


class CompareButton(QPushButton):
    """Stays pressed while something is compared."""

    def __init__(self) -> None:
        super().__init__(help_text("compare", "name"))
        self.setCheckable(True)
        self.show_state(is_compared=False)

    def nextCheckState(self) -> None:
        """What is shown decides, not the click."""

    def show_state(self, *, is_compared: bool) -> None:
        """Pressed, or not."""
        self.setChecked(is_compared)
        self.setToolTip(help_text("compare", "leave_hint" if is_compared else "hint"))
