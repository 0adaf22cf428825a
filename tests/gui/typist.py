"""A person who edits a text at random, and somebody who watches that the pictures of it come in order."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from engine.contract import Request
from gui.controls.canvas import Canvas

VOCABULARY = (
    "a",
    "film",
    "wonderful",
    "dull",
    "not",
    "unhappily",
    "the",
    "actors",
    "naïve",
    "3.14",
    "😀",
    "שלום",
    "so-so",
    ",",
)
PASTED = "Nobody in the whole quiet village seemed to mind very much."
MOST_WORDS = 40  # a longer text is cut down again


class Typist:
    """Edits ``field``: letters, words, deletions, pastes, an empty text, steps back and forth.

    ``undo`` and ``redo`` are the window's own.
    """

    def __init__(self, field: QPlainTextEdit, undo: Callable[[], None], redo: Callable[[], None], seed: int) -> None:
        self.random = random.Random(seed)
        self._field, self._undo, self._redo = field, undo, redo
        self._acts = (
            *[self._type_letters] * 8,
            *[self._type_word] * 4,
            *[self._delete] * 4,
            *[self._replace_word] * 4,
            *[undo] * 3,
            *[redo] * 2,
            self._paste,
            self._clear,
        )

    def edit(self) -> None:
        """One edit."""
        if len(self._field.toPlainText().split()) > MOST_WORDS:
            self._clear()
        self.random.choice(self._acts)()

    def _cursor(self) -> QTextCursor:
        """Somewhere in the text, between two characters: Qt counts UTF-16 units, of which an emoji has two."""
        text, cursor = self._field.toPlainText(), self._field.textCursor()
        before = text[: self.random.randint(0, len(text))]
        cursor.setPosition(len(before.encode("utf-16-le")) // 2)
        return cursor

    def _type_letters(self) -> None:
        self._cursor().insertText("".join(self.random.choices("abcdefghij ", k=self.random.randint(1, 3))))

    def _type_word(self) -> None:
        self._cursor().insertText(f" {self.random.choice(VOCABULARY)} ")

    def _delete(self) -> None:
        cursor = self._cursor()
        for _ in range(self.random.randint(1, 6)):
            cursor.deletePreviousChar()

    def _replace_word(self) -> None:
        cursor = self._cursor()
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        cursor.insertText(self.random.choice(VOCABULARY))

    def _paste(self) -> None:
        self._cursor().insertText(PASTED)

    def _clear(self) -> None:
        self._field.selectAll()
        self._field.textCursor().removeSelectedText()


class PaintedOrder(QObject):
    """Notes what is shown at every paint of a window's canvases, and what is wrong about it (``violations``).

    Every painted answer belongs to a question that was asked with just its text, and none to an older question than
    the one painted before it; what is not marked as stale belongs to the text in the field.
    """

    def __init__(self, window: QWidget, controller: Any, bridge: Any, field: QPlainTextEdit) -> None:
        super().__init__()
        self.violations: list[str] = []
        self.painted: set[int] = set()
        self._controller, self._field = controller, field
        self._asked: dict[int, str] = {}
        self._last = 0
        submit = bridge.submit

        def submitted(request: Request) -> None:
            self._asked[request.generation] = request.text
            submit(request)

        bridge.submit = submitted
        # Not the application itself, and no longer than needed: a Python filter that sees windows die crashes.
        self._canvases = window.findChildren(Canvas)
        for canvas in self._canvases:
            canvas.installEventFilter(self)

    def leave(self) -> None:
        """Watch no more; called while the window still lives."""
        for canvas in self._canvases:
            canvas.removeEventFilter(self)
        self._canvases = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look, never touch."""
        if event.type() == QEvent.Type.Paint:
            self._look()
        return False

    def _look(self) -> None:
        shown = self._controller.shown
        if shown.explanation is None:
            return
        request = shown.explanation.request
        generation = request.generation
        if generation in self._asked and request.text != self._asked[generation]:
            self.violations.append(f"{generation} was asked with another text than it was answered with")
        if generation < self._last:
            self.violations.append(f"{generation} was painted after {self._last}")
        now = self._field.toPlainText()
        if not shown.stale and request.text != now:
            self.violations.append(f"{generation} counts as current and belongs to {request.text!a}, not to {now!a}")
        self._last = generation
        self.painted.add(generation)
