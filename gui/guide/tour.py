"""The tour of the first start: one part of the window stays bright at a time, and a small card says what it is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.controls.focus import reveal
from gui.guide.help import help_text
from gui.paint.colour import qcolor
from gui.paint.palette import LIGHT, Palette
from gui.style import sized

CARD_WIDTH = 320  # pixels, in usual type
APART, EDGE, RIM = 14, 12, 4  # pixels: card to hole, card to window, hole to what is explained
DARKNESS = 140  # of 255


@dataclass(frozen=True, slots=True)
class Step:
    """``place`` names the part of the window that is explained."""

    place: str
    title: str
    text: str


@cache
def steps() -> tuple[Step, ...]:
    """The tour as written in ``resources/tour.toml``."""
    read = tomllib.loads((files("resources") / "tour.toml").read_text(encoding="utf-8"))
    return tuple(Step(**step) for step in read["step"])


def card_corner(card: QSize, hole: QRect, room: QRect) -> QPoint:
    """Where the card stands: inside the room, beside the hole, where it hides as little of it as can be."""
    if hole.isEmpty():
        return room.center() - QPoint(card.width() // 2, card.height() // 2)
    middle = hole.center().x() - card.width() // 2
    corners = (
        QPoint(hole.right() + APART, hole.top()),
        QPoint(hole.left() - APART - card.width(), hole.top()),
        QPoint(middle, hole.bottom() + APART),
        QPoint(middle, hole.top() - APART - card.height()),
        QPoint(hole.right() + APART, hole.bottom() - card.height()),
    )
    farthest = QPoint(room.right() - card.width(), room.bottom() - card.height())
    inside = [_between(room.topLeft(), at, farthest) for at in corners]
    return min(inside, key=lambda at: _hidden(hole, QRect(at, card)))


def _between(least: QPoint, at: QPoint, most: QPoint) -> QPoint:
    return QPoint(max(least.x(), min(at.x(), most.x())), max(least.y(), min(at.y(), most.y())))


def _hidden(hole: QRect, card: QRect) -> int:
    """How many pixels of the hole the card lies over."""
    shared = hole.intersected(card)
    return shared.width() * shared.height()


class _TourCard(QFrame):
    """Title, words, how far one is, and the three buttons."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.title, self.text, self.progress = QLabel(), QLabel(), QLabel()
        for label, name in ((self.title, "sheet_title"), (self.text, "prose"), (self.progress, "quiet")):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.text.setWordWrap(True)
        self.skip, self.back, self.next = QPushButton(), QPushButton(), QPushButton()
        self.skip.setObjectName("link")
        self.next.setObjectName("primary")
        for button, key in ((self.skip, "skip"), (self.back, "back")):
            button.setText(help_text("tour", key))
            button.setToolTip(help_text("tour", f"{key}_hint"))
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.progress, self.skip):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.back, self.next):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        for label in (self.title, self.text):
            column.addWidget(label)
        column.addSpacing(4)
        column.addLayout(row)

    def show_step(self, step: Step, number: int, count: int) -> None:
        """Say this one."""
        key = "done" if number == count else "next"
        self.title.setText(step.title)
        self.text.setText(step.text)
        self.progress.setText(help_text("tour", "progress", step=str(number), count=str(count)))
        self.back.setEnabled(number > 1)
        self.next.setText(help_text("tour", key))
        self.next.setToolTip(help_text("tour", f"{key}_hint"))
        self.setAccessibleName(f"{help_text('tour', 'name')}, {self.progress.text()}: {step.title}")
        self.setAccessibleDescription(step.text)
        self.next.setAccessibleDescription(f"{step.title}. {step.text}")


class Tour(QWidget):
    """Lies over the whole window until it has been read or skipped; then ``ended``.

    ``places`` are the parts of the window by name. Keys: Enter and Right go on, Left goes back, Esc ends it; Tab stays
    inside. The focus returns to where it was.
    """

    ended = Signal()

    def __init__(self, window: QWidget, places: Mapping[str, QWidget]) -> None:
        super().__init__(window)
        self._places, self._colours, self._at = places, LIGHT, 0
        self._before: QWidget | None = None
        self.card = _TourCard(self)
        self.card.next.clicked.connect(self.go_on)
        self.card.back.clicked.connect(self.go_back)
        self.card.skip.clicked.connect(self.end)
        for button in self.card.findChildren(QPushButton):
            button.installEventFilter(self)
        self.card.show_step(self.step, 1, len(steps()))
        self.hide()

    @property
    def step(self) -> Step:
        """The one that is explained now."""
        return steps()[self._at]

    def start(self) -> None:
        """From the first step."""
        self._before = self.window().focusWidget()
        for watched in (self.window(), *self._places.values()):
            watched.installEventFilter(self)
        self._go_to(0)
        self.card.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours, and the room its type needs."""
        self._colours = palette
        if self.isVisible():
            self._fit()

    @Slot()
    def go_on(self) -> None:
        """The next step; after the last the tour is over."""
        if self._at + 1 < len(steps()):
            self._go_to(self._at + 1)
        else:
            self.end()

    @Slot()
    def go_back(self) -> None:
        """The step before, if there is one."""
        if self._at > 0:
            self._go_to(self._at - 1)

    @Slot()
    def end(self) -> None:
        """Give the window back."""
        for watched in (self.window(), *self._places.values()):
            watched.removeEventFilter(self)
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None
        self.ended.emit()

    def hole(self) -> QRect:
        """What stays bright: the part that is explained, as far as it is seen; nothing where it is hidden."""
        place = self._places.get(self.step.place)
        if place is None or not place.isVisible():
            return QRect()
        seen = place.visibleRegion().boundingRect().translated(place.mapTo(self.window(), QPoint(0, 0)))
        return seen.adjusted(-RIM, -RIM, RIM, RIM).intersected(self.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window and what is explained; arrows are the tour's, though a button has the focus."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and not isinstance(watched, QPushButton):
            self._fit()
        if isinstance(event, QKeyEvent) and isinstance(watched, QPushButton):
            return self._take(event)
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays among the buttons of the card."""
        buttons = [button for button in (self.card.next, self.card.skip, self.card.back) if button.isEnabled()]
        focused = next((index for index, button in enumerate(buttons) if button.hasFocus()), 0)
        buttons[(focused + (1 if forward else -1)) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """On, back, or out; nothing reaches the window below."""
        self._take(event)

    def _take(self, event: QKeyEvent) -> bool:
        """Whether the key means something here; shortcuts of the window wait until the tour is over."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.end()
        elif key == Qt.Key.Key_Left:
            self.go_back()
        elif key == Qt.Key.Key_Right:
            self.go_on()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            (focused.click if isinstance(focused, QPushButton) else self.go_on)()
        else:
            return False
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """All of the window darkened but what is explained."""
        hole = QRectF(self.hole())
        shade = QPainterPath()
        shade.addRect(QRectF(self.rect()))
        if not hole.isEmpty():
            shade.addRoundedRect(hole, 10, 10)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(shade, QColor(0, 0, 0, DARKNESS))
        if not hole.isEmpty():
            painter.setPen(QPen(qcolor(self._colours.accent), 2))
            painter.drawRoundedRect(hole, 10, 10)
        painter.end()

    def _go_to(self, number: int) -> None:
        self._at = number
        self.card.show_step(self.step, number + 1, len(steps()))
        if (place := self._places.get(self.step.place)) is not None:
            reveal(place)
        self._fit()
        if not self.card.back.isEnabled() or not self.focusWidget():
            self.card.next.setFocus(Qt.FocusReason.OtherFocusReason)
        words = f"{self.card.accessibleName()}. {self.step.text}"
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.card, words))

    def _fit(self) -> None:
        """Cover the window as it is, the card beside what it explains."""
        room = self.window().rect()
        self.setGeometry(room)
        self.raise_()
        self.show()
        QApplication.sendPostedEvents(self.card, QEvent.Type.LayoutRequest)
        inner = room.adjusted(EDGE, EDGE, -EDGE, -EDGE)
        wide = min(sized(CARD_WIDTH), inner.width())
        layout = self.card.layout()
        assert layout is not None
        size = QSize(wide, layout.totalHeightForWidth(wide))
        self.card.setGeometry(QRect(card_corner(size, self.hole(), inner), size))
        self.update()
