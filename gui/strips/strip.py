"""What all strips under pictures have in common."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


class Strip(QWidget):
    """Stands under a picture and chooses what of it is shown."""

    def put_away(self) -> None:
        """Take no room from now on, whatever there is to choose."""
        self.setMaximumHeight(0)  # hidden it would come back with its next choice
