"""Which words decided it: the sentence itself, every word on the colour of its share."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QCursor, QFocusEvent, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QToolTip, QVBoxLayout, QWidget

from engine.contract import Explanation
from gui.controls.canvas import Canvas
from gui.controls.chooser import Popup
from gui.guide.help import help_text
from gui.paint.chip_picture import chip_outline, paint_chips, paint_opener
from gui.paint.chip_walk import Step, walked
from gui.paint.chips import Chip, ChipStrip, chip_strip, chip_words
from gui.paint.colour import qcolor
from gui.paint.palette import PALETTES, Palette
from gui.paint.typeface import body_pixels
from gui.state import Hover, ViewState
from gui.told.wording import tooltip
from gui.viewkit import HostedView, register_view
from gui.wordmenu import Choice, Deed, word_at, word_menu

# Pixels, and of the window's height: longer texts are scrolled. What is known of the words takes lines of its own.
TALLEST, TALLEST_SHARE, TALLEST_NOTED = 240, 0.36, 0.5
STEPS = {
    Qt.Key.Key_Left: Step.LEFT,
    Qt.Key.Key_Right: Step.RIGHT,
    Qt.Key.Key_Up: Step.UP,
    Qt.Key.Key_Down: Step.DOWN,
    Qt.Key.Key_Home: Step.FIRST,
    Qt.Key.Key_End: Step.LAST,
}
OPENERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Menu)


@dataclass(frozen=True, slots=True)
class WordsFigure:
    """The strip as a finished drawing, in the middle of its rectangle."""

    strip: ChipStrip
    rect: QRectF
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """What is hidden."""
        return (self.strip.badge,) if self.strip.badge else ()

    def paint(self, painter: QPainter) -> None:
        """Draw it."""
        painter.save()
        free = max(0.0, self.rect.height() - self.strip.height)
        painter.translate(self.rect.left(), self.rect.top() + free / 2)
        paint_chips(painter, self.strip, self.palette)
        painter.restore()


def figure(explanation: Explanation, view: ViewState, rect: QRectF, palette: Palette) -> WordsFigure:
    """The strip with letters as large as the rectangle allows, up to a slide's heading."""
    unit = body_pixels(rect.width(), rect.height())
    margin = 1.2 * unit
    inner = rect.adjusted(margin, margin, -margin, -margin)
    widest = max(1.0, inner.width() / (24 * unit))  # a line should hold some four words
    for factor in (factor for factor in (2.2, 1.8, 1.5, 1.25, 1.0, 0.85, 0.7) if factor <= widest):
        strip = chip_strip(explanation, view, inner.width(), round(factor * unit))
        if strip.height <= inner.height():
            break
    return WordsFigure(strip, inner, palette)


class _Chips(Canvas):
    """The strip's surface, which can be walked by keys: ``stepped`` (:class:`Step`), ``opened`` and ``focused``."""

    stepped = Signal(object)
    opened = Signal()
    focused = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, or open what can be done; other keys are the window's."""
        if event.key() in STEPS:
            self.stepped.emit(STEPS[Qt.Key(event.key())])
        elif event.key() in OPENERS:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right button opens the same menu as the left one, the menu key that of the word in front."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self.clicked.emit(QPointF(event.pos()))
        else:
            self.opened.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A word comes to the front."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No word is in front any more."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.focused.emit(False)


def _look(view: ViewState) -> tuple[object, ...]:
    """What of a way of looking decides where the words stand and how they are coloured."""
    return (view.whole_words, view.split_words, view.show_special, view.annotation, view.theme)


class WordsView(HostedView):
    """The living strip. It asks for the height its lines need, up to a point, and scrolls beyond."""

    def __init__(self) -> None:
        super().__init__(help_text("words", "empty"))
        self._explanation: Explanation | None = None
        self._view = ViewState()
        self._stale = False
        self._strip: ChipStrip | None = None
        self._token: int | None = None  # of the word that keys have brought to the front
        self.canvas = _Chips(self._paint, self._paint_overlay, self.guarded)
        self.canvas.setAccessibleName(help_text("words", "name"))
        self.canvas.setAccessibleDescription(help_text("words", "keys"))
        self.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._anchor = QWidget(self.canvas)  # where a menu opens: under its word
        self._anchor.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.canvas)
        box = QVBoxLayout(self.stage)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._scroll)
        self._connect()

    def _connect(self) -> None:
        self.canvas.moved.connect(self._on_moved)
        self.canvas.left.connect(self._on_left)
        self.canvas.clicked.connect(self._on_clicked)
        self.canvas.stepped.connect(self._on_stepped)
        self.canvas.opened.connect(self._on_opened)
        self.canvas.focused.connect(self._on_focused)

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Lay out anew only where what the strip shows has changed."""
        same = explanation is self._explanation and _look(view) == _look(self._view)
        self._explanation, self._view, self._stale = explanation, view, stale
        self.canvas.dress(PALETTES[view.theme], stale=stale)
        if not same:
            self._lay_out()

    def forget(self) -> None:
        """Keep the height, and which word was in front."""
        self._explanation = self._strip = None
        self.canvas.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        with self.guarded():
            self._lay_out()

    def _lay_out(self) -> None:
        if self._explanation is None:
            return
        width = max(80, self.width() - 2)
        self._strip = chip_strip(self._explanation, self._view, width, self._pixels())
        if self._strip.height > self._tallest():
            width -= self._scroll.verticalScrollBar().sizeHint().width()
            self._strip = chip_strip(self._explanation, self._view, width, self._pixels())
        self.canvas.setFixedSize(width, round(self._strip.height + 1))
        self.canvas.redraw()
        self.setFixedHeight(min(self._tallest(), round(self._strip.height) + 2))

    def _tallest(self) -> int:
        share = TALLEST_SHARE if self._view.annotation is None else TALLEST_NOTED
        return max(TALLEST, round(share * self.window().height()))

    def _pixels(self) -> int:
        return round(1.08 * body_pixels(780, 780))

    def sizeHint(self) -> QSize:
        """As tall as its lines."""
        return QSize(280, min(self._tallest(), round(self._strip.height) + 2) if self._strip else 60)

    def _paint(self, painter: QPainter) -> None:
        if self._strip is not None:
            paint_chips(painter, self._strip, PALETTES[self._view.theme])

    def _paint_overlay(self, painter: QPainter) -> None:
        if self._strip is None:
            return
        palette = PALETTES[self._view.theme]
        hover = self._view.hover
        lit = {hover.token, hover.receiver} if hover is not None else set()
        in_front = self._in_front() if self.canvas.hasFocus() else None
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for chip in self._strip.chips:
            if chip is in_front or lit & set(chip.tokens):
                colour, width = (palette.accent, 2.5) if chip is in_front else (palette.text, 1.5)
                painter.setPen(QPen(qcolor(colour), width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPath(chip_outline(chip, self._strip, inset=0.8))
            is_under = hover is not None and hover.receiver is None and hover.token in chip.tokens
            if (is_under or chip is in_front) and self._menu(chip):
                paint_opener(painter, chip, palette)

    def _menu(self, chip: Chip) -> tuple[Choice, ...]:
        assert self._explanation is not None
        return word_menu(self._explanation, self._view, chip.tokens[0], stale=self._stale)

    def _in_front(self) -> Chip | None:
        """The word keys have brought to the front, the first one where that is gone."""
        if self._strip is None:
            return None
        chips = self._strip.chips
        return next((chip for chip in chips if self._token in chip.tokens), chips[0] if chips else None)

    def _bring_forward(self, chip: Chip) -> None:
        assert self._strip is not None
        self._token = chip.tokens[0]
        words = chip_words(self._strip, chip).replace("\n", ", ")
        self.canvas.setAccessibleName(f"{help_text('words', 'name')}: {words}")
        middle = chip.rect.center()
        self._scroll.ensureVisible(round(middle.x()), round(middle.y()), 0, round(chip.rect.height()))
        self.canvas.update()
        if self._view.hover != Hover(self._token):
            self.hovered.emit(Hover(self._token))

    @Slot(object)
    def _on_stepped(self, step: Step) -> None:
        with self.guarded():
            if self._strip is not None and (chip := self._in_front()) is not None:
                self._bring_forward(walked(self._strip, chip, step))

    @Slot(bool)
    def _on_focused(self, has_focus: bool) -> None:
        with self.guarded():
            self.canvas.update()  # the ring around the word in front comes and goes with the focus
            if not has_focus and self._view.hover is not None:
                self.hovered.emit(None)

    @Slot()
    def _on_opened(self) -> None:
        with self.guarded():
            if (chip := self._in_front()) is not None:
                self._open_menu(chip)

    @Slot(QPointF)
    def _on_moved(self, at: QPointF) -> None:
        with self.guarded():
            chip = self._strip.chip_at(at.x(), at.y()) if self._strip else None
            hover = Hover(chip.tokens[0]) if chip else None
            can_open = chip is not None and bool(self._menu(chip))
            self.canvas.setCursor(Qt.CursorShape.PointingHandCursor if can_open else Qt.CursorShape.ArrowCursor)
            if hover != self._view.hover:
                self.hovered.emit(hover)
            words = chip_words(self._strip, chip) if self._strip and chip else ""
            QToolTip.showText(QCursor.pos(), tooltip(words), self.canvas)

    @Slot()
    def _on_left(self) -> None:
        if self._view.hover is not None:
            self.hovered.emit(None)

    @Slot(QPointF)
    def _on_clicked(self, at: QPointF) -> None:
        with self.guarded():
            chip = self._strip.chip_at(at.x(), at.y()) if self._strip else None
            if chip is not None:
                self._token = chip.tokens[0]
                self._open_menu(chip)

    def _open_menu(self, chip: Chip) -> None:
        """What can be done with the word; the one thing there is, is done."""
        menu = self._menu(chip)
        if len(menu) < 2:
            for choice in menu:
                self._do(choice)
            return
        assert self._explanation is not None
        QToolTip.hideText()
        self._anchor.setGeometry(chip.rect.toAlignedRect())
        name = help_text("words", "menu", word=word_at(self._explanation, chip.tokens[0]).label)
        popup = Popup(self._anchor, name)
        popup.chosen.connect(self._do)
        popup.add_heading(name)
        for choice in menu:
            popup.add_entry(choice.title, choice.sentence, choice)
        popup.open_under_opener()

    @Slot(object)
    def _do(self, choice: Choice) -> None:
        told = {
            Deed.GAP: self.gap_requested,
            Deed.PLACE: self.place_requested,
            Deed.PIECES: self.look_requested,
            Deed.WHOLE: self.look_requested,
            Deed.TRACE: self.picked,
            Deed.UNTRACE: self.picked,
        }
        told[choice.deed].emit(choice.value)


VIEW = register_view(
    id="words",
    label="Words",
    sentence="Which words decided it.",
    mixing_sentence="Which words went in.",
    place="left",
    figure=figure,
    widget=WordsView,
    aspect=0.65,
)
