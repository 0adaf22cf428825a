"""Which numbers of the explanation become a table, its first rows, and the way into a file or a spreadsheet."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.contract import COMPONENTS, Explanation
from engine.rows import COLUMNS, FLOW, SCORES, Cell, Chosen, Line, row_count, rows_of
from engine.tables import separated
from engine.words import Row
from gui.controls.segments import Segments
from gui.controls.switch import ToggleSwitch
from gui.guide.help import help_text
from gui.kept.settings import Settings
from gui.paint.colour import css
from gui.paint.component_maps import clamped_layer
from gui.paint.palette import LIGHT, Palette
from gui.paint.shown_rows import shown_rows
from gui.panels.table_writing import TableWriting
from gui.state import ViewState
from gui.style import sized, tabular

KINDS = (".xlsx", ".csv", ".tsv")
KIND_KEYS = ("excel", "csv", "tsv")
MAPS = tuple(f"component/{name}" for name in COMPONENTS)
CHOICES = {"scores": (SCORES,), "maps": MAPS, "flow": (FLOW,)}
FIRST = 14  # rows that are shown
MOST_COPIED = 100_000  # rows
SHOWN = ("receiver", "source", "layer", "component", "target", "unit", "value")  # columns that are shown
WIDE = 276
POLLED_MS, THANKED_MS = 200, 1500


def said(key: str, **values: str) -> str:
    """A text of this page."""
    return help_text("numbers", key, **values)


class NumbersForm(QWidget):
    """``changed`` tells of another choice. ``kind`` is the file's ending, ``fields`` are keys of CHOICES."""

    changed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("column")
        self.kind = settings.numbers_kind if settings.numbers_kind in KINDS else KINDS[0]
        kept = tuple(key for key in CHOICES if key in settings.numbers_fields)
        self.is_every_layer = False
        self._layer = 0
        self._colours = LIGHT
        self.kinds, self.layers = Segments(said("kind")), Segments(said("layers"))
        self.switches = {key: ToggleSwitch(said(key)) for key in CHOICES}
        for key, switch in self.switches.items():
            switch.setToolTip(said(f"{key}_hint"))
            switch.setChecked(key in (kept or ("scores",)))
            switch.toggled.connect(self._on_toggled)
        self.kinds.chosen.connect(self._on_kind)
        self.layers.chosen.connect(self._on_layers)
        self.missing = QLabel()
        self.missing.setObjectName("quiet")
        self.missing.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        groups: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("kind", (self.kinds,)),
            ("fields", tuple(self.switches.values())),
            ("layers", (self.layers, self.missing)),
        )
        for key, widgets in groups:
            heading = QLabel(said(key))
            heading.setObjectName("title")
            column.addWidget(heading)
            for widget in widgets:
                column.addWidget(widget)
            column.addSpacing(6)
        column.addStretch(1)
        self._show_choice()

    @property
    def fields(self) -> tuple[str, ...]:
        """What is switched on and can be had."""
        return tuple(key for key, switch in self.switches.items() if switch.isChecked() and switch.isEnabled())

    def chosen(self) -> Chosen:
        """The same as the engine's rows call it."""
        names = tuple(name for key in self.fields for name in CHOICES[key])
        return Chosen(names, None if self.is_every_layer else (self._layer,))

    def show_explanation(self, explanation: Explanation, view: ViewState) -> None:
        """Offer what this explanation has."""
        self._layer = clamped_layer(explanation, view)
        made = explanation.components
        for key, has in (("maps", made is not None), ("flow", explanation.flow is not None)):
            self.switches[key].setEnabled(has)
            self.switches[key].setToolTip(said(f"{key}_hint") if has else said(f"no_{key}"))
        there = () if made is None else made.feed_forward_layers
        is_short = self.is_every_layer and "maps" in self.fields and len(there) < explanation.model.layers
        self.missing.setVisible(is_short)
        self.missing.setText(said("missing", layers=", ".join(str(layer + 1) for layer in there) or "none"))
        self._show_choice()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours, and room for its type."""
        self._colours = palette
        for switch in self.switches.values():
            switch.dress(palette)
        self._show_choice()

    def _show_choice(self) -> None:
        kinds, kind_tips = [said(key) for key in KIND_KEYS], [said(f"{key}_hint") for key in KIND_KEYS]
        layers = [said("one_layer", layer=str(self._layer + 1)), said("all_layers")]
        layer_tips = [said("one_layer_hint"), said("all_layers_hint")]
        for segments, labels, current, tips in (
            (self.kinds, kinds, KINDS.index(self.kind), kind_tips),
            (self.layers, layers, int(self.is_every_layer), layer_tips),
        ):
            segments.show_labels(labels, current, self._colours, tips)
            wide = min(segments.sizeHint().width(), sized(WIDE))
            segments.setFixedSize(wide, segments.heightForWidth(wide))

    @Slot(int)
    def _on_kind(self, index: int) -> None:
        self.kind = KINDS[index]
        self.changed.emit()

    @Slot(int)
    def _on_layers(self, index: int) -> None:
        self.is_every_layer = index == 1
        self.changed.emit()

    @Slot(bool)
    def _on_toggled(self, _: bool) -> None:
        self.changed.emit()


class FirstRows(QTableWidget):
    """The first rows of a table, only to be looked at; columns that say nothing in any of them are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(said("first"))
        self.setShowGrid(False)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCornerButtonEnabled(False)
        corner = self.findChild(QAbstractButton)
        if corner is not None:  # never seen, but read out all the same
            corner.setAccessibleName(help_text("table", "corner"))
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def show_rows(self, rows: Sequence[Line]) -> None:
        """Show these."""
        places = [COLUMNS.index(name) for name in SHOWN]
        kept = [place for place in places if any(row[place] != "" for row in rows)]
        self.setColumnCount(len(kept))
        self.setRowCount(len(rows))
        self.setHorizontalHeaderLabels([COLUMNS[place].replace("_", " ") for place in kept])
        for line, row in enumerate(rows):
            for column, place in enumerate(kept):
                item = QTableWidgetItem(_written(row[place]))
                if not isinstance(row[place], str):
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(line, column, item)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours, and lines as high as its type."""
        self.setFont(tabular(self.font()))
        self.verticalHeader().setDefaultSectionSize(sized(26))
        self.setStyleSheet(
            f"QTableWidget {{ background: {css(palette.card)}; color: {css(palette.text)}; border: none; }}"
            f"QTableWidget::item {{ padding: 0 10px; border-bottom: 1px solid {css(palette.grid)}; }}"
            f"QHeaderView {{ background: {css(palette.card)}; border: none; }}"
            f"QHeaderView::section {{ background: {css(palette.card)}; color: {css(palette.muted)}; border: none;"
            f" border-bottom: 1px solid {css(palette.border)}; padding: 4px 10px; font-weight: 600; }}"
        )


def _written(cell: Cell) -> str:
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)


class NumbersPage(QWidget):
    """The first rows of what is chosen in ``form``, how many there are, and what can be done with them.

    ``saved`` tells the file's name, ``failed`` what went wrong.
    """

    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.form = NumbersForm(settings)
        self.first = FirstRows()
        self.count = QLabel()
        self.count.setObjectName("quiet")
        self.count.setWordWrap(True)
        self.stop = QPushButton(said("stop"))
        self.stop.setObjectName("link")
        self.stop.setToolTip(said("stop_hint"))
        self.stop.clicked.connect(self.give_up)
        self.stop.hide()
        line = QHBoxLayout()
        line.addWidget(self.count, 1)
        line.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.first, 1)
        column.addLayout(line)
        self._explanation: Explanation | None = None
        self._view = ViewState()
        self._rows = 0
        self._path = Path()
        self._writing = TableWriting()
        self._writing.ended.connect(self._on_ended)
        self._watch = QTimer(self)
        self._watch.setInterval(POLLED_MS)
        self._watch.timeout.connect(self._show_count)

    @property
    def rows(self) -> int:
        """How many rows are chosen."""
        return self._rows

    @property
    def can_copy(self) -> bool:
        """Whether the clipboard takes them."""
        return 0 < self._rows <= MOST_COPIED

    def remembered(self, settings: Settings) -> Settings:
        """The settings with what is chosen here."""
        on = tuple(key for key, switch in self.form.switches.items() if switch.isChecked())
        return replace(settings, numbers_kind=self.form.kind, numbers_fields=on)

    def show_explanation(self, explanation: Explanation, view: ViewState) -> None:
        """Count its rows and show the first."""
        self._explanation, self._view = explanation, view
        self.form.show_explanation(explanation, view)
        chosen, merged = self.form.chosen(), self._merged()
        self._rows = row_count(explanation, chosen, merged)
        self.first.show_rows(list(islice(rows_of(explanation, chosen, merged), FIRST)))
        self._show_count()

    def forget(self) -> None:
        """Out of sight: let go of the answer; what is being written is written on."""
        self._explanation = None

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours and type."""
        self.form.dress(palette)
        self.first.dress(palette)

    def write(self, path: Path) -> None:
        """Write all rows; ``saved`` or ``failed`` tells how it went."""
        if self._explanation is None:
            return
        self._path = path
        self._writing.start(path, self._explanation, self.form.chosen(), self._merged(), self._rows)
        self._watch.start()
        self._show_count()

    @Slot()
    def give_up(self) -> None:
        """Stop writing, where a table is being written."""
        self._writing.stop()
        self._watch.stop()
        self._show_count()

    def copy(self) -> None:
        """Put the rows on the clipboard, as tab-separated text and as a table for those who take one."""
        if self._explanation is None or not self.can_copy:
            return
        lines = list(rows_of(self._explanation, self.form.chosen(), self._merged()))
        data = QMimeData()
        data.setText(separated(COLUMNS, lines))
        data.setHtml(_html(lines))
        QGuiApplication.clipboard().setMimeData(data)

    def _merged(self) -> tuple[Row, ...]:
        assert self._explanation is not None
        return shown_rows(self._explanation, self._view)

    @Slot()
    def _show_count(self) -> None:
        is_running = self._writing.is_running
        self.stop.setVisible(is_running)
        count = f"{self._rows:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
        if is_running:
            done = f"{self._writing.done:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
            self.count.setText(said("writing", done=done, count=count))
        else:
            self.count.setText(said("rows", count=count) if self._rows else said("no_rows"))

    @Slot(str)
    def _on_ended(self, problem: str) -> None:
        self._writing.stop()
        self._watch.stop()
        self._show_count()
        if problem:
            self.failed.emit(problem)
        else:
            self.saved.emit(str(self._path))


def _html(lines: Sequence[Line]) -> str:
    """A table: spreadsheets that read it keep words from being taken for formulas."""
    cells = (COLUMNS, *lines)
    rows = ("".join(f"<td>{html.escape(str(cell))}</td>" for cell in line) for line in cells)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
