"""The way onto the stage."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from gui.guide.help import help_text


class PresentButton(QPushButton):
    """Stands in the top bar."""

    def __init__(self) -> None:
        super().__init__(help_text("present", "button"))
        self.setToolTip(help_text("present", "button_hint"))
