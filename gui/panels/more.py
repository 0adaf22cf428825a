"""The three dots: how the window looks, and where to read and learn."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.appearance import Appearance
from gui.controls.chooser import Popup
from gui.controls.entry import ENTRY_WIDTH
from gui.controls.iconbutton import IconButton, more_sign
from gui.controls.segments import Segments
from gui.guide.help import help_text
from gui.kept.settings import APPEARANCES, TYPE_SCALES
from gui.style import sized

ASKING = ("trust",)
READING = ("tour", "shortcuts", "methods", "help", "about")


class LookForm(QWidget):
    """Theme and size of type; both are seen at once. ``resized`` tells that the form needs other room now."""

    resized = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.themes, self.sizes = Segments(help_text("more", "theme")), Segments(help_text("more", "size"))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 2, 10, 6)
        column.setSpacing(4)
        for key, segments in (("theme", self.themes), ("size", self.sizes)):
            heading = QLabel(help_text("more", key))
            heading.setObjectName("title")
            heading.setContentsMargins(0, 4, 0, 0)
            segments.setToolTip(help_text("more", f"{key}_hint"))
            column.addWidget(heading)
            column.addWidget(segments)
        self.themes.chosen.connect(self._on_theme_chosen)
        self.sizes.chosen.connect(self._on_size_chosen)
        appearance.changed.connect(self.show_look)
        self.show_look()

    @Slot()
    def show_look(self) -> None:
        """Show what is chosen, in its own colours and type."""
        palette, percents = self._appearance.palette, [f"{percent}" for percent in TYPE_SCALES]
        themes = [help_text("more", key) for key in APPEARANCES]
        hints = [help_text("more", f"{key}_hint") for key in APPEARANCES]
        self.themes.show_labels(themes, APPEARANCES.index(self._appearance.choice), palette, hints)
        sizes = [help_text("more", "percent", percent=percent) for percent in percents]
        hints = [help_text("more", "percent_hint", percent=percent) for percent in percents]
        current = TYPE_SCALES.index(self._appearance.percent) if self._appearance.percent in TYPE_SCALES else -1
        self.sizes.show_labels(sizes, current, palette, hints)
        for segments in (self.themes, self.sizes):
            wide = min(segments.sizeHint().width(), sized(ENTRY_WIDTH))
            segments.setFixedSize(wide, segments.heightForWidth(wide))
        self.resized.emit()

    @Slot(int)
    def _on_theme_chosen(self, index: int) -> None:
        self._appearance.choose(APPEARANCES[index])

    @Slot(int)
    def _on_size_chosen(self, index: int) -> None:
        self._appearance.set_percent(TYPE_SCALES[index])


class MoreButton(IconButton):
    """``asked`` tells one of ``ASKING`` or ``READING``, or "undo" or "redo" where these stand in the menu."""

    asked = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(more_sign(), help_text("more", "name"), help_text("more", "hint"))
        self._appearance = appearance
        self._steps: tuple[str, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus where help is wanted
        self.clicked.connect(self.open_popup)

    def show_steps(self, steps: tuple[str, ...]) -> None:
        """Offer these steps of the history, which have no room elsewhere."""
        self._steps = steps

    @Slot()
    def open_popup(self) -> None:
        """Open a fresh menu; it deletes itself when it closes."""
        popup = Popup(self, help_text("more", "name"))
        popup.chosen.connect(self._on_chosen)
        for step in self._steps:
            popup.add_entry(help_text("history", step), "", step)
        form = LookForm(self._appearance)
        form.resized.connect(popup.fit)
        popup.add_form(form)
        popup.add_rule()
        for key in (*ASKING, *READING):
            popup.add_entry(help_text("more", key), help_text("more", f"{key}_hint"), key)
        popup.open_under_opener()

    @Slot(object)
    def _on_chosen(self, what: str) -> None:
        self.asked.emit(what)
