"""All numbers of the sentence in a table: sorted by a click, copied into a spreadsheet."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from engine.contract import Explanation
from gui.controls.tablegrid import TableGrid
from gui.guide.help import help_text
from gui.paint.palette import PALETTES, Palette
from gui.paint.table_numbers import TableNumbers, table_numbers
from gui.paint.table_picture import TableFigure, table_figure
from gui.state import Hover, Sorting, ViewState
from gui.strips.rowstrip import RowStrip
from gui.told.table_prose import tell_table
from gui.viewkit import HostedView, register_view

THANKED_MS = 1500


def figure(explanation: Explanation, view: ViewState, rect: QRectF, palette: Palette) -> TableFigure:
    """The table for one size, sorted as it is on the screen."""
    return table_figure(table_numbers(explanation, view), view.sorting, rect, palette)


def _look(view: ViewState) -> tuple[object, ...]:
    """What of a way of looking the table shows."""
    return (view.whole_words, view.split_words, view.show_special, view.annotation, view.sorting, view.theme)


class TableView(HostedView):
    """The table on the middle card, with the switches for its rows and the button that copies it."""

    def __init__(self) -> None:
        super().__init__("Write a sentence to see the numbers of its words.")
        self._explanation: Explanation | None = None
        self._view = ViewState()
        self._numbers: TableNumbers | None = None
        self.grid = TableGrid(self.guarded)
        self.grid.setAccessibleName(help_text("table", "picture"))
        self.grid.setAccessibleDescription(help_text("table", "hint"))
        self.grid.pointed.connect(self._on_pointed)
        self.grid.sort_asked.connect(self._on_sort_asked)
        self.grid.copy_asked.connect(self._on_copy_asked)
        self.copy = QPushButton(help_text("table", "copy"))
        self.copy.setObjectName("link")
        self.copy.setToolTip(help_text("table", "copy_hint"))
        self.copy.clicked.connect(self._on_copy_clicked)
        self.strip = RowStrip()
        self.strip.line.insertWidget(0, self.copy)
        self.strip.look_requested.connect(self.look_requested)
        self._thanks = QTimer(self)
        self._thanks.setSingleShot(True)
        self._thanks.setInterval(THANKED_MS)
        self._thanks.timeout.connect(self._on_thanked)
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.grid, 1)
        box.addWidget(self.strip)
        self.setFocusProxy(self.grid)

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Fill the table anew only where more than the hovered word changed."""
        new = explanation is not self._explanation
        laid = new or _look(view) != _look(self._view)
        self._explanation, self._view = explanation, view
        self.grid.dress(PALETTES[view.theme], stale=stale)
        if laid or self._numbers is None:
            self._numbers = table_numbers(explanation, view)
            self.strip.dress(PALETTES[view.theme])
            self.strip.show_choices(explanation, view)
            self.grid.show_numbers(self._numbers, view.sorting)
        tokens = (view.hover.token, view.hover.receiver) if view.hover else ()
        lines = [self._numbers.line_of(token) for token in tokens if token is not None]
        self.grid.light(frozenset(line for line in lines if line is not None))

    def forget(self) -> None:
        """Keep which line the keyboard was on."""
        self._explanation = self._numbers = None
        self.grid.forget()

    @Slot(object)
    def _on_pointed(self, line: int | None) -> None:
        hover = Hover(self._numbers.rows[line].tokens[0]) if self._numbers is not None and line is not None else None
        if hover != self._view.hover:
            self.hovered.emit(hover)

    @Slot(object)
    def _on_sort_asked(self, sorting: Sorting) -> None:
        self.look_requested.emit(replace(self._view, sorting=sorting))

    @Slot()
    def _on_copy_asked(self) -> None:
        self._copy(everything=False)

    @Slot()
    def _on_copy_clicked(self) -> None:
        self._copy(everything=True)

    def _copy(self, *, everything: bool) -> None:
        QGuiApplication.clipboard().setText(self.grid.copied(everything=everything))
        self.copy.setText(help_text("table", "copied"))
        self._thanks.start()

    @Slot()
    def _on_thanked(self) -> None:
        self.copy.setText(help_text("table", "copy"))


VIEW = register_view(
    id="table",
    label="Table",
    sentence="All numbers of the sentence.",
    place="middle",
    figure=figure,
    widget=TableView,
    told=tell_table,
    aspect=1.3,
    order=4,
)
