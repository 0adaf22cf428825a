"""A quiet button that says what is chosen and opens the choices."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot

from gui.controls.chooser import Popup
from gui.strips.flowstrip import MenuButton

Entry = tuple[str, str, object]  # name, sentence, value


class ChoiceMenu(MenuButton):
    """``chosen`` tells the value a person picked."""

    chosen = Signal(object)

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(name, hint)
        self._name = name
        self._entries: tuple[Entry, ...] = ()
        self._current: object = None
        self.clicked.connect(self._open)

    def show_choice(self, entries: Sequence[Entry], current: object, label: str) -> None:
        """Offer these, of which the one with the value ``current`` is chosen, and read ``label``."""
        self._entries, self._current = tuple(entries), current
        if label != self.text():
            self.setText(label)
            self.setAccessibleName(f"{self._name}: {label}")
            self.updateGeometry()

    @Slot()
    def _open(self) -> None:
        popup = Popup(self, self._name)
        popup.chosen.connect(self.chosen)
        popup.add_heading(self._name)
        for title, sentence, value in self._entries:
            popup.add_entry(title, sentence, value, is_current=value == self._current)
        popup.open_under_opener()
