"""A window with the question of trust in it, and a door that answers from weights, as slowly as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from engine.context import RunContext
from engine.contract import Explanation, Request
from engine.faithfulness.protocol import Taking
from engine.faithfulness.trial import Answers
from gui.bridge import Aside
from gui.kept.settings import Settings
from gui.trust.panel import TrustPanel
from gui.trust.runner import TrialRunner, Work
from tests.gui.dressed import Dressed, as_it_was
from tests.gui.stage import wait_until
from tests.gui.trust import trials

TEXT = "The superb actors were truly wonderful here"


def explained(request: Request, **changes: object) -> Explanation:
    """The explanation of just this request, by a model that knows a mask."""
    made = trials.explained(request.text, method=request.method)
    model = replace(made.model, mask_token="[MASK]", name=request.model)
    return replace(made, **({"request": request, "model": model, "pass_seconds": 0.01} | changes))  # type: ignore[arg-type]


class Door:
    """Answers from weights. ``before`` is called in every batch; what it raises is raised."""

    def __init__(self) -> None:
        self.opened = 0
        self.asked: list[Request] = []
        self.takings: list[Taking] = []
        self.read: list[int] = []
        self.threads: set[int] = set()
        self.before: Callable[[RunContext], None] = lambda _: None
        self.refuses: Callable[[Request], Exception | None] = lambda _: None

    def open(self) -> Door:
        self.opened += 1
        return self

    def run(self, request: Request, context: RunContext) -> Explanation:
        self.asked.append(request)
        refused = self.refuses(request)
        if refused is not None:
            raise refused
        return explained(request)

    def without(
        self, request: Request, removed: Sequence[tuple[int, ...]], taking: Taking, context: RunContext
    ) -> Answers:
        self.threads.add(threading.get_ident())
        self.takings.append(taking)
        self.read.append(len(removed))
        context.progress(0.0, "Taking words away")
        self.before(context)
        context.progress(0.5, "Taking words away")
        return trials.Adding(explained(request)).without(request, removed, taking, context)


class Beside:
    """Threads as the bridge gives them, each with the door opened anew."""

    def __init__(self, door: Door) -> None:
        self.door, self.quiet = door, threading.Event()
        self.quiet.set()
        self.threads: list[Aside] = []

    def __call__(self, work: Work) -> Aside:
        made = Aside(work, self.door.open, self.quiet)
        self.threads.append(made)
        return made


class Room(Dressed):
    """The window with its answer, and trials on offer."""

    def __init__(self, settings: Settings, size: tuple[int, int], text: str) -> None:
        self.door = Door()
        self.beside = Beside(self.door)
        self.runner = TrialRunner(self.beside)
        super().__init__(settings, size, text)
        self.panel: TrustPanel = self.window.desk.trust
        self.panel.offer(self.runner)
        self.answer()

    def answer(self, **changes: object) -> None:
        """The engine answers what is asked now."""
        state = self.controller.shown.state
        self.controller.method_chosen(state.method, state.parameters)
        self.controller.outcome_arrived(explained(self.bridge.requests[-1], **changes))
        self.settle()

    def finish(self) -> None:
        wait_until(lambda: not self.runner.is_running)
        self.settle()

    def try_it(self) -> None:
        """Open it and press the button."""
        if not self.window.desk.is_trusting:
            self.window.desk.turn_trust()
        self.settle()
        self.panel.go.click()
        self.finish()

    def close(self) -> None:
        self.runner.shutdown()
        super().close()


@contextmanager
def room(
    appearance: str = "light", percent: int = 100, size: tuple[int, int] = (1280, 720), text: str = TEXT
) -> Iterator[Room]:
    with as_it_was():
        made = Room(Settings(appearance=appearance, type_scale=percent), size, text)
        try:
            yield made
        finally:
            made.close()
