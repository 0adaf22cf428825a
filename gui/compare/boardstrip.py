"""The line above the panes: what is compared, in which picture, and what of it is shown."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui.compare.choice import ChoiceMenu
from gui.compare.side import layer_entries, layer_name
from gui.controls.segments import Segments
from gui.guide.help import help_text
from gui.paint.component_maps import TITLES, clamped_layer
from gui.paint.flow_numbers import is_grouping_awaited
from gui.paint.numerals import percent
from gui.paint.palette import PALETTES, Palette
from gui.shown import Shown
from gui.state import Compared, ComparedAs, Grouping, ViewState
from gui.strips.flowstrip import FlowStrip
from gui.strips.rowstrip import RowStrip

PICTURES = tuple(ComparedAs)


class BoardStrip(QWidget):
    """``compared_chosen`` tells a :class:`gui.state.Compared`, ``look_requested`` a changed view."""

    compared_chosen = Signal(object)
    look_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._view = ViewState()
        self.compared = ChoiceMenu(help_text("compare", "what"), help_text("compare", "what_hint"))
        self.picture = Segments(help_text("compare", "picture"))
        self.picture.setToolTip(help_text("compare", "picture_hint"))
        self.component = ChoiceMenu(help_text("compare", "component"), help_text("compare", "component_hint"))
        self.layer = ChoiceMenu(help_text("compare", "layer"), help_text("compare", "layer_hint"))
        self.flow, self.rows = FlowStrip(), RowStrip()
        # One line however narrow: asked for the height of a width, a row of buttons would count lines it never has.
        self.picture.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for widget in (self.compared, self.picture, self.component, self.layer):
            line.addWidget(widget, 0, Qt.AlignmentFlag.AlignBottom)  # where the strips' own controls stand
        line.addWidget(self.flow, 1)
        line.addWidget(self.rows, 1)
        for strip in (self.flow, self.rows):
            strip.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._connect()

    def _connect(self) -> None:
        self.compared.chosen.connect(self.compared_chosen)
        self.picture.chosen.connect(self._on_picture)
        self.component.chosen.connect(self._on_component)
        self.layer.chosen.connect(self._on_layer)
        self.rows.look_requested.connect(self.look_requested)
        self.flow.coverage.valueChanged.connect(self._on_coverage)
        self.flow.words.clicked.connect(self._on_words)
        self.flow.grouping_chosen.connect(self._on_grouping)
        self.flow.special_chosen.connect(self._on_special)
        self.flow.paths_chosen.connect(self._on_paths)

    def show_choices(self, shown: Shown) -> None:
        """Set every control without telling anybody."""
        made, explanation = shown.state.comparison, shown.explanation
        if made is None:
            return
        view = self._view = shown.state.view
        palette = PALETTES[view.theme]
        kinds = [(_named(kind), help_text("compare", f"{kind.name.lower()}_about"), kind) for kind in Compared]
        self.compared.show_choice(kinds, made.compared, _named(made.compared))
        names = [_named(kind) for kind in PICTURES]
        tips = [help_text("compare", f"{kind.name.lower()}_hint") for kind in PICTURES]
        self.picture.show_labels(names, PICTURES.index(view.compared_as), palette, tips)
        self.picture.setFixedWidth(self.picture.sizeHint().width())
        is_flow, is_maps = view.compared_as is ComparedAs.FLOW, view.compared_as is ComparedAs.MAPS
        self.component.setVisible(is_maps and made.compared is not Compared.METHODS)
        self.layer.setVisible(is_maps and made.compared is not Compared.LAYERS)
        self.flow.setVisible(is_flow)
        self.rows.setVisible(not is_flow)
        components = [(title, about, key) for key, (title, about) in TITLES.items()]
        self.component.show_choice(components, view.component, TITLES[view.component][0])
        if explanation is None:
            return
        layer = clamped_layer(explanation, view)
        self.layer.show_choice(layer_entries(explanation.model.layers), layer, layer_name(layer))
        self.rows.show_choices(explanation, view)
        self.flow.show_choices(explanation, view, palette, is_awaited=is_grouping_awaited(explanation, view))
        self.flow.show_statement(percent(view.coverage))

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours and the room its type needs."""
        for part in (self.compared, self.component, self.layer, self.flow, self.rows):
            part.dress(palette)

    def _look(self, **changes: object) -> None:
        self.look_requested.emit(replace(self._view, **changes))  # type: ignore[arg-type]  # names are checked by replace

    @Slot(int)
    def _on_picture(self, index: int) -> None:
        self._look(compared_as=PICTURES[index])

    @Slot(object)
    def _on_component(self, component: str) -> None:
        self._look(component=component)

    @Slot(object)
    def _on_layer(self, layer: int) -> None:
        self._look(layer=layer)

    @Slot(int)
    def _on_coverage(self, share: int) -> None:
        self._look(coverage=share / 100)

    @Slot(bool)
    def _on_words(self, on: bool) -> None:
        self._look(whole_words=on)

    @Slot(object)
    def _on_grouping(self, grouping: Grouping) -> None:
        self._look(grouping=grouping)

    @Slot(bool)
    def _on_special(self, on: bool) -> None:
        self._look(show_special=on)

    @Slot(bool)
    def _on_paths(self, on: bool) -> None:
        self._look(paths_only=on)


def _named(kind: Compared | ComparedAs) -> str:
    return help_text("compare", kind.name.lower())
