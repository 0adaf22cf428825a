"""Notes whatever goes wrong in a program that somebody wanders through, and what it holds on to."""

from __future__ import annotations

import csv
import gc
import io
import json
import logging
import sys
import threading
import traceback
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import resource_tracker
from pathlib import Path
from types import TracebackType
from typing import Any
from xml.etree import ElementTree

import psutil
from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QImage

# What Qt says of platforms without windows of their own, and of a clipboard that another program empties.
HARMLESS = (
    "This plugin does not support propagateSizeHints",
    "This plugin does not support raise",
    "This plugin does not support setting window masks",
    "This plugin does not support grabbing",
    "QXcbClipboard",
    "OpenType support missing",  # this computer has no font for a script that was pasted
    "Wayland",
)
NEVER_ENDS = "resource_tracker"  # Python's own, one for as long as the program lives


class Faults(logging.Handler):
    """``found`` lists them, each with its traceback where it has one."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []
        self.warned: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """An error of the log is a fault, a warning is only told."""
        (self.found if record.levelno >= logging.ERROR else self.warned).append(self.format(record))

    def note(self, what: str) -> None:
        """Something else went wrong."""
        if what not in self.found[-3:]:
            self.found.append(what)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Hear exceptions of all threads, the log, and what Qt complains of."""
        hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        logging.getLogger().addHandler(self)
        threading.excepthook = lambda told: self.note(_written(told.exc_type, told.exc_value, told.exc_traceback))
        sys.unraisablehook = lambda told: self.note(_written(told.exc_type, told.exc_value, told.exc_traceback))
        before = qInstallMessageHandler(self._on_qt)
        try:
            yield
        finally:
            qInstallMessageHandler(before)
            sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
            logging.getLogger().removeHandler(self)

    def _on_qt(self, kind: QtMsgType, _: QMessageLogContext, message: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and not any(known in message for known in HARMLESS):
            self.note(f"Qt ({kind.name}): {message}\n{''.join(traceback.format_stack(limit=8))}")


def _written(kind: Any, error: BaseException | None, trace: TracebackType | None) -> str:
    return "".join(traceback.format_exception(kind, error, trace))


@dataclass(frozen=True, slots=True)
class Held:
    """What a program holds on to at rest: memory in MB, threads of the system and of Python, files, processes."""

    memory: float
    threads: int
    python_threads: int
    files: int
    processes: int
    objects: int
    qt_objects: int

    @classmethod
    def now(cls, window: QObject) -> Held:
        """Counted after everything that can be collected was."""
        gc.collect()
        program = psutil.Process()
        children = [child for child in program.children(recursive=True) if NEVER_ENDS not in " ".join(child.cmdline())]
        return cls(
            memory=program.memory_info().rss / 1e6,
            threads=program.num_threads(),
            python_threads=sum(not isinstance(thread, threading._DummyThread) for thread in threading.enumerate()),
            files=_open_files(program),
            processes=len(children),
            objects=len(gc.get_objects()),
            qt_objects=len(window.findChildren(QObject)),
        )


def _open_files(program: psutil.Process) -> int:
    """Without what comes once and stays: Qt's lists of icons and kinds of files, and the pipe to a tracker."""
    if not hasattr(program, "num_fds"):
        return 0
    once = [file for file in program.open_files() if file.path.startswith("/usr/share/")]
    return int(program.num_fds()) - len(once) - (resource_tracker._resource_tracker._fd is not None)


def half_written(folder: Path) -> list[str]:
    """Files below it that are drafts, or not whole: every one that a person saved opens with what reads its kind."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        if path.name.startswith(".") or path.suffix in (".new", ".tmp"):
            found.append(f"{path.name}: a draft was left")
            continue
        try:
            _open(path)
        except (ValueError, OSError, ElementTree.ParseError, zipfile.BadZipFile, csv.Error) as error:
            found.append(f"{path.name}: {error}")
    return found


def _open(path: Path) -> None:
    reader = READERS.get(path.suffix)
    if reader is not None:
        reader(path.read_bytes())


def _lines(data: bytes) -> None:
    for line in data.decode("utf-8").split("\n"):
        if line:
            json.loads(line)


def _picture(data: bytes) -> None:
    if QImage.fromData(data).isNull():
        raise ValueError("no picture")


def _paper(data: bytes) -> None:
    if not data.startswith(b"%PDF") or b"%%EOF" not in data[-64:]:
        raise ValueError("no end")


def _sheet(data: bytes) -> None:
    bad = zipfile.ZipFile(io.BytesIO(data)).testzip()
    if bad is not None:
        raise ValueError(f"{bad} is broken")


def _rows(data: bytes, between: str) -> None:
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=between)
    if len({len(row) for row in rows}) > 1:
        raise ValueError("a row is cut")


READERS: dict[str, Callable[[bytes], object]] = {
    ".headstream": json.loads,
    ".json": json.loads,
    ".jsonl": _lines,
    ".svg": ElementTree.fromstring,
    ".png": _picture,
    ".pdf": _paper,
    ".xlsx": _sheet,
    ".csv": partial(_rows, between=","),
    ".tsv": partial(_rows, between="\t"),
}
