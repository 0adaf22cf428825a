"""Where to read and learn: the tour, the sheets, and what F1 tells of the thing in hand."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from engine.registry import Method
from gui.controls.focus import FocusRing
from gui.guide import sheets
from gui.guide.tour import Tour


class Guide(QObject):
    """Opens what is asked for over the window; ``tour_seen`` tells whether the tour was ever taken."""

    def __init__(
        self,
        window: QWidget,
        places: Mapping[str, QWidget],
        methods: Mapping[str, Method],
        ring: FocusRing,
        *,
        tour_seen: bool,
    ) -> None:
        super().__init__(window)
        self._window, self._methods, self._ring = window, methods, ring
        self.tour = Tour(window, places)
        self.tour_seen = tour_seen
        self._awaits_tour = False

    def offer_tour(self) -> None:
        """Start the tour as soon as there is something to see, if it was never seen."""
        self._awaits_tour = not self.tour_seen

    def something_stands(self) -> None:
        """There is something to see now."""
        if self._awaits_tour:
            self.take_tour()

    @Slot()
    def take_tour(self) -> None:
        """Start it now."""
        self._awaits_tour, self.tour_seen = False, True
        self.tour.start()

    def open(self, what: str) -> None:
        """Open "tour", "shortcuts", "methods", "help" or "about"."""
        if what == "tour":
            self.take_tour()
        elif what == "shortcuts":
            sheets.shortcut_sheet(self._window)
        elif what == "methods":
            sheets.method_sheet(self._window, self._methods.values())
        elif what == "help":
            sheets.help_sheet(self._window, self._window.focusWidget())
        else:
            sheets.about_sheet(self._window)

    @Slot()
    def explain(self) -> None:
        """Tell of what the pointer or the keyboard is on."""
        sheets.help_sheet(self._window, sheets.asked_about(self._window, by_key=self._ring.moves_by_key))
