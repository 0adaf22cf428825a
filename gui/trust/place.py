"""The place at the right of the page: what belongs to the layer, or how far to trust the picture."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.trust.panel import TrustPanel


class RightPlace(QWidget):
    """Shows one card of two, or hides where there is no usual one."""

    def __init__(self, usual: QWidget | None, trust: TrustPanel) -> None:
        super().__init__()
        self._usual, self._trust = usual, trust
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        for card in filter(None, (usual, trust)):
            box.addWidget(card)
        trust.hide()
        if usual is None:
            self.hide()

    def turn(self, *, to_trust: bool) -> None:
        """Show the other."""
        if self._usual is not None:
            self._usual.setVisible(not to_trust)
        if to_trust:
            self._trust.open()
        else:
            self._trust.hide()
