"""The living window: keystroke to painted picture, stalls of the GUI thread, and time from start to first picture.

``typing`` edits a 20-word sentence of the bundled model, one letter at a time, each time waiting for the picture: the
clock runs from the end of the debounce to the first paint of the flow with the new text's result. A 5 ms timer in the
GUI thread measures how late it is served all the while. ``start`` counts from the birth of a fresh process.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

SENTENCE = (
    "The keys to the old cabinet were lost again, but nobody in the whole quiet village seemed to mind very much."
)
TICK_MS = 5


class PaintWatch(QObject):
    """Calls ``seen`` with the name of a widget's class after every paint of it."""

    def __init__(self, seen: Callable[[str], None]) -> None:
        super().__init__()
        self._seen = seen
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look, never touch; the paint itself comes after this call, so the note is posted behind it."""
        kind = type(watched).__name__
        if event.type() == QEvent.Type.Paint and kind in ("ZoomCanvas", "MainWindow"):
            QTimer.singleShot(0, lambda: self._seen(kind))
        return False


class Stalls:
    """How late a short timer of the GUI thread is served, and how long the thread itself worked, in milliseconds.

    The second does not count what others on the same processor take.
    """

    def __init__(self) -> None:
        self.late: list[float] = []
        self.busy: list[float] = []
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._on_tick)
        self._timer.start(TICK_MS)

    def _on_tick(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.late.append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        self.busy.append((worked - self._worked) * 1000)
        self._last, self._worked = now, worked


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of all lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def program() -> tuple[QApplication, Any, Any, Any]:
    from engine import registry
    from engine.bundled import bundled_models
    from gui import viewkit
    from gui.bridge import Bridge
    from gui.controller import Controller
    from gui.inquiry import TimedPause
    from gui.kept.settings import Settings
    from gui.state import AppState
    from gui.style import interface_font
    from gui.window import Furniture, MainWindow

    application = QApplication(["bench"])
    application.setStyle("Fusion")
    application.setFont(interface_font(application.font()))
    bridge = Bridge()
    controller = Controller(AppState(text=SENTENCE), bridge, TimedPause())
    bridge.outcome_arrived.connect(controller.outcome_arrived)
    bridge.progress_arrived.connect(controller.progress_arrived)
    window = MainWindow(controller, Furniture(viewkit.discover(), registry.discover(), bundled_models()), Settings())
    window.resize(1440, 900)
    window.show()
    controller.start()
    return application, bridge, controller, window


def typing(edits: int) -> None:
    """Print the figures of ``edits`` keystrokes."""
    application, bridge, controller, window = program()
    random.seed(3)
    asked: dict[str, float] = {}
    painted: dict[str, float] = {}
    submit = bridge.submit

    def submitted(request: Any) -> None:
        if not request.feed_forward_layers:
            asked.setdefault(request.text, time.perf_counter())
        submit(request)

    def seen(kind: str) -> None:
        shown = controller.shown
        if kind == "ZoomCanvas" and shown.explanation is not None and not shown.stale:
            painted.setdefault(shown.explanation.request.text, time.perf_counter())

    bridge.submit = submitted
    watch = PaintWatch(seen)
    until(application, lambda: SENTENCE in painted or controller.shown.explanation is not None, 60)
    rest(application, 1.0)
    stalls, waits = Stalls(), []
    text = SENTENCE
    for _ in range(edits):
        place = random.randrange(len(text))
        text = text[:place] + random.choice("abcdefghij ") + text[place + 1 :]
        if text in asked:
            continue
        window.desk.text.field.setPlainText(text)
        until(application, lambda wanted=text: wanted in painted, 20)
        waits.append((painted[text] - asked[text]) * 1000)
        rest(application, 0.15)
    bridge.shutdown()
    del watch
    print(f"| keystroke to painted, median of {len(waits)} | {statistics.median(waits):.0f} ms |")
    print(f"| keystroke to painted, 95th percentile | {percentile(waits, 0.95):.0f} ms |")
    print(f"| GUI thread late by, 95th percentile | {percentile(stalls.late, 0.95):.0f} ms |")
    print(f"| GUI thread late by, worst | {max(stalls.late):.0f} ms |")


def until(application: QApplication, holds: Callable[[], bool], seconds: float) -> None:
    end = time.perf_counter() + seconds
    while not holds():
        application.processEvents()
        time.sleep(0.0005)
        if time.perf_counter() > end:
            raise TimeoutError("the window did not get there")


def rest(application: QApplication, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        application.processEvents()
        time.sleep(0.0005)


def _watched_start(born: float) -> None:
    """The real program, patched only to tell when its frame and its first picture were painted."""
    from gui import app
    from gui.controller import Controller
    from gui.window import MainWindow

    told: set[str] = set()
    controllers: list[Controller] = []
    start, show = Controller.start, MainWindow.showEvent

    def tell(what: str) -> None:
        if what not in told:
            told.add(what)
            print(f"{what} {time.time() - born:.2f}", flush=True)

    def seen(kind: str) -> None:
        tell("frame")
        if kind == "ZoomCanvas" and controllers and controllers[0].shown.explanation is not None:
            tell("picture")
            QApplication.quit()

    def watched_start(self: Controller) -> None:
        controllers.append(self)
        start(self)

    def watched_show(self: MainWindow, event: Any) -> None:
        show(self, event)
        self.paint_watch = PaintWatch(seen)  # type: ignore[attr-defined]

    Controller.start, MainWindow.showEvent = watched_start, watched_show  # type: ignore[method-assign]
    sys.exit(app.main())


def start(rounds: int) -> None:
    """Print the medians of several starts on a warm disk."""
    times: dict[str, list[float]] = {"frame": [], "picture": []}
    for _ in range(rounds + 1):
        with tempfile.TemporaryDirectory() as home:
            command = [sys.executable, __file__, "watched-start", repr(time.time())]
            fresh = os.environ | {"XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "XDG_STATE_HOME": home}
            done = subprocess.run(command, env=fresh, capture_output=True, text=True, check=True, timeout=120)
        for line in done.stdout.splitlines():
            name, value = line.split()
            times[name].append(float(value))
    for name, label in (("frame", "start to the window's empty frame"), ("picture", "start to the computed example")):
        print(f"| {label}, median of {rounds} | {statistics.median(times[name][1:]):.1f} s |")


def main() -> None:
    """Run one of the measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("typing", "start", "watched-start"))
    parser.add_argument("born", nargs="?", type=float)
    parser.add_argument("--edits", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    if given.what == "typing":
        typing(given.edits)
    elif given.what == "start":
        start(given.rounds)
    else:
        _watched_start(given.born)


if __name__ == "__main__":
    main()
