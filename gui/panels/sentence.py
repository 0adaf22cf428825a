"""A field for a sentence: as high as its text, with marks over words, and open to interlinear text."""

from __future__ import annotations

import math
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QKeySequence, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from gui.interlinear.reading import is_interlinear, read_interlinear
from gui.interlinear.sentence import PasteError
from gui.paint.colour import qcolor
from gui.paint.palette import Palette
from gui.paint.typeface import reads_right_to_left

FEWEST_LINES, MOST_LINES = 2, 6
# What a plain text field makes of a text: it has one kind of line end and one kind of space.
AS_IN_A_FIELD = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\u00a0": " ", "\ufdd0": "\n", "\ufdd1": "\n"})


def utf16_position(text: str, characters: int) -> int:
    """Where Qt counts the character: it counts UTF-16 units, so an emoji is two."""
    return len(text[:characters].encode("utf-16-le", "surrogatepass")) // 2


def characters_before(text: str, position: int) -> int:
    """How many characters stand before one of Qt's positions."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * position].decode("utf-16-le", "surrogatepass"))


def _as_in_a_field(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(AS_IN_A_FIELD)


def _alike(one: str, other: str) -> int:
    """How many letters two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


class SentenceField(QPlainTextEdit):
    """A sentence to edit.

    ``interlinear_pasted`` (:class:`gui.interlinear.sentence.Pasted`) and ``paste_refused`` (why) tell of a table that
    was pasted; ``entered`` that the person is here now.
    """

    interlinear_pasted = Signal(object)
    paste_refused = Signal(str)
    entered = Signal()

    def __init__(self, name: str, hint: str, palette: Palette, *, fewest_lines: int = FEWEST_LINES) -> None:
        super().__init__()
        self._fewest_lines = fewest_lines
        self._ground = palette.accent_soft
        self.setAccessibleName(name)
        self.setAccessibleDescription(hint)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)  # the window takes back text and settings alike
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.document().contentsChanged.connect(self._align)
        self.document().setDocumentMargin(2)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self._ground = palette.accent_soft
        self.setExtraSelections([])

    def show_text(self, text: str) -> None:
        """Show this text, the cursor where it changed; the field a person is typing in is left alone."""
        before, now = self.toPlainText(), _as_in_a_field(text)
        if before == now:
            return
        blocked = self.blockSignals(True)
        if utf16_position(before, len(before)) != self.document().characterCount() - 1:
            self.setPlainText(now)  # half an emoji stands in the field, which the text read from it does not count
        else:
            self._exchange(before, now)
        self.blockSignals(blocked)

    def _exchange(self, before: str, now: str) -> None:
        head = _alike(before, now)
        tail = _alike(before[head:][::-1], now[head:][::-1])
        cursor = self._over(before, head, len(before) - tail)
        cursor.insertText(now[head : len(now) - tail])
        self.setTextCursor(cursor)

    def write(self, text: str, caret: int | None = None) -> None:
        """Put this text in, as if the person had typed it, the cursor behind ``caret`` characters or at the end."""
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(utf16_position(text, len(text) if caret is None else caret))
        self.setTextCursor(cursor)

    def selection(self) -> tuple[int, int]:
        """The characters that are selected, first and end; both the cursor where none are."""
        cursor, text = self.textCursor(), self.toPlainText()
        return characters_before(text, cursor.selectionStart()), characters_before(text, cursor.selectionEnd())

    def mark(self, stretch: tuple[int, int] | None) -> None:
        """Light up some characters, first and end, or none."""
        marked = []
        if stretch is not None:
            light = QTextEdit.ExtraSelection()
            ground = QTextCharFormat()
            ground.setBackground(QColor(qcolor(self._ground)))
            light.cursor, light.format = self._over(self.toPlainText(), *stretch), ground
            marked.append(light)
        self.setExtraSelections(marked)

    def _over(self, text: str, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(utf16_position(text, start))
        cursor.setPosition(utf16_position(text, end), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _fit(self) -> None:
        # Lines that borrow letters from another font are higher than this field's own.
        needed = sum(self._block_heights())
        first = self.document().begin().layout()
        line = first.lineAt(0).height() if first.lineCount() else self.fontMetrics().lineSpacing()
        shown = min(MOST_LINES * line, max(self._fewest_lines * line, needed))
        bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if needed > shown else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if bar != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(bar)
        frame = self.contentsMargins()
        margins = frame.top() + frame.bottom() + 2 * round(self.document().documentMargin()) + 4
        self.setFixedHeight(math.ceil(shown) + margins)

    def _block_heights(self) -> Iterator[float]:
        block = self.document().begin()
        while block.isValid():
            yield block.layout().boundingRect().height()
            block = block.next()

    @Slot()
    def _align(self) -> None:
        """A script that is written from right to left begins at the right."""
        option = self.document().defaultTextOption()
        side = Qt.AlignmentFlag.AlignRight if reads_right_to_left([self.toPlainText()]) else Qt.AlignmentFlag.AlignLeft
        if option.alignment() != side | Qt.AlignmentFlag.AlignAbsolute:
            option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
            self.document().setDefaultTextOption(option)

    def sizeHint(self) -> QSize:
        """Its own height, any width."""
        return QSize(200, self.height())

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Files that are dropped here are for the window to open; their names are no sentence."""
        return super().canInsertFromMimeData(source) and not any(url.isLocalFile() for url in source.urls())

    def insertFromMimeData(self, source: QMimeData) -> None:
        """A table of words is taken as a sentence and what is known of its words; anything else is text."""
        text = source.text()
        if not is_interlinear(text):
            super().insertFromMimeData(source)
            return
        try:
            self.interlinear_pasted.emit(read_interlinear(text))
        except PasteError as error:
            super().insertFromMimeData(source)
            self.paste_refused.emit(str(error))

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _is_step(event):
            event.ignore()
            return False
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the person is here."""
        super().focusInEvent(event)
        self.entered.emit()

    def resizeEvent(self, event: object) -> None:
        """Fit again: other lines break."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt's own event, handed through
        self._fit()


def _is_step(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
