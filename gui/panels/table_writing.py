"""Writing a long table while the window stays alive: a thread of its own, which can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.contract import Explanation
from engine.errors import Cancelled, EngineError
from engine.rows import COLUMNS, Chosen, Line, rows_of
from engine.tables import write_table
from engine.words import Row
from engine.writing import reason

MANY = 20_000  # rows: fewer are written before anybody could wait


class TableWriting(QObject):
    """``ended`` tells what went wrong, "" where nothing did; a table that was stopped tells nothing.

    ``done`` counts the rows written so far.
    """

    ended = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.done = 0
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether a table is being written."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, path: Path, explanation: Explanation, chosen: Chosen, merged: tuple[Row, ...], count: int) -> None:
        """Write the ``count`` rows; a short table is there when this returns."""
        self.stop()
        self.done = 0
        self._stopped.clear()
        if count <= MANY:
            self._write(path, rows_of(explanation, chosen, merged))
            return
        lines = rows_of(explanation, chosen, merged)
        self._thread = threading.Thread(target=self._write, args=(path, lines), name="headstream-table", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Give it up; no file is left."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _write(self, path: Path, lines: Iterator[Line]) -> None:
        try:
            write_table(path, COLUMNS, self._counted(lines))
        except Cancelled:
            return
        except (OSError, EngineError) as error:
            self.ended.emit(reason(error) if isinstance(error, OSError) else str(error))
            return
        self.ended.emit("")

    def _counted(self, lines: Iterator[Line]) -> Iterator[Line]:
        for line in lines:
            if self._stopped.is_set():
                raise Cancelled
            yield line
            self.done += 1
