"""What is kept while a person works, also when the program is killed in the middle of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from gui.kept.autosave import PAUSE_MS, Autosave, load_state
from gui.shown import Shown
from gui.state import AppState, Hover
from tests.gui.stage import application, wait_until

ROOT = Path(__file__).resolve().parents[3]
FIRST = AppState(text="A film.")
MOST_LOST = 2.0  # seconds


def kept(path: Path) -> str:
    state = load_state(path)
    return "" if state is None else state.text


def test_a_change_is_written_soon_and_the_last_of_many(tmp_path: Path) -> None:
    application()
    path = tmp_path / "deep" / "autosave.json"
    autosave = Autosave(path, FIRST)
    autosave.keep(Shown(FIRST))
    autosave.flush()
    assert not path.exists(), "nothing has changed"
    began = time.monotonic()
    for text in ("A", "A g", "A good film."):
        autosave.keep(Shown(replace(FIRST, text=text)))
    wait_until(path.exists, 5)
    assert time.monotonic() - began >= 0.9 * PAUSE_MS / 1000
    assert kept(path) == "A good film."
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_the_pointer_alone_writes_nothing(tmp_path: Path) -> None:
    application()
    autosave = Autosave(tmp_path / "autosave.json", FIRST)
    autosave.keep(Shown(replace(FIRST, view=replace(FIRST.view, hover=Hover(1)))))
    autosave.flush()
    assert not (tmp_path / "autosave.json").exists()


@pytest.mark.parametrize("written", ["", "{", '{"version": 1, "text": 3}', "[" * 100_000, '{"version": 99}'], ids=len)
def test_a_file_that_cannot_be_read_is_put_aside(tmp_path: Path, written: str) -> None:
    path = tmp_path / "autosave.json"
    path.write_text(written)
    assert load_state(path) is None
    assert not path.exists()
    assert path.with_suffix(".unreadable").read_text() == written


def test_no_file_is_no_state(tmp_path: Path) -> None:
    assert load_state(tmp_path / "autosave.json") is None


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    application()
    (tmp_path / "file").write_text("")
    autosave = Autosave(tmp_path / "file" / "autosave.json", FIRST)
    autosave.keep(Shown(replace(FIRST, text="New.")))
    autosave.flush()


TYPING = """
import sys, time
from PySide6.QtCore import QTimer
from gui import app, window
opened = window.MainWindow.showEvent
def open_and_type(self, event):
    opened(self, event)
    if not hasattr(self, "typist"):
        self.typist = QTimer(self)
        self.typist.setInterval(50)
        self.typist.timeout.connect(lambda: self.desk.text.field.setPlainText(f"typed at {time.time():.3f}"))
        self.typist.start()
window.MainWindow.showEvent = open_and_type
sys.exit(app.main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL and keeps its settings elsewhere")
def test_a_killed_program_loses_two_seconds_at_most(tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
    }
    program = subprocess.Popen([sys.executable, "-c", TYPING], env=environment)
    try:
        end = time.monotonic() + 60
        while not (found := list(home.rglob("autosave.json"))) and time.monotonic() < end:
            time.sleep(0.05)
        assert found, "nothing was kept at all"
        time.sleep(3)
        program.send_signal(signal.SIGKILL)
        killed = time.time()
    finally:
        program.kill()
        program.wait()
    text = json.loads(found[0].read_text(encoding="utf-8"))["text"]
    assert killed - float(text.removeprefix("typed at ")) < MOST_LOST
    assert kept(found[0]) == text
