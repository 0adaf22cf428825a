"""What stands under the flow picture, and what stands in its place where a method draws none."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from engine.contract import Explanation
from gui.controls.chooser import CHEVRON_ROOM, Popup, paint_chevron
from gui.controls.switch import ToggleSwitch
from gui.guide.help import help_text
from gui.paint.colour import css
from gui.paint.flow_layers import group_numbers
from gui.paint.palette import LIGHT, Palette
from gui.state import Grouping, ViewState, boundaries_of
from gui.strips.strip import Strip
from gui.style import sized
from gui.told.wording import listed

STEPS_OF = {Grouping.TWOS: 2, Grouping.THREES: 3, Grouping.FOURS: 4}
NAMED_GROUPS = 4  # more than these are told by the first two and the last

TALL = 26  # pixels, in usual type


class FlowOffer(QWidget):
    """What stands in place of the flow where a method draws none: why, and the method that does."""

    def __init__(self) -> None:
        super().__init__()
        self.why = QLabel()
        self.why.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.why.setWordWrap(True)
        self.button = QPushButton(help_text("missing", "show_decompx"))
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(12)
        box.addStretch(1)
        box.addWidget(self.why)
        box.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)

    def show_why(self, sentence: str, palette: Palette, *, is_offered: bool, stale: bool) -> None:
        """Say it, and offer the other method where it fits the model."""
        self.why.setText(sentence)
        self.why.setStyleSheet(f"color: {css(palette.faint if stale else palette.muted)}; font-size: 14px;")
        self.button.setVisible(is_offered)


def groupings(layers: int, current: Grouping) -> tuple[Grouping, ...]:
    """The ways to take this many layers together: each makes two steps at least, and no two are the same picture."""
    found: dict[tuple[int, ...], Grouping] = {(): Grouping.EVERY}
    for grouping in (current, Grouping.THIRDS, *STEPS_OF):
        boundaries = boundaries_of(grouping, layers)
        if len(boundaries) > 2:
            found.setdefault(boundaries, grouping)
    order = (Grouping.EVERY, Grouping.THIRDS, *STEPS_OF)
    return tuple(sorted(found.values(), key=order.index))


def grouping_name(grouping: Grouping) -> str:
    """``every layer``, ``early, middle, late``, ``by 2``."""
    if grouping in STEPS_OF:
        return help_text("strip", "by", count=str(STEPS_OF[grouping]))
    return help_text("strip", "thirds" if grouping is Grouping.THIRDS else "every")


def _grouping_about(grouping: Grouping, layers: int) -> str:
    if grouping is Grouping.EVERY:
        return help_text("strip", "every_about")
    names = group_numbers(boundaries_of(grouping, layers))
    shown = listed(names) if len(names) <= NAMED_GROUPS else f"{names[0]}, {names[1]} … {names[-1]}"
    key = "thirds_about" if grouping is Grouping.THIRDS else "by_about"
    return help_text("strip", key, groups=shown, steps=str(len(names)))


class MenuButton(QPushButton):
    """A quiet button that opens a popup."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(name)
        self.setObjectName("menu")
        self.setAccessibleName(name)
        self.setToolTip(hint)
        self.setFixedHeight(sized(TALL))

    def sizeHint(self) -> QSize:
        """The words and the chevron."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 10 + CHEVRON_ROOM, sized(TALL))

    def minimumSizeHint(self) -> QSize:
        """The same: a cut name says nothing."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and a chevron at its right."""
        super().paintEvent(event)
        paint_chevron(self)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours and the room its type needs."""
        self.setFixedHeight(sized(TALL))
        self.setStyleSheet(
            f"#menu {{ background: {css(palette.card)}; color: {css(palette.text)}; text-align: left;"
            f" padding: 0 9px; min-height: 0; border: 1px solid {css(palette.border)}; border-radius: 6px;"
            f" font-weight: 400; }}"
            f"#menu:hover {{ border-color: {css(palette.faint)}; }}"
            f"#menu:focus {{ border-color: {css(palette.accent)}; }}"
            f"#menu:disabled {{ color: {css(palette.faint)}; }}"
        )


class FlowStrip(Strip):
    """What of the flow is shown: the share, whole words, layers taken together; under "More" what is asked for rarely.

    ``grouping_chosen`` (Grouping), ``special_chosen`` and ``paths_chosen`` (bool) tell what a person picked.
    """

    grouping_chosen = Signal(object)
    special_chosen = Signal(bool)
    paths_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._view, self._layers, self._special, self._palette = ViewState(), 1, "", LIGHT
        self._grouped_by = grouping_name(Grouping.EVERY)
        self.coverage = QSlider(Qt.Orientation.Horizontal)
        self.coverage.setRange(30, 100)
        self.coverage.setFixedWidth(92)
        self.coverage.setAccessibleName(help_text("strip", "show_name"))
        self.coverage.setToolTip(help_text("strip", "show_hint"))
        self.statement = QLabel()
        self._show = QLabel(help_text("strip", "show"))
        self.words = ToggleSwitch(help_text("strip", "words"))
        self.words.setToolTip(help_text("strip", "words_hint"))
        self.grouping = MenuButton(help_text("strip", "layers"), help_text("strip", "layers_hint"))
        self.grouping.clicked.connect(self._open_groupings)
        self.more = MenuButton(help_text("strip", "more"), help_text("strip", "more_hint"))
        self.more.clicked.connect(self._open_more)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(2, 4, 2, 0)
        self._line.setSizeConstraint(QBoxLayout.SizeConstraint.SetNoConstraint)  # it wraps instead
        self._left, self._right = self._group(), self._group()
        for widget in (self._show, self.coverage, self.statement):
            self._left.addWidget(widget)
        self._left.addStretch(1)
        for button in (self.words, self.grouping, self.more):
            self._right.addWidget(button)
        self._right.addStretch(1)
        self._line.setStretch(0, 1)

    def _group(self) -> QHBoxLayout:
        group = QHBoxLayout()
        group.setSpacing(8)
        self._line.addLayout(group)
        return group

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        self._wrap()

    def minimumSizeHint(self) -> QSize:
        """As narrow as two lines allow."""
        widest = max(self._left.minimumSize().width(), self._right.minimumSize().width())
        return QSize(widest + 4, self._line.minimumSize().height())

    def _wrap(self) -> None:
        """Two lines where one is too narrow, and fewer words where those are."""
        self._name_grouping(is_short=False)
        if self._right.sizeHint().width() + 4 > self.width():
            self._name_grouping(is_short=True)
        one_line = self._left.sizeHint().width() + self._right.sizeHint().width() + 12 <= self.width()
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if one_line else QBoxLayout.Direction.TopToBottom)

    def show_statement(self, statement: str | None) -> None:
        """How much is shown; without a picture there is nothing to choose of it."""
        self.statement.setText(statement or "")
        for widget in (self._show, self.coverage, self.statement):
            widget.setVisible(statement is not None)
        self._wrap()

    def show_choices(self, explanation: Explanation, view: ViewState, palette: Palette, *, is_awaited: bool) -> None:
        """Set every control without telling anybody; ``is_awaited`` while the flow between groups is on its way."""
        special = list(dict.fromkeys(token.text for token in explanation.tokens if token.is_special))
        self._view, self._layers, self._special = view, explanation.model.layers, " and ".join(special[:2])
        self.words.setChecked(view.whole_words)
        if not self.coverage.isSliderDown():
            self.coverage.blockSignals(True)
            self.coverage.setValue(round(100 * view.coverage))
            self.coverage.blockSignals(False)
        self._show_grouping(is_awaited=is_awaited)
        if palette is not self._palette or not self.coverage.styleSheet():
            self.dress(palette)
        self._wrap()

    def _show_grouping(self, *, is_awaited: bool) -> None:
        is_grouped = bool(boundaries_of(self._view.grouping, self._layers)) and self._view.paths_only
        name = grouping_name(self._view.grouping if is_grouped else Grouping.EVERY)
        self._grouped_by = f"{name} …" if is_awaited else name
        self.grouping.setAccessibleName(help_text("strip", "layers_shown", grouping=name))
        self.grouping.setVisible(len(groupings(self._layers, self._view.grouping)) > 1)
        self.grouping.setEnabled(self._view.paths_only)
        self.grouping.setToolTip(help_text("strip", "layers_hint" if self._view.paths_only else "layers_off"))

    def _name_grouping(self, *, is_short: bool) -> None:
        short = f"{self._grouped_by[:1].upper()}{self._grouped_by[1:]}"
        full = help_text("strip", "layers_shown", grouping=self._grouped_by)
        self.grouping.setText(short if is_short else full)
        self.grouping.updateGeometry()
        self._right.invalidate()

    @Slot()
    def _open_groupings(self) -> None:
        popup = Popup(self.grouping, help_text("strip", "layers"))
        popup.chosen.connect(self.grouping_chosen)
        for grouping in groupings(self._layers, self._view.grouping):
            name = grouping_name(grouping)
            is_current = boundaries_of(grouping, self._layers) == boundaries_of(self._view.grouping, self._layers)
            about = _grouping_about(grouping, self._layers)
            popup.add_entry(name[:1].upper() + name[1:], about, grouping, is_current=is_current)
        popup.open_under_opener()

    @Slot()
    def _open_more(self) -> None:
        popup = Popup(self.more, help_text("strip", "more"))
        form = QWidget()
        box = QVBoxLayout(form)
        box.setContentsMargins(8, 6, 8, 6)
        special = ToggleSwitch(self._special or help_text("strip", "special"))
        paths = ToggleSwitch(help_text("strip", "paths"))
        for switch, key, is_on, told in (
            (special, "special_hint", self._view.show_special, self.special_chosen),
            (paths, "paths_hint", self._view.paths_only, self.paths_chosen),
        ):
            switch.setToolTip(help_text("strip", key))
            switch.setChecked(is_on)
            switch.dress(self._palette)
            switch.clicked.connect(told)
            box.addWidget(switch)
        special.setVisible(bool(self._special))
        popup.add_form(form)
        popup.open_under_opener()
        (special if self._special else paths).setFocus(Qt.FocusReason.PopupFocusReason)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours and the room its type needs."""
        self._palette = palette
        self.words.dress(palette)
        self.grouping.dress(palette)
        self.more.dress(palette)
        for label in (self._show, self.statement):
            label.setStyleSheet(f"color: {css(palette.muted)};")
        groove, handle, accent = css(palette.border), css(palette.card), css(palette.accent)
        self.coverage.setStyleSheet(
            f"QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {groove}; }}"
            f"QSlider::handle:horizontal {{ width: 12px; height: 12px; margin: -5px 0; border-radius: 7px;"
            f" border: 1px solid {accent}; background: {handle}; }}"
            f"QSlider::handle:horizontal:focus {{ border: 2px solid {accent}; width: 10px; height: 10px; }}"
        )
