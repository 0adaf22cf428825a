"""The form that says which of many answers is explained, and instead of which: typed, or found in a list."""

from __future__ import annotations

from enum import IntEnum
from itertools import chain, islice

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.contract import Against, Explanation, Failure, Head
from gui.controls.card import Notice
from gui.controls.elided import ElidedLabel
from gui.controls.entry import ENTRY_WIDTH, MenuLine
from gui.guide.help import help_text
from gui.paint.numerals import plain
from gui.style import sized
from gui.told.predicted import strongest_answers
from gui.told.wording import answer_name, probability

MOST_LISTED, MOST_FILLERS, ROWS_SEEN, ROW_HEIGHT = 60, 12, 9, 30
NOTHING = -1
Side = int | str  # an index, NOTHING, or a word of one's own


class Place(IntEnum):
    """The two sides of "A instead of B"."""

    TARGET = 0
    AGAINST = 1


class AnswerEntry(MenuLine):
    """One answer and its probability."""

    def __init__(self, name: str, number: str, index: int) -> None:
        super().__init__()
        self.index = index
        self.setAccessibleName(name)
        self.setAccessibleDescription(number)
        self.setFixedHeight(sized(ROW_HEIGHT))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        for label in (ElidedLabel(name, most=sized(ENTRY_WIDTH) - 70), QLabel(number)):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label)
        row.insertStretch(1, 1)
        label.setObjectName("quiet")

    def sizeHint(self) -> QSize:
        """A line of the list."""
        return QSize(sized(ENTRY_WIDTH), sized(ROW_HEIGHT))


class _AnswerField(QLineEdit):
    """One side of the question; ``descended`` tells that the list below is wanted."""

    entered = Signal()
    descended = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The list is about this side now."""
        super().focusInEvent(event)
        self.selectAll()
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes into the list."""
        if event.key() == Qt.Key.Key_Down:
            self.descended.emit()
        else:
            super().keyPressEvent(event)


class AnswerForm(QWidget):
    """Two fields with a list below them.

    ``chosen`` tells both sides as the window understands them, ``done`` that the menu can close, ``resized`` that the
    form needs other room. What is typed stays until it is replaced, whatever the model makes of it.
    """

    chosen = Signal(object, object)
    done = Signal()
    resized = Signal()

    def __init__(self, last: Explanation, sides: tuple[Side, Side]) -> None:
        """``sides`` are what is explained now and what it is set against."""
        super().__init__()
        self._last = last
        self._sides = list(sides)
        self._active = Place.TARGET
        self._called: list[tuple[str, int]] = []  # what every answer is called, likeliest first, once it is asked for
        self._is_awaiting = False
        self._fills_gap = last.model.head is Head.MASKED_WORD
        self.fields = tuple(self._field(place) for place in Place)
        self.swap = QPushButton(help_text("target", "swap"))
        self.swap.setObjectName("link")
        self.swap.setToolTip(help_text("target", "swap_hint"))
        self.swap.setAutoDefault(False)
        self.swap.clicked.connect(self._on_swapped)
        self.notice = Notice()
        self._heading = QLabel()
        self._heading.setObjectName("title")
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._group.buttonClicked.connect(self._on_picked)
        self._list = QWidget()
        self._list.setObjectName("column")
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._area = QScrollArea()
        self._lay_out()
        self._show_list("")

    @Slot(object)
    def show_failure(self, failure: Failure | None) -> None:
        """What is wrong with what was typed, or nothing."""
        if failure is None and self.notice.isHidden():
            return
        self._is_awaiting = self._is_awaiting and failure is None
        self.notice.show_failure(failure)
        self._show_list("")  # what could be taken instead
        self._fit_notice()

    @Slot()
    def start(self) -> None:
        """Wait for a word in the first field."""
        self.fields[Place.TARGET].setFocus()

    @Slot()
    def settle(self) -> None:
        """What was typed is being explained: there is nothing more to do here."""
        if self._is_awaiting:
            self.done.emit()

    def shown(self) -> list[str]:
        """The names in the list, as they stand."""
        return [entry.accessibleName() for entry in self.entries()]

    def entries(self) -> list[AnswerEntry]:
        """The list."""
        placed = (self._rows.itemAt(row) for row in range(self._rows.count()))
        widgets = (item.widget() for item in placed if item is not None)
        return [widget for widget in widgets if isinstance(widget, AnswerEntry)]

    def _field(self, place: Place) -> _AnswerField:
        name = help_text("target", "name" if place is Place.TARGET else "instead_of")
        field = _AnswerField(self._name(self._sides[place]))
        field.setObjectName("answer")
        field.setAccessibleName(name)
        field.setToolTip(help_text("target", "own_hint" if self._fills_gap else "find_hint"))
        field.setAccessibleDescription(field.toolTip())
        field.setPlaceholderText(help_text("target", "predicted" if place is Place.TARGET else "nothing"))
        field.entered.connect(self._on_entered)
        field.descended.connect(self._on_descended)
        field.textEdited.connect(self._on_typed)
        field.returnPressed.connect(self._on_returned)
        return field

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(10, 4, 10, 4)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, field in enumerate(self.fields):
            label = QLabel(field.accessibleName())
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            if row == Place.AGAINST and self._last.prediction.probabilities is None:
                # Answers that do not exclude each other are not set against one another.
                for widget in (label, field, self.swap):
                    widget.hide()
        grid.addWidget(self.swap, 0, 2, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        self.notice.setFixedWidth(sized(ENTRY_WIDTH))
        self._heading.setContentsMargins(10, 6, 10, 2)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addLayout(grid)
        column.addWidget(self.notice, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._heading)
        column.addWidget(self._area)
        self.setFixedWidth(sized(ENTRY_WIDTH) + 20)
        count = min(len(self._last.prediction.labels), MOST_FILLERS if self._fills_gap else MOST_LISTED)
        self._area.setFixedHeight(min(count, ROWS_SEEN) * sized(ROW_HEIGHT) + sized(ROW_HEIGHT) // 2)

    def _name(self, side: Side) -> str:
        if isinstance(side, str):
            return side
        return answer_name(self._last, side) if side != NOTHING else ""

    def _found(self, needle: str) -> list[int]:
        """The likeliest answers that are called so, likeliest first; all of them where nothing is asked for."""
        prediction, most = self._last.prediction, MOST_FILLERS if self._fills_gap else MOST_LISTED
        if not needle:
            kept = [side for side in self._sides if isinstance(side, int) and side != NOTHING]
            found = {*strongest_answers(prediction, most), *kept}
            return sorted(found, key=lambda index: -float(prediction.logits[index]))
        if not self._called:
            order = np.argsort(-prediction.logits, kind="stable")
            self._called = [(answer_name(self._last, int(index)).casefold(), int(index)) for index in order]
        begin = (index for name, index in self._called if name.startswith(needle))
        hold = (index for name, index in self._called if needle in name and not name.startswith(needle))
        return list(islice(chain(begin, hold), most))

    def _show_list(self, typed: str) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                if isinstance(widget, AnswerEntry):
                    self._group.removeButton(widget)
                widget.hide()  # it is deleted only when Qt is idle again
                widget.deleteLater()
        is_target = self._active is Place.TARGET
        heading = help_text("target", "fillers" if self._fills_gap else "explain")
        self._heading.setText(heading if is_target else help_text("target", "instead_of").capitalize())
        if not is_target and not typed:
            self._add(help_text("target", "nothing").capitalize(), "", NOTHING)
        other = self._sides[1 - self._active]
        for index in self._found(typed.strip().casefold()):
            if is_target or index != other:
                self._add(answer_name(self._last, index), self._number(index), index)
        if not self.entries():
            quiet = QLabel(help_text("target", "none_known" if self._fills_gap else "none_found"))
            quiet.setObjectName("quiet")
            quiet.setWordWrap(True)
            quiet.setContentsMargins(10, 6, 10, 0)
            self._rows.addWidget(quiet)
        self._rows.addStretch(1)
        self._show_swap()

    def _add(self, name: str, number: str, index: int) -> None:
        entry = AnswerEntry(name, number, index)
        entry.setChecked(index == self._sides[self._active])
        self._group.addButton(entry)
        self._rows.addWidget(entry)

    def _number(self, index: int) -> str:
        prediction = self._last.prediction
        if prediction.probabilities is None:
            return plain(float(prediction.logits[index]))
        return probability(float(prediction.probabilities[index]))

    def _show_swap(self) -> None:
        self.swap.setEnabled(self._sides[Place.AGAINST] != NOTHING)

    def _fit_notice(self) -> None:
        self.notice.setFixedHeight(max(1, self.notice.heightForWidth(sized(ENTRY_WIDTH))))
        self.updateGeometry()
        self.resized.emit()

    def _tell(self) -> None:
        """Both sides as the window understands them; the same answer on both is none to be set against."""
        target, against = self._sides
        other: int | str | Against = Against.NOTHING if against in (NOTHING, target) else against
        self.chosen.emit(None if target == NOTHING else target, other)

    @Slot()
    def _on_entered(self) -> None:
        self._active = Place.TARGET if self.fields[Place.TARGET].hasFocus() else Place.AGAINST
        self._show_list("")

    @Slot()
    def _on_descended(self) -> None:
        for entry in self.entries()[:1]:
            entry.setFocus()

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        self._show_list(text)

    @Slot()
    def _on_returned(self) -> None:
        """Take what stands in both fields: a word of one's own, or of classes the one it is short for."""
        for place, field in zip(Place, self.fields, strict=True):
            typed = field.text().strip()
            if typed != self._name(self._sides[place]):
                self._sides[place] = self._meant(typed)
                field.setText(self._name(self._sides[place]))
        self._is_awaiting = True
        self._tell()

    def _meant(self, typed: str) -> Side:
        if not typed:
            return NOTHING
        found = [] if self._fills_gap else self._found(typed.casefold())
        return found[0] if found else typed

    def _on_picked(self, entry: AnswerEntry) -> None:
        self._sides[self._active] = entry.index
        self._tell()
        self.done.emit()

    @Slot()
    def _on_swapped(self) -> None:
        self._sides.reverse()
        for field, side in zip(self.fields, self._sides, strict=True):
            field.setText(self._name(side))
        self._show_list("")
        self._tell()
