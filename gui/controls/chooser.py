"""A top-bar button that says what is chosen, and the popup menu it opens."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QCursor,
    QGuiApplication,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from engine.contract import Failure
from gui.controls.card import Notice, rule
from gui.controls.elided import ElidedLabel
from gui.controls.entry import ENTRY_WIDTH as ENTRY_WIDTH
from gui.controls.entry import Details, Entry
from gui.guide.help import help_text
from gui.style import sized
from gui.told.wording import tooltip

POPUP_HEIGHT = 640
SCROLL_ROOM = 10  # pixels beside a scroll bar
CHEVRON_ROOM = 26
LEAST_VALUE, MOST_VALUE = 44, 170  # pixels a name takes in the top bar, in usual type
TALL = 34


def paint_chevron(widget: QWidget, *, turned: bool = False, down: float = 0.0) -> None:
    """The mark at the right of whatever opens a list or steps a number; ``down`` is how far it lies off the middle."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(widget.palette().color(widget.foregroundRole()), 1.6))
    middle = QPointF(widget.width() - CHEVRON_ROOM / 2 - 1, widget.height() / 2 + down)
    up = -1 if turned else 1
    points = [QPointF(-3.5, -1.7 * up), QPointF(0, 1.8 * up), QPointF(3.5, -1.7 * up)]
    painter.drawPolyline(QPolygonF([middle + point for point in points]))
    painter.end()


class ChooserButton(QPushButton):
    """Shows grey captions and bold values side by side, and a chevron."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("chooser")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
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
            label = ElidedLabel(text, MOST_VALUE, LEAST_VALUE if is_value else MOST_VALUE)
            label.setObjectName("value" if is_value else "caption")
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._row.addWidget(label)
        told = " ".join(text for text, _ in parts)
        self.setAccessibleName(f"{self._name}: {told.removeprefix(self._name).lstrip()}")
        self.updateGeometry()

    def labels(self) -> list[ElidedLabel]:
        """The words on it."""
        return [label for label in self.findChildren(ElidedLabel) if not label.isHidden()]

    def text_shown(self) -> str:
        """What the button reads."""
        return " ".join(text for text, _ in self._parts)

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return QSize(self._row.sizeHint().width(), sized(TALL))

    def minimumSizeHint(self) -> QSize:
        """Names may be cut, what they are names of may not."""
        return QSize(self._row.minimumSize().width(), sized(TALL))

    def event(self, event: QEvent) -> bool:
        """A tooltip says first what is cut."""
        if event.type() == QEvent.Type.ToolTip and any(label.is_cut() for label in self.labels()):
            QToolTip.showText(QCursor.pos(), tooltip(f"{self.text_shown()}\n{self.toolTip()}"), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and a chevron at its right."""
        super().paintEvent(event)
        paint_chevron(self)


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
        self._column = self._whole = QVBoxLayout(self._content)
        self._column.setContentsMargins(6, 6, 6, 6)
        self._column.setSpacing(2)
        self._form: QWidget | None = None
        self._heading = name
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._area)

    def add_heading(self, text: str) -> None:
        """A quiet line above the entries that follow."""
        self._heading = text
        label = QLabel(text)
        label.setObjectName("title")
        label.setContentsMargins(10, 6, 10, 2)
        self._column.addWidget(label)

    def add_rule(self) -> None:
        """A thin line."""
        self._column.addWidget(rule())

    def add_form(self, form: QWidget) -> None:
        """What belongs to the entry above it; it is in view when the menu opens."""
        self._column.addWidget(form)
        self._form = form

    def add_fold(self, titles: tuple[str, str], *, is_open: bool) -> None:
        """A button that shows or hides everything added after it; it is called one thing closed, another open."""
        self._fold_titles = titles
        self._fold = QPushButton(titles[is_open])
        self._fold.setObjectName("fold")
        self._fold.setToolTip(help_text("entry", "fold_hint"))
        self._fold.setCheckable(True)
        self._fold.setChecked(is_open)
        self._fold.toggled.connect(self._on_fold_toggled)
        self._column.addWidget(self._fold)
        self._folded = folded = QWidget(self._content)
        folded.setObjectName("column")
        self._column.addWidget(folded)
        if not is_open:
            folded.hide()
        self._column = QVBoxLayout(folded)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def add_entry(
        self,
        title: str,
        sentence: str,
        value: object,
        *,
        is_current: bool = False,
        facts: str = "",
        details: Details = (),
    ) -> Entry:
        """A line that closes the popup and tells ``value``; ``details`` are read on demand."""
        entry = Entry(title, sentence, value, facts, details)
        if not entry.accessibleDescription():
            entry.setAccessibleDescription(self._heading)
        entry.unfolded.connect(self._on_entry_unfolded)
        entry.setChecked(is_current)
        entry.picked.connect(self._on_picked)
        entry.stepped.connect(self._on_stepped)
        self._column.addWidget(entry)
        return entry

    def open_under_opener(self) -> None:
        """Show the menu under its opener, within the screen, the current entry focused."""
        self.ensurePolished()
        self._fit()
        self.show()
        entries = [entry for entry in self.findChildren(Entry) if entry.isEnabled()]
        current = next((entry for entry in entries if entry.isChecked()), entries[0] if entries else None)
        self._show_form()
        if current is not None:
            current.setFocus(Qt.FocusReason.PopupFocusReason)
            self._area.ensureWidgetVisible(current)

    @Slot()
    def fit(self) -> None:
        """Take the size its content has now, the form in view."""
        self._fit()
        self._show_form()

    @Slot()
    def _on_entry_unfolded(self) -> None:
        self._fit()
        focused = self.focusWidget()
        if focused is not None:
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            self._area.ensureWidgetVisible(focused)

    def _show_form(self) -> None:
        if self._form is not None:
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            self._area.ensureWidgetVisible(self._form)

    def _fit(self) -> None:
        for child in self._content.findChildren(QWidget):
            child.ensurePolished()  # the style sheet decides fonts and heights
        for entry in self._content.findChildren(Entry):
            entry.fit_words()
        for label in self._content.findChildren(QLabel):
            if label.text() and label.wordWrap() and label.minimumWidth() == label.maximumWidth():
                label.setFixedHeight(label.heightForWidth(label.minimumWidth()))
        for layout in (self._column, self._whole):
            layout.invalidate()
        hint = self._whole.sizeHint()
        opener = self.parentWidget()
        if opener is None:
            return
        corner = opener.mapToGlobal(QPoint(0, opener.height() + 4))
        # Not the opener's own screen(): PySide makes that a child of the widget, and both are deleted together.
        screen = (QGuiApplication.screenAt(corner) or QGuiApplication.primaryScreen()).availableGeometry()
        height = min(hint.height() + 2, sized(POPUP_HEIGHT), screen.height() - 24)
        scroll = SCROLL_ROOM if height < hint.height() + 2 else 0
        self.resize(min(hint.width() + 2 + scroll, screen.width()), height)
        corner.setX(max(screen.left(), min(corner.x(), screen.right() - self.width())))
        corner.setY(max(screen.top(), min(corner.y(), screen.bottom() - self.height())))
        self.move(corner)

    @Slot(bool)
    def _on_fold_toggled(self, is_open: bool) -> None:
        self._fold.setText(self._fold_titles[is_open])
        self._folded.setVisible(is_open)
        self._fit()
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        if is_open:
            self._area.verticalScrollBar().setValue(self._fold.y())

    @Slot(object)
    def _on_picked(self, value: object) -> None:
        self.close()
        self.chosen.emit(value)

    @Slot(int)
    def _on_stepped(self, step: int) -> None:
        entries = [entry for entry in self.findChildren(Entry) if entry.isVisible() and entry.isEnabled()]
        focused = self.focusWidget()
        if focused in entries:
            neighbour = entries[(entries.index(focused) + step) % len(entries)]
            neighbour.setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(neighbour)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Round corners."""
        super().resizeEvent(event)
        round_off(self)


def round_off(widget: QWidget) -> None:
    """Round corners without a see-through window, which needs a compositor."""
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(widget.rect()), 8, 8)
    widget.setMask(QRegion(outline.toFillPolygon().toPolygon()))


class Chooser(QWidget):
    """A chooser button with its popup and its notice. Subclasses fill the popup and speak in their own signals."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.button = ChooserButton(name)
        self.button.setToolTip(hint)
        self.button.clicked.connect(self.open_popup)
        row.addWidget(self.button)
        self.notice = Notice()
        self._name = name

    def open_popup(self) -> None:
        """Open a fresh menu; it deletes itself when it closes."""
        popup = Popup(self.button, self._name)
        popup.chosen.connect(self.take)
        self.fill(popup)
        popup.open_under_opener()

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
