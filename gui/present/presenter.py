"""Presenting: panels go, letters grow, the figure in front fills the screen; afterwards everything is as it was."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.appearance import Appearance
from gui.controller import Controller
from gui.present.compared import Draw
from gui.present.pointer import RestingPointer
from gui.present.slides import place_among, shown_with, stepped
from gui.present.stage import Stage
from gui.shown import Shown
from gui.state import AppState
from gui.viewkit import View

LETTERS, USUAL_LINES = 1.4, 720  # how much larger letters are on a screen of so many lines; more on a larger one
FURTHER = ("Right", "PgDown", "Space", "Down")  # the last two rows are what wireless presenters send
BACK = ("Left", "PgUp", "Backspace", "Up")
STEPS = ((FURTHER, 1), (BACK, -1), (("Home",), -100_000), (("End",), 100_000))


@dataclass(frozen=True, slots=True)
class _Before:
    """How the window was, its parts and columns, the size of type, and what was worked on."""

    window: Qt.WindowState
    geometry: QRect
    seen: tuple[QWidget, ...]
    focused: QWidget | None
    percent: int
    work: AppState
    columns: tuple[tuple[QSplitter, list[int]], ...]


class Presenter(QObject):
    """Takes the window over and gives it back.

    ``left`` tells that what was hidden is to be drawn anew. ``worked`` tells what is shown whenever that changes, but
    with the state that slides are shown in place of: what is to be kept and saved.
    """

    left = Signal()
    worked = Signal(object)

    def __init__(
        self, page: QVBoxLayout, parts: Sequence[QWidget], views: Sequence[View], look: Appearance, control: Controller
    ) -> None:
        """``page`` is the window's layout, ``parts`` all that stands in it; ``views`` are those of the middle."""
        window = page.parentWidget()
        assert window is not None
        super().__init__(window)
        self._window, self._page, self._parts, self._views = window, page, tuple(parts), views
        self._appearance, self._controller = look, control
        self.draw_compared: Draw | None = None  # how a comparison is drawn, told before the first time
        self._stage: Stage | None = None
        self._before: _Before | None = None
        self._at: int | None = None
        self._has_stepped = False
        self._pointer = RestingPointer(self)
        self._actions = [self._action(keys, by) for keys, by in STEPS]
        control.shown_changed.connect(self._on_shown_changed)

    @property
    def is_on(self) -> bool:
        """Whether the figure fills the screen."""
        return self._before is not None

    @property
    def stage(self) -> Stage | None:
        """What is seen while presenting, None before the first time."""
        return self._stage

    @Slot()
    def turn(self) -> None:
        """Begin, or leave."""
        if self.is_on:
            self.leave()
        else:
            self.start()

    @Slot()
    def step_out(self) -> None:
        """Back to the paths to the answer; from there, off the stage."""
        if self.is_on and self._controller.shown.state.view.traced is None:
            self.leave()
        else:
            self._controller.left()

    def start(self) -> None:
        """Begin with what is in front."""
        if self._before is not None:
            return
        if self._stage is None:
            self._stage = self._make_stage()
        shown = self._controller.shown
        window = self._window
        seen = tuple(part for part in self._parts if not part.isHidden())
        self._before = _Before(
            window=window.windowState(),
            geometry=window.geometry(),
            seen=seen,
            focused=window.focusWidget(),
            percent=self._appearance.percent,
            work=shown.state,
            columns=tuple((columns, columns.sizes()) for columns in window.findChildren(QSplitter)),
        )
        self._has_stepped = False
        self._at = place_among(shown.state.slides, shown.state)
        if (focused := window.focusWidget()) is not None:
            focused.clearFocus()  # hidden with the focus it would hand it on, as Tab does, and frame what gets it
        for part in seen:
            part.hide()
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)
        self._appearance.enlarge(LETTERS * max(1.0, math.sqrt(_screen_of(window).height() / USUAL_LINES)))
        self._stage.show_larger(shown)
        self._stage.show()
        window.activateWindow()  # not every system leaves the keys with a window that changes its state
        self._pointer.start()
        for action in self._actions:
            action.setEnabled(True)

    @Slot()
    def leave(self) -> None:
        """Everything is as it was before."""
        before, self._before = self._before, None
        if before is None or self._stage is None:
            return
        self._pointer.stop()
        for action in self._actions:
            action.setEnabled(False)
        self._stage.hide()
        self._stage.forget()
        self._window.setWindowState(before.window)
        if not before.window & (Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen):
            self._window.setGeometry(before.geometry)
        self._window.activateWindow()
        for part in before.seen:
            part.show()
        self._appearance.percent = before.percent
        self._appearance.enlarge(1.0)
        self._page.activate()
        for columns, widths in before.columns:
            columns.setSizes(widths)
        if before.focused is not None:
            before.focused.setFocus()
        if self._has_stepped:
            self._controller.opened(before.work)
        self.left.emit()

    def show_shown(self, shown: Shown) -> None:
        """Draw what is to be shown, if it is presented."""
        if self._before is not None and self._stage is not None:
            self._stage.show_shown(shown)

    def step(self, by: int) -> None:
        """So many slides further."""
        if self._before is None or self._stage is None:
            return
        slides = self._before.work.slides
        at = stepped(self._at, by, len(slides))
        if at is None:
            return
        if at != self._at:
            self._at, self._has_stepped = at, True
            self._controller.opened(shown_with(slides[at], self._before.work))
        self._stage.counter.tell(at, len(slides))

    @Slot(object)
    def _on_shown_changed(self, shown: Shown) -> None:
        is_aside = self._before is not None and self._has_stepped
        self.worked.emit(replace(shown, state=self._before.work) if self._before is not None and is_aside else shown)

    def _make_stage(self) -> Stage:
        stage = Stage(self._views, self.draw_compared)
        stage.hovered.connect(self._controller.hovered)
        stage.picked.connect(self._controller.picked)
        stage.look_requested.connect(self._controller.looked)
        self._page.addWidget(stage, 1)
        return stage

    def _action(self, keys: Sequence[str], by: int) -> QAction:
        action = QAction(self._window)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setData(by)
        action.setEnabled(False)  # these keys are the window's own while nothing is presented
        action.triggered.connect(self._on_triggered)
        self._window.addAction(action)
        return action

    @Slot()
    def _on_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.step(int(action.data()))


def _screen_of(window: QWidget) -> QRect:
    """Where the window goes; never the window's own screen(), which PySide would delete together with it."""
    screen = QGuiApplication.screenAt(window.geometry().center()) or QGuiApplication.primaryScreen()
    return screen.geometry()
