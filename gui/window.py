"""The window: top bar, the page in front, slides, status line. Built by looping over what is registered."""

from __future__ import annotations

from dataclasses import replace
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
    QKeyEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.appearance import Appearance
from gui.batch.runner import BatchRunner
from gui.batch.strip import BatchStrip
from gui.compare.board import Board
from gui.compare.exporting import drawn
from gui.controller import Controller
from gui.controls.focus import FocusRing, reveal, tab_stops
from gui.desk import Desk
from gui.furniture import Furniture as Furniture
from gui.guide.guide import Guide
from gui.guide.help import help_text
from gui.kept.recent_texts import RecentTexts
from gui.kept.settings import Settings, with_recent_folder
from gui.opening.opening import Opening
from gui.pages import Pages
from gui.paint.palette import PALETTES, Palette
from gui.panels.banner import BugBanner
from gui.panels.compare import CompareButton
from gui.panels.exporting import ExportButton, ExportSheet
from gui.panels.more import MoreButton
from gui.panels.question import Question
from gui.panels.status import StatusPanel
from gui.panels.walking import WalkPanel
from gui.present.button import PresentButton
from gui.present.presenter import Presenter
from gui.present.slide_strip import SlideStrip
from gui.shown import Activity, Shown
from gui.state import AppState
from gui.style import GAP, style_sheet
from gui.topbar import TopBar

FIRST_SIZE = QSize(1440, 900)
SMALLEST_SIZE = QSize(1000, 600)


class MainWindow(QWidget):
    """Everything a person sees. Shows what the controller says and tells it what the person does."""

    def __init__(self, controller: Controller, furniture: Furniture, settings: Settings) -> None:
        super().__init__()
        self._controller = controller
        self._settings = settings
        self._columns_to_be: tuple[int, ...] | None = settings.columns
        self._views = furniture.views
        self._methods = {method.id: method for method in furniture.methods}
        palette = PALETTES[controller.shown.state.view.theme]
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Headstream")
        self.setStyleSheet(style_sheet(palette))
        self.desk = Desk(furniture.views, self._methods, palette)
        self.board = Board(furniture.methods, furniture.bundled, palette)
        self.pages = Pages(self.desk, self.board, furniture.views)
        self.status = StatusPanel(palette)
        self.walking = WalkPanel([entry.name for entry in furniture.bundled])
        self.status.add(self.walking)
        self.banner = BugBanner()
        self.question = Question(self._methods, furniture.bundled)
        self.compare = CompareButton()
        self.export = ExportButton()
        self.appearance = Appearance(settings.appearance, settings.type_scale)
        self.present = PresentButton()
        self.slides = SlideStrip(controller, palette)
        self.opening = Opening(self, controller.shown, settings.recent_sessions)
        self.more = MoreButton(self.appearance)
        self._recent_texts = RecentTexts(settings.recent_texts)
        self._recent_texts.setParent(self)  # its timer ends with the window, not whenever a thread collects the wrapper
        self._recent_texts.changed.connect(self.desk.text.show_recent)
        self._lay_out()
        self.exporting = ExportSheet(self, (self.bar, self.desk.text, self.status), self.pages.exports, settings)
        self._ring = FocusRing(self)
        places = {"bar": self.bar, **self.desk.places}
        self.guide = Guide(self, places, self._methods, self._ring, tour_seen=settings.tour_seen)
        self._batch: BatchStrip | None = None
        self._connect()
        self._add_shortcuts()
        self._restore(settings)
        self.show_shown(controller.shown)

    def show_shown(self, shown: Shown) -> None:
        """Draw everything anew from what is to be shown; whatever did not change costs nothing."""
        if self.presenter.is_on:
            self.presenter.show_shown(shown)
            for behind in (self.pages, self.question, self.exporting, self.status):
                behind.forget(shown)
            return
        self.pages.show_shown(shown)
        self.compare.show_state(is_compared=self.pages.is_compared)
        is_said = self.question.show_shown(shown)
        self.pages.show_failure(shown, None if is_said else shown.failure)
        self.banner.show_bug(shown.bug)
        self.status.show_status(shown)
        self.walking.show_shown(shown)
        self.bar.show_history(can_undo=shown.can_undo, can_redo=shown.can_redo)
        self._show_slides(shown.state)
        self.export.setEnabled(shown.explanation is not None and not shown.stale)
        self.exporting.show_shown(shown)
        self._recent_texts.watch(shown)
        if shown.activity is Activity.UP_TO_DATE and self.isVisible():
            self.guide.something_stands()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours and the type the application has now, everywhere and at once."""
        self.setStyleSheet(style_sheet(palette))
        self.bar.fit()
        self.walking.fit()
        if self._batch is not None:
            self._batch.fit()
        parts = (self.status, self.pages, self.exporting, self.slides, self.opening.veil, self._ring, self.guide.tour)
        for part in parts:
            part.dress(palette)
        self._controller.looked(replace(self._controller.shown.state.view, theme=palette.name))
        self.desk.show_larger(self._controller.shown)
        if self.presenter.is_on and self.presenter.stage is not None:
            self.presenter.stage.show_larger(self._controller.shown)

    def offer_batches(self, runner: BatchRunner) -> None:
        """Let every sentence of a list be made into figures."""
        self._batch = batch = BatchStrip(runner)
        batch.folder = self.exporting.folder
        self.status.add(batch, before=self.walking)
        self._notices.addWidget(batch.notice)
        batch.bug_noticed.connect(self._controller.bug_noticed)
        self.walking.batch_wanted.connect(self._on_batch_wanted)
        self.walking.offer_batch()

    @Slot(str)
    def open(self, thing: str) -> None:
        """Open this file or folder; "" is none."""
        if thing:
            self.opening.sessions.open(thing)

    def remembered(self) -> Settings:
        """What the next start should know."""
        return replace(
            self.exporting.remembered(self._settings),
            tour_seen=self.guide.tour_seen,
            recent_texts=self._recent_texts.texts,
            recent_lists=self.walking.recent,
            geometry=bytes(self.saveGeometry().toHex().data()).decode("ascii"),
            columns=self.desk.widths,
            folded=self.desk.is_folded or self.desk.was_folded,
            trusting=self.desk.is_trusting,
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
            if self._settings.trusting:
                self.desk.open_trust()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right walk through the list where nothing with the focus had a use for them."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.walking.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the window as it is read, and is seen to go."""
        regions = self.pages.regions if self.exporting.isHidden() else (self.desk.text, self.exporting)
        stops = tab_stops((self.bar, self.banner, self._above, *regions, self.slides, self.status))
        focused = self.focusWidget()
        at = stops.index(focused) if focused in stops else -1
        if not stops:
            return False
        self._ring.key_moved()
        going_to = stops[(at + (1 if forward else -1)) % len(stops)]
        reveal(going_to)
        going_to.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    @Slot()
    def _open_export(self) -> None:
        if self.export.isEnabled():
            self.exporting.open(self.export)

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

    def _lay_out(self) -> None:
        self._above = above = QWidget()
        above.setObjectName("notices")
        self._notices = notices = QVBoxLayout(above)
        notices.setContentsMargins(GAP, 0, GAP, 0)
        notices.setSpacing(0)
        self.question.add_notices(notices)
        notices.addWidget(self.walking.notice)
        notices.addWidget(self.opening.notice)
        actions = (self.compare, self.present, self.export, self.more)
        self.bar = TopBar((self.opening.button, *self.question.choosers), actions)
        self._page = page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.bar)
        page.addWidget(self.banner)
        page.addWidget(above)
        page.addWidget(self.pages, 1)
        page.addWidget(self.slides)
        page.addWidget(self.status)
        parts = (self.bar, self.banner, above, self.pages, self.slides, self.status)
        middle = [view for view in self._views if view.place == "middle"]
        self.presenter = Presenter(page, parts, middle, self.appearance, self._controller)
        self.presenter.draw_compared = drawn

    def _connect(self) -> None:
        controller = self._controller
        controller.shown_changed.connect(self.show_shown)
        self.desk.connect_to(controller)
        self.board.connect_to(controller)
        self.board.model_opened.connect(self._remember_model)
        self.compare.clicked.connect(controller.compare_toggled)
        self.desk.method_requested.connect(self._on_method_requested)
        self.desk.text.annotation_changed.connect(self._on_annotation_changed)
        self.question.connect_to(controller)
        self.question.model_chosen.connect(self._on_model_chosen)
        self.export.clicked.connect(self._open_export)
        self.exporting.saved.connect(self._on_figure_saved)
        self.walking.walked.connect(controller.walked)
        self.walking.model_wanted.connect(self._on_model_chosen)
        self.walking.remarked.connect(self.status.say)
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
        self.desk.trust.changed.connect(self.exporting.show_anew)
        self.presenter.worked.connect(self.opening.sessions.watch)
        self.opening.sessions.opened.connect(self._on_opened)
        self.opening.sessions.model_requested.connect(self._on_model_chosen)
        self.opening.sessions.examples_requested.connect(self.walking.open_list)
        self.opening.keep_asked.connect(self._keep_slide)

    def _add_shortcuts(self) -> None:
        # A field that takes letters keeps these keys for itself: Qt asks the focused widget first.
        for number in range(1, 10):
            QShortcut(QKeySequence(str(number)), self, partial(self._controller.layer_chosen, number - 1))
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, self._controller.undo)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Redo), self, self._controller.redo)
        asks = {"Ctrl+E": self._open_export, "Ctrl+D": self._controller.compare_toggled, "Ctrl+T": self._turn_trust}
        look = self.appearance
        sizes = {"Ctrl++": look.larger, "Ctrl+=": look.larger, "Ctrl+-": look.smaller, "Ctrl+0": look.usual}
        others = {"Esc": self._step_out, "F11": self.presenter.turn, "F1": self.guide.explain}
        for keys, do in {**self.opening.shortcuts, **asks, **sizes, **others}.items():
            QShortcut(QKeySequence(keys), self, do)
        QShortcut(QKeySequence("Alt+Left"), self, partial(self.walking.step, -1))
        QShortcut(QKeySequence("Alt+Right"), self, partial(self.walking.step, 1))

    @Slot()
    def _step_out(self) -> None:
        """Close what lies over the window; back to the paths to the answer; off the stage or out of a comparison."""
        if not self.exporting.isHidden():
            self.exporting.dismiss()
        elif self.pages.shows_trust and not self.presenter.is_on and self._controller.shown.state.view.traced is None:
            self.desk.close_trust()
        else:
            self.presenter.step_out()

    @Slot()
    def _turn_trust(self) -> None:
        if self.presenter.is_on:
            return
        if self.pages.is_compared:
            self.status.say(help_text("trust", "leave_comparison"))
        elif self.exporting.isHidden():
            self.desk.turn_trust()

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
    def _on_batch_wanted(self) -> None:
        walk = self.walking.walk
        if self._batch is not None and walk is not None:
            self._batch.open_menu(self.walking.title, self._controller.shown.state, walk.examples)

    @Slot()
    def _on_look_changed(self) -> None:
        self.dress(self.appearance.palette)

    @Slot()
    def _on_more_pressed(self) -> None:
        self.more.show_steps(() if self.bar.shows_history else ("undo", "redo"))

    @Slot(str)
    def _on_asked(self, what: str) -> None:
        """Something of the menu was chosen."""
        steps = {"undo": self._controller.undo, "redo": self._controller.redo, "trust": self._turn_trust}
        steps[what]() if what in steps else self.guide.open(what)

    @Slot(object)
    def _on_annotation_changed(self, annotation: object) -> None:
        view = self._controller.shown.state.view
        self._controller.looked(replace(view, annotation=annotation))  # type: ignore[arg-type]  # a signal's object

    @Slot(str)
    def _on_method_requested(self, method: str) -> None:
        self._controller.method_chosen(method, ())

    def _on_model_chosen(self, model: str) -> None:
        self._remember_model(model)
        self._controller.model_chosen(model)

    @Slot(str)
    def _remember_model(self, model: str) -> None:
        if not self.question.model.is_bundled(model):
            self._settings = with_recent_folder(self._settings, model)
            for part in (self.question.model, self.board):
                part.show_recent(self._settings.recent_folders)

    def _restore(self, settings: Settings) -> None:
        for part in (self.question.model, self.board):
            part.show_recent(settings.recent_folders)
        self.desk.text.show_recent(settings.recent_texts)
        self.walking.show_recent(settings.recent_lists)
        self._fit_smallest()
        screen = QGuiApplication.primaryScreen().availableGeometry().size()
        if not (settings.geometry and self.restoreGeometry(QByteArray.fromHex(settings.geometry.encode("ascii")))):
            self.resize(FIRST_SIZE.boundedTo(screen))
