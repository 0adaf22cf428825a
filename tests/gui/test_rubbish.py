"""Whatever works beside the window, what was Qt's is collected in the window's thread."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui import rubbish
from gui.rubbish import RubbishInTurn
from tests.gui.stage import wait_until

ROOT = Path(__file__).resolve().parents[2]


class Knot:
    """Holds itself, and says which thread it ended in."""

    def __init__(self, ended_in: list[int]) -> None:
        self.itself, self._ended_in = self, ended_in

    def __del__(self) -> None:
        self._ended_in.append(threading.get_ident())


def work_in_another_thread() -> list[list[int]]:
    """Make and keep so many objects that Python would collect."""
    kept: list[list[int]] = []
    thread = threading.Thread(target=lambda: kept.extend([] for _ in range(20_000)))
    thread.start()
    thread.join()
    return kept


@pytest.fixture
def collected() -> Iterator[None]:
    """As in the program: the other tests run with no collection at all."""
    gc.collect()
    gc.enable()
    yield
    gc.disable()


def test_python_by_itself_collects_in_the_worker(collected: None) -> None:
    ended_in: list[int] = []
    Knot(ended_in)
    work_in_another_thread()
    assert ended_in
    assert threading.get_ident() not in ended_in, "the danger is there"


def test_nothing_is_collected_in_another_thread(collected: None) -> None:
    turn, ended_in = RubbishInTurn(), []
    Knot(ended_in)
    kept = work_in_another_thread()
    assert ended_in == []
    wait_until(lambda: bool(ended_in))
    assert ended_in == [threading.get_ident()]
    assert len(kept) == 20_000
    turn.end()
    assert gc.get_threshold() == rubbish.DUE, "Python collects by itself again"


def test_libraries_that_switch_collection_off_and_on_change_nothing(collected: None) -> None:
    turn, ended_in = RubbishInTurn(), []
    gc.disable()
    gc.enable()
    Knot(ended_in)
    work_in_another_thread()
    assert ended_in == []
    turn.end()


def test_everything_is_gone_through_only_when_much_has_come(collected: None, monkeypatch: pytest.MonkeyPatch) -> None:
    turn = RubbishInTurn()
    ages: list[int] = []
    dead = 100

    def collect(age: int) -> int:
        ages.append(age)
        return dead

    def in_turn(*new: int) -> list[int]:
        ages.clear()
        for count in new:
            monkeypatch.setattr(gc, "get_count", lambda count=count: (count, 11, 11))
            turn._on_time()
        return ages

    monkeypatch.setattr(gc, "collect", collect)
    middle, oldest = rubbish.MIDDLE, rubbish.OLDEST
    assert in_turn(900, 100) == [middle, oldest], "800 outlived the first, which is all there is known of"
    assert in_turn(300, 100, 101) == [middle, middle, middle], "200 of 800 are a quarter, and no more"
    assert in_turn(100) == [oldest]
    monkeypatch.setattr(gc, "get_count", lambda: (700, 10, 10))
    ages.clear()
    turn._on_time()
    assert ages == [], "nothing is due"
    turn.end()


def test_a_tuple_that_is_built_in_another_thread_is_never_touched(collected: None) -> None:
    """What a list of all objects does to it: SystemError, bad argument to internal function."""
    turn, failed, ended = RubbishInTurn(), [], threading.Event()

    def build() -> None:
        while not ended.is_set():
            try:
                assert len(tuple([number] for number in range(2_000))) == 2_000
            except SystemError as error:
                failed.append(error)

    interval, end = sys.getswitchinterval(), time.monotonic() + 2.0
    sys.setswitchinterval(1e-6)
    thread = threading.Thread(target=build)
    thread.start()
    while time.monotonic() < end:
        turn._on_time()
    ended.set()
    sys.setswitchinterval(interval)
    thread.join()
    turn.end()
    assert failed == []


def test_timers_of_dropped_windows_outlive_work_in_other_threads() -> None:
    """What the program is in danger of, in a program of its own: Qt complains aloud, or the process dies."""
    code = """
import gc, threading
from PySide6.QtCore import QCoreApplication, QObject, QTimer
from gui.rubbish import RubbishInTurn
application = QCoreApplication([])
turn = RubbishInTurn()
for _ in range(20):
    owner = type("Owner", (), {})()
    owner.timer = QTimer()
    owner.timer.start(5)
    owner.itself = owner
    del owner
    kept = []
    thread = threading.Thread(target=lambda: kept.extend([] for _ in range(20_000)))
    thread.start()
    thread.join()
    application.processEvents()
turn.end()
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    without = code.replace("turn = RubbishInTurn()\n", "").replace("turn.end()\n", "")
    done = subprocess.run([sys.executable, "-c", without], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0 or "another thread" in done.stderr, "the danger is there"
