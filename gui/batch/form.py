"""What to make of every sentence: pictures and files, and behind a fold size, colours, table and captions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.tables import KINDS as TABLES
from gui.batch.drawing import COMPARISON, pictures
from gui.batch.order import Order
from gui.controls.segments import Segments
from gui.controls.switch import ToggleSwitch
from gui.examples.example_set import ExampleSet
from gui.figures.files import KINDS
from gui.figures.sizes import SIZES
from gui.guide.help import help_text
from gui.paint.palette import PALETTES, Palette
from gui.state import AppState
from gui.style import sized
from gui.told.wording import tooltip

WIDE, COLUMNS = 420, 2  # pixels, in usual type; switches beside each other
THEMES = ("light", "dark", "grey")


class _Choice(Segments):
    """One of a few; ``index`` is the one chosen. ``key`` names it among the texts of a batch."""

    def __init__(self, key: str, labels: Sequence[str], palette: Palette) -> None:
        super().__init__(help_text("batch", key))
        self.key, self.index = key, 0
        self._names, self._ground = tuple(labels), palette
        self.setToolTip(help_text("batch", f"{key}_hint"))
        self.chosen.connect(self.choose)
        self.choose(0)

    @Slot(int)
    def choose(self, index: int) -> None:
        """Take this one."""
        self.index = index
        self.show_labels(self._names, index, self._ground)


class BatchForm(QWidget):
    """``ordered`` tells the :class:`Order`, ``grown`` that the form needs other room now."""

    ordered = Signal(object)
    grown = Signal()

    def __init__(self, state: AppState, examples: ExampleSet, *, is_busy: bool) -> None:
        super().__init__()
        self._state, self._examples = state, examples
        palette = PALETTES[state.view.theme]
        self.setFixedWidth(sized(WIDE))
        are_pairs = all(example.other is not None for example in examples.examples)
        count = help_text("batch", "pairs" if are_pairs else "sentences", count=f"{len(examples.examples):,}")
        about = _words(help_text("batch", "about", count=count, title=examples.title), "quiet")
        about.setWordWrap(True)
        self.pictures = {name: _switch(label, told, palette) for name, (label, told) in _offered(examples).items()}
        self.kinds = _Choice("kind", [kind[1:].upper() for kind in KINDS], palette)
        self.sizes = _Choice("size", [help_text("batch", name) for name in SIZES], palette)
        self.themes = _Choice("theme", [help_text("batch", name) for name in THEMES], palette)
        self.tables = _Choice("table", [_table_name(kind) for kind in TABLES], palette)
        self.caption = _switch(help_text("batch", "caption"), help_text("batch", "caption_hint"), palette)
        self.fold = QPushButton(help_text("batch", "more"))
        self.fold.setObjectName("link")
        self.fold.setToolTip(help_text("batch", "more_hint"))
        self.start = QPushButton(help_text("batch", "start"))
        self.start.setObjectName("primary")
        self.start.setToolTip(help_text("batch", "start_hint"))
        self.remark = _words("", "quiet")
        self._is_busy = is_busy
        self._lay_out(about)
        self._connect()
        in_front = state.view.view if state.view.view in self.pictures else next(iter(self.pictures))
        self.pictures[in_front].setChecked(True)
        self.caption.setChecked(True)
        if state.view.theme in THEMES:
            self.themes.choose(THEMES.index(state.view.theme))
        self._check()

    def order(self) -> Order:
        """What is chosen now."""
        theme = THEMES[self.themes.index]
        return Order(
            state=replace(self._state, view=replace(self._state.view, theme=theme)),
            examples=self._examples,
            pictures=tuple(name for name, switch in self.pictures.items() if switch.isChecked()),
            kind=KINDS[self.kinds.index],
            size=tuple(SIZES.values())[self.sizes.index],
            captioned=self.caption.isChecked(),
            table=tuple(TABLES)[self.tables.index],
        )

    def _lay_out(self, about: QLabel) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 2, 10, 8)
        column.setSpacing(6)
        column.addWidget(about)
        column.addWidget(_words(help_text("batch", "pictures"), "title"))
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        for column_number in range(COLUMNS):
            grid.setColumnStretch(column_number, 1)
        for place, switch in enumerate(self.pictures.values()):
            grid.addWidget(switch, place // COLUMNS, place % COLUMNS, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(grid)
        self._add(column, self.kinds)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        self.rest = QWidget(self)
        rest = QVBoxLayout(self.rest)
        rest.setContentsMargins(0, 0, 0, 0)
        rest.setSpacing(6)
        for choice in (self.sizes, self.themes, self.tables):
            self._add(rest, choice)
        rest.addWidget(self.caption)
        self.rest.hide()
        for widget in (self.rest, self.remark, self.start):
            column.addWidget(widget)

    def _add(self, column: QVBoxLayout, choice: _Choice) -> None:
        column.addWidget(_words(help_text("batch", choice.key), "title"))
        wide = min(choice.sizeHint().width(), sized(WIDE) - 20)
        choice.setFixedSize(wide, choice.heightForWidth(wide))
        column.addWidget(choice)

    def _connect(self) -> None:
        for switch in self.pictures.values():
            switch.toggled.connect(self._on_toggled)
        self.fold.clicked.connect(self._on_fold_clicked)
        self.start.clicked.connect(self._on_start_clicked)

    def _check(self) -> None:
        """Begin only what can be begun, and say why not."""
        has_picture = any(switch.isChecked() for switch in self.pictures.values())
        why = help_text("batch", "busy") if self._is_busy else "" if has_picture else help_text("batch", "nothing")
        self.remark.setText(why)
        self.remark.setVisible(bool(why))
        self.start.setEnabled(not why)
        self.grown.emit()

    @Slot()
    def _on_toggled(self) -> None:
        self._check()

    @Slot()
    def _on_fold_clicked(self) -> None:
        is_open = self.rest.isHidden()
        self.rest.setVisible(is_open)
        self.fold.setText(help_text("batch", "less" if is_open else "more"))
        self.grown.emit()

    @Slot()
    def _on_start_clicked(self) -> None:
        self.ordered.emit(self.order())


def _offered(examples: ExampleSet) -> Mapping[str, tuple[str, str]]:
    """What can be drawn of these examples: its name, and what it is."""
    found = {name: (view.label, view.sentence) for name, view in pictures().items()}
    if any(example.other is not None for example in examples.examples):
        found[COMPARISON] = help_text("batch", "compare"), help_text("batch", "compare_hint")
    return found


def _table_name(kind: str) -> str:
    return "Excel" if kind == ".xlsx" else kind[1:].upper()


def _words(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    return label


def _switch(label: str, told: str, palette: Palette) -> ToggleSwitch:
    switch = ToggleSwitch(label)
    switch.setToolTip(tooltip(told))
    switch.dress(palette)
    return switch
