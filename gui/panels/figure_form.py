"""How the figure is to be made: what it shows, its size, its file, its colours and its caption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from gui.controls.chooser import Chooser, Popup
from gui.controls.numberfields import NumberField
from gui.controls.segments import Segments
from gui.controls.switch import ToggleSwitch
from gui.figures.choice import COLOURS, CUSTOM, FILES, NARROWEST, SIZE_NAMES, WIDEST, FigureChoice
from gui.figures.exported import Exported
from gui.figures.sizes import DENSITIES
from gui.guide.help import help_text
from gui.paint.palette import LIGHT, Palette
from gui.style import sized

WIDE, CAPTION_TALL = 280, 110  # pixels, in usual type
SIZE_KEYS = {"slide": "slide", "column": "column", "page": "page_width", CUSTOM: "custom"}


def said(key: str, **values: str) -> str:
    """A text of this sheet."""
    return help_text("exporting", key, **values)


class FigureChooser(Chooser):
    """``figure_chosen`` tells the identifier of another figure."""

    figure_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(said("what"), said("what_hint"))
        self._offered: tuple[tuple[str, str, str], ...] = ()  # identifier, label, sentence
        self._current = ""

    def show_exports(self, exports: Sequence[Exported], current: str) -> None:
        """Offer these figures, this one chosen."""
        self._offered, self._current = tuple((made.id, made.label, made.sentence) for made in exports), current
        label = next((found.label for found in exports if found.id == current), "")
        self.button.show_parts(said("what"), label)

    def kept(self, what: str) -> str:
        """What to remember of a choice: "" for the first figure, which is whatever view is in front."""
        return "" if self._offered and self._offered[0][0] == what else what

    def fill(self, popup: Popup) -> None:
        """A line for each figure."""
        for identifier, label, sentence in self._offered:
            popup.add_entry(label, sentence, identifier, is_current=identifier == self._current)

    def take(self, value: Any) -> None:
        """Another figure."""
        self.figure_chosen.emit(value)


class CaptionField(QWidget):
    """Shows the automatic caption until a person writes one; that stays until it is reset. ``edited`` tells of both.

    ``own`` is what the person wrote, None while it is the automatic one.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.own: str | None = None
        self._automatic = ""
        self._written_for = ""  # the automatic caption at the time the person wrote
        self.field = QPlainTextEdit()
        self.field.setObjectName("table")
        self.field.setAccessibleName(said("caption_field"))
        self.field.setToolTip(said("caption_hint"))
        self.field.setTabChangesFocus(True)
        self.field.textChanged.connect(self._on_changed)
        self.note = QLabel()
        self.note.setObjectName("quiet")
        self.note.setWordWrap(True)
        self.reset = QPushButton(said("reset"))
        self.reset.setObjectName("link")
        self.reset.setToolTip(said("reset_hint"))
        self.reset.clicked.connect(self._on_reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.field)
        column.addWidget(self.note)
        column.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_note()

    def show_automatic(self, caption: str) -> None:
        """The caption made from the figure is this one now."""
        self._automatic = caption
        if self.own is None and _in_one_line(self.field.toPlainText()) != _in_one_line(caption):
            self._fill(caption)
        self._show_note()

    def fit(self) -> None:
        """As high as the type needs."""
        self.field.setFixedHeight(sized(CAPTION_TALL))

    def _fill(self, text: str) -> None:
        self.field.blockSignals(True)
        self.field.setPlainText(text)
        self.field.blockSignals(False)

    def _show_note(self) -> None:
        is_old = self.own is not None and self._written_for != self._automatic
        self.note.setText(said("own_old" if is_old else "own"))
        self.note.setVisible(self.own is not None)
        self.reset.setVisible(self.own is not None)

    @Slot()
    def _on_changed(self) -> None:
        text = _in_one_line(self.field.toPlainText())
        self.own = None if text == _in_one_line(self._automatic) else text
        self._written_for = self._automatic
        self._show_note()
        self.edited.emit()

    @Slot()
    def _on_reset(self) -> None:
        self.own = None
        self._fill(self._automatic)
        self._show_note()
        self.field.setFocus()
        self.edited.emit()


class FigureForm(QWidget):
    """``changed`` tells of a new choice (``choice``), or of another caption (``caption``)."""

    changed = Signal()

    def __init__(self, choice: FigureChoice) -> None:
        super().__init__()
        self.setObjectName("column")
        self.choice = choice
        self._colours = LIGHT
        self.what = FigureChooser()
        self.sizes, self.kinds = Segments(said("size")), Segments(said("file"))
        self.densities, self.colours = Segments(said("density")), Segments(said("colours"))
        self.width_field, self.height_field = _centimetres("width"), _centimetres("height")
        self.outlines = ToggleSwitch(said("outlines"))
        self.captioned = ToggleSwitch(said("caption"))
        self.caption = CaptionField()
        self._lay_out()
        self._show_choice()
        self._connect()

    def show_exports(self, exports: Sequence[Exported], current: str) -> None:
        """Offer these figures, this one chosen."""
        self.what.show_exports(exports, current)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours, and room for its type."""
        self._colours = palette
        self.outlines.dress(palette)
        self.captioned.dress(palette)
        self.caption.fit()
        self._show_choice()

    def _lay_out(self) -> None:
        self.outlines.setToolTip(said("outlines_hint"))
        self.captioned.setToolTip(said("caption_hint"))
        self._custom = QWidget()
        custom = QHBoxLayout(self._custom)
        custom.setContentsMargins(0, 0, 0, 0)
        custom.setSpacing(8)
        custom.addWidget(self.width_field)
        custom.addWidget(QLabel("×"))
        custom.addWidget(self.height_field)
        custom.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        column.addWidget(self.what, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.what.notice)
        groups: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("size", (self.sizes, self._custom)),
            ("file", (self.kinds, self.densities, self.outlines)),
            ("colours", (self.colours,)),
        )
        for key, widgets in groups:
            column.addSpacing(6)
            heading = QLabel(said(key))
            heading.setObjectName("title")
            column.addWidget(heading)
            for widget in widgets:
                column.addWidget(widget)
        column.addSpacing(10)
        column.addWidget(self.captioned)
        column.addWidget(self.caption)
        column.addStretch(1)

    def _connect(self) -> None:
        self.what.figure_chosen.connect(self._on_what)
        self.sizes.chosen.connect(self._on_size)
        self.kinds.chosen.connect(self._on_kind)
        self.densities.chosen.connect(self._on_density)
        self.colours.chosen.connect(self._on_colours)
        self.width_field.valueChanged.connect(self._on_custom)
        self.height_field.valueChanged.connect(self._on_custom)
        self.outlines.toggled.connect(self._on_outlines)
        self.captioned.toggled.connect(self._on_captioned)
        self.caption.edited.connect(self.changed)

    def _show_choice(self) -> None:
        """Everything as it is chosen; only what says something now is seen."""
        choice = self.choice
        kinds, densities = [kind[1:].upper() for kind in FILES], list(DENSITIES)
        sizes = [said(SIZE_KEYS[name]) for name in SIZE_NAMES]
        size_tips = [said(f"{SIZE_KEYS[name]}_hint") for name in SIZE_NAMES]
        colours, colour_tips = [said(name) for name in COLOURS], [said(f"{name}_hint") for name in COLOURS]
        kind_tips = [said(f"{kind[1:]}_hint") for kind in FILES]
        tips = [said("density_hint")] * len(densities)
        self._show(self.sizes, sizes, SIZE_NAMES.index(choice.size), size_tips)
        self._show(self.kinds, kinds, FILES.index(choice.kind), kind_tips)
        self._show(self.densities, densities, densities.index(choice.density), tips)
        self._show(self.colours, colours, COLOURS.index(choice.colours), colour_tips)
        for field, value in ((self.width_field, choice.width), (self.height_field, choice.height)):
            field.blockSignals(True)
            field.setValue(value / 10)
            field.blockSignals(False)
        for switch, is_on in ((self.outlines, choice.outlines), (self.captioned, choice.captioned)):
            switch.blockSignals(True)
            switch.setChecked(is_on)
            switch.blockSignals(False)
        self._custom.setVisible(choice.size == CUSTOM)
        self.densities.setVisible(choice.kind == ".png")
        self.outlines.setVisible(choice.kind == ".svg")
        self.caption.setVisible(choice.captioned)

    def _show(self, segments: Segments, labels: Sequence[str], current: int, tips: Sequence[str]) -> None:
        segments.flush_left = True
        segments.show_labels(labels, current, self._colours, tips)
        wide = min(segments.sizeHint().width(), sized(WIDE))
        segments.setFixedSize(wide, segments.heightForWidth(wide))

    def _choose(self, **changes: Any) -> None:
        self.choice = replace(self.choice, **changes)
        self._show_choice()
        self.changed.emit()

    @Slot(str)
    def _on_what(self, what: str) -> None:
        self._choose(what=self.what.kept(what))

    @Slot(int)
    def _on_size(self, index: int) -> None:
        self._choose(size=SIZE_NAMES[index])

    @Slot(int)
    def _on_kind(self, index: int) -> None:
        self._choose(kind=FILES[index])

    @Slot(int)
    def _on_density(self, index: int) -> None:
        self._choose(density=list(DENSITIES)[index])

    @Slot(int)
    def _on_colours(self, index: int) -> None:
        self._choose(colours=COLOURS[index])

    @Slot(float)
    def _on_custom(self, _: float) -> None:
        sides = (round(10 * field.value()) for field in (self.width_field, self.height_field))
        self._choose(**dict(zip(("width", "height"), sides, strict=True)))

    @Slot(bool)
    def _on_outlines(self, is_on: bool) -> None:
        self._choose(outlines=is_on)

    @Slot(bool)
    def _on_captioned(self, is_on: bool) -> None:
        self._choose(captioned=is_on)


def _in_one_line(text: str) -> str:
    """Every kind of space as one: the field itself does not keep those that must not break."""
    return " ".join(text.split())


def _centimetres(key: str) -> NumberField:
    field = NumberField()
    field.setRange(NARROWEST / 10, WIDEST / 10)
    field.setDecimals(1)
    field.setSingleStep(0.5)
    field.setSuffix(" cm")
    field.setKeyboardTracking(False)  # a number half typed is no size
    field.setAccessibleName(said(key))
    field.setToolTip(said(key))
    return field
