"""The page where one sentence is explored: three columns of cards, built by looping over the views there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from engine.registry import Method
from gui.columns import Columns
from gui.controller import Controller
from gui.deck import Deck
from gui.paint.palette import Palette
from gui.panels.explanation import ExplanationPanel
from gui.panels.prediction import PredictionPanel
from gui.panels.text import TextPanel
from gui.shown import Shown
from gui.style import sized
from gui.trust.panel import TrustPanel
from gui.trust.place import RightPlace
from gui.viewkit import View

PLACES = ("left", "middle", "right")
BRING_THEIR_OWN_TITLE = "right"
TRUST_WIDE = 400  # pixels, in usual type


class Desk(Columns):
    """``method_requested`` tells a method that a view in need of it asks for."""

    method_requested = Signal(str)

    def __init__(self, views: Sequence[View], methods: Mapping[str, Method], palette: Palette) -> None:
        at = {place: [view for view in views if view.place == place] for place in PLACES}
        decks = {
            place: Deck(found, is_titled=place != BRING_THEIR_OWN_TITLE, is_main=place == "middle")
            for place, found in at.items()
            if found
        }
        text, prediction, explanation = TextPanel(palette), PredictionPanel(palette), ExplanationPanel()
        trust = TrustPanel(tuple(methods.values()))
        right = RightPlace(decks.get("right"), trust)
        cards = (text, *filter(None, [decks.get("left")]), prediction)
        super().__init__(cards, explanation, decks.get("middle"), right)
        self.text, self.prediction, self.explanation, self.decks = text, prediction, explanation, decks
        self.trust, self._place = trust, right
        self.was_folded = False  # the right column, before the question of trust was asked
        self._methods = methods

    @property
    def is_trusting(self) -> bool:
        """Whether it is seen how far to trust the picture."""
        return not (self.trust.isHidden() or self.is_folded)

    @Slot()
    def turn_trust(self) -> None:
        """Ask how far to trust the picture, or leave the question."""
        if self.is_trusting:
            self.close_trust()
        else:
            self.open_trust()
            self.trust.take_focus()

    def open_trust(self) -> None:
        """Show it in place of the layer."""
        self.was_folded = self.is_folded
        if self.was_folded:
            self.turn_fold()
        if self.trust.isHidden():
            self._place.turn(to_trust=True)
            self.lend(sized(TRUST_WIDE))

    @Slot()
    def close_trust(self) -> None:
        """Show the layer again; the keyboard goes back to where the question is asked."""
        had_keyboard = self.trust.isAncestorOf(self.window().focusWidget() or self)
        self._place.turn(to_trust=False)
        self.give_back()
        if self.was_folded:
            self.turn_fold()
        self.was_folded = False
        if had_keyboard:
            self.explanation.trust.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_shown(self, shown: Shown) -> None:
        """Draw everything anew from what is to be shown; whatever did not change costs nothing."""
        state, explanation = shown.state, shown.explanation
        for deck in self.decks.values():
            deck.show_shown(shown)
        self.trust.show_shown(shown)
        self.text.show_text(state.text)
        self.text.show_pair(state.pair)
        self.text.show_annotation(state.view.annotation)
        self.text.show_hover(explanation if not shown.stale else None, state.view.hover)
        of_this_model = explanation is not None and explanation.request.model == state.model
        self.text.show_model(state.model, explanation.model if explanation is not None and of_this_model else None)
        self.prediction.show_prediction(explanation, stale=shown.stale)
        if explanation is not None and (explained := self._methods.get(explanation.request.method)) is not None:
            middle = self.decks.get("middle")
            told = middle.view_in_front().told if middle is not None else None
            self.explanation.show_explanation(shown, explained, told)

    def forget(self, shown: Shown) -> None:
        """Out of sight: let go of whatever is no longer shown."""
        for deck in self.decks.values():
            deck.forget(shown.explanation)
        for card in (self.prediction, self.explanation, self.trust):
            card.forget(shown)

    def connect_to(self, controller: Controller) -> None:
        """Tell the controller what the person does here."""
        self.text.text_edited.connect(controller.text_edited)
        self.text.pair_edited.connect(controller.pair_edited)
        self.explanation.trust.clicked.connect(self.turn_trust)
        self.trust.dismissed.connect(self.close_trust)
        self.trust.hovered.connect(controller.hovered)
        self.trust.bug_noticed.connect(controller.bug_noticed)
        for deck in self.decks.values():
            deck.hovered.connect(controller.hovered)
            deck.picked.connect(controller.picked)
            deck.look_requested.connect(controller.looked)
            deck.method_requested.connect(self.method_requested)
            deck.view_requested.connect(controller.view_chosen)
            deck.gap_requested.connect(controller.gap_requested)
            deck.place_requested.connect(controller.place_requested)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours, and the widths that its type needs."""
        super().dress(palette)
        for card in (self.text, self.prediction, self.trust):
            card.dress(palette)

    def show_larger(self, shown: Shown) -> None:
        """Lay the views out anew in the type there is now."""
        for deck in self.decks.values():
            deck.show_larger(shown)

    @property
    def places(self) -> dict[str, QWidget]:
        """What the tour points at, by its names."""
        names = {"words": "left", "flow": "middle", "layer": "right"}
        decks: dict[str, QWidget] = {name: self.decks[place] for name, place in names.items() if place in self.decks}
        return {"text": self.text, **decks}
