"""One line of a popup: a name, under it a sentence and quiet facts, and on demand all there is to know."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from gui.guide.help import help_text
from gui.style import sized

STEPS = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}
ENTRY_WIDTH = 320  # pixels of text, in usual type
DETAIL = ("entry_term", "entry_sentence")  # the looks of a detail's name and of what it tells
Details = Sequence[tuple[str, str]]  # what is told, under which name


class MenuLine(QPushButton):
    """A line of a menu; Enter takes it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("entry")
        self.setCheckable(True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keep the other lines within reach: Qt leaves one button of a group to the keys."""
        super().focusInEvent(event)
        group = self.group()
        for line in group.buttons() if group is not None else ():
            line.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the line; the rest is a button's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Entry(MenuLine):
    """``picked`` tells the value of an entry that was chosen; ``stepped`` that the next (1) or the last (-1) is wanted.

    ``unfolded`` tells that more or less of the entry is shown; Right and Left unfold and fold it.
    """

    picked = Signal(object)
    stepped = Signal(int)
    unfolded = Signal()

    def __init__(self, title: str, sentence: str, value: object, facts: str = "", details: Details = ()) -> None:
        super().__init__()
        self.value = value
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join(filter(None, (sentence, facts))))
        self._title = _label(title, "entry_title")
        self._words = [_label(text, name) for text, name in ((sentence, "entry_sentence"), (facts, "entry_facts"))]
        self._details = [_label(text, name) for pair in details for text, name in zip(pair, DETAIL, strict=True)]
        self.more = QPushButton(help_text("entry", "more"))
        self._lay_out()
        self.more.setVisible(bool(self._details))
        for words in self._words:
            words.setVisible(bool(words.text()))
        self._show_details(False)

    def _lay_out(self) -> None:
        self.more.setObjectName("link")
        self.more.setCheckable(True)
        self.more.setAccessibleName(f"{help_text('entry', 'more')}: {self._title.text()}")
        self.more.setToolTip(help_text("entry", "more_hint"))
        self.clicked.connect(self._on_clicked)
        self.more.toggled.connect(self._on_more_toggled)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 8)
        column.setSpacing(1)
        column.addLayout(head)
        for label in (*self._words, *self._details):
            column.addWidget(label)

    def fit_words(self) -> None:
        """Take the room that the words need in the type there is now."""
        wide = sized(ENTRY_WIDTH)
        beside = self.more.sizeHint().width() + 8 if self._details else 0
        for label in (self._title, *self._words, *self._details):
            label.setFixedWidth(wide - beside if label is self._title else wide)
            label.setFixedHeight(max(0, label.heightForWidth(label.width())))

    def sizeHint(self) -> QSize:
        """As high as its words."""
        layout = self.layout()
        assert layout is not None
        return layout.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right unfolds, Left folds, Down and Up go to the other entries."""
        if event.key() in STEPS:
            self.stepped.emit(STEPS[event.key()])
        elif self._details and event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.more.setChecked(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_clicked(self) -> None:
        self.picked.emit(self.value)

    @Slot(bool)
    def _on_more_toggled(self, is_open: bool) -> None:
        self.more.setText(help_text("entry", "less" if is_open else "more"))
        self._show_details(is_open)
        self.unfolded.emit()

    def _show_details(self, is_open: bool) -> None:
        for label in self._details:
            label.setVisible(is_open)


def _label(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    label.setWordWrap(True)
    label.setContentsMargins(0, 5 if name == DETAIL[0] else 0, 0, 0)
    return label
