"""The page where two are compared: two cards, three panes, and what they say. It takes the desk's place."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, Signal, Slot
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from engine.bundled import BundledModel
from engine.contract import Against, Explanation, Failure
from engine.registry import Method
from engine.words import Row
from gui.asking import Side
from gui.compare.boardstrip import BoardStrip
from gui.compare.difference import Difference, Pane, difference
from gui.compare.differing import differing_words
from gui.compare.pane import Hit
from gui.compare.paneview import PaneCard, PaneView
from gui.compare.side import SideCard
from gui.compare.statement import StatementBar
from gui.compare.told import rich, told
from gui.controller import Controller
from gui.controls.iconbutton import IconButton
from gui.events import word_around
from gui.guide.help import help_text
from gui.paint.palette import PALETTES, Palette
from gui.shown import Shown
from gui.state import AppState, Compared, first_side
from gui.style import GAP


def swap_sign() -> QPainterPath:
    """Two arrows that pass each other."""
    path = QPainterPath()
    for y, tip, tail in ((5.0, 13.0, 3.0), (11.0, 3.0, 13.0)):
        back = tip - 3.0 if tip > tail else tip + 3.0
        path.moveTo(tail, y)
        path.lineTo(tip, y)
        path.moveTo(QPointF(back, y - 3.0))
        path.lineTo(tip, y)
        path.lineTo(back, y + 3.0)
    return path


class Board(QWidget):
    """The Compare page.

    ``model_opened`` tells a model that was chosen on a card, ``look_requested`` a changed view.
    """

    model_opened = Signal(str)
    look_requested = Signal(object)

    def __init__(self, methods: tuple[Method, ...], bundled: tuple[BundledModel, ...], palette: Palette) -> None:
        super().__init__()
        self.both = SideCard("", methods, bundled, palette)
        self.first = SideCard(Side.FIRST.value, methods, bundled, palette)
        self.second = SideCard(Side.SECOND.value, methods, bundled, palette)
        self.swap = IconButton(swap_sign(), help_text("compare", "swap"), help_text("compare", "swap_hint"))
        self.strip = BoardStrip()
        self.cards = {pane: PaneCard(pane) for pane in Pane}
        self.statement = StatementBar()
        self._difference: Difference | None = None
        self._shown: Shown | None = None
        self._hit: Hit | None = None
        self._lay_out()
        self.statement.scale_chosen.connect(self._on_scale)
        for view in self.panes:
            view.pointed.connect(self._on_pointed)

    @property
    def panes(self) -> tuple[PaneView, ...]:
        """The three pictures, from the left."""
        return tuple(card.view for card in self.cards.values())

    @property
    def difference(self) -> Difference | None:
        """What is compared, None before both answers are there: for export."""
        return self._difference

    @property
    def regions(self) -> tuple[QWidget, ...]:
        """Where Tab goes, in reading order."""
        return self.both, self.first, self.swap, self.second, self.strip, *self.cards.values(), self.statement

    def connect_to(self, controller: Controller) -> None:
        """Tell the controller what the person does here."""
        self.both.text_edited.connect(controller.text_edited)
        self.second.text_edited.connect(controller.text_edited)
        for card in (self.both, self.second):
            card.pair_edited.connect(controller.pair_edited)
        self.second.method_chosen.connect(controller.method_chosen)
        self.second.model_chosen.connect(controller.model_chosen)
        self.second.layer_chosen.connect(controller.layer_chosen)
        self.first.text_edited.connect(controller.first_text_edited)
        self.first.pair_edited.connect(controller.first_pair_edited)
        self.first.method_chosen.connect(controller.first_method_chosen)
        self.first.model_chosen.connect(controller.first_model_chosen)
        self.first.layer_chosen.connect(controller.first_layer_chosen)
        for card in (self.first, self.second):
            card.model_chosen.connect(self.model_opened)
        self.swap.clicked.connect(controller.sides_swapped)
        self.strip.compared_chosen.connect(controller.compared_chosen)
        for asking in (self.strip, self):
            asking.look_requested.connect(controller.looked)

    def show_shown(self, shown: Shown) -> None:
        """Draw everything anew from what is to be shown; whatever did not change costs nothing."""
        made = shown.state.comparison
        if made is None:
            self._shown = self._difference = None
            self.forget(shown)
            return
        self._shown = shown
        focused = QApplication.focusWidget()
        self._show_sides(shown, first_side(shown.state), made.compared)
        if focused is not None and self.isAncestorOf(focused) and focused.isHidden():
            self.take_focus()
        self._show_panes(shown)
        self.strip.show_choices(shown)

    def forget(self, shown: Shown) -> None:
        """Out of sight: let go of answers that are no longer shown."""
        for view in self.panes:
            view.forget_unless(shown.first or shown.explanation, shown.explanation)
        for card, answer in ((self.first, shown.first), (self.second, shown.explanation), (self.both, None)):
            card.method.show_last(answer)
        if self._shown is not None:
            self._shown = replace(self._shown, explanation=shown.explanation, first=shown.first)

    def show_failures(self, first: Failure | None, second: Failure | None, state: AppState) -> None:
        """What is wrong with each side, on its card."""
        is_apart = state.comparison is not None and state.comparison.compared is Compared.SENTENCES
        text = first_side(state).text if state.comparison is not None else state.text
        self.first.show_failure(first, is_empty=is_apart and not text.strip())
        self.second.show_failure(second, is_empty=is_apart and not state.text.strip())
        self.both.show_failure(None, is_empty=not is_apart and not state.text.strip())

    def show_recent(self, folders: tuple[str, ...]) -> None:
        """Offer these model folders again."""
        for card in (self.first, self.second):
            card.model.show_recent(folders)

    def take_focus(self) -> None:
        """B is what is changed next."""
        self.second.entrance.setFocus()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours and the room its type needs."""
        for card in (self.both, self.first, self.second):
            card.dress(palette)
        for view in self.panes:
            view.dress(palette)
        self.strip.dress(palette)
        self.statement.dress(palette)

    def _lay_out(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(4)
        sides.addWidget(self.first, 1)
        sides.addWidget(self.swap)
        sides.addWidget(self.second, 1)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for card in self.cards.values():
            row.addWidget(card, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(GAP, GAP, GAP, GAP)
        page.setSpacing(8)
        page.addWidget(self.both)
        page.addLayout(sides)
        page.addWidget(self.strip)
        page.addLayout(row, 1)
        page.addWidget(self.statement)

    def _show_sides(self, shown: Shown, first: AppState, compared: Compared) -> None:
        state, is_apart = shown.state, compared is Compared.SENTENCES
        self.both.setVisible(not is_apart)
        self.both.show_side(state, compared)
        self.first.show_side(first, compared)
        self.second.show_side(state, compared)
        is_own = compared in (Compared.SENTENCES, Compared.MODELS)
        self.both.show_answer(shown.explanation, stale=shown.stale, is_told=not is_own)
        self.first.show_answer(shown.first, stale=shown.first_stale, is_told=is_own)
        self.second.show_answer(shown.explanation, stale=shown.stale, is_told=is_own)
        for card, made, layer in (
            (self.first, shown.first, first.view.layer),
            (self.second, shown.explanation, state.view.layer),
        ):
            if made is not None:
                card.show_layers(made.model.layers, min(layer, made.model.layers - 1))
        bold = differing_words(first.text, state.text) if is_apart else ((), ())
        also = differing_words(first.pair or "", state.pair or "") if is_apart else ((), ())
        for card, stretches, made in (
            (self.first, (bold[0], also[0]), shown.first),
            (self.second, (bold[1], also[1]), shown.explanation),
            (self.both, ((), ()), shown.explanation),
        ):
            card.show_marks(*stretches, made.model.mask_token if made is not None else "")

    def _show_panes(self, shown: Shown) -> None:
        stale = {Pane.FIRST: shown.first_stale, Pane.SECOND: shown.stale}
        stale[Pane.DIFFERENCE] = any(stale.values())
        before, self._difference = self._difference, self._compared(shown)
        if before is not self._difference:
            self._on_pointed(None)
        for view in self.panes:
            view.show_difference(self._difference, shown.state.view, stale=stale[view.pane])
        self.statement.scale.setChecked(shown.state.view.one_scale)
        with self.panes[-1].guarded():
            paragraph = told(self._difference, PALETTES[shown.state.view.theme]) if self._difference is not None else ()
            markup = rich(paragraph, PALETTES[shown.state.view.theme])
            self.statement.say(markup, "".join(run.text for run in paragraph), stale=stale[Pane.DIFFERENCE])

    def _compared(self, shown: Shown) -> Difference | None:
        if shown.first is not None and shown.explanation is not None:
            with self.panes[0].guarded():
                return difference(shown.first, shown.explanation, _looked_at(shown.state))
        return None

    @Slot(object)
    def _on_pointed(self, hit: Hit | None) -> None:
        """The same line lights up in all panes, and its words in the sentences."""
        if hit == self._hit:
            return
        self._hit = hit
        for view in self.panes:
            view.light(hit)
        made, first, second = self._difference, None, None
        is_stale = self._shown is None or self._shown.stale or self._shown.first_stale
        if made is not None and hit is not None and hit.row is not None and not is_stale:
            row = made.shown[hit.row]
            first, second = _letters(made.first, row.first), _letters(made.second, row.second)
        self.first.light(first)
        for card in (self.second, self.both):
            card.light(second)

    @Slot(bool)
    def _on_scale(self, on: bool) -> None:
        if self._shown is not None:
            self.look_requested.emit(replace(self._shown.state.view, one_scale=on))


def _looked_at(state: AppState) -> AppState:
    """The state without its texts, which the answers have: nothing is drawn anew for a letter that is typed."""
    made = state.comparison
    bare = None if made is None else replace(made, text="", pair=None, place=None)
    return replace(state, text="", pair=None, place=None, target=None, against=Against.OTHER, comparison=bare)


def _letters(explanation: Explanation, row: Row | None) -> tuple[bool, int, int] | None:
    """Where a row's word stands: whether in the second text, and from where to where; None where it stands nowhere."""
    return word_around(explanation.tokens, row.tokens[0]) if row is not None else None
