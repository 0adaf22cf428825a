"""What is seen while presenting: the sentence, the figure, a line on what it is. Nothing to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine import registry
from gui.controls.elided import ElidedLabel
from gui.deck import Deck
from gui.guide.help import help_text
from gui.paint.kept import keep_for
from gui.paint.palette import PALETTES
from gui.present.compared import ComparedPicture, Draw
from gui.present.counter import SlideCounter
from gui.present.sentence import StageSentence
from gui.shown import Shown
from gui.told.prose import target_words
from gui.viewkit import HostedView, View, ViewWidget

MARGIN, LETTERS = 0.03, 0.023  # of the stage's height


class Stage(QWidget):
    """``hovered``, ``picked`` and ``look_requested`` are those of the figure and the sentence."""

    hovered = Signal(object)
    picked = Signal(object)
    look_requested = Signal(object)

    def __init__(self, views: Sequence[View], draw_compared: Draw | None = None) -> None:
        """``draw_compared`` draws a comparison; without it B is shown alone."""
        super().__init__()
        self.setObjectName("presented")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(help_text("present", "stage"))
        self._deck = Deck(views, is_titled=False, is_main=True)
        self._deck.setObjectName("presented")
        self._deck.segments.hide()
        self._widgets = {view.id: self._deck.widget(view.id) for view in views}
        for widget in self._widgets.values():
            if isinstance(widget, HostedView):
                widget.hide_choices()
        self.sentence = StageSentence()
        self.legend, self.caption, self.counter = QLabel(), ElidedLabel(), SlideCounter()
        self.caption.setObjectName("quiet")
        self.caption.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._line = QHBoxLayout()
        for label in (self.legend, self.caption, self.counter):
            self._line.addWidget(label)
        self._line.insertStretch(1, 1)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.sentence)
        self._column.addWidget(self._deck, 1)
        self.compared = ComparedPicture(draw_compared) if draw_compared is not None else None
        if self.compared is not None:
            self._column.addWidget(self.compared, 1)
            self.compared.hide()
        self._column.addLayout(self._line)
        self._letters = 0
        for told in (self._deck, self.sentence):
            told.hovered.connect(self.hovered)
            told.picked.connect(self.picked)
            told.look_requested.connect(self.look_requested)

    @property
    def figure(self) -> ViewWidget:
        """The view in front."""
        return self._widgets[self._deck.view_in_front().id]

    def show_shown(self, shown: Shown) -> None:
        """Draw what is to be shown."""
        keep_for(shown.first, shown.explanation)
        self.caption.show_text(caption(shown))
        if self._turn_to_comparison(shown):
            return
        self.sentence.show_result(shown.explanation, shown.state.view, stale=shown.stale)
        self._deck.show_shown(shown)
        self.legend.setText(self.sentence.legend if shown.explanation is not None else "")

    def forget(self) -> None:
        """Let go of everything: the stage is laid out anew when it is entered again."""
        self._deck.forget(None)
        self.sentence.forget()
        if self.compared is not None:
            self.compared.forget()

    def _turn_to_comparison(self, shown: Shown) -> bool:
        if self.compared is None:
            return False
        is_compared = shown.state.comparison is not None
        for part in (self.sentence, self._deck, self.legend):
            part.setVisible(not is_compared)
        self.compared.setVisible(is_compared)
        if is_compared:
            self.compared.show_shown(shown)
            self.sentence.forget()
            self._deck.forget(shown.explanation)
        else:
            self.compared.forget()
        return is_compared

    def show_larger(self, shown: Shown) -> None:
        """Lay everything out anew in the type and the colours there are now."""
        self.sentence.dress(PALETTES[shown.state.view.theme])
        self._deck.show_larger(shown)
        if self.compared is not None:
            self.compared.canvas.redraw()
        self.show_shown(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Margins and the letters of the last line grow with the screen."""
        super().resizeEvent(event)
        margin, letters = round(MARGIN * self.height()), round(LETTERS * self.height())
        self._column.setContentsMargins(2 * margin, margin, 2 * margin, margin // 2)
        self._column.setSpacing(margin // 2)
        self._line.setSpacing(2 * margin)
        if letters != self._letters:
            self._letters = letters
            for label in (self.legend, self.caption, self.counter):
                label.setStyleSheet(f"font-size: {letters}px;")


def caption(shown: Shown) -> str:
    """Model, method and what is explained, or why there is no picture."""
    made = shown.explanation
    if shown.failure is not None:
        return f"{shown.failure.title}. {shown.failure.message}"
    if made is None:
        return ""
    parts = [made.model.title, registry.find(made.request.method).label]
    if made.explains_answer:
        answer, other = target_words(made)
        parts.append(help_text("present", "instead", answer=answer, other=other) if other else answer)
    return " · ".join(parts)
