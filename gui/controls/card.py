"""The white card everything stands on, and the one line a panel says a failure in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.contract import Failure
from gui.controls.elided import ElidedLabel
from gui.style import CARD_PADDING, sized
from gui.told.wording import escaped

HEADER_HEIGHT = 26  # as high as the controls that may stand beside a title, so that titles of all cards line up


class Card(QFrame):
    """A titled card; ``body`` takes the content, ``header`` what stands beside the title."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.title = ElidedLabel(title)
        self.title.setObjectName("title")
        self.title.setMinimumHeight(sized(HEADER_HEIGHT))
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.header.addWidget(self.title)
        self.header.addStretch(1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(CARD_PADDING, CARD_PADDING - 4, CARD_PADDING, CARD_PADDING)
        self.body.setSpacing(6)
        self.body.addLayout(self.header)

    def changeEvent(self, event: QEvent) -> None:
        """Larger type needs a higher header."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.title.setMinimumHeight(sized(HEADER_HEIGHT))


class Notice(QLabel):
    """One line on what went wrong and what to do; hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()

    def show_failure(self, failure: Failure | None) -> None:
        """Say it, or fall silent."""
        self.setVisible(failure is not None)
        if failure is not None:
            self.setText(f"<b>{escaped(failure.title)}.</b> {escaped(failure.message)} {escaped(failure.hint)}")
            self.setAccessibleName(f"{failure.title}. {failure.message} {failure.hint}")

    def say(self, text: str) -> None:
        """A plain remark in the same place."""
        self.setText(escaped(text))
        self.setAccessibleName(text)
        self.show()


def rule(parent: QWidget | None = None) -> QFrame:
    """A thin line between two parts."""
    line = QFrame(parent)
    line.setObjectName("rule")
    return line
