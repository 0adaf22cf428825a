"""What stands under the flow picture, and what stands in its place where a method draws none."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from engine.contract import Explanation
from gui.help import help_text
from gui.paint.colour import css
from gui.paint.palette import Palette
from gui.state import ViewState
from gui.switch import ToggleSwitch


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


class FlowStrip(QWidget):
    """What of the flow is shown: the share, whole words, special tokens, paths or all mixing."""

    def __init__(self) -> None:
        super().__init__()
        self.coverage = QSlider(Qt.Orientation.Horizontal)
        self.coverage.setRange(30, 100)
        self.coverage.setFixedWidth(92)
        self.coverage.setAccessibleName("Share of the flow to show")
        self.coverage.setToolTip("Show the smallest set of links that carries this share of the flow in every layer")
        self.statement = QLabel()
        self._show = QLabel("Show")
        self.words = ToggleSwitch("Whole words")
        self.words.setToolTip("Words as they are written, or the pieces the model reads")
        self.special = ToggleSwitch("Special tokens")
        self.special.setToolTip("Rows for the marks the model adds to every sentence")
        self.paths = ToggleSwitch("Paths to the answer")
        self.paths.setToolTip("What reaches the answer, or how each layer mixes words whatever the answer")
        font = self.font()
        font.setPixelSize(round(0.92 * self.fontInfo().pixelSize()))
        for control in (self._show, self.statement, *self.switches):
            control.setFont(font)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(2, 4, 2, 0)
        self._left, self._right = self._group(), self._group()
        for widget in (self._show, self.coverage, self.statement):
            self._left.addWidget(widget)
        self._left.addStretch(1)
        for switch in self.switches:
            self._right.addWidget(switch)
        self._right.addStretch(1)
        self._line.setStretch(0, 1)

    def _group(self) -> QHBoxLayout:
        group = QHBoxLayout()
        group.setSpacing(8)
        self._line.addLayout(group)
        return group

    @property
    def switches(self) -> tuple[ToggleSwitch, ...]:
        """The three switches in the order they stand."""
        return (self.words, self.special, self.paths)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two lines where one is too narrow."""
        one_line = self._left.sizeHint().width() + self._right.sizeHint().width() + 12 <= event.size().width()
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if one_line else QBoxLayout.Direction.TopToBottom)

    def show_statement(self, statement: str | None) -> None:
        """How much is shown; without a picture there is nothing to choose of it."""
        self.statement.setText(statement or "")
        for widget in (self._show, self.coverage, self.statement):
            widget.setVisible(statement is not None)

    def show_choices(self, explanation: Explanation, view: ViewState, palette: Palette) -> None:
        """Set every control without telling anybody."""
        special = list(dict.fromkeys(token.text for token in explanation.tokens if token.is_special))
        self.special.rename(" and ".join(special[:2]) if special else "Special tokens")
        self.special.setVisible(bool(special))
        for control, on in zip(self.switches, (view.whole_words, view.show_special, view.paths_only), strict=True):
            control.setChecked(on)
            control.dress(palette)
        if not self.coverage.isSliderDown():
            self.coverage.setValue(round(100 * view.coverage))
        for label in (self._show, self.statement):
            label.setStyleSheet(f"color: {css(palette.muted)};")
        groove, handle, accent = css(palette.border), css(palette.card), css(palette.accent)
        self.coverage.setStyleSheet(
            f"QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {groove}; }}"
            f"QSlider::handle:horizontal {{ width: 12px; height: 12px; margin: -5px 0; border-radius: 7px;"
            f" border: 1px solid {accent}; background: {handle}; }}"
            f"QSlider::handle:horizontal:focus {{ border: 2px solid {accent}; width: 10px; height: 10px; }}"
        )
