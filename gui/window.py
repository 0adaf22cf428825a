"""The window: top bar, three columns of cards, status line. Built by looping over what is registered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from engine.bundled import BundledModel
from engine.contract import Failure
from engine.registry import Method
from gui.chooser import Chooser
from gui.controller import Controller
from gui.deck import Deck
from gui.help import help_text
from gui.paint.palette import PALETTES
from gui.panels.banner import BugBanner
from gui.panels.explanation import ExplanationPanel
from gui.panels.figure import ExportButton
from gui.panels.method import MethodChooser
from gui.panels.model import ModelChooser
from gui.panels.place import PlaceChooser
from gui.panels.prediction import PredictionPanel
from gui.panels.status import StatusPanel
from gui.panels.target import TargetChooser
from gui.panels.text import TextPanel
from gui.settings import Settings, with_recent_folder
from gui.state import Activity, Shown
from gui.style import GAP, style_sheet
from gui.viewkit import View

FIRST_SIZE = QSize(1440, 900)
SMALLEST_SIZE = QSize(1000, 600)
LEFT_WIDTH, RIGHT_WIDTH = (292, 420), (300, 620)  # fewest and most pixels at the start
PLACES = ("left", "middle", "right")
BRING_THEIR_OWN_TITLE = "right"


@dataclass(frozen=True, slots=True)
class Furniture:
    """What there is to choose from: views, methods and bundled models."""

    views: tuple[View, ...]
    methods: tuple[Method, ...]
    bundled: tuple[BundledModel, ...]

    def views_at(self, place: str) -> tuple[View, ...]:
        """The views of one column."""
        return tuple(view for view in self.views if view.place == place)


class MainWindow(QWidget):
    """Everything a person sees. Shows what the controller says and tells it what the person does."""

    def __init__(self, controller: Controller, furniture: Furniture, settings: Settings) -> None:
        super().__init__()
        self._controller = controller
        self._settings = settings
        self._columns_to_be: tuple[int, ...] | None = settings.columns
        self._methods = {method.id: method for method in furniture.methods}
        palette = PALETTES[controller.shown.state.view.theme]
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Headstream")
        self.setStyleSheet(style_sheet(palette))
        self.text = TextPanel(palette)
        self.prediction = PredictionPanel(palette)
        self.explanation = ExplanationPanel()
        self.status = StatusPanel(palette)
        self.banner = BugBanner()
        self.model = ModelChooser(furniture.bundled)
        self.method = MethodChooser(furniture.methods)
        self.place = PlaceChooser()
        self.target = TargetChooser()
        self.export = ExportButton(settings.export_folder)
        self.decks = {
            place: Deck(views, is_titled=place != BRING_THEIR_OWN_TITLE, is_main=place == "middle")
            for place in PLACES
            if (views := furniture.views_at(place))
        }
        self._lay_out()
        self._connect()
        self._add_shortcuts()
        self._restore(settings)
        self.show_shown(controller.shown)

    def show_shown(self, shown: Shown) -> None:
        """Draw everything anew from what is to be shown; whatever did not change costs nothing."""
        state, explanation = shown.state, shown.explanation
        method = self._methods.get(state.method)
        for deck in self.decks.values():
            deck.show_shown(shown)
        self.text.show_text(state.text)
        self.text.show_pair(state.pair)
        self.text.show_annotation(state.view.annotation)
        self.text.show_hover(explanation if not shown.stale else None, state.view.hover)
        self.model.show_model(state.model)
        self.method.show_method(state.method, state.parameters)
        self.target.show_target(state, explanation, method)
        of_this_model = explanation is not None and explanation.request.model == state.model
        self.text.show_model(state.model, explanation.model if explanation is not None and of_this_model else None)
        self.method.show_last(explanation if of_this_model else None)
        self.place.show_place(state.place, explanation if of_this_model else None)
        self.prediction.show_prediction(explanation, stale=shown.stale)
        if explanation is not None and (explained := self._methods.get(explanation.request.method)) is not None:
            middle = self.decks.get("middle")
            told = middle.view_in_front().told if middle is not None else None
            self.explanation.show_explanation(shown, explained, told)
        self._show_failure(shown.failure, is_empty=shown.activity is Activity.NO_TEXT)
        self.banner.show_bug(shown.bug)
        self.status.show_status(shown)
        self._offer_figure(shown)

    def remembered(self) -> Settings:
        """What the next start should know."""
        state = self._controller.shown.state
        return replace(
            self._settings,
            text=state.text,
            model=state.model,
            method=state.method,
            view=state.view.view,
            export_folder=self.export.folder,
            geometry=bytes(self.saveGeometry().toHex().data()).decode("ascii"),
            columns=tuple(self._columns.sizes()),
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Share out the width among the columns, once there is a width."""
        super().showEvent(event)
        if self._columns_to_be is not None:
            self._page.activate()
            remembered, self._columns_to_be = self._columns_to_be, None
            is_usable = len(remembered) == self._columns.count()
            self.text.field.setFocus()
            self._columns.setSizes(list(remembered) if is_usable else _first_columns(self.width()))

    def _offer_figure(self, shown: Shown) -> None:
        deck = self.decks.get("middle")
        if deck is not None:
            view = deck.view_in_front()
            self.export.show_figure(shown, view, deck.widget(view.id))

    def _on_figure_saved(self, path: str) -> None:
        self.status.say(help_text("figure", "saved", name=Path(path).name))

    def _show_failure(self, failure: Failure | None, *, is_empty: bool) -> None:
        place = failure.place if failure is not None else ""
        self.text.show_failure(failure if place not in self._choosers else None, is_empty=is_empty)
        for name, chooser in self._choosers.items():
            chooser.show_failure(failure if place == name else None)

    def _lay_out(self) -> None:
        self._choosers: dict[str, Chooser] = {
            "model": self.model,
            "method": self.method,
            "place": self.place,
            "target": self.target,
        }
        above = QWidget()
        above.setObjectName("notices")
        notices = QVBoxLayout(above)
        notices.setContentsMargins(GAP, 0, GAP, 0)
        notices.setSpacing(0)
        for chooser in self._choosers.values():
            notices.addWidget(chooser.notice)
        notices.addWidget(self.export.notice)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setHandleWidth(GAP)
        self._columns.setChildrenCollapsible(False)
        self._columns.setContentsMargins(GAP, GAP, GAP, GAP)
        self._columns.addWidget(self._left_column())
        for place in ("middle", "right"):
            if place in self.decks:
                self._columns.addWidget(self.decks[place])
        for index, stretch in enumerate((1, 3, 1)[: self._columns.count()]):
            self._columns.setStretchFactor(index, stretch)
        self._page = page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self._top_bar())
        page.addWidget(self.banner)
        page.addWidget(above)
        page.addWidget(self._columns, 1)
        page.addWidget(self.status)

    def _top_bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("top_bar")
        bar.setFixedHeight(52)
        wordmark = QLabel("Headstream")
        wordmark.setObjectName("wordmark")
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 0, GAP, 0)
        row.setSpacing(10)
        row.addWidget(wordmark)
        row.addSpacing(8)
        for chooser in self._choosers.values():
            row.addWidget(chooser)
        row.addStretch(1)
        row.addWidget(self.export)
        return bar

    def _left_column(self) -> QScrollArea:
        content = QWidget()
        content.setObjectName("column")
        # However long a word is, the cards stay as wide as the column.
        content.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        cards: Sequence[QWidget] = [self.text, *filter(None, [self.decks.get("left")]), self.prediction]
        for card in cards:
            card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
            column.addWidget(card)
        column.addWidget(self.explanation, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(LEFT_WIDTH[0])
        area.setMaximumWidth(LEFT_WIDTH[1])
        area.setWidget(content)
        return area

    def _connect(self) -> None:
        controller = self._controller
        controller.shown_changed.connect(self.show_shown)
        self.text.text_edited.connect(controller.text_edited)
        self.text.pair_edited.connect(controller.pair_edited)
        self.text.annotation_changed.connect(self._on_annotation_changed)
        self.model.model_chosen.connect(self._on_model_chosen)
        self.method.method_chosen.connect(controller.method_chosen)
        self.target.target_chosen.connect(controller.target_chosen)
        self.place.place_chosen.connect(controller.place_chosen)
        self.export.saved.connect(self._on_figure_saved)
        self.banner.dismissed.connect(controller.bug_dismissed)
        for deck in self.decks.values():
            deck.hovered.connect(controller.hovered)
            deck.picked.connect(controller.picked)
            deck.look_requested.connect(controller.looked)
            deck.method_requested.connect(self._on_method_requested)
            deck.view_requested.connect(controller.view_chosen)
            deck.gap_requested.connect(controller.gap_requested)
            deck.place_requested.connect(controller.place_requested)

    def _add_shortcuts(self) -> None:
        # A field that takes letters keeps these keys for itself: Qt asks the focused widget first.
        for number in range(1, 10):
            QShortcut(QKeySequence(str(number)), self, partial(self._controller.layer_chosen, number - 1))
        QShortcut(QKeySequence("Ctrl+E"), self, self.export.export)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, self._controller.undo)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Redo), self, self._controller.redo)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._controller.trace_left)

    @Slot(object)
    def _on_annotation_changed(self, annotation: object) -> None:
        view = self._controller.shown.state.view
        self._controller.looked(replace(view, annotation=annotation))  # type: ignore[arg-type]  # a signal's object

    @Slot(str)
    def _on_method_requested(self, method: str) -> None:
        self._controller.method_chosen(method, ())

    def _on_model_chosen(self, model: str) -> None:
        if not self.model.is_bundled(model):
            self._settings = with_recent_folder(self._settings, model)
            self.model.show_recent(self._settings.recent_folders)
        self._controller.model_chosen(model)

    def _restore(self, settings: Settings) -> None:
        self.model.show_recent(settings.recent_folders)
        screen = QGuiApplication.primaryScreen().availableGeometry().size()
        self.setMinimumSize(SMALLEST_SIZE.boundedTo(screen))
        if not (settings.geometry and self.restoreGeometry(QByteArray.fromHex(settings.geometry.encode("ascii")))):
            self.resize(FIRST_SIZE.boundedTo(screen))


def _first_columns(width: int) -> list[int]:
    """Widths of the columns: the flow takes what the others do not need."""
    left = min(LEFT_WIDTH[1], max(LEFT_WIDTH[0], round(0.219 * width)))
    right = min(RIGHT_WIDTH[1], max(RIGHT_WIDTH[0], round(0.232 * width)))
    return [left, width - left - right - 4 * GAP, right]
