"""How the window looks: which theme, and how large its type. Both change while the program runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QToolTip

from gui.kept.settings import TYPE_SCALES
from gui.paint.palette import PALETTES, Palette
from gui.style import interface_font, qt_palette

USUAL_SCALE, MOST_PERCENT = 100, 220


@dataclass(frozen=True, slots=True)
class SystemLook:
    """What the person has told the whole system to look like."""

    is_dark: bool = False
    is_strong: bool = False


def system_look() -> SystemLook:
    """What the system says now; light where it says nothing."""
    hints = QApplication.styleHints()  # kept: PySide drops what it owns together with it
    is_strong = hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast
    return SystemLook(hints.colorScheme() is Qt.ColorScheme.Dark, is_strong)


def theme_of(appearance: str, system: SystemLook) -> str:
    """The name of the palette for a choice of ``APPEARANCES`` on this system."""
    if appearance == "contrast" or (appearance == "system" and system.is_strong):
        return "contrast-dark" if system.is_dark else "contrast"
    if appearance == "system":
        return "dark" if system.is_dark else "light"
    return appearance


class Appearance(QObject):
    """The chosen theme and size of type, and the application dressed in them. ``changed`` tells that they are others.

    ``choice`` is one of ``APPEARANCES``; ``percent`` is the size of type against the usual one.
    """

    changed = Signal()

    def __init__(self, choice: str, percent: int, system: Callable[[], SystemLook] = system_look) -> None:
        super().__init__()
        self.choice, self.percent = choice, percent
        self._enlarged = 1.0
        self._system = system
        hints = QApplication.styleHints()
        hints.colorSchemeChanged.connect(self.system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self.system_changed)

    @property
    def palette(self) -> Palette:
        """The theme's colours."""
        return PALETTES[theme_of(self.choice, self._system())]

    def apply(self) -> None:
        """Dress the application: its font, Qt's own palette and the tooltips."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            font = interface_font(application.font(), min(MOST_PERCENT, round(self.percent * self._enlarged)))
            colours = qt_palette(self.palette)
            application.setFont(font)
            application.setPalette(colours)
            QToolTip.setFont(font)
            QToolTip.setPalette(colours)
        self.changed.emit()

    @Slot(str)
    def choose(self, choice: str) -> None:
        """Take another theme."""
        if choice != self.choice:
            self.choice = choice
            self.apply()

    @Slot(int)
    def set_percent(self, percent: int) -> None:
        """Take another size of type."""
        if percent != self.percent:
            self.percent = percent
            self.apply()

    def enlarge(self, factor: float) -> None:
        """Make all type so much larger than chosen, for as long as it is wanted."""
        self._enlarged = factor
        self.apply()

    @Slot()
    def larger(self) -> None:
        """The next larger size of type."""
        self.set_percent(next((step for step in TYPE_SCALES if step > self.percent), self.percent))

    @Slot()
    def smaller(self) -> None:
        """The next smaller size of type."""
        self.set_percent(next((step for step in reversed(TYPE_SCALES) if step < self.percent), self.percent))

    @Slot()
    def usual(self) -> None:
        """The usual size of type."""
        self.set_percent(USUAL_SCALE)

    @Slot()
    def system_changed(self) -> None:
        """The system looks otherwise now; only a choice that follows it changes."""
        if self.choice in ("system", "contrast"):
            self.apply()
