"""The slides in their order, below the cards: opened by a click, dragged into another order, taken out again."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QWidget

from gui.controller import Controller
from gui.controls.chooser import Popup
from gui.controls.elided import ElidedLabel
from gui.guide.help import help_text
from gui.paint.colour import qcolor
from gui.paint.palette import Palette
from gui.present.slides import Slides, moved, place_among, shown_with, slide_title, with_slide, without
from gui.state import AppState
from gui.style import GAP, sized
from gui.told.wording import tooltip

TALL, WIDE, BETWEEN, MARK = 34, 190, 6, 3  # pixels, in usual type


class SlideButton(QPushButton):
    """One slide: its number and first words.

    ``dragged`` tells where the pointer drags it (global x), ``dropped`` that it was let go, ``asked`` one of "left",
    "right" and "remove", ``menu_asked`` that all of these are to be offered.
    """

    dragged = Signal(int)
    dropped = Signal(int)
    asked = Signal(str)
    menu_asked = Signal()

    def __init__(self, number: int, title: str) -> None:
        super().__init__()
        self.setObjectName("slide")
        self.setCheckable(True)
        self.setAccessibleName(help_text("slides", "name", number=str(number), title=title))
        self.setToolTip(tooltip(f"{title}\n{help_text('slides', 'hint')}"))
        self._pressed: QPoint | None = None
        self._is_dragged = False
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 8, 0)
        row.setSpacing(7)
        for text, name in ((str(number), "caption"), (title, "value")):
            label = ElidedLabel(text)
            label.setObjectName(name)
            label.setToolTip("")
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label, 1 if name == "value" else 0)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """All are of one size."""
        return QSize(sized(WIDE), sized(TALL))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes it out, Ctrl with an arrow moves it; the rest is a button's."""
        moves = {int(Qt.Key.Key_Left): "left", int(Qt.Key.Key_Right): "right"}
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.asked.emit("remove")
        elif event.key() in moves and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.asked.emit(moves[event.key()])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Menu:
            self.menu_asked.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with it."""
        self.menu_asked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag would begin."""
        super().mousePressEvent(event)
        self._pressed, self._is_dragged = event.position().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Past a few pixels it is a drag."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        way = event.position().toPoint() - self._pressed
        self._is_dragged |= way.manhattanLength() >= QApplication.startDragDistance()
        if self._is_dragged:
            self.setDown(False)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(round(event.globalPosition().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag ends here; anything else is a click."""
        was_dragged, self._pressed, self._is_dragged = self._is_dragged, None, False
        self.unsetCursor()
        super().mouseReleaseEvent(event)
        if was_dragged:
            self.dropped.emit(round(event.globalPosition().x()))


class _Row(QWidget):
    """All slides side by side, and the mark where a dragged one would go."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("column")
        self.mark: int | None = None
        self.colour = qcolor((0, 0, 0))
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(sized(BETWEEN))
        self.line.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The mark."""
        if self.mark is None:
            return
        painter = QPainter(self)
        x = self.mark * (sized(WIDE) + sized(BETWEEN)) - (sized(BETWEEN) + MARK) // 2
        painter.fillRect(QRect(max(0, x), 0, MARK, self.height()), self.colour)
        painter.end()


class SlideStrip(QFrame):
    """Seen while there are slides. ``kept`` tells in words that another one was kept."""

    kept = Signal(str)

    def __init__(self, controller: Controller, palette: Palette) -> None:
        super().__init__()
        self._controller = controller
        self.setObjectName("slides")
        self._slides: Slides = ()
        self._current: int | None = None
        self.buttons: list[SlideButton] = []
        self._row = _Row()
        # Where a menu opens: one that belonged to its slide would be deleted with it, and take the program down.
        self._anchor = QWidget(self)
        self._anchor.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.keep = QPushButton(help_text("slides", "keep"))
        self.keep.setObjectName("link")
        self.keep.setToolTip(help_text("slides", "keep_hint"))
        self.keep.clicked.connect(self.keep_shown)
        title = QLabel(help_text("slides", "title"))
        title.setObjectName("title")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._row)
        line = QHBoxLayout(self)
        line.setContentsMargins(GAP + 4, 0, GAP, GAP)
        line.setSpacing(GAP)
        line.addWidget(title)
        line.addWidget(self._area, 1)
        line.addWidget(self.keep)
        self.dress(palette)
        self.hide()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours and the room its type needs."""
        self._row.colour = qcolor(palette.accent)
        self._row.line.setSpacing(sized(BETWEEN))
        self._row.line.setAlignment(Qt.AlignmentFlag.AlignTop)
        for button in self.buttons:
            button.setFixedSize(button.sizeHint())
        self._fit()

    def show_slides(self, state: AppState) -> None:
        """Show the state's slides, and which of them it is itself."""
        if state.slides != self._slides:
            self._build(state.slides)
        current = place_among(self._slides, state) if self._slides else None
        for place, button in enumerate(self.buttons):
            button.setChecked(place == current)
        if current is not None and current != self._current:
            self._area.ensureWidgetVisible(self.buttons[current])
        self._current = current
        self.setVisible(bool(self._slides))

    @Slot()
    def keep_shown(self) -> None:
        """Keep what is shown as the last slide; one that is the last already stays alone."""
        state = self._controller.shown.state
        self._controller.slides_changed(with_slide(state.slides, state))
        self.kept.emit(help_text("slides", "kept", number=str(len(self._controller.shown.state.slides))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The scroll bar takes room only where it is needed."""
        super().resizeEvent(event)
        self._fit()

    def _build(self, slides: Slides) -> None:
        focused = next((place for place, button in enumerate(self.buttons) if button.hasFocus()), None)
        for button in self.buttons:
            self._row.line.removeWidget(button)
            button.hide()  # it is deleted only when Qt is idle again
            button.deleteLater()
        self._slides, self._current = slides, None
        self.buttons = [SlideButton(place + 1, slide_title(slide)) for place, slide in enumerate(slides)]
        for place, button in enumerate(self.buttons):
            self._row.line.insertWidget(place, button)
            button.clicked.connect(self._on_clicked)
            button.dragged.connect(self._on_dragged)
            button.dropped.connect(self._on_dropped)
            button.asked.connect(self._on_asked)
            button.menu_asked.connect(self._on_menu_asked)
            button.show()
        self._fit()
        if focused is not None and self.buttons:
            self.buttons[min(focused, len(self.buttons) - 1)].setFocus()

    def _fit(self) -> None:
        wide = len(self._slides) * (sized(WIDE) + sized(BETWEEN))
        self._row.setMinimumWidth(wide)  # at once: laid out behind the others' backs, slides would lie on one another
        bar = self._area.horizontalScrollBar().sizeHint().height() + 4 if wide > self._area.width() else 0
        self._area.setFixedHeight(sized(TALL) + bar)

    def _place_of(self, sender: object) -> int:
        return next(place for place, button in enumerate(self.buttons) if button is sender)

    def _gap_at(self, x: int) -> int:
        """The gap between two slides that is nearest to a place on the screen."""
        within = self._row.mapFromGlobal(QPoint(x, 0)).x()
        return min(max(round(within / (sized(WIDE) + sized(BETWEEN))), 0), len(self._slides))

    def _mark(self, gap: int | None) -> None:
        if gap != self._row.mark:
            self._row.mark = gap
            self._row.update()

    @Slot()
    def _on_clicked(self) -> None:
        place = self._place_of(self.sender())
        self.buttons[place].setChecked(place == self._current)
        self._controller.opened(shown_with(self._slides[place], self._controller.shown.state))

    @Slot(int)
    def _on_dragged(self, x: int) -> None:
        self._mark(self._gap_at(x))

    @Slot(int)
    def _on_dropped(self, x: int) -> None:
        self._mark(None)
        place, gap = self._place_of(self.sender()), self._gap_at(x)
        self._change(moved(self._slides, place, gap - 1 if gap > place else gap))

    @Slot(str)
    def _on_asked(self, what: str) -> None:
        self._do(self._place_of(self.sender()), what)

    @Slot()
    def _on_menu_asked(self) -> None:
        place = self._place_of(self.sender())
        button = self.buttons[place]
        self._anchor.setGeometry(QRect(button.mapTo(self, QPoint(0, 0)), button.size()))
        popup = Popup(self._anchor, button.accessibleName())
        popup.chosen.connect(self._on_chosen)
        for what, is_possible in (("left", place > 0), ("right", place < len(self._slides) - 1), ("remove", True)):
            entry = popup.add_entry(help_text("slides", what), help_text("slides", f"{what}_hint"), (place, what))
            entry.setEnabled(is_possible)
        popup.open_under_opener()

    @Slot(object)
    def _on_chosen(self, choice: tuple[int, str]) -> None:
        self._do(*choice)

    def _do(self, place: int, what: str) -> None:
        if what == "remove":
            self._change(without(self._slides, place))
        else:
            to = place - 1 if what == "left" else place + 1
            if 0 <= to < len(self._slides):
                self.buttons[to].setFocus()  # the focus stays with the slide
                self._change(moved(self._slides, place, to))

    def _change(self, slides: Slides) -> None:
        if slides != self._slides:
            self._controller.slides_changed(slides)
