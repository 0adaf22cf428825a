"""The window program: checks that there is a screen, then puts state, bridge, controller and window together.

Nothing of Qt is imported above: where its system libraries are missing, the person reads one line and no traceback.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING

from gui.platform_check import window_problem

if TYPE_CHECKING:
    from engine.bundled import BundledModel
    from engine.registry import Method
    from gui.controller import Controller
    from gui.state import AppState

NO_WINDOW = 2  # exit status where no window can be opened

log = logging.getLogger(__name__)


def main() -> int:
    """Open the window and stay until it closes. Returns the exit status."""
    problem = window_problem(os.environ)
    if problem is not None:
        sys.stderr.write(problem + "\n")
        return NO_WINDOW
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    return _run()


def _run() -> int:
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication

    from engine import registry
    from engine.bundled import bundled_models
    from gui import viewkit
    from gui.batch.runner import BatchRunner
    from gui.bridge import Bridge
    from gui.controller import Controller
    from gui.guide.help import icon_path
    from gui.inquiry import TimedPause
    from gui.kept.autosave import Autosave, autosave_path, load_state
    from gui.kept.settings import load_settings, save_settings, settings_path
    from gui.window import Furniture, MainWindow

    application = QApplication(["headstream"])
    application.setApplicationName("Headstream")
    application.setStyle("Fusion")
    application.setWindowIcon(QIcon(str(icon_path())))
    settings = load_settings(settings_path())
    furniture = Furniture(viewkit.discover(), registry.discover(), bundled_models())
    bridge = Bridge()
    saved = load_state(autosave_path())
    first = first_state(saved, furniture.methods, furniture.bundled)
    controller = Controller(first, bridge, TimedPause())
    autosave = Autosave(autosave_path(), saved or first)
    controller.shown_changed.connect(autosave.keep)
    bridge.outcome_arrived.connect(controller.outcome_arrived)
    bridge.progress_arrived.connect(controller.progress_arrived)
    sys.excepthook = _BugReport(controller)
    window = MainWindow(controller, furniture, settings)
    batches = BatchRunner(bridge.aside)
    window.offer_batches(batches)
    window.appearance.apply()
    window.offer_tour()
    window.show()
    controller.start()
    status = application.exec()
    autosave.flush()
    save_settings(settings_path(), window.remembered())
    window.hide()
    batches.shutdown()
    bridge.shutdown()
    return status


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


class _BugReport:
    """What Python calls with an exception nobody caught: logged, and told in the banner."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        from engine.contract import Failure, FailureKind

        log.error("nobody caught this", exc_info=(kind, error, trace))
        details = "".join(traceback.format_exception(kind, error, trace))
        title, hint = "Something went wrong inside Headstream", "Your text is safe. Please send us the details."
        self._controller.bug_noticed(Failure(0, FailureKind.BUG, "", title, f"{kind.__name__}: {error}", hint, details))
