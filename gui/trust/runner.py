"""The window's side of a trial: starts it beside the window, hears every curve as it is there, stops it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot

from engine.contract import Failure, FailureKind
from engine.errors import Cancelled, EngineError
from engine.faithfulness.trial import Door
from gui.trust.running import Making, Wanted
from gui.trust.tried import Tried


class Working(Protocol):
    """A thread with work in it."""

    failed: SignalInstance
    finished: SignalInstance

    def start(self) -> None:
        """Begin."""

    def wait(self) -> bool:
        """Until it is done."""

    def isFinished(self) -> bool:
        """Whether it is done."""


Work = Callable[[Door, Callable[[], None]], None]
Aside = Callable[[Work], Working]


class _Mailbox:
    """The trial that is wanted next; the thread behind it keeps its session from one trial to the next."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._next: Making | None = None
        self._at_work: Making | None = None
        self._is_closed = False

    def put(self, making: Making | None) -> None:
        """Wanted instead of whatever was wanted before; None is nothing."""
        with self._changed:
            if self._at_work is not None:
                self._at_work.cancel()
            self._next = making
            self._changed.notify()

    def take(self) -> Making | None:
        """The one that is wanted, once there is one; None when the mailbox was closed."""
        with self._changed:
            self._at_work = None
            self._changed.wait_for(lambda: self._next is not None or self._is_closed)
            self._at_work, self._next = self._next, None
            return None if self._is_closed else self._at_work

    def close(self) -> None:
        """Let the thread go home."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()


class TrialRunner(QObject):
    """One trial at a time; a newer one replaces it. All signals arrive in the window's thread.

    ``advanced`` tells a :class:`gui.trust.tried.Tried` after every curve, ``progressed`` how much is done, 0 to 1.
    A trial ends with ``ended``, or ``failed`` (:class:`engine.contract.Failure`); one that is stopped or replaced says
    nothing more. The session stays open for the next trial until :meth:`let_go`.
    """

    advanced = Signal(object)
    progressed = Signal(float)
    ended = Signal()
    failed = Signal(object)
    _told = Signal(object, object)

    def __init__(self, aside: Aside) -> None:
        super().__init__()
        self._aside = aside
        self._making: Making | None = None
        self._mailbox = _Mailbox()
        self._working: Working | None = None
        self._leaving: list[Working] = []
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        """Whether a trial is at work."""
        return self._making is not None

    def start(self, wanted: Wanted) -> None:
        """Make this trial, and none that was wanted before."""

        def told(done: float) -> None:
            self._told.emit(making, done)

        making = self._making = Making(wanted, told)
        self._mailbox.put(making)
        if self._working is None:
            self._open()

    @Slot()
    def stop(self) -> None:
        """End it soon; what was told stays."""
        self._making = None
        self._mailbox.put(None)

    def let_go(self) -> None:
        """End it soon, and forget the model that was read for it."""
        self.stop()
        self._mailbox.close()
        self._mailbox = _Mailbox()
        if self._working is not None:
            self._working.failed.disconnect(self._on_failed)
            self._working.finished.connect(self._on_gone, Qt.ConnectionType.QueuedConnection)
            self._leaving.append(self._working)
            self._working = None
            self._on_gone()  # it may have ended before it was listened to

    def shutdown(self) -> None:
        """Stop and wait until everything is gone."""
        self.let_go()
        for working in self._leaving:
            working.wait()
        self._leaving = []

    def _open(self) -> None:
        mailbox, tell = self._mailbox, self._told.emit

        def work(door: Door, rest: Callable[[], None]) -> None:
            while (making := mailbox.take()) is not None:
                _make(making, door, rest, tell)
                del making  # it holds the explanation, and the next may be long in coming

        self._working = self._aside(work)
        self._working.failed.connect(self._on_failed, Qt.ConnectionType.QueuedConnection)
        self._working.start()

    @Slot(object, object)
    def _on_told(self, making: Making, what: object) -> None:
        """Of the trial that is wanted now; None ends it."""
        if making is not self._making:
            return
        if isinstance(what, Tried):
            self.advanced.emit(what)
        elif isinstance(what, float):
            self.progressed.emit(what)
        else:
            self._making = None
            self.failed.emit(what) if isinstance(what, Failure) else self.ended.emit()

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        """The thread itself came to an end: the next trial opens another."""
        if self._working is not None:
            self._working.wait()
        self._making = self._working = None
        self._mailbox = _Mailbox()
        self.failed.emit(failure)

    @Slot()
    def _on_gone(self) -> None:
        """Only a thread that is gone may be forgotten."""
        self._leaving = [working for working in self._leaving if not (working.isFinished() and working.wait())]


def _make(making: Making, door: Door, rest: Callable[[], None], tell: Callable[[Making, object], None]) -> None:
    """Make one trial and tell of it; the last that is told is None, or what the person can mend."""
    try:
        for tried in making.curves(door, rest):
            tell(making, tried)
    except Cancelled:
        return
    except EngineError as error:
        said = (error.place, error.title, error.message, error.hint)
        tell(making, Failure(0, FailureKind.USER, *said))
    else:
        tell(making, None)
