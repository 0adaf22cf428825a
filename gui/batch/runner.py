"""The window's side of a batch: starts it beside the window, hears how far it is, stops it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot

from engine.contract import Failure
from gui.batch.order import Order
from gui.batch.painting import Painting, PaintingBeside
from gui.batch.running import Batch, BatchReport, Engine


class Working(Protocol):
    """A thread with work in it."""

    failed: SignalInstance

    def start(self) -> None:
        """Begin."""

    def wait(self) -> bool:
        """Until it is done."""


Work = Callable[[Engine, Callable[[], None]], None]
Aside = Callable[[Work], Working]


class BatchRunner(QObject):
    """One batch at a time. All signals arrive in the window's thread.

    ``progressed`` tells a :class:`BatchProgress`, ``ended`` a :class:`BatchReport`, ``failed`` a :class:`Failure`;
    after one of the last two another batch can begin.
    """

    progressed = Signal(object)
    ended = Signal(object)
    failed = Signal(object)
    _reported = Signal(object)

    def __init__(self, aside: Aside, painting: Callable[[], Painting] = PaintingBeside) -> None:
        super().__init__()
        self._aside, self._painting = aside, painting
        self._batch: Batch | None = None
        self._working: Working | None = None
        self.folder = Path()
        self._reported.connect(self._on_reported, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        """Whether a batch is at work."""
        return self._working is not None

    def start(self, order: Order, folder: Path) -> None:
        """Begin, or go on, with this order in this folder; nothing while another is at work."""
        if self._working is not None:
            return
        self.folder = folder
        batch = self._batch = Batch(order, folder, self._painting(), self.progressed.emit)

        def work(engine: Engine, rest: Callable[[], None]) -> None:
            self._reported.emit(batch.run(engine, rest))

        self._working = self._aside(work)
        self._working.failed.connect(self._on_failed, Qt.ConnectionType.QueuedConnection)
        self._working.start()

    @Slot()
    def stop(self) -> None:
        """End it soon; what is finished stays."""
        if self._batch is not None:
            self._batch.stop()

    def shutdown(self) -> None:
        """Stop and wait until it is gone."""
        self.stop()
        if self._working is not None:
            self._working.wait()
            self._working = None

    @Slot(object)
    def _on_reported(self, report: BatchReport) -> None:
        self._let_go()
        self.ended.emit(report)

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        self._let_go()
        self.failed.emit(failure)

    def _let_go(self) -> None:
        """Only a thread that is gone may be forgotten."""
        if self._working is not None:
            self._working.wait()
        self._working = self._batch = None
