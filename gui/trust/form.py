"""What is chosen before a trial: how words are taken away, and which other methods stand beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.contract import Explanation
from engine.faithfulness import protocol
from engine.registry import Method
from gui.controls.chooser import Chooser, Popup
from gui.controls.segments import Segments
from gui.guide.help import help_text
from gui.paint.palette import LIGHT, Palette
from gui.trust.choices import NOTHING, fitting, others_for

TAKEN = (protocol.MASK.id, protocol.DELETE.id)


class TrialForm(QWidget):
    """``changed`` tells that a person has chosen otherwise."""

    changed = Signal()

    def __init__(self, methods: Sequence[Method]) -> None:
        super().__init__()
        self._methods = {method.id: method for method in methods}
        self._colours = LIGHT
        self._chosen: tuple[str | None, str | None] = (None, None)
        self._protocol = TAKEN[0]
        self._has_mask = True
        self.taking = Segments(help_text("trust", "taking"))
        self.taking.flush_left = True
        self.taking.setToolTip(help_text("trust", "taking_hint"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.taking.setSizePolicy(policy)
        self.only_deleted = QLabel(help_text("trust", "only_deleted"))
        self.only_deleted.setObjectName("quiet")
        self.only_deleted.setWordWrap(True)
        self.beside = tuple(BesideChooser(slot, self._methods) for slot in range(len(self._chosen)))
        self._lay_out()
        self.taking.chosen.connect(self._on_taking_chosen)
        for chooser in self.beside:
            chooser.method_chosen.connect(self._on_method_chosen)
        self.hide()  # until it is known what there is to choose

    @property
    def protocol(self) -> str:
        """The id of how words are taken away."""
        return self._protocol if self._has_mask else protocol.DELETE.id

    @property
    def others(self) -> tuple[Method, ...]:
        """The methods that stand beside."""
        return tuple(self._methods[chooser.method] for chooser in self.beside if chooser.method != NOTHING)

    def show_explanation(self, explanation: Explanation) -> None:
        """Offer what fits its model; what was chosen stays where it fits."""
        self.show()
        current = explanation.request.method
        fit = fitting(self._methods, explanation)
        for chooser, method in zip(self.beside, others_for(self._chosen, current, fit), strict=True):
            chooser.show_method(method, [one for one in fit if one != current])
        first, second = (chooser.method for chooser in self.beside)
        self.beside[0].leave_out(second)
        self.beside[1].leave_out(first)
        self._has_mask = bool(explanation.model.mask_token)
        self.taking.setVisible(self._has_mask)
        self.only_deleted.setVisible(not self._has_mask)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self._colours = palette
        labels, tips = ([help_text("trust", key) for key in keys] for keys in (TAKEN, [f"{key}_hint" for key in TAKEN]))
        self.taking.show_labels(labels, TAKEN.index(self._protocol), palette, tips)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        for chooser in self.beside:
            row.addWidget(chooser)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.taking)
        column.addWidget(self.only_deleted)
        column.addLayout(row)

    @Slot(int)
    def _on_taking_chosen(self, index: int) -> None:
        self._protocol = TAKEN[index]
        self.changed.emit()

    @Slot(int, str)
    def _on_method_chosen(self, slot: int, method: str) -> None:
        first, second = self._chosen
        # What stood there by itself stays there: the other choice must not move it.
        beside = self.beside[1 - slot].method
        self._chosen = (method, second or beside) if slot == 0 else (first or beside, method)
        self.changed.emit()


class BesideChooser(Chooser):
    """One other method, or none. ``method_chosen`` tells its slot and the method's id."""

    method_chosen = Signal(int, str)

    def __init__(self, slot: int, methods: Mapping[str, Method]) -> None:
        super().__init__(help_text("trust", "beside"), help_text("trust", "beside_hint"))
        self._slot, self._methods = slot, methods
        self._offered: list[str] = []
        self._left_out = NOTHING
        self.method = NOTHING
        self.notice.setParent(self)  # nothing is ever said in it

    def show_method(self, method: str, offered: list[str]) -> None:
        """Show which is chosen, of those."""
        self.method, self._offered = method, offered
        name = help_text("trust", "nothing") if method == NOTHING else self._methods[method].label
        self.button.show_parts(help_text("trust", "and" if self._slot else "beside"), name)

    def leave_out(self, method: str) -> None:
        """Another one stands beside already: it is not offered."""
        self._left_out = method

    def fill(self, popup: Popup) -> None:
        """Every method that fits, and none."""
        popup.add_heading(help_text("trust", "beside"))
        nothing = help_text("trust", "nothing"), help_text("trust", "nothing_hint")
        popup.add_entry(*nothing, NOTHING, is_current=self.method == NOTHING)
        for method in self._offered:
            if method != self._left_out:
                known = self._methods[method]
                popup.add_entry(known.label, known.sentence, method, is_current=method == self.method)

    def take(self, value: str) -> None:
        """Tell it."""
        self.method_chosen.emit(self._slot, value)
