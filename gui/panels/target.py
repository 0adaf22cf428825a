"""Which answer is explained, and instead of which other."""

from __future__ import annotations

from PySide6.QtCore import Signal

from engine.contract import Against, Explanation, Head
from engine.registry import Method
from gui.chooser import Chooser, Popup
from gui.help import help_text
from gui.panels.prediction import strongest_answers
from gui.state import AppState
from gui.wording import answer_name

FILLERS = 12  # words offered of a whole vocabulary
Target = int | str | None
Other = int | str | Against


class TargetChooser(Chooser):
    """The target button. ``target_chosen`` tells the answer (None: the predicted one) and what it is set against."""

    target_chosen = Signal(object, object)

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
        target = self._target if isinstance(self._target, int) else self._explained[0]
        against = self._explained[1] if isinstance(self._against, Against) else self._against
        if self._against is Against.NOTHING:
            against = -1
        parts = [help_text("target", "name"), answer_name(last, target)]
        if isinstance(against, int) and against >= 0:
            parts += [help_text("target", "instead_of"), answer_name(last, against)]
        self.button.show_parts(*parts)

    def _fill_two(self, popup: Popup, last: Explanation) -> None:
        names = [answer_name(last, index) for index in range(2)]
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
        explained, against = self._explained
        kept: Other = against if against >= 0 else Against.NOTHING
        offered = _offered(last)
        popup.add_heading(help_text("target", "fillers" if last.model.head is Head.MASKED_WORD else "explain"))
        for index in offered:
            other = Against.NOTHING if kept == index else kept
            popup.add_entry(answer_name(last, index), "", (index, other), is_current=index == explained)
        popup.add_rule()
        popup.add_heading(help_text("target", "instead_of").capitalize())
        nothing = help_text("target", "nothing").capitalize()
        popup.add_entry(nothing, "", (explained, Against.NOTHING), is_current=against < 0)
        for index in offered:
            if index != explained:
                popup.add_entry(answer_name(last, index), "", (explained, index), is_current=index == against)


def _offered(last: Explanation) -> list[int]:
    """Every class; of a vocabulary the likeliest words, and those that are explained already."""
    if last.model.head is not Head.MASKED_WORD:
        return list(range(len(last.prediction.labels)))
    chosen = {*strongest_answers(last.prediction, FILLERS), *last.explained}
    return sorted(chosen, key=lambda index: -float(last.prediction.logits[index]))
