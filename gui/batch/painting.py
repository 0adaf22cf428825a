"""Figures drawn in a process of their own: Python draws with one hand at a time, and the engine needs that hand.

A thread would take from the engine what it draws with; a process leaves it the whole time.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.connection import wait
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from PySide6.QtGui import QFont, QGuiApplication

from gui.batch.drawing import Drawing

MOST_PROCESSES = 3


Job = tuple[Drawing, Path]  # what, and into which file


class Painting(Protocol):
    """What draws figures while the engine goes on."""

    def submit(self, jobs: Sequence[Job]) -> Future[tuple[str, ...]]:
        """The names of the files that came of it, once they stand; raises OSError then."""

    def close(self) -> None:
        """Nothing more is to be drawn."""


class PaintingHere:
    """Draws at once, in this thread."""

    def submit(self, jobs: Sequence[Job]) -> Future[tuple[str, ...]]:
        """The names of the files."""
        drawn: Future[tuple[str, ...]] = Future()
        try:
            drawn.set_result(paint(jobs))
        except OSError as error:
            drawn.set_exception(error)
        return drawn

    def close(self) -> None:
        """Nothing is left open."""


class PaintingBeside:
    """Draws in other processes, in the typeface this application has."""

    def __init__(self) -> None:
        cores = os.cpu_count() or 1
        self._pool = ProcessPoolExecutor(
            max_workers=min(MOST_PROCESSES, max(1, cores - 1)),
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(QGuiApplication.font().toString(),),
        )

    def submit(self, jobs: Sequence[Job]) -> Future[tuple[str, ...]]:
        """The names of the files."""
        return self._pool.submit(paint, tuple(jobs))

    def close(self) -> None:
        """Wait for what is being drawn, and end the processes."""
        self._pool.shutdown(cancel_futures=True)


def paint(jobs: Sequence[Job]) -> tuple[str, ...]:
    """Draw them, those left out of which there is no such picture. Raises OSError where one cannot be written."""
    drawn = [(drawing, path) for drawing, path in jobs if not drawing.missing]
    for drawing, path in drawn:
        drawing.write(path)
    return tuple(path.name for _, path in drawn)


def draw_without_a_screen() -> None:
    """Let the Qt application to come do without a screen, where it can: on Windows it would do without fonts too."""
    if sys.platform != "win32":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def _begin(font: str) -> None:
    """What a new process does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program, which lets the figure in hand finish
    threading.Thread(target=_end_with_the_program, daemon=True).start()
    draw_without_a_screen()
    global _application  # lives as long as the process
    _application = QGuiApplication(["headstream"])
    own = QFont()
    own.fromString(font)
    QGuiApplication.setFont(own)


_application: QGuiApplication | None = None


def _end_with_the_program() -> None:
    """A program that was killed says nothing: this process would wait for its next figure for ever."""
    program = multiprocessing.parent_process()
    if program is not None:
        wait([program.sentinel])
        os._exit(0)


def _read_only(entries: dict[str, object]) -> MappingProxyType[str, object]:
    return MappingProxyType(entries)


def _taken_apart(mapping: MappingProxyType[str, object]) -> tuple[Callable[..., object], tuple[dict[str, object]]]:
    return _read_only, (dict(mapping),)


ForkingPickler.register(MappingProxyType, _taken_apart)  # explanations hold read-only mappings
