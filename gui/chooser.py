"""A top-bar button that says what is chosen, and the popup menu it opens."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF, QRegion, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from engine.contract import Failure
from gui.card import Notice, rule
from gui.elided import ElidedLabel

ENTRY_WIDTH = 320
POPUP_HEIGHT = 520
CHEVRON_ROOM = 26
VALUE_WIDTH = 170  # pixels a name may take in the top bar


class ChooserButton(QPushButton):
    """Shows grey captions and bold values side by side, and a chevron."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("chooser")
        self._name = name
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(11, 0, CHEVRON_ROOM, 0)
        self._row.setSpacing(7)
        self._parts: tuple[tuple[str, bool], ...] = ()

    def show_parts(self, *texts: str) -> None:
        """``texts`` take turns: caption, value, caption, value."""
        parts = tuple((text, index % 2 == 1) for index, text in enumerate(texts))
        if parts == self._parts:
            return
        self._parts = parts
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()  # it is deleted only when Qt is idle again
                widget.deleteLater()
        for text, is_value in parts:
            label = ElidedLabel(text, most=VALUE_WIDTH)
            label.setObjectName("value" if is_value else "caption")
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._row.addWidget(label)
        self.setAccessibleName(f"{self._name}: {' '.join(text for text, _ in parts)}")
        self.updateGeometry()

    def text_shown(self) -> str:
        """What the button reads."""
        return " ".join(text for text, _ in self._parts)

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return QSize(self._row.sizeHint().width(), 34)

    def minimumSizeHint(self) -> QSize:
        """The same: a cut name says nothing."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and a chevron at its right."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(self.foregroundRole()), 1.6))
        middle = QPointF(self.width() - CHEVRON_ROOM / 2 - 1, self.height() / 2)
        painter.drawPolyline(
            QPolygonF([middle + QPointF(-3.5, -1.7), middle + QPointF(0, 1.8), middle + QPointF(3.5, -1.7)])
        )
        painter.end()


class Entry(QPushButton):
    """One line of a popup: a name and a sentence under it."""

    def __init__(self, title: str, sentence: str, value: object) -> None:
        super().__init__()
        self.value = value
        self.setObjectName("entry")
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 8)
        column.setSpacing(1)
        self._labels = [_fixed(title, "entry_title")]
        if sentence:
            self._labels.append(_fixed(sentence, "entry_sentence"))
        for label in self._labels:
            column.addWidget(label)

    def sizeHint(self) -> QSize:
        """As high as its words."""
        layout = self.layout()
        assert layout is not None
        return layout.sizeHint()


def _fixed(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    label.setWordWrap(True)
    label.setFixedWidth(ENTRY_WIDTH)
    return label


class Popup(QFrame):
    """A menu made of entries and small forms; Esc or a click beside it closes it. ``chosen`` tells an entry's value.

    A signal and no callbacks: a callback kept by an entry would keep its owner, which owns the popup, alive.
    """

    chosen = Signal(object)

    def __init__(self, opener: QWidget, name: str) -> None:
        super().__init__(opener, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._content = QWidget()
        self._content.setObjectName("column")
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(6, 6, 6, 6)
        self._column.setSpacing(2)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._content)
        self._entries = QButtonGroup(self)
        self._entries.setExclusive(False)
        self._entries.buttonClicked.connect(self._on_clicked)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._area)

    def add_heading(self, text: str) -> None:
        """A quiet line above the entries that follow."""
        label = QLabel(text)
        label.setObjectName("title")
        label.setContentsMargins(10, 6, 10, 2)
        self._column.addWidget(label)

    def add_rule(self) -> None:
        """A thin line."""
        self._column.addWidget(rule())

    def add_widget(self, widget: QWidget) -> None:
        """Anything else, a form for example."""
        self._column.addWidget(widget)

    def add_entry(self, title: str, sentence: str, value: object, *, is_current: bool = False) -> Entry:
        """A line that closes the popup and tells ``value``."""
        entry = Entry(title, sentence, value)
        entry.setChecked(is_current)
        self._entries.addButton(entry)
        self._column.addWidget(entry)
        return entry

    def open_under(self, button: QWidget) -> None:
        """Show the menu under its button, within the screen, the current entry focused."""
        self.ensurePolished()
        for child in self._content.findChildren(QWidget):
            child.ensurePolished()  # the style sheet decides fonts and heights
        for label in self._content.findChildren(QLabel):
            if label.wordWrap() and label.minimumWidth() == label.maximumWidth():
                label.setFixedHeight(label.heightForWidth(label.minimumWidth()))
        self._column.invalidate()
        hint = self._column.sizeHint()
        screen = button.screen().availableGeometry()
        height = min(hint.height() + 2, POPUP_HEIGHT, screen.height() - 24)
        scroll = 10 if height < hint.height() + 2 else 0
        self.resize(hint.width() + 2 + scroll, height)
        corner = button.mapToGlobal(QPoint(0, button.height() + 4))
        corner.setX(max(screen.left(), min(corner.x(), screen.right() - self.width())))
        corner.setY(max(screen.top(), min(corner.y(), screen.bottom() - self.height())))
        self.move(corner)
        self.show()
        entries = [entry for entry in self.findChildren(Entry) if entry.isEnabled()]
        current = next((entry for entry in entries if entry.isChecked()), entries[0] if entries else None)
        if current is not None:
            current.setFocus(Qt.FocusReason.PopupFocusReason)
            self._area.ensureWidgetVisible(current)

    def _on_clicked(self, entry: Entry) -> None:
        self.close()
        self.chosen.emit(entry.value)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Round corners without a see-through window, which needs a compositor."""
        super().resizeEvent(event)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), 8, 8)
        self.setMask(QRegion(outline.toFillPolygon().toPolygon()))


class Chooser(QWidget):
    """A chooser button with its popup and its notice. Subclasses fill the popup and speak in their own signals."""

    def __init__(self, name: str, help_text: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.button = ChooserButton(name)
        self.button.setToolTip(help_text)
        self.button.clicked.connect(self.open_popup)
        row.addWidget(self.button)
        self.notice = Notice()
        self._name = name

    def open_popup(self) -> None:
        """Open a fresh menu; it deletes itself when it closes."""
        popup = Popup(self.button, self._name)
        popup.chosen.connect(self.take)
        self.fill(popup)
        popup.open_under(self.button)

    def fill(self, popup: Popup) -> None:
        """Put the entries in."""
        raise NotImplementedError

    def take(self, value: Any) -> None:
        """Tell what the chosen entry stands for."""
        raise NotImplementedError

    def show_failure(self, failure: Failure | None) -> None:
        """Mark the button and say it in the notice line, or take both back."""
        self.notice.show_failure(failure)
        if self.button.property("failed") != (failure is not None):
            self.button.setProperty("failed", failure is not None)
            self.button.style().unpolish(self.button)
            self.button.style().polish(self.button)
