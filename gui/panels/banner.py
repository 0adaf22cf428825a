"""A quiet line across the window when something of ours broke; the program goes on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from engine.contract import Failure
from gui.guide.help import help_text
from gui.told.wording import tooltip


class BugBanner(QFrame):
    """Says it once, hands out the details, goes away when asked (``dismissed``)."""

    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._details = ""
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.copy = QPushButton(help_text("banner", "copy"))
        self.copy.setObjectName("link")
        self.copy.setToolTip(help_text("banner", "copy_hint"))
        self.copy.clicked.connect(self._on_copy_clicked)
        dismiss = QPushButton(help_text("banner", "dismiss"))
        dismiss.setObjectName("link")
        dismiss.setToolTip(help_text("banner", "dismiss_hint"))
        dismiss.clicked.connect(self.dismissed)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.addWidget(self.words, 1)
        row.addWidget(self.copy)
        row.addWidget(dismiss)
        self.hide()

    def show_bug(self, bug: Failure | None) -> None:
        """Show it, or nothing."""
        self.setVisible(bug is not None)
        if bug is not None:
            self._details = f"{bug.title}\n{bug.message}\n{bug.details}"
            self.words.setText(f"{bug.title}. {bug.hint}")
            self.words.setToolTip(tooltip(bug.message))

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
