"""The strip in the status line that walks through a list of examples, and the menu of the lists there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from engine.contract import Failure, FailureKind, Head, ModelInfo
from engine.errors import TextError
from gui.controls.card import Notice
from gui.controls.chooser import Popup
from gui.controls.elided import ElidedLabel
from gui.controls.iconbutton import IconButton, next_sign, previous_sign
from gui.examples.bundled import Offered, offered_sets
from gui.examples.example_set import ExampleSet, Walk
from gui.examples.gaps import suits, with_gaps
from gui.examples.reading import read_list
from gui.guide.help import help_text
from gui.kept.settings import with_recent_list
from gui.shown import Shown
from gui.style import sized
from gui.told.wording import tooltip

TALL = 26  # pixels, in usual type
WIDEST = 300
WHOLE = 1_000_000  # more than any list has
WALKING = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_Home: -WHOLE,
    Qt.Key.Key_End: WHOLE,
}
OPEN, LEAVE, BATCH = "open", "leave", "batch"


class _Title(QPushButton):
    """The name of the list, and its menu; the keys for walking it leaves to the strip around it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """All but those keys are a button's."""
        if event.key() in WALKING:
            event.ignore()
        else:
            super().keyPressEvent(event)


class _Arrow(IconButton):
    """A step; the keys for walking it leaves to the strip around it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """All but those keys are a button's."""
        if event.key() in WALKING:
            event.ignore()
        else:
            super().keyPressEvent(event)


class WalkPanel(QWidget):
    """``walked`` tells a walk, None when the list is left; ``model_wanted`` the model that a list is made for.

    ``remarked`` is a word on what was opened, ``batch_wanted`` the wish for figures of every sentence.
    """

    walked = Signal(object)
    model_wanted = Signal(str)
    remarked = Signal(str)
    batch_wanted = Signal()

    def __init__(self, bundled: Collection[str]) -> None:
        super().__init__()
        self._bundled = bundled
        self.recent: tuple[str, ...] = ()
        self._model = ""
        self._info: ModelInfo | None = None
        self._walk: Walk | None = None
        self._makes_batches = False
        self.notice = Notice()
        self.note = ElidedLabel(least=0)
        self.title = _Title()
        self.title.setObjectName("link")
        self.title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.previous = _Arrow(previous_sign(), *_named("previous"), TALL)
        self.next = _Arrow(next_sign(), *_named("next"), TALL)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.note)
        row.addSpacing(10)
        for button in (self.title, self.previous, self.next):
            row.addWidget(button)
        self.title.clicked.connect(self._on_title_clicked)
        self.previous.clicked.connect(self._on_previous_clicked)
        self.next.clicked.connect(self._on_next_clicked)
        self._write()

    @property
    def walk(self) -> Walk | None:
        """The list that is walked through, and the place in it."""
        return self._walk

    def show_shown(self, shown: Shown) -> None:
        """Show where the walk is; remember which model there is."""
        made, state = shown.explanation, shown.state
        is_known = made is not None and made.request.model == state.model
        self._model, self._info = state.model, made.model if made is not None and is_known else None
        if state.walk is not self._walk:
            self._walk = state.walk
            self._write()

    def show_recent(self, lists: tuple[str, ...]) -> None:
        """Offer these files again."""
        self.recent = lists

    def offer_batch(self) -> None:
        """Offer figures of every sentence."""
        self._makes_batches = True

    def fit(self) -> None:
        """Take the type there is now."""
        self._write()

    def step(self, by: int) -> None:
        """Walk so many examples further, as far as the list goes."""
        if self._walk is not None and (walk := self._walk.stepped(by)).at != self._walk.at:
            self.walked.emit(walk)

    def open_list(self, path: str) -> None:
        """Read a file and walk through what is in it, or say why that cannot be."""
        try:
            read = read_list(Path(path))
        except TextError as error:
            failure = Failure(0, FailureKind.USER, "list", error.title, error.message, error.hint)
            self.notice.show_failure(failure)
            return
        self.notice.show_failure(None)
        self.recent = with_recent_list(self.recent, path)
        examples, remarks = read.examples, list(read.remarks)
        if self._info is not None and self._info.head is Head.MASKED_WORD:
            gapped = with_gaps(examples)
            pairs = zip(gapped.examples, examples.examples, strict=True)
            if changed := sum(one is not other for one, other in pairs):
                examples = replace(gapped, model=self._model)
                remarks.append(help_text("walk", "gapped", count=f"{changed:,}", all=f"{len(gapped.examples):,}"))
        self._begin(examples)
        if remarks:
            self.remarked.emit(" ".join(remarks))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right step, Page Up and Page Down step by ten, Home and End go to the ends."""
        by = WALKING.get(Qt.Key(event.key()))
        if self._walk is None or by is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self.step(by)

    def _write(self) -> None:
        """Show the title and the place, and the way on where there is one."""
        walk = self._walk
        words, note = help_text("walk", "lists"), ""
        if walk is not None:
            length = len(walk.examples.examples)
            words = help_text("walk", "at", title=walk.examples.title, at=f"{walk.at + 1:,}", of=f"{length:,}")
            note = walk.example.note
            self.previous.setEnabled(walk.at > 0)
            self.next.setEnabled(walk.at < length - 1)
        self.title.setText(_short(self.title, walk.examples.title if walk else "", words))
        self.title.setAccessibleName(words)
        self.title.setToolTip(tooltip("\n".join(filter(None, (words, note, help_text("walk", "lists_hint"))))))
        self.note.show_text(note)
        for part in (self.note, self.previous, self.next):
            part.setVisible(walk is not None)

    def _begin(self, examples: ExampleSet) -> None:
        self.walked.emit(Walk(examples))
        self.title.setFocus()  # last: the page that comes would take it, and arrows walk from here

    @Slot()
    def _on_previous_clicked(self) -> None:
        self.step(-1)

    @Slot()
    def _on_next_clicked(self) -> None:
        self.step(1)

    @Slot()
    def _on_title_clicked(self) -> None:
        popup = Popup(self.title, help_text("walk", "lists"))
        popup.chosen.connect(self._on_chosen)
        popup.add_heading(help_text("walk", "bundled"))
        for offered in offered_sets():
            is_current = self._walk is not None and offered.examples == self._walk.examples
            can_be_read = self._can_read(offered)
            about = offered.about if can_be_read else help_text("walk", "no_gaps", about=offered.about)
            entry = popup.add_entry(offered.examples.title, about, offered, is_current=is_current)
            entry.setEnabled(can_be_read)
        if self.recent:
            popup.add_heading(help_text("walk", "recent"))
        for path in self.recent:
            popup.add_entry(Path(path).name, str(Path(path).parent), path)
        popup.add_rule()
        popup.add_entry(help_text("walk", "open"), help_text("walk", "open_hint"), OPEN)
        if self._walk is not None and self._makes_batches:
            popup.add_entry(help_text("walk", "batch"), help_text("walk", "batch_hint"), BATCH)
        if self._walk is not None:
            popup.add_entry(help_text("walk", "leave"), help_text("walk", "leave_hint"), LEAVE)
        popup.open_under_opener()

    def _can_read(self, offered: Offered) -> bool:
        made_for = offered.examples.model
        return suits(offered.examples, self._info) or made_for in self._bundled

    @Slot(object)
    def _on_chosen(self, value: object) -> None:
        if isinstance(value, Offered):
            if not suits(value.examples, self._info) and value.examples.model != self._model:
                self.model_wanted.emit(value.examples.model)
            self._begin(value.examples)
        elif value == OPEN:
            self._ask_for_file()
        elif value == LEAVE:
            self.walked.emit(None)
        elif value == BATCH:
            self.batch_wanted.emit()
        else:
            self.open_list(str(value))

    def _ask_for_file(self) -> None:
        start = str(Path(self.recent[0]).parent) if self.recent else str(Path.home())
        kinds = f"{help_text('walk', 'files')} (*.txt *.tsv *.tab *.csv *.jsonl *.ndjson *.conllu *.conll)"
        everything = f"{help_text('walk', 'any_file')} (*)"
        title = help_text("walk", "open")
        chosen, _ = QFileDialog.getOpenFileName(self.window(), title, start, f"{kinds};;{everything}")
        if chosen:
            self.open_list(chosen)


def _short(button: QPushButton, title: str, words: str) -> str:
    """The words with as much of the title as fits: the place in the list is always seen."""
    measures = button.fontMetrics()
    beyond = measures.horizontalAdvance(words) - sized(WIDEST)
    if beyond <= 0 or not title:
        return words.replace("&", "&&")
    room = max(sized(40), measures.horizontalAdvance(title) - beyond)
    return words.replace(title, measures.elidedText(title, Qt.TextElideMode.ElideRight, room), 1).replace("&", "&&")


def _named(key: str) -> tuple[str, str]:
    return help_text("walk", key), help_text("walk", f"{key}_hint")
