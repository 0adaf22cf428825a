"""The window: top bar, three columns of cards, status line. Built by looping over what is registered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QMargins, QSize, Qt, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.bundled import BundledModel
from engine.contract import Failure
from engine.registry import Method
from gui.appearance import Appearance
from gui.controller import Controller
from gui.controls.chooser import Chooser
from gui.controls.focus import FocusRing, reveal, tab_stops
from gui.desk import Desk
from gui.guide import sheets
from gui.guide.help import help_text
from gui.guide.tour import Tour
from gui.kept.recent_texts import RecentTexts
from gui.kept.settings import Settings, with_recent_folder
from gui.opening.opening import Opening
from gui.paint.palette import PALETTES, Palette
from gui.panels.banner import BugBanner
from gui.panels.figure import ExportButton
from gui.panels.method import MethodChooser
from gui.panels.model import ModelChooser
from gui.panels.more import MoreButton
from gui.panels.place import PlaceChooser
from gui.panels.status import StatusPanel
from gui.panels.target import TargetChooser
from gui.present.button import PresentButton
from gui.present.presenter import Presenter
from gui.present.slide_strip import SlideStrip
from gui.shown import Activity, Shown
from gui.state import AppState
from gui.style import GAP, style_sheet
from gui.topbar import TopBar
from gui.viewkit import View

FIRST_SIZE = QSize(1440, 900)
SMALLEST_SIZE = QSize(1000, 600)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What there is to choose from: views, methods and bundled models."""

    views: tuple[View, ...]
    methods: tuple[Method, ...]
    bundled: tuple[BundledModel, ...]


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
        self._views = furniture.views
        self.desk = Desk(furniture.views, self._methods, palette)
        self.status = StatusPanel(palette)
        self.banner = BugBanner()
        self.model = ModelChooser(furniture.bundled)
        self.method = MethodChooser(furniture.methods)
        self.place = PlaceChooser()
        self.target = TargetChooser()
        self.export = ExportButton(settings.export_folder)
        self.appearance = Appearance(settings.appearance, settings.type_scale)
        self.present = PresentButton()
        self.slides = SlideStrip(controller, palette)
        self.opening = Opening(self, controller.shown, settings.recent_sessions)
        self.more = MoreButton(self.appearance)
        self._recent_texts = RecentTexts(settings.recent_texts)
        self._recent_texts.setParent(self)  # its timer ends with the window, not whenever a thread collects the wrapper
        self._recent_texts.changed.connect(self.desk.text.show_recent)
        self._lay_out()
        self.tour = Tour(self, {"bar": self.bar, **self.desk.places})
        self._awaits_tour = False
        self._ring = FocusRing(self)
        self._connect()
        self._add_shortcuts()
        self._restore(settings)
        self.show_shown(controller.shown)

    def show_shown(self, shown: Shown) -> None:
        """Draw everything anew from what is to be shown; whatever did not change costs nothing."""
        if self.presenter.is_on:
            self.presenter.show_shown(shown)
            return
        state, explanation = shown.state, shown.explanation
        method = self._methods.get(state.method)
        self.desk.show_shown(shown)
        self.model.show_model(state.model)
        self.method.show_method(state.method, state.parameters)
        self.target.show_target(state, explanation, method)
        of_this_model = explanation is not None and explanation.request.model == state.model
        self.method.show_last(explanation if of_this_model else None)
        self.place.show_place(state.place, explanation if of_this_model else None)
        self._show_failure(shown.failure, is_empty=shown.activity is Activity.NO_TEXT)
        self.banner.show_bug(shown.bug)
        self.status.show_status(shown)
        self.bar.show_history(can_undo=shown.can_undo, can_redo=shown.can_redo)
        self._show_slides(state)
        self._offer_figure(shown)
        self._recent_texts.watch(shown)
        if self._awaits_tour and shown.activity is Activity.UP_TO_DATE and self.isVisible():
            self.take_tour()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours and the type the application has now, everywhere and at once."""
        self.setStyleSheet(style_sheet(palette))
        self.bar.fit()
        for part in (self.status, self.desk, self.slides, self.opening.veil, self._ring, self.tour):
            part.dress(palette)
        self._controller.looked(replace(self._controller.shown.state.view, theme=palette.name))
        self.desk.show_larger(self._controller.shown)
        if self.presenter.stage is not None:
            self.presenter.stage.show_larger(self._controller.shown)

    @Slot(str)
    def open(self, thing: str) -> None:
        """Open this file or folder; "" is none."""
        if thing:
            self.opening.sessions.open(thing)

    def offer_tour(self) -> None:
        """Start the tour as soon as there is something to see, if it was never seen."""
        self._awaits_tour = not self._settings.tour_seen

    @Slot()
    def take_tour(self) -> None:
        """Start it now."""
        self._awaits_tour = False
        self._settings = replace(self._settings, tour_seen=True)
        self.tour.start()

    def remembered(self) -> Settings:
        """What the next start should know."""
        return replace(
            self._settings,
            recent_texts=self._recent_texts.texts,
            export_folder=self.export.folder,
            geometry=bytes(self.saveGeometry().toHex().data()).decode("ascii"),
            columns=self.desk.widths,
            folded=self.desk.is_folded,
            appearance=self.appearance.choice,
            type_scale=self.appearance.percent,
            recent_sessions=self.opening.sessions.recent,
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Something comes from outside."""
        self.opening.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """It is still over the window."""
        self.opening.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It was taken elsewhere."""
        self.opening.veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """It was let go here."""
        self.opening.drop(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """What is remembered is the window, not the stage."""
        self.presenter.leave()
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Share out the width among the columns, once there is a width."""
        super().showEvent(event)
        if self._columns_to_be is not None:
            self._page.activate()
            remembered, self._columns_to_be = self._columns_to_be, None
            self.desk.text.field.setFocus()
            self.desk.share_out(remembered, is_folded=self._settings.folded)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the window as it is read, and is seen to go."""
        stops = tab_stops((self.bar, self.banner, self._above, *self.desk.regions, self.slides))
        focused = self.focusWidget()
        at = stops.index(focused) if focused in stops else -1
        if not stops:
            return False
        self._ring.key_moved()
        going_to = stops[(at + (1 if forward else -1)) % len(stops)]
        reveal(going_to)
        going_to.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    def _offer_figure(self, shown: Shown) -> None:
        deck = self.desk.decks.get("middle")
        if deck is not None:
            view = deck.view_in_front()
            self.export.show_figure(shown, view, deck.widget(view.id))

    def _show_slides(self, state: AppState) -> None:
        was_hidden = self.slides.isHidden()
        self.slides.show_slides(state)
        if self.slides.isHidden() != was_hidden:
            self._fit_smallest()

    def _fit_smallest(self) -> None:
        """The cards keep the height they need, whatever stands below them."""
        strip = 0 if self.slides.isHidden() else self.slides.sizeHint().height()
        screen = QGuiApplication.primaryScreen().availableGeometry().size()
        self.setMinimumSize(SMALLEST_SIZE.grownBy(QMargins(0, 0, 0, strip)).boundedTo(screen))

    def _on_figure_saved(self, path: str) -> None:
        self.status.say(help_text("figure", "saved", name=Path(path).name))

    def _show_failure(self, failure: Failure | None, *, is_empty: bool) -> None:
        place = failure.place if failure is not None else ""
        self.desk.text.show_failure(failure if place not in self._choosers else None, is_empty=is_empty)
        for name, chooser in self._choosers.items():
            chooser.show_failure(failure if place == name else None)

    def _lay_out(self) -> None:
        self._choosers: dict[str, Chooser] = {
            "model": self.model,
            "method": self.method,
            "place": self.place,
            "target": self.target,
        }
        self._above = above = QWidget()
        above.setObjectName("notices")
        notices = QVBoxLayout(above)
        notices.setContentsMargins(GAP, 0, GAP, 0)
        notices.setSpacing(0)
        for chooser in self._choosers.values():
            notices.addWidget(chooser.notice)
        notices.insertWidget(1, self.model.offer, 0, Qt.AlignmentFlag.AlignLeft)
        notices.addWidget(self.export.notice)
        notices.addWidget(self.opening.notice)
        self.bar = TopBar((self.opening.button, *self._choosers.values()), (self.present, self.export, self.more))
        self._page = page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.bar)
        page.addWidget(self.banner)
        page.addWidget(above)
        page.addWidget(self.desk, 1)
        page.addWidget(self.slides)
        page.addWidget(self.status)
        parts = (self.bar, self.banner, above, self.desk, self.slides, self.status)
        middle = [view for view in self._views if view.place == "middle"]
        self.presenter = Presenter(page, parts, middle, self.appearance, self._controller)

    def _connect(self) -> None:
        controller = self._controller
        controller.shown_changed.connect(self.show_shown)
        self.desk.connect_to(controller)
        self.desk.method_requested.connect(self._on_method_requested)
        self.desk.text.annotation_changed.connect(self._on_annotation_changed)
        self.model.model_chosen.connect(self._on_model_chosen)
        self.method.method_chosen.connect(controller.method_chosen)
        self.target.target_chosen.connect(controller.target_chosen)
        self.place.place_chosen.connect(controller.place_chosen)
        self.export.saved.connect(self._on_figure_saved)
        self.banner.dismissed.connect(controller.bug_dismissed)
        self.bar.undo_requested.connect(controller.undo)
        self.bar.redo_requested.connect(controller.redo)
        self.appearance.changed.connect(self._on_look_changed)
        self.more.asked.connect(self._on_asked)
        self.more.pressed.connect(self._on_more_pressed)
        self.present.clicked.connect(self.presenter.turn)
        self.presenter.left.connect(self._on_stage_left)
        self.slides.kept.connect(self.status.say)
        self.opening.said.connect(self.status.say)
        self.presenter.worked.connect(self.opening.sessions.watch)
        self.opening.sessions.opened.connect(self._on_opened)
        self.opening.sessions.model_requested.connect(self._on_model_chosen)
        self.opening.keep_asked.connect(self._keep_slide)

    def _add_shortcuts(self) -> None:
        # A field that takes letters keeps these keys for itself: Qt asks the focused widget first.
        for number in range(1, 10):
            QShortcut(QKeySequence(str(number)), self, partial(self._controller.layer_chosen, number - 1))
        QShortcut(QKeySequence("Ctrl+E"), self, self.export.export)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, self._controller.undo)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Redo), self, self._controller.redo)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.presenter.step_out)
        QShortcut(QKeySequence("F11"), self, self.presenter.turn)
        for keys, do in self.opening.shortcuts.items():
            QShortcut(QKeySequence(keys), self, do)
        for keys in ("Ctrl++", "Ctrl+="):
            QShortcut(QKeySequence(keys), self, self.appearance.larger)
        QShortcut(QKeySequence("Ctrl+-"), self, self.appearance.smaller)
        QShortcut(QKeySequence("Ctrl+0"), self, self.appearance.usual)
        QShortcut(QKeySequence("F1"), self, self._help)

    @Slot()
    def _keep_slide(self) -> None:
        if not self.presenter.is_on:
            self.slides.keep_shown()

    @Slot(object)
    def _on_opened(self, state: AppState) -> None:
        self.presenter.leave()
        self._controller.opened(state)

    @Slot()
    def _on_stage_left(self) -> None:
        self.show_shown(self._controller.shown)

    @Slot()
    def _on_look_changed(self) -> None:
        self.dress(self.appearance.palette)

    @Slot()
    def _on_more_pressed(self) -> None:
        self.more.show_steps(() if self.bar.shows_history else ("undo", "redo"))

    @Slot(str)
    def _on_asked(self, what: str) -> None:
        """Something of the menu was chosen."""
        if what == "tour":
            self.take_tour()
        elif what == "shortcuts":
            sheets.shortcut_sheet(self)
        elif what == "methods":
            sheets.method_sheet(self, self._methods.values())
        elif what == "help":
            sheets.help_sheet(self, self.focusWidget())
        elif what == "about":
            sheets.about_sheet(self)
        else:
            {"undo": self._controller.undo, "redo": self._controller.redo}[what]()

    @Slot()
    def _help(self) -> None:
        sheets.help_sheet(self, sheets.asked_about(self, by_key=self._ring.moves_by_key))

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
        self.desk.text.show_recent(settings.recent_texts)
        self._fit_smallest()
        screen = QGuiApplication.primaryScreen().availableGeometry().size()
        if not (settings.geometry and self.restoreGeometry(QByteArray.fromHex(settings.geometry.encode("ascii")))):
            self.resize(FIRST_SIZE.boundedTo(screen))
