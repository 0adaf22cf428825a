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
    from gui.settings import Settings
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
    from gui.bridge import Bridge
    from gui.controller import Controller, TimedPause
    from gui.help import icon_path
    from gui.settings import load_settings, save_settings, settings_path
    from gui.window import Furniture, MainWindow

    application = QApplication(["headstream"])
    application.setApplicationName("Headstream")
    application.setStyle("Fusion")
    application.setWindowIcon(QIcon(str(icon_path())))
    settings = load_settings(settings_path())
    furniture = Furniture(viewkit.discover(), registry.discover(), bundled_models())
    bridge = Bridge()
    controller = Controller(first_state(settings, furniture.methods, furniture.bundled), bridge, TimedPause())
    bridge.outcome_arrived.connect(controller.outcome_arrived)
    bridge.progress_arrived.connect(controller.progress_arrived)
    sys.excepthook = _BugReport(controller)
    window = MainWindow(controller, furniture, settings)
    window.appearance.apply()
    window.offer_tour()
    window.show()
    controller.start()
    status = application.exec()
    save_settings(settings_path(), window.remembered())
    window.hide()
    bridge.shutdown()
    return status


def first_state(settings: Settings, methods: tuple[Method, ...], bundled: tuple[BundledModel, ...]) -> AppState:
    """What the window opens with: what was remembered, as far as it still exists, else the example."""
    from gui.state import AppState

    state = AppState()
    known = {method.id for method in methods}
    folder_exists = os.path.isdir(settings.model)
    names = {entry.name: entry for entry in bundled}
    model = settings.model if settings.model in names or folder_exists else next(iter(names), state.model)
    example = names[model].example if model in names else ""
    return replace(
        state,
        model=model,
        text=settings.text if settings.text.strip() else example,
        method=settings.method if settings.method in known else state.method,
        view=replace(state.view, view=settings.view or state.view.view),
    )


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
