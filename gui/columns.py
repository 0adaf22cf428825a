"""Columns side by side whose widths can be changed by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QSplitter, QSplitterHandle, QVBoxLayout, QWidget

from gui.controls.card import Card
from gui.controls.iconbutton import IconButton, panel_sign
from gui.guide.help import help_text
from gui.paint.colour import qcolor
from gui.paint.palette import LIGHT, Palette
from gui.style import GAP, sized

LEFT_WIDTH, RIGHT_WIDTH = (292, 420), (300, 620)  # fewest and most pixels at the start, in usual type
MOST_OF_WINDOW = 0.3  # the left column asks for
FOLD_TALL = 26  # pixels: as high as the header it stands in
LEAST_MIDDLE = 380  # pixels, in usual type: what is lent to the right column leaves the middle so much
STEP = 16  # pixels a key moves, in usual type
GRIP = 3  # pixels
KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class _Handle(QSplitterHandle):
    """What lies between two columns."""

    def __init__(self, columns: Columns) -> None:
        super().__init__(Qt.Orientation.Horizontal, columns)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(help_text("window", "handle"))
        self.setToolTip(help_text("window", "handle_hint"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move it."""
        way = KEYS.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
        else:
            self.moveSplitter(self.x() + way * sized(STEP))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line where the keyboard or the pointer is on it; nothing otherwise."""
        if not self.hasFocus() and not self.underMouse():
            return
        columns = self.splitter()
        assert isinstance(columns, Columns)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(columns.colours.accent if self.hasFocus() else columns.colours.faint))
        middle = (self.width() - GRIP) / 2
        painter.drawRoundedRect(QRectF(middle, GAP, GRIP, self.height() - 2 * GAP), GRIP / 2, GRIP / 2)
        painter.end()


class Columns(QSplitter):
    """Left a column of cards that scrolls, then the cards of the middle and the right, where there are any.

    None can be made to vanish by its handle; the right one folds away by a button in the header of the middle.
    """

    def __init__(self, cards: Sequence[QWidget], last: QWidget, middle: Card | None, right: QWidget | None) -> None:
        """``last`` takes the height that the other ``cards`` of the left column leave."""
        super().__init__(Qt.Orientation.Horizontal)
        self.colours = LIGHT
        self.setHandleWidth(GAP)
        self.setChildrenCollapsible(False)
        self.setContentsMargins(GAP, GAP, GAP, GAP)
        self._left, self._right = _left_column(cards, last), right
        self._unfolded: tuple[int, ...] = ()
        self._before: tuple[int, ...] = ()  # the widths before some was lent
        for column in filter(None, (self._left, middle, right)):
            self.addWidget(column)
        for index, stretch in enumerate((1, 3, 1)[: self.count()]):
            self.setStretchFactor(index, stretch)
        self.fold = IconButton(panel_sign(), "", "", FOLD_TALL)
        self.fold.clicked.connect(self.turn_fold)
        if middle is not None and right is not None:
            middle.header.addWidget(self.fold)
        self._name_fold()
        self._fit_left()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the left column takes no more than its part."""
        super().resizeEvent(event)
        self._fit_left()

    def createHandle(self) -> QSplitterHandle:
        """A handle that the keyboard reaches."""
        return _Handle(self)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours, and the widths that its type needs."""
        self.colours = palette
        self._fit_left()
        self.update()

    @property
    def regions(self) -> list[QWidget]:
        """Columns and what lies between them, from the left."""
        parts = [part for index in range(self.count()) for part in (self.handle(index), self.widget(index))]
        return [part for part in parts[1:] if part is not None]  # Qt keeps a handle before the first, never seen

    @property
    def is_folded(self) -> bool:
        """Whether the right column is folded away."""
        return self._right is not None and self._right.isHidden()

    @property
    def widths(self) -> tuple[int, ...]:
        """Of all columns, as they are when none is folded away."""
        return self._unfolded if self.is_folded else self._before or tuple(self.sizes())

    def lend(self, wide: int) -> None:
        """Make the right column at least so wide, where the middle can spare it, until it is given back."""
        self._before = tuple(self.sizes())
        *others, middle, right = self._before
        lent = max(0, min(wide - right, middle - sized(LEAST_MIDDLE)))
        self.setSizes([*others, middle - lent, right + lent])

    def give_back(self) -> None:
        """The widths as they were."""
        before, self._before = self._before, ()
        if before:
            self.setSizes(list(before))

    def share_out(self, remembered: Sequence[int], *, is_folded: bool) -> None:
        """Take the widths remembered, if they are of as many columns, else those that suit the window."""
        self.setSizes(list(remembered) if len(remembered) == self.count() else _first_widths(self.width()))
        if is_folded and self._right is not None:
            self.turn_fold()

    @Slot()
    def turn_fold(self) -> None:
        """Fold the right column away, or bring it back as wide as it was."""
        if self._right is None:
            return
        was_folded = self.is_folded
        self._unfolded = self.widths
        self._right.setVisible(was_folded)
        left, *others = self._unfolded
        self.setSizes([left, *others] if was_folded else [left, sum(others)])
        self._name_fold()

    def _name_fold(self) -> None:
        key = "unfold" if self.is_folded else "fold"
        self.fold.rename(help_text("window", key), help_text("window", f"{key}_hint"))

    def _fit_left(self) -> None:
        least, most = map(_grown, LEFT_WIDTH)
        self._left.setMinimumWidth(min(least, round(MOST_OF_WINDOW * self.width())))
        self._left.setMaximumWidth(most)


def _left_column(cards: Sequence[QWidget], last: QWidget) -> QScrollArea:
    content = QWidget()
    content.setObjectName("column")
    # However long a word is, the cards stay as wide as the column.
    content.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP)
    for card in cards:
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column.addWidget(card)
    column.addWidget(last, 1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    return area


def _first_widths(width: int) -> list[int]:
    """Widths of the columns: the flow takes what the others do not need."""
    left = min(_grown(LEFT_WIDTH[1]), max(_grown(LEFT_WIDTH[0]), round(0.219 * width)))
    right = min(_grown(RIGHT_WIDTH[1]), max(_grown(RIGHT_WIDTH[0]), round(0.232 * width)))
    return [left, width - left - right - 4 * GAP, right]


def _grown(pixels: int) -> int:
    """A width in the type there is now; half as much larger as the type, the picture needs room too."""
    return (pixels + sized(pixels)) // 2
