"""Texts that were looked at long enough to be worth coming back to."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.kept.settings import RECENT_TEXTS
from gui.shown import Activity, Shown

STANDS_MS = 4000  # a text whose picture was left alone for so long was looked at


def remembered(texts: tuple[str, ...], text: str) -> tuple[str, ...]:
    """``texts`` with this one in front; of a sentence that is still being written only the longest stays."""
    is_one = bool(texts) and (text.startswith(texts[0]) or texts[0].startswith(text))
    others = [other for other in texts[1 if is_one else 0 :] if other != text]
    kept = max(text, texts[0], key=len) if is_one else text
    return (kept, *(other for other in others if other != kept))[:RECENT_TEXTS]


class RecentTexts(QObject):
    """Watches what is shown; ``changed`` tells all texts remembered, the last one first."""

    changed = Signal(object)

    def __init__(self, texts: tuple[str, ...], milliseconds: int = STANDS_MS) -> None:
        super().__init__()
        self.texts = texts
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(self._on_stood)

    def watch(self, shown: Shown) -> None:
        """Begin to count when the answer to a new text stands, stop when the text changes."""
        if shown.state.text == self._text:
            return
        self._timer.stop()
        self._text = ""
        if shown.activity is Activity.UP_TO_DATE:
            self._text = shown.state.text
            self._timer.start()

    @Slot()
    def _on_stood(self) -> None:
        self.texts = remembered(self.texts, self._text)
        self.changed.emit(self.texts)
