"""The sentence: always editable, always live."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QTextEdit

from engine.contract import Explanation, Failure
from gui.card import Card, Notice
from gui.chooser import Popup
from gui.help import examples, help_text
from gui.paint.colour import qcolor
from gui.paint.palette import Palette
from gui.state import Hover

FEWEST_LINES, MOST_LINES = 2, 6


def utf16_position(text: str, characters: int) -> int:
    """Where Qt counts the character: it counts UTF-16 units, so an emoji is two."""
    return len(text[:characters].encode("utf-16-le")) // 2


class _Sentence(QPlainTextEdit):
    """A field as high as its text, within reason."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)  # the window takes back text and settings alike
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.document().setDocumentMargin(2)

    def _fit(self) -> None:
        lines = self.document().documentLayout().documentSize().height()  # in lines, for a plain text document
        shown = min(MOST_LINES, max(FEWEST_LINES, round(lines)))
        needed = Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines > MOST_LINES else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if needed != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(needed)
        frame = self.contentsMargins()
        margins = frame.top() + frame.bottom() + 2 * round(self.document().documentMargin()) + 4
        self.setFixedHeight(round(shown * self.fontMetrics().lineSpacing() + margins))

    def sizeHint(self) -> QSize:
        """Its own height, any width."""
        return QSize(200, self.height())

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _is_step(event):
            event.ignore()
            return False
        return super().event(event)

    def resizeEvent(self, event: object) -> None:
        """Fit again: other lines break."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt's own event, handed through
        self._fit()


def _is_step(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


class TextPanel(Card):
    """The text card. ``text_edited`` tells every change a person made."""

    text_edited = Signal(str)

    def __init__(self, palette: Palette) -> None:
        super().__init__(help_text("text", "title"))
        self._palette = palette
        self._model = ""
        self.field = _Sentence()
        self.field.setPlaceholderText(help_text("text", "empty"))
        self.field.setAccessibleName(help_text("text", "title"))
        self.field.setAccessibleDescription(help_text("text", "hint"))
        self.field.textChanged.connect(self._on_text_changed)
        self.notice = Notice()
        self.examples = QPushButton(help_text("text", "examples"))
        self.examples.setObjectName("link")
        self.examples.setToolTip(help_text("text", "examples_hint"))
        self.examples.clicked.connect(self._on_examples_clicked)
        self.header.addWidget(self.examples)
        self.body.addWidget(self.field)
        self.body.addWidget(self.notice)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours; the word under the pointer is marked anew when it is next pointed at."""
        self._palette = palette
        self.field.setExtraSelections([])

    def show_text(self, text: str) -> None:
        """Show this text; the field a person is typing in is left alone."""
        if self.field.toPlainText() == text:
            return
        blocked = self.field.blockSignals(True)
        self.field.setPlainText(text)
        self.field.blockSignals(blocked)
        self.field.moveCursor(QTextCursor.MoveOperation.End)

    def show_model(self, model: str) -> None:
        """Offer the examples made for this model."""
        if model != self._model:
            self._model = model
            self.examples.setVisible(bool(examples(model)))

    def show_failure(self, failure: Failure | None, *, is_empty: bool) -> None:
        """Say what is wrong with the text, or that there is none."""
        if is_empty:
            self.notice.say(help_text("text", "empty"))
        else:
            self.notice.show_failure(failure)

    def show_hover(self, explanation: Explanation | None, hover: Hover | None) -> None:
        """Light up the letters of the word under the pointer."""
        marked: list[QTextEdit.ExtraSelection] = []
        if explanation is not None and hover is not None and 0 <= hover.token < len(explanation.tokens):
            token = explanation.tokens[hover.token]
            word = [other for other in explanation.tokens if other.word_index == token.word_index]
            start, end = word[0].start, word[-1].end
            if token.word_index >= 0 and start >= 0:
                marked.append(self._mark(explanation.request.text, start, end))
        self.field.setExtraSelections(marked)

    def _mark(self, text: str, start: int, end: int) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self.field.document())
        cursor.setPosition(utf16_position(text, start))
        cursor.setPosition(utf16_position(text, end), QTextCursor.MoveMode.KeepAnchor)
        ground = QTextCharFormat()
        ground.setBackground(QColor(qcolor(self._palette.accent_soft)))
        mark = QTextEdit.ExtraSelection()
        mark.cursor, mark.format = cursor, ground
        return mark

    def _on_text_changed(self) -> None:
        self.text_edited.emit(self.field.toPlainText())

    def _on_examples_clicked(self) -> None:
        popup = Popup(self.examples, help_text("text", "examples"))
        popup.chosen.connect(self._on_example_chosen)
        for example in examples(self._model):
            is_current = example.text == self.field.toPlainText()
            popup.add_entry(example.text, example.about, example.text, is_current=is_current)
        popup.open_under_opener()

    def _on_example_chosen(self, text: str) -> None:
        self.field.setPlainText(text)
        self.field.moveCursor(QTextCursor.MoveOperation.End)
