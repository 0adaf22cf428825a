"""A controller between cardboard with two sides on it, and an engine that answers by rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.contract import Against, Explanation, Failure, FailureKind, Prediction, Request
from gui.asking import Side, look_missing
from gui.controller import Controller
from gui.shown import Activity, Shown
from gui.state import AppState
from tests.gui import samples
from tests.gui.stage import FakeBridge, FakePause

STATE = AppState(text="A film.")
LABELS = ("negative", "positive")


def reply(request: Request, **changes: object) -> Explanation:
    """What an engine would say: texts with "bad" are negative; the model "names" has its labels reversed."""
    labels = LABELS[::-1] if request.model == "names" else LABELS
    mood = "negative" if "bad" in request.text else "positive"
    logits = np.array([1.0 if label == mood else -1.0 for label in labels])

    def index(wanted: int | str) -> int:
        return wanted if isinstance(wanted, int) else labels.index(wanted)

    target = int(logits.argmax()) if request.target is None else index(request.target)
    rival = request.against
    other = 1 - target if rival is Against.OTHER else -1
    against = other if isinstance(rival, Against) else index(rival)
    made = samples.explanation(request.text, request=request, target=target, against=against)
    usual = 0 if request.position is None else request.position
    prediction = Prediction(labels, logits, np.exp(logits) / np.exp(logits).sum())
    return replace(made, prediction=prediction, position=usual, **changes)  # type: ignore[arg-type]


class Table:
    """A controller between cardboard, two sides on it."""

    def __init__(self, state: AppState = STATE) -> None:
        self.bridge, self.pause = FakeBridge(), FakePause()
        self.now = 0.0
        self.controller = Controller(state, self.bridge, self.pause, self.clock)
        self.seen: list[Shown] = []
        self.controller.shown_changed.connect(self.seen.append)
        self.answered = 0

    def clock(self) -> float:
        """Every look at the clock is a minute later, so that no two edits are one step."""
        self.now += 60
        return self.now

    @property
    def shown(self) -> Shown:
        return self.controller.shown

    @property
    def asked(self) -> list[Request]:
        """What was asked and not answered yet by :meth:`settle`."""
        return self.bridge.requests[self.answered :]

    def answer(self, **changes: object) -> Request:
        """Answer the last question."""
        request = self.bridge.requests[-1]
        self.answered = len(self.bridge.requests)
        self.controller.outcome_arrived(reply(request, **changes))
        return request

    def fail(self, place: str = "text") -> Failure:
        request = self.bridge.requests[-1]
        self.answered = len(self.bridge.requests)
        failure = Failure(request.generation, FailureKind.USER, place, "Too long", "600 tokens.", "Shorten it.")
        self.controller.outcome_arrived(failure)
        return failure

    def settle(self, **changes: object) -> list[Request]:
        """Answer until nothing is asked any more; the answers asked for, looks apart."""
        if self.pause.ended is not None:
            self.pause.end()
        found = []
        while self.asked:
            assert len(found) < 50, "it asks for ever"
            found.append(self.answer(**changes))
        return [request for request in found if not request.feed_forward_layers and not request.boundaries]

    def pinned(self) -> Table:
        """Started, answered and pinned, everything fetched."""
        self.controller.start()
        self.settle()
        self.controller.compare_toggled()
        assert self.settle() == [], "what is there answers A"
        return self

    def texts(self) -> tuple[str, str]:
        first, second = self.shown.first, self.shown.explanation
        assert first is not None
        assert second is not None
        return first.request.text, second.request.text

    def assert_both_stand(self) -> None:
        shown = self.shown
        assert shown.activity is Activity.UP_TO_DATE
        assert not shown.stale
        assert not shown.first_stale
        first, second = shown.first, shown.explanation
        assert first is not None
        assert second is not None
        assert look_missing(first, shown.state, Side.FIRST) is None
        assert look_missing(second, shown.state) is None
