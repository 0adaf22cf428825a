"""What you are looking at: prose made from the numbers shown, ready to be copied."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy

from engine.contract import Explanation
from engine.registry import Method
from gui.controls.card import Card
from gui.guide.help import help_text
from gui.paint.kept import is_same_answer
from gui.shown import Shown
from gui.state import ViewState
from gui.told.prose import Prose, Told, describe, preview_words
from gui.topbar import shortcut_words

THANKED_MS = 1500
MARKS = {True: "✓ ", False: "⚠ ", None: ""}


class ExplanationPanel(Card):
    """The prose card."""

    def __init__(self) -> None:
        super().__init__(help_text("explanation", "title"))
        self.copy = QPushButton(help_text("explanation", "copy"))
        self.copy.setObjectName("link")
        self.copy.setToolTip(help_text("explanation", "copy_hint"))
        self.copy.clicked.connect(self._on_copy_clicked)
        self.copy.setEnabled(False)
        self.header.addWidget(self.copy)
        self.trust = QPushButton(help_text("trust", "link"))
        self.trust.setObjectName("link")
        self.trust.setToolTip(help_text("trust", "link_hint", keys=shortcut_words("Ctrl+T")))
        self.prose = _label("prose")
        self.check = _label("quiet")
        self.check.setToolTip(help_text("explanation", "check_hint"))
        asking = QHBoxLayout()
        asking.addSpacing(-3)  # its letters in line with the prose
        asking.addWidget(self.trust)
        asking.addStretch(1)
        self.body.addLayout(asking)
        self.body.addWidget(self.prose)
        self.body.addWidget(self.check)
        self.body.addStretch(1)
        self._prose: Prose | None = None
        self._described: tuple[Explanation, Method, ViewState, Told | None] | None = None
        self._thanks = QTimer(self)
        self._thanks.setSingleShot(True)
        self._thanks.setInterval(THANKED_MS)
        self._thanks.timeout.connect(self._on_thanked)

    def show_explanation(self, shown: Shown, method: Method, told: Told | None) -> None:
        """Describe what is shown, made by ``method``, in the words of the view in front where it has its own.

        Words of a picture that is dimmed are dimmed too.
        """
        explanation, view = shown.explanation, replace(shown.state.view, hover=None)
        if view.traced is None:  # only of a traced node is told how much of its links is drawn
            view = replace(view, coverage=1.0)
        if explanation is None:
            return
        self.prose.setEnabled(not shown.stale)
        self.check.setEnabled(not shown.stale)
        if explanation.preview:
            self.check.setText(preview_words(method, is_awaited=shown.waiting))
        described = (explanation, method, view, told)
        if self._described is not None and self._described[0] is explanation and self._described[1:] == described[1:]:
            return
        self._described = described
        self._prose = describe(explanation, method, view, told)
        self.prose.setText(self._prose.html())
        if not explanation.preview:
            self.check.setText(f"{MARKS[self._prose.is_exact]}{self._prose.check}")
        self.copy.setEnabled(True)

    def forget(self, shown: Shown) -> None:
        """Out of sight: let go of an answer that is no longer shown."""
        if self._described is not None and not is_same_answer(self._described[0], shown.explanation):
            self._described = None

    def _on_copy_clicked(self) -> None:
        if self._prose is not None:
            QGuiApplication.clipboard().setText(self._prose.plain())
            self.copy.setText(help_text("explanation", "copied"))
            self._thanks.start()

    def _on_thanked(self) -> None:
        self.copy.setText(help_text("explanation", "copy"))


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText if name == "prose" else Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label
