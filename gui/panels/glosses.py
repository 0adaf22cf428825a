"""The form that takes glosses, parts of speech and heads for the words of the text."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from engine.words import Row
from gui.annotation import Annotation, aligned
from gui.controls.card import Notice
from gui.guide.help import help_text
from gui.interlinear.reading import read_interlinear
from gui.interlinear.sentence import Pasted, PasteError
from gui.style import sized

WIDE, FIELD_HEIGHT = 420, 150  # pixels


def words_known(annotation: Annotation, text: str) -> tuple[int, int]:
    """Of how many words of the text something is known, and how many there are."""
    words = re.findall(r"[^\s\W]+|[^\w\s]", text)
    rows = tuple(Row(word, (place,), is_special=False, segment=0) for place, word in enumerate(words))
    found = aligned(annotation, rows)
    return sum(word is not None for word in found), len(rows)


class GlossForm(QWidget):
    """A field to paste into, and what to do with it.

    ``taken`` tells what was read (:class:`Pasted`) and whether its sentence is to be the text; ``removed`` that
    nothing is to be shown; ``drafted`` what stands in the field; ``grown`` that the form needs more room.
    """

    taken = Signal(object, bool)
    removed = Signal()
    drafted = Signal(str)
    grown = Signal()

    def __init__(self, text: str, annotation: Annotation | None, draft: str) -> None:
        super().__init__()
        self._text = text
        self.setFixedWidth(sized(WIDE))
        how = QLabel(help_text("gloss", "how"))
        how.setObjectName("quiet")
        how.setWordWrap(True)
        self.field = QPlainTextEdit(draft)
        self.field.setObjectName("table")
        self.field.setAccessibleName(help_text("gloss", "field"))
        self.field.setPlaceholderText(help_text("gloss", "example"))
        self.field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(sized(FIELD_HEIGHT))
        self.field.textChanged.connect(self._on_changed)
        self.notice = Notice()
        self.take = self._button("take", self._on_take)
        self.take_text = self._button("take_text", self._on_take_text)
        self.take_text.hide()
        self.remove = self._button("remove", self._on_remove)
        self.remove.setVisible(annotation is not None)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 2, 10, 8)
        column.setSpacing(8)
        column.addWidget(how)
        column.addWidget(self.field)
        column.addWidget(self.notice)
        column.addLayout(self._buttons())
        if annotation is not None:
            known, count = words_known(annotation, text)
            self.notice.say(help_text("gloss", "kept", count=str(known), total=str(count)))
        self._on_changed()

    def sizeHint(self) -> QSize:
        """As wide as a table line needs, as high as its parts."""
        return QSize(sized(WIDE), super().sizeHint().height())

    def _button(self, key: str, done: object) -> QPushButton:
        button = QPushButton(help_text("gloss", key))
        button.setToolTip(help_text("gloss", f"{key}_hint"))
        button.clicked.connect(done)
        return button

    def _buttons(self) -> QHBoxLayout:
        self.take.setObjectName("primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.take, self.take_text):
            row.addWidget(button)
        row.addStretch(1)
        self.remove.setObjectName("link")
        row.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    @Slot()
    def _on_changed(self) -> None:
        draft = self.field.toPlainText()
        self.take.setEnabled(bool(draft.strip()))
        self.take_text.hide()
        self.drafted.emit(draft)

    def _read(self) -> Pasted | None:
        """What stands in the field; says why where it cannot be read, and leaves it there."""
        try:
            return read_interlinear(self.field.toPlainText())
        except PasteError as error:
            self._say(str(error))
            return None

    def _say(self, words: str) -> None:
        self.notice.say(words)
        self.notice.setFixedHeight(self.notice.heightForWidth(sized(WIDE) - 20))
        self.grown.emit()

    @Slot()
    def _on_take(self) -> None:
        read = self._read()
        if read is None:
            return
        if not self._text.strip() or words_known(read.annotation, self._text)[0]:
            self.taken.emit(read, not self._text.strip())
        else:
            self.take_text.show()
            self._say(help_text("gloss", "other"))

    @Slot()
    def _on_take_text(self) -> None:
        read = self._read()
        if read is not None:
            self.taken.emit(read, True)

    @Slot()
    def _on_remove(self) -> None:
        self.removed.emit()
