"""Which layer is looked into: a title, one button for each, and the way to all of them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from gui.controls.segments import Segments
from gui.guide.help import help_text
from gui.paint.palette import Palette

ROOMY, NARROW = 11, 5  # pixels around numbers of one and of two figures


class LayerBar(QWidget):
    """``layer_chosen`` tells the layer (0-based), ``all_requested`` that all are wanted side by side.

    One line where it fits, the buttons on a line of their own where it does not.
    """

    layer_chosen = Signal(int)
    all_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = QLabel(help_text("maps", "inside"))
        self._title.setObjectName("title")
        self.layers = Segments("Layer")
        self.layers.setToolTip(help_text("maps", "layers_hint"))
        self.all = QPushButton(help_text("maps", "all"))
        self.all.setObjectName("link")
        self.all.setToolTip(help_text("maps", "all_hint"))
        self.all.setAccessibleName(help_text("maps", "all"))
        self.layers.chosen.connect(self.layer_chosen)
        self.all.clicked.connect(self.all_requested)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._title, 0, 0)
        self._grid.addWidget(self.all, 0, 2, Qt.AlignmentFlag.AlignRight)
        self._is_one_line: bool | None = None
        self._arrange(self.width())

    def show_layers(self, count: int, current: int, palette: Palette) -> None:
        """So many layers, this one chosen."""
        self.layers.padding = ROOMY if count < 10 else NARROW
        self.layers.show_labels([str(layer + 1) for layer in range(count)], current, palette)
        self._arrange(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One line or two."""
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        beside = self._title.sizeHint().width() + self.all.sizeHint().width() + 16
        is_one_line = beside + self.layers.sizeHint().width() <= width
        if is_one_line != self._is_one_line:
            self._is_one_line = is_one_line
            self._grid.removeWidget(self.layers)
            self._grid.addWidget(self.layers, *((0, 1, 1, 1) if is_one_line else (1, 0, 1, 3)))
