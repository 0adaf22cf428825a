"""The line at the bottom: what the program is doing, on how much, where, and that nothing leaves the computer."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from engine import registry
from engine.contract import Explanation
from gui.guide.help import help_text
from gui.paint.colour import qcolor
from gui.paint.numerals import counted
from gui.paint.palette import Palette
from gui.shown import Activity, Shown
from gui.style import sized
from gui.told.prose import preview_words
from gui.told.wording import duration, rough_duration

TALL = 30  # pixels, in usual type
PATIENCE_MS = 300  # a shorter run needs no progress bar
REMARK_MS = 5000
EARLY, LONG = 0.05, 2.0  # a share done too small to foretell from, and seconds too few to speak of

WORDS = {
    Activity.NO_TEXT: "Waiting for a sentence",
    Activity.LOADING: "Loading the model…",
    Activity.COMPUTING: "Computing…",
    Activity.FAILED: "No answer for this yet",
}
BUSY = (Activity.COMPUTING, Activity.LOADING, Activity.PREVIEW)


def status_words(shown: Shown) -> str:
    """What the program is doing, in a few words."""
    if shown.activity is Activity.UP_TO_DATE:
        return f"Up to date, {duration(shown.seconds)}"
    sides = ((shown.first, shown.first_stale), (shown.explanation, shown.stale))
    made = next((made for made, is_stale in sides if made is not None and made.preview and not is_stale), None)
    if made is not None:
        return preview_words(registry.find(made.request.method), is_awaited=shown.activity is Activity.PREVIEW)
    return WORDS[shown.activity]


def _tokens(explanation: Explanation, first: Explanation | None) -> str:
    """``12 tokens``; of two sides ``2 × 12 tokens``, or ``12 and 13 tokens``."""
    count = len(explanation.tokens)
    if first is None:
        return counted(count, "token")
    if len(first.tokens) == count:
        return f"2\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}{counted(count, 'token')}"
    return f"{len(first.tokens)} and {counted(count, 'token')}"


def time_left(fraction: float, seconds: float) -> str:
    """How long a run that is ``fraction`` done after ``seconds`` will still take, "" where it is soon or not known."""
    if fraction < EARLY:
        return ""
    left = seconds * (1 - fraction) / fraction
    return help_text("status", "left", time=rough_duration(left)) if left >= LONG else ""


class _Dot(QWidget):
    """A small light: blue when the picture belongs to the text, grey while it does not, orange when it cannot."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._activity = Activity.LOADING
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One letter."""
        return QSize(10, 10)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self._palette = palette
        self.update()

    def show_activity(self, activity: Activity) -> None:
        """Take the colour of this."""
        if activity is not self._activity:
            self._activity = activity
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """One dot."""
        colours = {Activity.UP_TO_DATE: self._palette.towards, Activity.FAILED: self._palette.against}
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(colours.get(self._activity, self._palette.faint)))
        painter.drawEllipse(1, 1, 8, 8)
        painter.end()


class StatusPanel(QFrame):
    """The status line."""

    def __init__(self, palette: Palette, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock, self._since = clock, clock()
        self.setObjectName("status")
        self.setFixedHeight(sized(TALL))
        self._dot = _Dot(palette)
        self.doing, self.tokens, self.device, self.remark = (QLabel() for _ in range(4))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setFixedWidth(140)
        self.bar.setAccessibleName(help_text("status", "progress"))
        self.bar.setToolTip(help_text("status", "progress_hint"))
        self.bar.hide()
        self.offline = QLabel(help_text("status", "offline"))
        self.offline.setToolTip(help_text("status", "offline_hint"))
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self._dot)
        row.addWidget(self.doing)
        row.addWidget(self.bar)
        for label in (self.tokens, self.device):
            row.addSpacing(14)
            row.addWidget(label)
        row.addStretch(1)
        row.addWidget(self.remark)
        row.addSpacing(14)
        row.addWidget(self.offline)
        self._patience = _timer(self, PATIENCE_MS)
        self._patience.timeout.connect(self._on_patience_ended)
        self._remark_time = _timer(self, REMARK_MS)
        self._remark_time.timeout.connect(self.remark.clear)
        self._shown: Shown | None = None

    def show_status(self, shown: Shown) -> None:
        """Say what is going on."""
        before, self._shown = self._shown, shown
        if shown.activity not in BUSY:
            self._patience.stop()
        elif before is None or before.activity not in BUSY:
            self._patience.start()
        if shown.progress is None:
            self._since = self._clock()
        self._dot.show_activity(shown.activity)
        self._write(shown)
        if shown.explanation is not None:
            self.tokens.setText(_tokens(shown.explanation, shown.first))
            self.device.setText(shown.explanation.model.device)

    def forget(self, _: Shown) -> None:
        """Out of sight: let go of what was shown."""
        self._patience.stop()
        self._shown = None

    def add(self, widget: QWidget, before: QWidget | None = None) -> None:
        """A widget at the right, before the last word or before another one."""
        at = self._row.count() - 2 if before is None else self._row.indexOf(before)
        self._row.insertWidget(at, widget)

    def say(self, remark: str) -> None:
        """A remark of the moment, at the right."""
        self.remark.setText(remark)
        self._remark_time.start()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours, and the height its type needs."""
        self._dot.dress(palette)
        self.setFixedHeight(sized(TALL))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the room there is."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Share out the room anew when something got longer or shorter."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """What matters least goes first where there is too little room."""
        lesser = (self.offline, self.tokens, self.device)  # the first of these goes last
        room = self.width() - self._row.minimumSize().width()
        room += sum(self._wide(label) for label in lesser if not label.isHidden())
        for label in lesser:
            fits = self._wide(label) <= room
            label.setVisible(fits)
            room -= self._wide(label) if fits else 0

    def _wide(self, label: QLabel) -> int:
        return label.minimumSizeHint().width() + self._row.spacing()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, sized(TALL))

    def _write(self, shown: Shown) -> None:
        is_slow = shown.activity in BUSY and not self._patience.isActive() and shown.progress is not None
        words = status_words(shown)
        if is_slow and shown.progress is not None:
            self.bar.setValue(round(1000 * shown.progress.fraction))
            if shown.progress.doing and shown.activity is not Activity.PREVIEW:
                words = f"{shown.progress.doing}…"
            left = time_left(shown.progress.fraction, self._clock() - self._since)
            words = f"{words} {left}" if left else words
        self.doing.setText(words)
        self.bar.setVisible(is_slow)

    def _on_patience_ended(self) -> None:
        if self._shown is not None:
            self._write(self._shown)


def _timer(owner: QWidget, milliseconds: int) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    return timer
