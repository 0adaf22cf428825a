"""A row of buttons of which one is chosen; it wraps where it is too narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget

from gui.paint.colour import css
from gui.paint.palette import LIGHT, Palette
from gui.style import sized

PADDING, TALL, GAP = 16, 26, 2  # pixels
LEAST_PADDING = 10  # pixels: labels move closer before they wrap
BOLDER = 1.06  # how much wider the chosen label runs


class Segments(QWidget):
    """``chosen`` tells the index a person picked; setting it by program tells nobody.

    ``padding`` is how much wider than its label a button is; it is set before the labels. Buttons stand at the right
    edge, as the title of a card stands at the left, unless they are ``flush_left``.
    """

    chosen = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.padding = PADDING
        self.flush_left = False
        self._colours = LIGHT
        self._labels: tuple[str, ...] = ()
        self._buttons: list[QPushButton] = []
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._on_clicked)
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_labels(self, labels: Sequence[str], current: int, palette: Palette, tips: Sequence[str] = ()) -> None:
        """Show these labels, this one chosen; ``tips`` say what each is, else the tooltip of them all does."""
        if tuple(labels) != self._labels:
            self._build(tuple(labels))
        for button, tip in zip(self._buttons, tips, strict=False):
            button.setToolTip(tip)
        if palette is not self._colours or not self.styleSheet():
            self._colours = palette
            self.setStyleSheet(_style(palette))
        if 0 <= current < len(self._buttons):
            self._buttons[current].setChecked(True)
        elif (checked := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            checked.setChecked(False)
            self._group.setExclusive(True)
        self._let_tab_stop()

    def _let_tab_stop(self) -> None:
        """Tab stops once, at the chosen one; arrow keys go on from there."""
        chosen = self._group.checkedButton() or next(iter(self._buttons), None)
        for button in self._buttons:
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button is chosen else Qt.FocusPolicy.ClickFocus)

    def sizeHint(self) -> QSize:
        """All in one row."""
        return QSize(sum(self._widths()) + GAP * len(self._labels), sized(TALL))

    def minimumSizeHint(self) -> QSize:
        """One above the other; how high that is, the width says."""
        return QSize(self._wide(), sized(TALL))

    def heightForWidth(self, width: int) -> int:
        """As many rows as this width needs."""
        lines = -(-len(self._labels) // self._across(width))
        return lines * (sized(TALL) + GAP) - GAP

    def _wide(self) -> int:
        widest = max((self.fontMetrics().horizontalAdvance(label) for label in self._labels), default=0)
        return self.padding + round(BOLDER * widest)

    def _widths(self) -> list[int]:
        """What each label needs by itself."""
        advances = [self.fontMetrics().horizontalAdvance(label) for label in self._labels]
        return [self._wide() - round(BOLDER * (max(advances) - advance)) for advance in advances]

    def _squeezed(self, width: int) -> int:
        """How much narrower each is than it would like to be, where all are in one row."""
        beyond = sum(self._widths()) + GAP * (len(self._labels) - 1) - width
        return max(0, -(-beyond // max(1, len(self._labels))))

    def _across(self, width: int) -> int:
        """How many stand in a row; rows are made equally long."""
        if self._squeezed(width) <= max(0, self.padding - LEAST_PADDING):
            return max(1, len(self._labels))
        most = max(1, (width + GAP) // (self._wide() + GAP))
        lines = max(1, -(-len(self._labels) // most))
        return max(1, -(-len(self._labels) // lines))

    def _build(self, labels: tuple[str, ...]) -> None:
        for button in self._buttons:
            self._group.removeButton(button)
            button.hide()  # it is deleted only when Qt is idle again
            button.deleteLater()
        self._labels = labels
        self._buttons = [QPushButton(label, self) for label in labels]
        for index, button in enumerate(self._buttons):
            button.setCheckable(True)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setAccessibleName(f"{self.accessibleName()} {labels[index]}")
            self._group.addButton(button, index)
            button.show()
        self.updateGeometry()
        self._arrange(self.width())

    def _arrange(self, width: int) -> None:
        """One row as it comes, several in columns."""
        across, tall = self._across(width), sized(TALL)
        is_one_row = across >= len(self._buttons)
        closer = self._squeezed(width)
        widths = [wide - closer for wide in self._widths()] if is_one_row else [self._wide()] * len(self._buttons)
        start = 0 if self.flush_left else max(0, width - sum(widths[:across]) - GAP * (across - 1))
        for index, button in enumerate(self._buttons):
            line, column = divmod(index, across)
            left = start + sum(widths[index - column : index]) + GAP * column
            button.setGeometry(left, line * (tall + GAP), widths[index], tall)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        self._arrange(event.size().width())

    def changeEvent(self, event: QEvent) -> None:
        """Larger type needs more room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self._arrange(self.width())

    @Slot(int)
    def _on_clicked(self, index: int) -> None:
        self.chosen.emit(index)


def _style(palette: Palette) -> str:
    edge = 2 if palette.is_strong else 1
    return (
        f"QPushButton {{ border: {edge}px solid {css(palette.border)}; border-radius: 6px; padding: 0; min-height: 0;"
        f" background: {css(palette.card)}; color: {css(palette.text)}; }}"
        f"QPushButton:hover {{ border-color: {css(palette.faint)}; }}"
        f"QPushButton:checked {{ background: {css(palette.accent_soft)}; color: {css(palette.accent)};"
        f" border-color: {css(palette.accent_soft)}; font-weight: 600; }}"
        f"QPushButton:focus {{ border: {edge}px solid {css(palette.accent)}; }}"
    )
