"""The thread the engine runs in. A mailbox of one place: nobody waits for what nobody wants any more."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from threading import Condition, Event
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from engine.context import RunContext
from engine.contract import Dropped, Explanation, Failure, FailureKind, Outcome, Progress, Request
from engine.errors import Cancelled, EngineError, GapError

log = logging.getLogger(__name__)

# How long the engine leaves the processor to the window, at most, while a preview is being painted.
PAINTING_SECONDS = 0.1
LONGEST_REST = 2.0  # seconds that work beside the window waits for it, however much it asks


class Door(Protocol):
    """What answers requests: ``engine.session.Session``, or a stand-in."""

    def run(self, request: Request, context: RunContext) -> Explanation:
        """The answer; raises Cancelled or EngineError."""


Work = Callable[[Any, Callable[[], None]], None]


def _open_session() -> Door:
    # Here and not above: torch takes seconds to load, and this runs in the worker's thread.
    from engine.session import Session

    return Session()


class _Mailbox:
    """The newest request and its context; a newer one replaces it and cancels what runs."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._waiting: tuple[Request, RunContext] | None = None
        self._running: RunContext | None = None
        self._is_closed = False
        self.quiet = Event()  # nothing is asked, and nothing is being answered

    def put(self, request: Request | None, context: RunContext) -> Request | None:
        """Leave a request, or None to want nothing; returns the one it replaced."""
        with self._changed:
            replaced = self._waiting
            if request is not None:
                self.quiet.clear()
            self._waiting = (request, context) if request is not None else None
            if self._running is not None:
                self._running.cancel()
            self._changed.notify()
        return replaced[0] if replaced is not None else None

    def take(self) -> tuple[Request, RunContext] | None:
        """The newest request, once there is one; None when the mailbox was closed."""
        with self._changed:
            self._running = None
            if self._waiting is None:
                self.quiet.set()
            self._changed.wait_for(lambda: self._waiting is not None or self._is_closed)
            if self._is_closed or self._waiting is None:
                return None
            taken, self._waiting = self._waiting, None
            self._running = taken[1]
            return taken

    def close(self) -> None:
        """Let the reader go home."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()


class _Worker(QThread):
    """Takes one request after another and gives exactly one outcome for each."""

    answered = Signal(object)
    progressed = Signal(object)
    previewed = Signal(object)

    def __init__(self, mailbox: _Mailbox, open_session: Callable[[], Door]) -> None:
        super().__init__()
        self._mailbox = mailbox
        self._open_session = open_session
        self._door: Door | None = None

    def run(self) -> None:
        """Work until the mailbox closes."""
        while (taken := self._mailbox.take()) is not None:
            self.answered.emit(self._answer(*taken))
        self._door = None  # the model goes with the work, whoever holds on to the thread

    def _answer(self, request: Request, context: RunContext) -> Outcome:
        try:
            if self._door is None:
                self._door = self._open_session()
            return self._door.run(request, context)
        except Cancelled:
            return Dropped(request.generation)
        except EngineError as error:
            mask = error.mask_token if isinstance(error, GapError) else ""
            said = (error.place, error.title, error.message, error.hint)
            return Failure(request.generation, FailureKind.USER, *said, mask_token=mask)
        except Exception as error:  # broad: whatever our own bug is, the window must live and say so
            log.exception("request %d failed", request.generation)
            return _bug(request.generation, error)


def _bug(generation: int, error: Exception) -> Failure:
    return Failure(
        generation,
        FailureKind.BUG,
        place="",
        title="Something went wrong inside Headstream",
        message=f"{type(error).__name__}: {error}",
        hint="Your text is safe. Please send us the details.",
        details=traceback.format_exc(),
    )


class Aside(QThread):
    """A long piece of work beside the window, in a thread and with a session of its own.

    The work is handed the session, and what to call now and then: it waits there while the window wants an answer, so
    that whoever types is served first. ``failed`` tells (:class:`Failure`) what ended the work before its time.
    """

    failed = Signal(object)

    def __init__(self, work: Work, open_session: Callable[[], Door], quiet: Event) -> None:
        super().__init__()
        self._work, self._open_session, self._quiet = work, open_session, quiet

    def run(self) -> None:
        """Work until it is done."""
        try:
            self._work(self._open_session(), self._rest)
        except EngineError as error:
            self.failed.emit(Failure(0, FailureKind.USER, error.place, error.title, error.message, error.hint))
        except Exception as error:  # broad: whatever our own bug is, the window must live and say so
            log.exception("work beside the window failed")
            self.failed.emit(_bug(0, error))

    def _rest(self) -> None:
        self._quiet.wait(LONGEST_REST)


class Bridge(QObject):
    """The window's side: submit requests, hear ``outcome_arrived`` and ``progress_arrived`` in the GUI thread.

    A slow request's preview arrives before its outcome and by the same way, so that neither can overtake the other.
    The engine goes on once it is painted: both at once would make the first picture late.
    """

    outcome_arrived = Signal(object)
    progress_arrived = Signal(object)

    def __init__(self, open_session: Callable[[], Door] = _open_session) -> None:
        super().__init__()
        self._mailbox = _Mailbox()
        self._open_session = open_session
        self.worker = _Worker(self._mailbox, open_session)
        # Signal to signal, queued onto this object, which lives in the GUI thread; a lambda would run in the worker's.
        self.worker.answered.connect(self.outcome_arrived, Qt.ConnectionType.QueuedConnection)
        self.worker.progressed.connect(self.progress_arrived, Qt.ConnectionType.QueuedConnection)
        self._painted = Event()
        self.worker.previewed.connect(self._preview_arrived, Qt.ConnectionType.QueuedConnection)
        self.worker.start()

    def submit(self, request: Request) -> None:
        """Ask this instead of anything asked before."""

        def report(fraction: float, doing: str) -> None:
            self.worker.progressed.emit(Progress(request.generation, fraction, doing))

        def show(preview: Explanation) -> None:
            self._painted.clear()
            self.worker.previewed.emit(preview)
            self._painted.wait(PAINTING_SECONDS)

        self._replace(request, RunContext(report, request.seed, show))

    def aside(self, work: Work) -> Aside:
        """A thread for this work, not started yet."""
        return Aside(work, self._open_session, self._mailbox.quiet)

    def give_up(self) -> None:
        """Nothing asked before is wanted any more."""
        self._replace(None, RunContext())

    def shutdown(self) -> None:
        """Stop the thread and wait until it is gone."""
        self.give_up()
        self._mailbox.close()
        self.worker.wait()

    @Slot(object)
    def _preview_arrived(self, preview: Explanation) -> None:
        self.outcome_arrived.emit(preview)
        # Behind the paint events that the preview has just asked for.
        QTimer.singleShot(0, self._painted.set)

    def _replace(self, request: Request | None, context: RunContext) -> None:
        replaced = self._mailbox.put(request, context)
        if replaced is not None:
            self.worker.answered.emit(Dropped(replaced.generation))
