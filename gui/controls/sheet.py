"""A quiet card over the window to read: help for one control, the shortcuts, what the methods can say, about."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.controls.chooser import round_off
from gui.guide.help import help_text
from gui.style import sized

MARGIN = 16
READING_WIDTH = 440  # pixels of text, in usual type
TALLEST = 620
SCROLLS = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


class Sheet(QFrame):
    """Made of headings, paragraphs and pairs. Esc, a click beside it or its button closes it; it deletes itself."""

    def __init__(self, owner: QWidget, title: str, wide: int = READING_WIDTH) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._wide = sized(wide)
        self._content = QWidget()
        self._content.setObjectName("column")
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(4)
        self._area = QScrollArea()
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._content)
        self.close_button = QPushButton(help_text("sheet", "close"))
        self.close_button.setObjectName("link")
        self.close_button.setToolTip(help_text("sheet", "close_hint"))
        self.close_button.clicked.connect(self.close)
        self._title = heading = QLabel(title)
        heading.setObjectName("sheet_title")
        heading.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(MARGIN, MARGIN - 4, MARGIN - 6, MARGIN)
        outer.setSpacing(8)
        outer.addLayout(head)
        outer.addWidget(self._area)

    def add_heading(self, text: str) -> None:
        """A bold line above what follows."""
        label = self._label(text, "term")
        label.setContentsMargins(0, 8 if self._column.count() else 0, 0, 0)

    def add_words(self, text: str, name: str = "prose") -> None:
        """A paragraph; it can be selected and copied."""
        label = self._label(text, name)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def add_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Keys at the left, what they do at the right."""
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for line, (keys, does) in enumerate(pairs):
            for column, (text, name) in enumerate(((keys, "key"), (does, "prose"))):
                label = QLabel(text)
                label.setObjectName(name)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setWordWrap(name == "prose")
                grid.addWidget(label, line, column, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(grid)

    def words(self) -> str:
        """All that stands on it."""
        return "\n".join(label.text() for label in self.findChildren(QLabel))

    def open_near(self, place: QRect) -> None:
        """Show it under this part of the screen, or over it, where there is more room."""
        self._fit()
        screen = self._screen()
        below = place.bottom() + 6
        top = below if below + self.height() <= screen.bottom() else place.top() - 6 - self.height()
        self._open_at(QPoint(place.left(), top), screen)

    def open_amid(self, place: QRect) -> None:
        """Show it in the middle of this part of the screen."""
        self._fit()
        corner = place.center() - QPoint(self.width() // 2, self.height() // 2)
        self._open_at(corner, self._screen())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and F1 close it; arrows and pages scroll."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_F1):
            self.close()
        elif key in SCROLLS:
            self._area.verticalScrollBar().triggerAction(SCROLLS[key])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Round corners."""
        super().resizeEvent(event)
        round_off(self)

    def _label(self, text: str, name: str) -> QLabel:
        label = QLabel(text)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        self._column.addWidget(label)
        return label

    def _screen(self) -> QRect:
        owner = self.parentWidget()
        at = (owner if owner is not None else self).mapToGlobal(QPoint(0, 0))
        # Not the widget's own screen(): PySide makes that a child of the widget, and both are deleted together.
        return (QGuiApplication.screenAt(at) or QGuiApplication.primaryScreen()).availableGeometry()

    def _open_at(self, corner: QPoint, screen: QRect) -> None:
        corner.setX(max(screen.left(), min(corner.x(), screen.right() - self.width())))
        corner.setY(max(screen.top(), min(corner.y(), screen.bottom() - self.height())))
        self.move(corner)
        self.show()
        self.close_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fit(self) -> None:
        self.ensurePolished()
        for child in self.findChildren(QWidget):
            child.ensurePolished()  # the style sheet decides fonts and heights
        screen = self._screen()
        wide = min(self._wide, screen.width() - 4 * MARGIN)
        self._content.setFixedWidth(wide)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        tall = self._column.totalHeightForWidth(wide)
        self._content.setMinimumHeight(tall)
        head = max(self.close_button.sizeHint().height(), self._title.heightForWidth(wide - sized(70)))
        self.resize(wide + 2 * MARGIN, min(tall + head + 2 * MARGIN + 8, sized(TALLEST), screen.height() - 24))
