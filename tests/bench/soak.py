"""Somebody does anything at all with the real program, at random and for long: what fails, what hangs, what is kept.

    python tests/bench/soak.py [--seed S] [--actions N] [--minutes M] [--replay FIRST-LAST] [--journal FILE]

Everything is real: program, engine, bundled models, Qt's platform as QT_QPA_PLATFORM says. Acts are mouse and keyboard
(``tests.gui.wild``); made up is only what the system's chooser of files answers. It ends with a table, and with status
1 when the bar is missed: nothing but messages, memory grown by less than 50 MB, threads, open files, processes and
temporary files as after the warm-up, every file whole.

Act number N of seed S is always the same act; ``--replay 120-135`` does only these, in a fresh window.
"""

from __future__ import annotations

import argparse
import ctypes
import faulthandler
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "tests" / "parity" / "models"
HANG_SECONDS = 300  # without any sign of life: all stacks are printed, and it ends
LONGEST_ACT = 20.0  # seconds of the window's thread itself, whoever else is on the processor
LAST_PATIENCE = 240.0  # seconds until an answer counts as never coming
OF_TORCH = "torchinductor"  # an empty folder that torch makes once for each person, and never takes away
REST_EVERY = 100  # acts
WARM = 0.25  # the part of the acts, or of the time, before memory is measured first


def live_in(home: Path) -> None:
    """Settings, home and temporary files in a folder of their own; called before anything else is imported."""
    (home / "tmp").mkdir(parents=True)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = str(home)
    os.environ["TMPDIR"] = tempfile.tempdir = str(home / "tmp")
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.insert(0, str(ROOT))
    # Python's hook for exceptions is kept by torch as it finds it: the first window's, with all that hangs on it.
    import engine.session  # noqa: F401


class Soak:
    """One run: program, person, and who watches both."""

    def __init__(self, home: Path, seed: int, patience: float, journal: TextIO) -> None:
        """``patience`` is how many seconds the person waits for an answer, where they wait."""
        from gui.opening.application import Application
        from tests.gui.wild.things import Shelf
        from tests.gui.wild.watch import Faults, Held

        self._home, self._seed, self._patience, self._journal = home, seed, patience, journal
        self.application = Application(["headstream"])
        self.application.setQuitOnLastWindowClosed(False)
        self.faults, self.shelf = Faults(), Shelf.filled(home)
        self.held: list[Held] = []
        self.done = self.windows = self.answers = 0
        self.slowest: tuple[float, str] = (0.0, "")
        self._act = ""
        self._last_made: object = None
        self._look = random.Random(seed)

    def run(self, first: int, last: int, seconds: float, reopen_every: int) -> None:
        """Acts ``first`` to ``last``, or as many as fit into the time; now and then the window is opened anew."""
        from tests.gui.wild.answers import Answers

        with ExitStack() as stack:
            stack.enter_context(self.faults.watching())
            self._open()
            stack.enter_context(Answers(self.acts.dice, self.shelf, MODELS).given())
            self.rest()
            end, warm_until, number = time.monotonic() + seconds, time.monotonic() + WARM * seconds, first
            is_warm = False
            while number <= last and time.monotonic() < end:
                self._do(number)
                number += 1
                if not is_warm and (number - first > WARM * (last - first) or time.monotonic() > warm_until):
                    is_warm = True
                    self.rest()
                    self.held = self.held[-1:]
                elif (number - first) % REST_EVERY == 0:
                    self.rest()
                if (number - first) % reopen_every == 0:
                    self._close()
                    self._open()
            self.rest()
            self._close()
        faulthandler.cancel_dump_traceback_later()

    def rest(self) -> None:
        """Let everything stop, show one and the same sentence as at the start, and count what is held."""
        from gui.state import AppState
        from tests.gui.wild.things import SENTENCE
        from tests.gui.wild.watch import Held

        self._act = "rest"
        self._put_away()
        window, controller = self.program.window, self.program.controller
        self.program.batches.stop()
        self.program.trials.stop()
        self._until(lambda: not self.program.batches.is_running, "a batch that was stopped never ended")
        self._until(lambda: not self.program.trials.is_running, "a trial that was stopped never ended")
        if window.desk.is_trusting:
            window.desk.close_trust()  # an open panel keeps a model of its own, so that the next trial begins at once
        window.exporting.numbers.give_up()
        self.application.clipboard().clear()  # a figure that was copied is held until another takes its place
        window.appearance.choose("light")
        window.appearance.set_percent(100)
        window.resize(1440, 900)
        # Two: where the last one stood there already, the engine would still hold what it was asked after it.
        for text in ("Rest.", SENTENCE):
            controller.opened(AppState(text=text))
            self._until(partial(self._is_answered, text), f"the answer to “{text}” never came")
        self._idle(1.0)
        _hand_back()
        self.held.append(Held.now(window))
        self._act = f"act {self.done}:"
        self._tell(f"{self.held[-1]}, {len(self.faults.found)} faults, {_threads()}")

    def _open(self) -> None:
        from gui.app import opened_program
        from tests.gui.wild.acts import Acts

        self.program = opened_program(self.application)
        self.windows += 1
        self.acts = Acts(self.program.window, self.shelf, MODELS, self._tell) if self.windows == 1 else self.acts
        self.acts.take(self.program.window)
        self._idle(0.2)

    def _close(self) -> None:
        """Close the window, look at what was remembered, and forget the program."""
        from PySide6.QtCore import QCoreApplication, QEvent

        from gui.kept.autosave import autosave_path, load_state
        from gui.kept.settings import load_settings, settings_path

        self._put_away()
        remembered = self.program.window.remembered()
        self.program.window.close()
        self.program.end()
        if load_settings(settings_path()) != remembered:
            self.faults.note("the settings that were read are not those that were written")
        if load_state(autosave_path()) is None:
            self.faults.note("the work was not kept")
        self.program.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        del self.program

    def _do(self, number: int) -> None:
        faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
        self._act = str(number)
        began = time.thread_time()
        try:
            self.acts.by_chance(f"{self._seed}/{number}")
        except RuntimeError as error:
            if "already deleted" not in str(error):
                raise
            self._tell("what the hand was on has closed")
        self.application.processEvents()
        taken = time.thread_time() - began
        self.slowest = max(self.slowest, (taken, f"{number} {self.acts.name}"))
        if taken > LONGEST_ACT:
            self.faults.note(f"act {number} kept the window for {taken:.0f} s")
        self._idle(self._look.choice((0.0, 0.05, 0.2)))
        if self._look.random() < 0.3:
            self._wait()
        self._check(number)
        self.done += 1

    def _wait(self) -> None:
        """For the answer, as long as a person would."""
        end = time.monotonic() + self._patience
        while self.program.controller.shown.waiting and time.monotonic() < end:
            self._idle(0.02)

    def _check(self, number: int) -> None:
        from engine.contract import FailureKind

        shown, window = self.program.controller.shown, self.program.window
        bugs = (shown.bug, shown.failure, shown.first_failure)
        for bug in bugs:
            if bug is not None and bug.kind is FailureKind.BUG:
                self.faults.note(f"act {number}: {bug.title}: {bug.message}\n{bug.details}")
        if shown.bug is not None:
            self.program.controller.bug_dismissed()
        if not window.isVisible():
            self.faults.note(f"act {number}: the window is gone")
            window.show()
        if shown.explanation is not self._last_made:
            self._last_made, self.answers = shown.explanation, self.answers + 1

    def _put_away(self) -> None:
        """Close menus, dialogs, the sheet, the tour and the stage."""
        window = self.program.window
        for _ in range(10):
            front = self.application.activePopupWidget() or self.application.activeModalWidget()
            if front is None:
                break
            front.close()
            self.application.processEvents()
        if not window.guide.tour.isHidden():
            window.guide.tour.end()
        window.presenter.leave()
        window.exporting.dismiss()

    def _is_answered(self, text: str) -> bool:
        from gui.shown import Activity

        shown = self.program.controller.shown
        made = shown.explanation
        is_there = made is not None and made.request.text == text and shown.activity is Activity.UP_TO_DATE
        return is_there and not shown.waiting

    def _until(self, holds: Callable[[], bool], otherwise: str) -> None:
        end = time.monotonic() + LAST_PATIENCE
        faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
        while not holds():
            self._idle(0.02)
            if time.monotonic() > end:
                faulthandler.dump_traceback(all_threads=True)
                self.faults.note(otherwise)
                return

    def _idle(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self.application.processEvents()
        while time.monotonic() < end:
            self.application.processEvents()
            time.sleep(0.002)

    def _tell(self, what: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {self._act} {what}", file=self._journal, flush=True)

    def table(self, seconds: float, most_growth: float) -> tuple[list[str], bool]:
        """Rows of a Markdown table, and whether the bar is met; ``most_growth`` is in MB."""
        from tests.gui.wild.watch import half_written

        first, last = self.held[0], self.held[-1]
        memory = last.memory - first.memory
        temporary = [path.name for path in (self._home / "tmp").iterdir() if not path.name.startswith(OF_TORCH)]
        broken = half_written(self.shelf.saved) + half_written(self._home / "Headstream")
        for name in temporary:
            self.faults.note(f"left behind: {name}")
        for name in broken:
            self.faults.note(f"half written: {name}")
        counted = {
            "threads": (first.threads, last.threads),
            "threads of Python": (first.python_threads, last.python_threads),
            "open files": (first.files, last.files),
            "processes beside": (first.processes, last.processes),
        }
        spell = f"{self.done} acts, seed {self._seed}:"
        rows = [
            f"| {spell} minutes, answers shown, windows opened | {seconds / 60:.0f}, {self.answers}, {self.windows} |",
            f"| {spell} tracebacks, Qt's complaints, hangs | {len(self.faults.found)} |",
            f"| {spell} memory at rest after the warm-up, at the end (at most {most_growth:.0f} MB more) "
            f"| {first.memory:.0f} MB, {last.memory:.0f} MB |",
            *(f"| {spell} {name}, then and at the end | {was}, {now} |" for name, (was, now) in counted.items()),
            f"| {spell} temporary files left, files half written | {len(temporary)}, {len(broken)} |",
            f"| {spell} longest time the window's own thread took over one act | {self.slowest[0]:.1f} s |",
        ]
        is_met = not self.faults.found and memory < most_growth and not temporary
        return rows, is_met and all(now <= was for was, now in counted.values())


def _threads() -> str:
    return ", ".join(thread.name for thread in threading.enumerate())


def _hand_back() -> None:
    """Free pages back to the system, where the C library knows how: counted is what is in use."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def main() -> int:
    """Print the table; status 1 where the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--actions", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=600.0, help="stop after so long, whatever is left")
    parser.add_argument("--replay", metavar="FIRST-LAST", help="only these acts")
    parser.add_argument("--reopen-every", type=int, default=400, metavar="ACTS", help="close the window, open it anew")
    parser.add_argument("--patience", type=float, default=20.0, help="seconds a person waits for an answer")
    parser.add_argument("--growth", type=float, default=50.0, help="megabytes that memory may grow by")
    parser.add_argument("--journal", type=Path, help="where to write what is done; default: the error stream")
    given = parser.parse_args()
    first, _, last = (given.replay or f"1-{given.actions}").partition("-")
    with ExitStack() as stack:
        folder = tempfile.TemporaryDirectory(prefix="headstream-soak-", ignore_cleanup_errors=True)
        home = Path(stack.enter_context(folder)) / "home"
        journal = stack.enter_context(given.journal.open("w", encoding="utf-8")) if given.journal else sys.stderr
        live_in(home)
        faulthandler.enable()
        soak, began = Soak(home, given.seed, given.patience, journal), time.monotonic()
        soak.run(int(first), int(last or first), 60 * given.minutes, given.reopen_every)
        rows, is_met = soak.table(time.monotonic() - began, given.growth)
        print("\n".join(rows))
        for fault in soak.faults.found[:40]:
            print(f"\n{fault}", file=sys.stderr)
        return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
