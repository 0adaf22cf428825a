"""Fields for numbers, with chevrons to step them."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

from gui.controls.chooser import paint_chevron


class WholeField(QSpinBox):
    """A whole number with chevrons to step it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field and its chevrons."""
        super().paintEvent(event)
        _paint_steps(self)


class NumberField(QDoubleSpinBox):
    """A number with chevrons to step it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field and its chevrons."""
        super().paintEvent(event)
        _paint_steps(self)


def _paint_steps(field: QWidget) -> None:
    for turned, down in ((True, -5.0), (False, 5.0)):
        paint_chevron(field, turned=turned, down=down)
