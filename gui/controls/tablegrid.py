"""A living table: a model over the numbers, cells painted as in the figure, wishes of the person as signals."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from gui.controls.canvas import Guard
from gui.guide.help import help_text
from gui.paint.colour import css, qcolor
from gui.paint.palette import LIGHT, Palette
from gui.paint.table_numbers import TableNumbers
from gui.paint.table_picture import TableLook, head_text, is_flush_right, paint_cell, table_look
from gui.state import Sorting

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
LINE_TALL, HEAD_TALL = 2.0, 2.2  # body heights
LIT = 34  # of 255: how strongly the hovered word's line is tinted
SORT_KEYS = {Qt.Key.Key_Up: False, Qt.Key.Key_Down: True}


class TableModel(QAbstractTableModel):
    """Lines in their shown order; texts come from the numbers themselves."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.numbers: TableNumbers | None = None
        self.order: tuple[int, ...] = ()
        self.sorting: Sorting | None = None

    def show_numbers(self, numbers: TableNumbers, sorting: Sorting | None) -> None:
        """Take over a table and the order of its lines."""
        self.beginResetModel()
        self.numbers, self.sorting, self.order = numbers, sorting, numbers.order(sorting)
        self.endResetModel()

    def forget(self) -> None:
        """No table any more."""
        self.beginResetModel()
        self.numbers, self.order = None, ()
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Words and tails."""
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """As many as there are kinds of numbers."""
        return 0 if parent.isValid() or self.numbers is None else len(self.numbers.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is read in a cell, what the pointer is told, and on which side it stands."""
        if self.numbers is None or not index.isValid():
            return None
        column, line = self.numbers.columns[index.column()], self.order[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.texts[line]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{self.numbers.columns[1].texts[line]}, {column.title}: {column.texts[line] or 'nothing'}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(is_flush_right(column), self.numbers.right_to_left)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' titles with the arrow of the sorted one, and what they mean."""
        if self.numbers is None or orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.numbers.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return head_text(column, self.sorting)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{column.hint}. Click to sort."
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(is_flush_right(column), self.numbers.right_to_left)
        return None


def _alignment(is_right: bool, right_to_left: bool) -> int:
    side = Qt.AlignmentFlag.AlignRight if is_right or right_to_left else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)


class _CellPainter(QStyledItemDelegate):
    """Paints each cell as the figure does, over the tint of what is selected or hovered."""

    def __init__(self, grid: TableGrid, guard: Guard) -> None:
        super().__init__(grid)
        self._grid, self._guard = grid, guard

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, rule, cell, and a frame around the one the keyboard is on."""
        with self._guard():
            painter.save()
            try:
                painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # or numbers lose their sign to the right
                self._grid.paint_cell(painter, option, index)
            finally:
                painter.restore()


class TableGrid(QTableView):
    """Signals: ``pointed`` (a line, None off words), ``sort_asked`` (:class:`gui.state.Sorting`), ``copy_asked``."""

    pointed = Signal(object)
    sort_asked = Signal(object)
    copy_asked = Signal()

    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self.table = TableModel(self)
        self._look: TableLook | None = None
        self._colours = LIGHT
        self._stale = False
        self._lit: frozenset[int] = frozenset()
        self._kept_at = (-1, -1)  # where the keyboard was when the numbers were forgotten
        self.setModel(self.table)
        self.setItemDelegate(_CellPainter(self, guard))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)  # Tab leads on to the next control
        self.setCornerButtonEnabled(False)
        corner = self.findChild(QAbstractButton)
        if corner is not None:  # never seen, as the numbers of lines are not, but read out all the same
            corner.setAccessibleName(help_text("table", "corner"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setSectionsClickable(True)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(8)  # widths are measured; Qt's own least is wider than a short number
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.sectionClicked.connect(self._on_head_clicked)
        self.entered.connect(self._on_entered)
        self.selectionModel().currentChanged.connect(self._on_entered)

    def show_numbers(self, numbers: TableNumbers, sorting: Sorting | None) -> None:
        """Take over a table; the place the keyboard was at is kept."""
        at = self._at() if self.table.numbers is not None else self._kept_at
        self.table.show_numbers(numbers, sorting)
        self._look = table_look(numbers, self.fontInfo().pixelSize())
        way = Qt.LayoutDirection.RightToLeft if numbers.right_to_left else Qt.LayoutDirection.LeftToRight
        self.setLayoutDirection(way)
        self.verticalHeader().setDefaultSectionSize(round(LINE_TALL * self._look.pixels))
        self.horizontalHeader().setFixedHeight(round(HEAD_TALL * self._look.pixels))
        self._fit()
        if at[0] >= 0:
            self.selectionModel().blockSignals(True)
            self.setCurrentIndex(self.table.index(min(at[0], self.table.rowCount() - 1), at[1]))
            self.selectionModel().blockSignals(False)

    def forget(self) -> None:
        """Let go of the numbers; the place the keyboard was at is kept."""
        self._kept_at = self._at()
        self.table.forget()
        self._look = None

    def _at(self) -> tuple[int, int]:
        current = self.currentIndex()
        return current.row(), current.column()

    def light(self, lines: frozenset[int]) -> None:
        """Tint the lines of the hovered words."""
        changed, self._lit = lines ^ self._lit, lines
        wide = self.viewport().width()
        for place, line in enumerate(self.table.order if changed else ()):
            if line in changed:  # of many cells only these are painted anew
                self.viewport().update(0, self.rowViewportPosition(place), wide, self.rowHeight(place))

    def dress(self, palette: Palette, *, stale: bool) -> None:
        """Take the theme's colours; a ``stale`` table is faded."""
        if stale != self._stale or palette is not self._colours:
            self.viewport().update()
        self._stale = stale
        if palette is self._colours and self.styleSheet():
            return
        self._colours = palette
        self.setStyleSheet(
            f"QTableView {{ background: {css(palette.card)}; border: none; }}"
            f"QHeaderView {{ background: {css(palette.card)}; border: none; }}"
            f"QHeaderView::section {{ background: {css(palette.card)}; color: {css(palette.muted)}; border: none;"
            f" border-bottom: 1px solid {css(palette.faint)}; padding: 0 9px; font-weight: 600; }}"
            f"QHeaderView::section:hover {{ color: {css(palette.accent)}; }}"
            "QScrollBar:horizontal { background: transparent; height: 8px; margin: 0; }"
            f"QScrollBar::handle:horizontal {{ background: {css(palette.border)}; border-radius: 4px;"
            " min-width: 24px; }"
            "QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }"
            "QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }"
        )

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell of the shown lines."""
        look, palette = self._look, self._colours
        if look is None:
            return
        line = self.table.order[index.row()]
        rect = QRectF(option.rect)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, qcolor(palette.accent_soft))
        if line in self._lit:
            tint = QColor(qcolor(palette.accent))
            tint.setAlpha(LIT)
            painter.fillRect(rect, tint)
        is_last_word = index.row() == len(look.numbers.rows) - 1
        painter.setPen(QPen(qcolor(palette.faint if is_last_word else palette.grid), 1))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.setOpacity(0.5 if self._stale else 1.0)
        paint_cell(painter, look, palette, rect, (line, index.column()))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(qcolor(palette.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -2), 3, 3)

    def copied(self, *, everything: bool) -> str:
        """Tab-separated text of what is selected, of all where nothing is; the smallest block that holds it."""
        numbers = self.table.numbers
        if numbers is None:
            return ""
        chosen = [] if everything else self.selectedIndexes()
        lines = sorted({index.row() for index in chosen}) or range(len(self.table.order))
        columns = sorted({index.column() for index in chosen}) or range(len(numbers.columns))
        return numbers.separated([self.table.order[row] for row in lines], list(columns))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies; Alt with an arrow sorts by the column the keyboard is in; the rest is Qt's own."""
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and key in SORT_KEYS and self.table.numbers:
            column = self.table.numbers.columns[max(0, self.currentIndex().column())]
            self.sort_asked.emit(Sorting(column.id, SORT_KEYS[key]))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: Any) -> None:
        """Share the width out anew."""
        super().resizeEvent(event)
        self._fit()

    def viewportEvent(self, event: QEvent) -> bool:
        """The pointer is gone."""
        if event.type() == QEvent.Type.Leave:
            self.pointed.emit(None)
        return super().viewportEvent(event)

    def _fit(self) -> None:
        if self._look is None:
            return
        head = self.horizontalHeader()
        for column, width in enumerate(self._look.widths(self.viewport().width() - 1)):
            head.resizeSection(column, int(width))

    def _on_entered(self, index: QModelIndex) -> None:
        if index.isValid():
            line = self.table.order[index.row()]
            is_word = self.table.numbers is not None and line < len(self.table.numbers.rows)
            self.pointed.emit(line if is_word else None)

    def _on_head_clicked(self, section: int) -> None:
        """Numbers begin with the largest, words with the first; the same column again turns round."""
        if self.table.numbers is None:
            return
        column, before = self.table.numbers.columns[section], self.table.sorting
        is_falling = column.values is not None
        if before is not None and before.column == column.id:
            is_falling = not before.is_falling
        self.sort_asked.emit(Sorting(column.id, is_falling))
