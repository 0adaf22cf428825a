"""What is asked of which model: the choosers of the top bar, put together."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from engine.bundled import BundledModel
from engine.registry import Method
from gui.controller import Controller
from gui.controls.chooser import Chooser
from gui.panels.method import MethodChooser
from gui.panels.model import ModelChooser
from gui.panels.place import PlaceChooser
from gui.panels.target import TargetChooser
from gui.shown import Shown
from gui.state import Compared


class Question(QObject):
    """``model_chosen`` tells a bundled model's name or a folder; everything else goes to the controller."""

    model_chosen = Signal(str)

    def __init__(self, methods: Mapping[str, Method], bundled: tuple[BundledModel, ...]) -> None:
        super().__init__()
        self._methods = methods
        self.model, self.method = ModelChooser(bundled), MethodChooser(tuple(methods.values()))
        self.place, self.target = PlaceChooser(), TargetChooser()
        self._at: dict[str, Chooser] = {
            "model": self.model,
            "method": self.method,
            "place": self.place,
            "target": self.target,
        }
        self.model.model_chosen.connect(self.model_chosen)

    @property
    def choosers(self) -> tuple[Chooser, ...]:
        """In the order they are read."""
        return tuple(self._at.values())

    def add_notices(self, notices: QVBoxLayout) -> None:
        """What goes wrong with a choice is said there."""
        for chooser in self.choosers:
            notices.addWidget(chooser.notice)
        notices.insertWidget(1, self.model.offer, 0, Qt.AlignmentFlag.AlignLeft)

    def connect_to(self, controller: Controller) -> None:
        """Tell the controller what the person chooses."""
        self.method.method_chosen.connect(controller.method_chosen)
        self.target.target_chosen.connect(controller.target_chosen)
        self.place.place_chosen.connect(controller.place_chosen)

    def forget(self, shown: Shown) -> None:
        """Out of sight: let go of an answer that is no longer shown."""
        self.target.forget()
        self.method.show_last(None)
        self.place.show_place(shown.state.place, None)

    def show_shown(self, shown: Shown) -> bool:
        """Show what is chosen, and what is wrong with it; returns whether a failure was said here."""
        state, explanation = shown.state, shown.explanation
        compared = state.comparison.compared if state.comparison is not None else None
        # What is compared is chosen on the cards.
        self.method.setVisible(compared is not Compared.METHODS)
        self.model.setVisible(compared is not Compared.MODELS)
        of_this_model = explanation if explanation is not None and explanation.request.model == state.model else None
        self.model.show_model(state.model)
        self.method.show_method(state.method, state.parameters)
        self.target.show_target(state, explanation, self._methods.get(state.method))
        self.method.show_last(of_this_model)
        self.place.show_place(state.place, of_this_model)
        at = self._at.get(shown.failure.place) if shown.failure is not None else None
        is_here = at is not None and not at.isHidden()
        for chooser in self.choosers:
            chooser.show_failure(shown.failure if is_here and chooser is at else None)
        return is_here
