"""Work beside the window: who goes first, and what comes of what goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from engine.contract import Failure, FailureKind, Request
from engine.errors import TextError
from gui.bridge import Bridge
from tests.gui.stage import FakeSession, application, wait_until


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    application()
    made = Bridge(lambda: FakeSession(seconds=0.5))
    yield made
    made.shutdown()


def test_work_waits_while_the_window_wants_an_answer(bridge: Bridge) -> None:
    outcomes: list[object] = []
    bridge.outcome_arrived.connect(outcomes.append)
    rested: list[int] = []

    def work(session: object, rest: Callable[[], None]) -> None:
        rest()
        rested.append(len(outcomes))

    wait_until(lambda: bridge._mailbox.quiet.is_set())
    bridge.submit(Request(1, "mine", "decompx", text="A film."))
    aside = bridge.aside(work)
    aside.start()
    wait_until(lambda: bool(outcomes))
    wait_until(aside.isFinished)
    assert rested, "the work came to an end"
    idle = bridge.aside(work)
    idle.start()
    assert idle.wait(500), "nobody is in the way now"


def test_work_has_a_session_and_a_thread_of_its_own(bridge: Bridge) -> None:
    sessions: list[object] = []
    threads: list[int] = []

    def work(session: object, rest: Callable[[], None]) -> None:
        sessions.append(session)
        threads.append(threading.get_ident())

    for _ in range(2):
        aside = bridge.aside(work)
        aside.start()
        aside.wait()
    assert len({id(session) for session in sessions}) == 2
    assert threading.get_ident() not in threads


@pytest.mark.parametrize(
    ("error", "kind"), [(TextError("No", "Not so.", "Else."), FailureKind.USER), (KeyError("oh"), FailureKind.BUG)]
)
def test_what_breaks_work_is_told(bridge: Bridge, error: Exception, kind: FailureKind) -> None:
    failures: list[Failure] = []

    def work(session: object, rest: Callable[[], None]) -> None:
        raise error

    aside = bridge.aside(work)
    aside.failed.connect(failures.append)
    aside.start()
    wait_until(lambda: bool(failures))
    aside.wait()
    assert failures[0].kind is kind
    assert bool(failures[0].details) == (kind is FailureKind.BUG)
