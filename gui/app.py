"""The window program: checks that there is a screen, then puts state, bridge, controller and window together.

Nothing of Qt is imported above: where its system libraries are missing, the person reads one line and no traceback.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING

from gui.platform_check import window_problem

if TYPE_CHECKING:
    from engine.bundled import BundledModel
    from engine.registry import Method
    from gui.batch.runner import BatchRunner
    from gui.bridge import Bridge
    from gui.controller import Controller
    from gui.kept.autosave import Autosave
    from gui.opening.application import Application
    from gui.rubbish import RubbishInTurn
    from gui.state import AppState
    from gui.trust.runner import TrialRunner
    from gui.window import MainWindow

NO_WINDOW = 2  # exit status where no window can be opened

log = logging.getLogger(__name__)


def names_a_thing(arguments: Sequence[str]) -> bool:
    """Whether the command line is one file or folder to open, and no command."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        return False
    return bool(os.path.splitext(arguments[0])[1]) or "/" in arguments[0] or os.sep in arguments[0]


def main(thing: str = "") -> int:
    """Open the window, with this file or folder in it if any, and stay until it closes. Returns the exit status."""
    problem = window_problem(os.environ)
    if problem is not None:
        sys.stderr.write(problem + "\n")
        return NO_WINDOW
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    return _run(thing)


def _run(thing: str) -> int:
    from gui.opening.application import Application

    application = Application(["headstream"])
    program = opened_program(application, thing)
    status = application.exec()
    program.end()
    return status


@dataclass(frozen=True, slots=True)
class Program:
    """All that lives while the window is open."""

    window: MainWindow
    controller: Controller
    bridge: Bridge
    batches: BatchRunner
    trials: TrialRunner
    autosave: Autosave
    rubbish: RubbishInTurn
    reports: BugReport

    def end(self) -> None:
        """Write what is remembered, wait until everything that works has stopped, and hold on to nothing."""
        from gui.kept.settings import save_settings, settings_path
        from gui.paint import kept

        self.autosave.flush()
        save_settings(settings_path(), self.window.remembered())
        self.window.hide()
        for working in (self.batches, self.trials, self.bridge):
            working.shutdown()
        self.reports.end()
        kept.forget()
        self.rubbish.end()


def opened_program(application: Application, thing: str = "") -> Program:
    """Open the window as it was when it closed last, perhaps with a file in it, and ask for the first answer."""
    from engine import registry
    from engine.bundled import bundled_models
    from gui import viewkit
    from gui.batch.runner import BatchRunner
    from gui.bridge import Bridge
    from gui.controller import Controller
    from gui.heap import keep_whole
    from gui.inquiry import TimedPause
    from gui.kept.autosave import Autosave, autosave_path, kept_session, load_state
    from gui.kept.settings import load_settings, settings_path
    from gui.rubbish import RubbishInTurn
    from gui.trust.runner import TrialRunner
    from gui.window import Furniture, MainWindow

    keep_whole()
    rubbish = RubbishInTurn()
    settings = load_settings(settings_path())
    furniture = Furniture(viewkit.discover(), registry.discover(), bundled_models())
    bridge = Bridge()
    session = kept_session(autosave_path())
    saved = load_state(autosave_path())
    first = first_state(saved, furniture.methods, furniture.bundled)
    controller = Controller(first, bridge, TimedPause())
    autosave = Autosave(autosave_path(), saved or first, session)
    bridge.outcome_arrived.connect(controller.outcome_arrived)
    bridge.progress_arrived.connect(controller.progress_arrived)
    sys.excepthook = reports = BugReport(controller)
    window = MainWindow(controller, furniture, settings)
    batches, trials = BatchRunner(bridge.aside), TrialRunner(bridge.aside)
    window.offer_batches(batches)
    window.desk.trust.offer(trials)
    _keep_and_resume(window, autosave, session)
    window.appearance.apply()
    window.guide.offer_tour()
    window.show()
    controller.start()
    window.open(thing or application.waiting)
    application.file_opened.connect(window.open)
    return Program(window, controller, bridge, batches, trials, autosave, rubbish, reports)


def _keep_and_resume(window: MainWindow, autosave: Autosave, session: str) -> None:
    """Have what is worked on written while it changes, and go on with the session it belongs to."""
    window.presenter.worked.connect(autosave.keep)
    window.opening.sessions.belongs.connect(autosave.belong)
    window.opening.sessions.resume(session)


def first_state(saved: AppState | None, methods: tuple[Method, ...], bundled: tuple[BundledModel, ...]) -> AppState:
    """What the window opens with: what was kept, as far as it still exists, else the example."""
    from gui.events import ModelChosen, reduce
    from gui.state import AppState

    usual = AppState()
    names = {entry.name: entry for entry in bundled}
    state = usual if saved is None else saved
    if state.model not in names and not os.path.isdir(state.model):
        state = reduce(state, ModelChosen(next(iter(names), usual.model)))
    if state.method not in {method.id for method in methods}:
        state = replace(state, method=usual.method, parameters=())
    example = names[state.model].example if state.model in names else ""
    return state if state.text.strip() else replace(state, text=example)


class BugReport:
    """What Python calls with an exception nobody caught: logged, and told in the banner while there is one."""

    def __init__(self, controller: Controller) -> None:
        self._controller: Controller | None = controller

    def end(self) -> None:
        """There is no banner any more. Libraries keep the hook they found, and with it all that hangs on it."""
        self._controller = None
        if sys.excepthook is self:
            sys.excepthook = sys.__excepthook__

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Tell of it."""
        from engine.contract import Failure, FailureKind

        log.error("nobody caught this", exc_info=(kind, error, trace))
        if self._controller is None:
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        title, hint = "Something went wrong inside Headstream", "Your text is safe. Please send us the details."
        self._controller.bug_noticed(Failure(0, FailureKind.BUG, "", title, f"{kind.__name__}: {error}", hint, details))
