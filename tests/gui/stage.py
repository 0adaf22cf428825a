"""Stand-ins for the window's tests: a bridge without a thread, a pause without a clock, a session without a model."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtWidgets import QApplication

from engine.context import RunContext
from engine.contract import Explanation, Request
from tests.gui import samples


def application() -> QApplication:
    """The one Qt application of the test run."""
    running = QApplication.instance() or QApplication(["headstream-tests"])
    assert isinstance(running, QApplication)
    return running


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Let Qt work until the condition holds; fails when it never does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "what was waited for never came"
        application().processEvents()
        time.sleep(0.002)


def answer(request: Request, **changes: object) -> Explanation:
    """A hand-made explanation of just this request."""
    return samples.explanation(request.text, **({"request": request} | changes))  # type: ignore[arg-type]


@dataclass
class FakeBridge:
    """Keeps what it is asked."""

    requests: list[Request] = field(default_factory=list)
    given_up: int = 0

    def submit(self, request: Request) -> None:
        self.requests.append(request)

    def give_up(self) -> None:
        self.given_up += 1


@dataclass
class FakePause:
    """Ends when the test says so."""

    ended: Callable[[], None] | None = None
    starts: int = 0

    def start(self, ended: Callable[[], None]) -> None:
        self.ended = ended
        self.starts += 1

    def stop(self) -> None:
        self.ended = None

    def end(self) -> None:
        ended, self.ended = self.ended, None
        assert ended is not None, "no pause is running"
        ended()


@dataclass
class FakeSession:
    """Answers from ``samples``; ``seconds`` is what a run takes, cancelled in steps as the real one is.

    Where it ``previews``, the context is shown a preview before the first step.
    """

    seconds: float = 0.0
    raises: Callable[[Request], Exception | None] = lambda request: None
    previews: bool = False
    asked: list[Request] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def run(self, request: Request, context: RunContext) -> Explanation:
        self.asked.append(request)
        self.threads.add(threading.get_ident())
        if self.previews and context.show is not None:
            context.show(answer(request, preview=True))
        for step in range(10):
            context.progress(step / 10, "Following the words")
            time.sleep(self.seconds / 10)
        error = self.raises(request)
        if error is not None:
            raise error
        return answer(request)
