"""Figures drawn in a process of their own: Python draws with one hand at a time, and the engine needs that hand.

A thread would take from the engine what it draws with; a process leaves it the whole time.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from PySide6.QtGui import QFont, QFontInfo, QGuiApplication

from engine.contract import Explanation
from gui.batch.drawing import draw
from gui.batch.order import Order
from gui.state import AppState

MOST_PROCESSES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One figure: the view ``picture`` of an explained side of an example, into ``path``."""

    order: Order
    picture: str
    side: AppState
    explanation: Explanation
    path: Path


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
    """Draws in other processes, in the type this application has."""

    def __init__(self) -> None:
        font = QGuiApplication.font()
        cores = os.cpu_count() or 1
        self._pool = ProcessPoolExecutor(
            max_workers=min(MOST_PROCESSES, max(1, cores - 1)),
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(font.toString(), QFontInfo(font).pixelSize()),
        )

    def submit(self, jobs: Sequence[Job]) -> Future[tuple[str, ...]]:
        """The names of the files."""
        return self._pool.submit(paint, tuple(jobs))

    def close(self) -> None:
        """Wait for what is being drawn, and end the processes."""
        self._pool.shutdown(cancel_futures=True)


def paint(jobs: Sequence[Job]) -> tuple[str, ...]:
    """Draw them, those whose explanation has no such picture left out. Raises OSError where one cannot be written."""
    return tuple(job.path.name for job in jobs if draw(job.order, job.picture, job.side, job.explanation, job.path))


def _begin(font: str, pixels: int) -> None:
    """What a new process does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program, which lets the figure in hand finish
    threading.Thread(target=_end_with_the_program, daemon=True).start()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    global _application  # noqa: PLW0603 - lives as long as the process
    _application = QGuiApplication(["headstream"])
    own = QFont()
    own.fromString(font)
    own.setPixelSize(pixels)
    QGuiApplication.setFont(own)


_application: QGuiApplication | None = None


def _end_with_the_program() -> None:
    """A program that was killed says nothing: this process would wait for its next figure for ever."""
    program = multiprocessing.parent_process()
    if program is not None:
        wait([program.sentinel])
        os._exit(0)


def _as_dictionary(mapping: MappingProxyType[str, object]) -> tuple[type, tuple[dict[str, object]]]:
    return MappingProxyType, (dict(mapping),)


ForkingPickler.register(MappingProxyType, _as_dictionary)  # explanations hold read-only mappings
