"""The one place with a real thread: nothing is lost, nothing old is wanted, nothing stays behind."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, QThread, Slot

from engine.context import RunContext
from engine.contract import Dropped, Explanation, Failure, FailureKind, Outcome, Progress, Request
from engine.errors import GapError, TextError
from gui.bridge import PAINTING_SECONDS, Bridge
from gui.controller import Controller
from gui.inquiry import TimedPause
from gui.shown import Shown
from gui.state import AppState
from tests.gui.stage import FakeSession, answer, application, wait_until


class Listener(QObject):
    """Keeps what arrives, and in which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: list[Outcome] = []
        self.progress: list[Progress] = []
        self.threads: set[int] = set()

    @Slot(object)
    def hear(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.threads.add(threading.get_ident())

    @Slot(object)
    def hear_progress(self, progress: Progress) -> None:
        self.progress.append(progress)


@pytest.fixture
def start() -> Iterator[Callable[[object], tuple[Bridge, Listener]]]:
    application()
    bridges: list[Bridge] = []

    def make(session: object) -> tuple[Bridge, Listener]:
        bridge, listener = Bridge(lambda: session), Listener()  # type: ignore[arg-type, return-value]
        bridge.outcome_arrived.connect(listener.hear)
        bridge.progress_arrived.connect(listener.hear_progress)
        bridges.append(bridge)
        return bridge, listener

    yield make
    for bridge in bridges:
        bridge.shutdown()
    assert not any(thread.isRunning() for bridge in bridges for thread in [bridge.worker])


def request(generation: int, text: str = "A film.") -> Request:
    return Request(generation=generation, model="m", method="decompx", text=text)


def generation_of(outcome: Outcome) -> int:
    return outcome.request.generation if isinstance(outcome, Explanation) else outcome.generation


def test_answers_arrive_in_the_window_thread_and_runs_do_not(start) -> None:  # type: ignore[no-untyped-def]
    session = FakeSession()
    bridge, listener = start(session)
    bridge.submit(request(1))
    wait_until(lambda: len(listener.outcomes) == 1)
    assert isinstance(listener.outcomes[0], Explanation)
    assert listener.threads == {threading.get_ident()}
    assert session.threads
    assert threading.get_ident() not in session.threads
    assert [progress.generation for progress in listener.progress] == [1] * 10


def test_a_preview_arrives_before_its_outcome_in_the_window_thread(start) -> None:  # type: ignore[no-untyped-def]
    bridge, listener = start(FakeSession(previews=True))
    for generation in (1, 2):
        bridge.submit(request(generation))
        wait_until(lambda count=2 * generation: len(listener.outcomes) == count)  # type: ignore[misc]
    heard = [(generation_of(outcome), outcome.preview) for outcome in listener.outcomes]  # type: ignore[union-attr]
    assert heard == [(1, True), (1, False), (2, True), (2, False)]
    assert listener.threads == {threading.get_ident()}


def test_the_engine_goes_on_once_a_preview_is_shown_and_does_not_wait_for_a_window_that_hangs(start) -> None:  # type: ignore[no-untyped-def]
    listened, waited = [], []

    class Watching(FakeSession):
        def run(self, asked: Request, context: RunContext) -> Explanation:
            begun = time.perf_counter()
            context.show(answer(asked, preview=True))  # type: ignore[misc]
            waited.append(time.perf_counter() - begun)
            listened.append(len(listener.outcomes))
            return answer(asked)

    bridge, listener = start(Watching())
    bridge.submit(request(1))
    wait_until(lambda: len(listener.outcomes) == 2)
    assert listened == [1]
    bridge.submit(request(2))
    time.sleep(4 * PAINTING_SECONDS)  # no event is served meanwhile
    assert len(waited) == 2
    assert waited[1] >= PAINTING_SECONDS
    assert listened == [1, 2]
    wait_until(lambda: len(listener.outcomes) == 4)


def test_a_preview_is_followed_by_what_became_of_its_request(start) -> None:  # type: ignore[no-untyped-def]
    mend = TextError("Too long", "600 tokens.", "Shorten it.")
    session = FakeSession(seconds=0.2, previews=True, raises=lambda asked: mend if asked.generation == 2 else None)
    bridge, listener = start(session)
    bridge.submit(request(1))
    wait_until(lambda: len(listener.outcomes) == 1)
    bridge.submit(request(2))
    wait_until(lambda: len(listener.outcomes) == 4)
    assert [type(outcome) for outcome in listener.outcomes] == [Explanation, Dropped, Explanation, Failure]
    assert listener.outcomes[2].preview  # type: ignore[union-attr]


def test_every_request_has_exactly_one_outcome_and_the_last_one_wins(start) -> None:  # type: ignore[no-untyped-def]
    bridge, listener = start(FakeSession(seconds=0.1))
    for generation in range(1, 41):
        bridge.submit(request(generation))
        time.sleep(0.01)
    wait_until(lambda: len(listener.outcomes) >= 40)
    application().processEvents()
    assert Counter(map(generation_of, listener.outcomes)) == Counter(range(1, 41))
    answered = [generation_of(outcome) for outcome in listener.outcomes if isinstance(outcome, Explanation)]
    assert answered[-1] == 40
    assert len(answered) < 10, "runs nobody wants any more must be cancelled, not finished"


def test_what_a_person_can_mend_and_what_only_we_can(start) -> None:  # type: ignore[no-untyped-def]
    mend, bug = TextError("Too long", "600 tokens.", "Shorten it."), ZeroDivisionError("ours")
    session = FakeSession(raises=lambda asked: {1: mend, 2: bug}.get(asked.generation))
    bridge, listener = start(session)
    bridge.submit(request(1))
    wait_until(lambda: len(listener.outcomes) == 1)
    bridge.submit(request(2))
    wait_until(lambda: len(listener.outcomes) == 2)
    bridge.submit(request(3))
    wait_until(lambda: len(listener.outcomes) == 3)
    mended, broken, fine = listener.outcomes
    assert mended == Failure(1, FailureKind.USER, "text", "Too long", "600 tokens.", "Shorten it.")
    assert isinstance(broken, Failure)
    assert broken.kind is FailureKind.BUG
    assert "ZeroDivisionError: ours" in broken.details
    assert isinstance(fine, Explanation), "the thread lives on"


def test_a_missing_gap_says_how_one_is_written(start) -> None:  # type: ignore[no-untyped-def]
    missing = GapError("No gap", "None is left out.", "Write <mask>.", "<mask>")
    bridge, listener = start(FakeSession(raises=lambda asked: missing))
    bridge.submit(request(1))
    wait_until(lambda: len(listener.outcomes) == 1)
    failure = listener.outcomes[0]
    assert isinstance(failure, Failure)
    assert (failure.place, failure.mask_token) == ("text", "<mask>")


def test_an_engine_that_cannot_be_opened_is_told_and_tried_again() -> None:
    application()
    tries: list[int] = []

    def open_session() -> FakeSession:
        tries.append(1)
        if len(tries) == 1:
            raise ImportError("no torch")
        return FakeSession()

    bridge, listener = Bridge(open_session), Listener()
    bridge.outcome_arrived.connect(listener.hear)
    for generation in (1, 2):
        bridge.submit(request(generation))
        wait_until(lambda count=generation: len(listener.outcomes) == count)  # type: ignore[misc]
    bridge.shutdown()
    assert isinstance(listener.outcomes[0], Failure)
    assert isinstance(listener.outcomes[1], Explanation)


def test_giving_up_cancels_what_runs(start) -> None:  # type: ignore[no-untyped-def]
    session = FakeSession(seconds=5)
    bridge, listener = start(session)
    bridge.submit(request(1))
    wait_until(lambda: len(session.asked) == 1)
    bridge.give_up()
    wait_until(lambda: listener.outcomes == [Dropped(1)], seconds=3)


def test_shutdown_waits_for_the_thread_and_leaves_no_request_without_outcome() -> None:
    application()
    session = FakeSession(seconds=5)
    bridge, listener = Bridge(lambda: session), Listener()
    bridge.outcome_arrived.connect(listener.hear)
    bridge.submit(request(1))
    wait_until(lambda: len(session.asked) == 1)
    bridge.submit(request(2))
    begun = time.monotonic()
    bridge.shutdown()
    assert time.monotonic() - begun < 3
    assert bridge.worker.isFinished()
    wait_until(lambda: len(listener.outcomes) == 2)
    assert {generation_of(outcome) for outcome in listener.outcomes} == {1, 2}


class Watcher(QObject):
    """Checks every picture the window would paint."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.painted: list[str] = []

    @Slot(object)
    def look(self, shown: Shown) -> None:
        if shown.explanation is not None and not shown.stale:
            self.painted.append(shown.explanation.request.text)
            if shown.explanation.request.text != shown.state.text:
                self.wrong.append(shown.state.text)


def test_forty_quick_edits_end_with_the_last_text_and_paint_nothing_old(start) -> None:  # type: ignore[no-untyped-def]
    bridge, listener = start(FakeSession(seconds=0.05))
    controller = Controller(AppState(text="Begin."), bridge, TimedPause(20))  # shorter than the gaps: every edit asks
    watcher = Watcher()
    controller.shown_changed.connect(watcher.look)
    bridge.outcome_arrived.connect(controller.outcome_arrived)
    controller.start()
    for count in range(1, 41):
        controller.text_edited("Begin." + "x" * count)
        end = time.monotonic() + 0.03
        wait_until(lambda end=end: time.monotonic() >= end)  # type: ignore[misc]
    final = "Begin." + "x" * 40
    wait_until(lambda: bool(watcher.painted) and watcher.painted[-1] == final)
    wait_until(lambda: controller.shown.explanation.request.feed_forward_layers == (3,))  # type: ignore[union-attr]
    assert watcher.wrong == []
    submitted = controller.shown.explanation.request.generation  # type: ignore[union-attr]
    wait_until(lambda: len(listener.outcomes) == submitted)
    assert Counter(map(generation_of, listener.outcomes)) == Counter(range(1, submitted + 1))


def test_cancelling_reaches_the_running_context(start) -> None:  # type: ignore[no-untyped-def]
    cancelled = threading.Event()

    class Patient:
        def run(self, asked: Request, context: RunContext) -> Explanation:
            while True:
                time.sleep(0.005)
                try:
                    context.raise_if_cancelled()
                except Exception:
                    cancelled.set()
                    raise

    bridge, _ = start(Patient())
    bridge.submit(request(1))
    time.sleep(0.05)
    bridge.submit(request(2))
    assert cancelled.wait(3)


def test_the_thread_is_a_thread_of_qt(start) -> None:  # type: ignore[no-untyped-def]
    bridge, _ = start(FakeSession())
    assert isinstance(bridge.worker, QThread)
    assert bridge.worker.isRunning()
