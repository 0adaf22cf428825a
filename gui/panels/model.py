"""Which model reads the sentence."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QPushButton

from engine.bundled import BundledModel
from engine.contract import Failure
from gui.controls.chooser import Chooser, Popup
from gui.guide.help import help_text

OTHER_FOLDER = ""  # no model has this name


class ModelChooser(Chooser):
    """The model button. ``model_chosen`` tells a bundled model's name or a folder.

    ``offer`` stands below the notice of a model that could not be opened.
    """

    model_chosen = Signal(str)

    def __init__(self, bundled: tuple[BundledModel, ...]) -> None:
        super().__init__(help_text("model", "name"), help_text("model", "hint"))
        self._bundled = bundled
        self._recent: tuple[str, ...] = ()
        self._model = ""
        self.offer = QPushButton(help_text("model", "instead", title=bundled[0].title if bundled else ""))
        self.offer.setObjectName("link")
        self.offer.setToolTip(help_text("model", "instead_hint"))
        self.offer.clicked.connect(self._on_offer_taken)
        self.offer.hide()

    def show_failure(self, failure: Failure | None) -> None:
        """Say it, and offer a model that is surely there where another one is not."""
        super().show_failure(failure)
        is_offered = failure is not None and bool(self._bundled) and not self.is_bundled(self._model)
        self.offer.setVisible(is_offered)

    @Slot()
    def _on_offer_taken(self) -> None:
        self.model_chosen.emit(self._bundled[0].name)

    def is_bundled(self, model: str) -> bool:
        """Whether the name is a bundled model's."""
        return any(entry.name == model for entry in self._bundled)

    def show_model(self, model: str) -> None:
        """Show which model is chosen."""
        self._model = model
        titles = {entry.name: entry.title for entry in self._bundled}
        self.button.show_parts(help_text("model", "name"), titles.get(model, Path(model).name or model))

    def show_recent(self, folders: tuple[str, ...]) -> None:
        """Offer these folders again."""
        self._recent = folders

    def fill(self, popup: Popup) -> None:
        """Bundled models, folders opened before, and any other folder."""
        popup.add_heading(help_text("model", "bundled"))
        for entry in self._bundled:
            popup.add_entry(entry.title, entry.sentence, entry.name, is_current=entry.name == self._model)
        if self._recent:
            popup.add_heading(help_text("model", "recent"))
        for folder in self._recent:
            popup.add_entry(Path(folder).name, folder, folder, is_current=folder == self._model)
        popup.add_rule()
        popup.add_entry(help_text("model", "open"), help_text("model", "open_hint"), OTHER_FOLDER)

    def take(self, value: str) -> None:
        """A model of the list, or the wish for another folder."""
        if value != OTHER_FOLDER:
            self.model_chosen.emit(value)
        else:
            self._ask_for_folder()

    def _ask_for_folder(self) -> None:
        start = str(Path(self._recent[0]).parent) if self._recent else str(Path.home())
        folder = QFileDialog.getExistingDirectory(self.window(), help_text("model", "open"), start)
        if folder:
            self.model_chosen.emit(folder)
