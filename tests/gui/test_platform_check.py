"""Where no window can be opened, one line says why; Qt itself would end the process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gui import platform_check
from gui.platform_check import window_problem

ROOT = Path(__file__).resolve().parents[2]
BARE = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}


def test_no_screen_is_said_in_one_line() -> None:
    problem = window_problem({}, "linux")
    assert problem is not None
    assert "QT_QPA_PLATFORM=offscreen" in problem
    assert "\n" not in problem


def test_a_chosen_platform_or_another_system_is_trusted() -> None:
    assert window_problem({"QT_QPA_PLATFORM": "offscreen"}, "linux") is None
    assert window_problem({"WAYLAND_DISPLAY": "wayland-0"}, "linux") is None
    assert window_problem({}, "darwin") is None


def test_a_screen_that_does_not_answer_is_named() -> None:
    problem = window_problem({"DISPLAY": ":4711"}, "linux")
    assert problem is not None
    assert ":4711" in problem or "libxcb-cursor0" in problem


def test_missing_libraries_name_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(platform_check.importlib, "import_module", refuse)
    problem = window_problem({"QT_QPA_PLATFORM": "offscreen"}, "linux")
    assert problem is not None
    assert problem.startswith("Headstream needs system libraries that are missing here (libEGL.so.1).")
    for package in ("libegl1", "libgl1", "libxcb-cursor0", "libxkbcommon-x11-0"):
        assert package in problem


@pytest.mark.parametrize("extra", [{}, {"DISPLAY": ":4711"}])
def test_the_program_ends_with_status_two_and_no_traceback(extra: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, str(ROOT / "main.py")],
        env=BARE | extra,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.strip().splitlines()) == 1
    assert ended.stderr.startswith("Headstream ")
