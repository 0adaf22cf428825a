"""The bar at the top: what is explained at the left, what can be done with it at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from gui.controls.iconbutton import IconButton, redo_sign, undo_sign
from gui.guide.help import help_text
from gui.style import GAP, sized

TALL, SPACING = 52, 10  # pixels, in usual type


def shortcut_words(key: QKeySequence.StandardKey | str) -> str:
    """A shortcut as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


class TopBar(QFrame):
    """``undo_requested`` and ``redo_requested`` are wishes.

    Where the room gets scarce, first the program's name goes, then names are cut, then the steps back and forward go:
    ``shows_history`` says whether they are seen, so that a menu can offer them instead.
    """

    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(self, choosers: Sequence[QWidget], actions: Sequence[QWidget]) -> None:
        super().__init__()
        self.setObjectName("top_bar")
        self._wordmark = QLabel(help_text("window", "name"))
        self._wordmark.setObjectName("wordmark")
        self.undo = IconButton(undo_sign(), *_named("undo", QKeySequence.StandardKey.Undo))
        self.redo = IconButton(redo_sign(), *_named("redo", QKeySequence.StandardKey.Redo))
        self.undo.clicked.connect(self.undo_requested)
        self.redo.clicked.connect(self.redo_requested)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, GAP, 0)
        row.setSpacing(SPACING)
        row.addWidget(self._wordmark)
        for chooser in choosers:
            row.addWidget(chooser)
        row.addStretch(1)
        steps = QHBoxLayout()
        steps.setSpacing(0)
        steps.addWidget(self.undo)
        steps.addWidget(self.redo)
        row.addLayout(steps)
        for action in actions:
            row.addWidget(action, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setFixedHeight(sized(TALL))

    @property
    def shows_history(self) -> bool:
        """Whether there is room for the steps back and forward."""
        return not self.undo.isHidden()

    def show_history(self, *, can_undo: bool, can_redo: bool) -> None:
        """Offer the steps there are."""
        self.undo.setEnabled(can_undo)
        self.redo.setEnabled(can_redo)

    def fit(self) -> None:
        """Share out the room there is, in the type there is now."""
        self.setFixedHeight(sized(TALL))
        name = self._wordmark.sizeHint().width() + SPACING
        steps = 2 * self.undo.sizeHint().width() + SPACING
        # What is hidden takes no part in the layout's own sums.
        wanted = self._row.sizeHint().width() + name * self._wordmark.isHidden() + steps * self.undo.isHidden()
        least = self._row.minimumSize().width() - name * (not self._wordmark.isHidden()) + steps * self.undo.isHidden()
        self._wordmark.setVisible(wanted <= self.width())
        for button in (self.undo, self.redo):
            button.setVisible(least <= self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the room anew."""
        super().resizeEvent(event)
        self.fit()

    def event(self, event: QEvent) -> bool:
        """Share out the room anew when a name got longer or shorter."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """It makes do with any width."""
        return QSize(0, sized(TALL))


def _named(key: str, shortcut: QKeySequence.StandardKey) -> tuple[str, str]:
    return help_text("history", key), help_text("history", f"{key}_hint", keys=shortcut_words(shortcut))
