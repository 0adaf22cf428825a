"""Which answer is explained, and instead of which other."""

from __future__ import annotations

from PySide6.QtCore import Signal

from engine.contract import Against, Explanation, Failure, Head
from engine.registry import Method
from gui.controls.chooser import Chooser, Popup
from gui.guide.help import help_text
from gui.panels.answers import NOTHING, AnswerForm
from gui.state import AppState
from gui.told.wording import answer_name

Target = int | str | None
Other = int | str | Against


class TargetChooser(Chooser):
    """The target button. ``target_chosen`` tells the answer (None: the predicted one) and what it is set against.

    ``failed`` hands on what is wrong with a target, ``settled`` that what was chosen last is explained,
    ``opened`` that the menu is there.
    """

    target_chosen = Signal(object, object)
    failed = Signal(object)
    settled = Signal()
    opened = Signal()

    def __init__(self) -> None:
        super().__init__(help_text("target", "name"), help_text("target", "hint"))
        self._last: Explanation | None = None
        self._target: Target = None
        self._against: Other = Against.OTHER
        self._explained: tuple[int, int] = (0, -1)
        self.button.setEnabled(False)

    def show_target(self, state: AppState, explanation: Explanation | None, method: Method | None) -> None:
        """Show what is explained; a method that explains no answer in particular leaves nothing to choose."""
        self._target, self._against = state.target, state.against
        if explanation is None or explanation.request.model != state.model:
            self._last = None
            self.button.setEnabled(False)
            self.button.show_parts(help_text("target", "name"), help_text("target", "predicted"))
            return
        is_new = explanation is not self._last
        self._last = explanation
        self._explained = (explanation.target, explanation.against)
        is_specific = method is None or method.class_specific
        has_choice = explanation.model.head is not Head.STATE
        self.button.setEnabled(is_specific and has_choice)
        hint = help_text("target", "hint" if has_choice else "state")
        if method is not None and not is_specific:
            hint = help_text("target", "not_specific", method=method.label)
        self.button.setToolTip(hint)
        self._show_chosen(explanation)
        if is_new and (explanation.request.target, explanation.request.against) == (state.target, state.against):
            self.settled.emit()

    def forget(self) -> None:
        """Out of sight: let go of the answer."""
        self._last = None

    def show_failure(self, failure: Failure | None) -> None:
        """Say it at the button, and at the form where one is open."""
        super().show_failure(failure)
        self.failed.emit(failure)

    def open_popup(self) -> None:
        """Open a fresh menu, ready to type in where there is much to choose from."""
        super().open_popup()
        self.opened.emit()

    def fill(self, popup: Popup) -> None:
        """The predicted answer, then every answer there is to choose."""
        if self._last is None:
            return
        popup.add_entry(
            help_text("target", "predicted"),
            help_text("target", "predicted_hint"),
            (None, Against.OTHER),
            is_current=self._target is None,
        )
        popup.add_rule()
        if len(self._last.prediction.labels) == 2:
            self._fill_two(popup, self._last)
        else:
            self._fill_many(popup, self._last)

    def take(self, value: tuple[Target, Other]) -> None:
        """An answer, and what it is explained instead of."""
        self.target_chosen.emit(*value)

    def _show_chosen(self, last: Explanation) -> None:
        target, against = (_name(last, side) for side in self._sides(last))
        parts = [help_text("target", "name"), target]
        if against:
            parts += [help_text("target", "instead_of"), against]
        self.button.show_parts(*parts)

    def _fill_two(self, popup: Popup, last: Explanation) -> None:
        names = [answer_name(last, index) for index in range(2)]
        if last.prediction.probabilities is not None:  # answers that do not exclude each other are no pair
            popup.add_heading(help_text("target", "pairs"))
            for index in (1, 0):
                title = f"{names[index]} {help_text('target', 'instead_of')} {names[1 - index]}"
                current = self._target == index and self._against == 1 - index
                popup.add_entry(title, "", (index, 1 - index), is_current=current)
        popup.add_heading(help_text("target", "single"))
        for index in (1, 0):
            current = self._target == index and self._against is Against.NOTHING
            popup.add_entry(names[index], "", (index, Against.NOTHING), is_current=current)

    def _fill_many(self, popup: Popup, last: Explanation) -> None:
        form = AnswerForm(last, self._sides(last))
        form.chosen.connect(self.target_chosen)
        form.done.connect(popup.close)
        form.resized.connect(popup.fit)
        self.failed.connect(form.show_failure)
        self.settled.connect(form.settle)
        self.opened.connect(form.start)
        popup.add_form(form)

    def _sides(self, last: Explanation) -> tuple[int | str, int | str]:
        """What is chosen, also where the model has not answered to it."""
        target = self._explained[0] if self._target is None else self._target
        against = self._explained[1] if self._against is Against.OTHER else self._against
        return _known(last, target), NOTHING if isinstance(against, Against) else _known(last, against)


def _name(last: Explanation, side: int | str) -> str:
    if isinstance(side, str):
        return side
    return answer_name(last, side) if side != NOTHING else ""


def _known(last: Explanation, side: int | str) -> int | str:
    """A typed word that has been answered to, as the answer it is."""
    asked = (last.request.target, last.target), (last.request.against, last.against)
    return next((index for typed, index in asked if typed == side and isinstance(side, str)), side)
