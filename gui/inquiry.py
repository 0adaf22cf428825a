"""Asks and awaits: of all that is missing from what is shown, one question at a time, the most urgent first.

It holds no picture. It is told what is shown, and says of an outcome which question it answers, if any that is still
wanted. The engine's mailbox has one place, so a side's question waits while the other's is out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QTimer

from engine.contract import Request
from gui.asking import NOTHING_MORE, Look, Side, look_missing, question_of, side_of, sides_of
from gui.shown import Shown

PAUSE_MS = 120  # shorter than the gap between two words typed, longer than between two letters


class Answering(Protocol):
    """Where requests go; each comes back as one outcome."""

    def submit(self, request: Request) -> None:
        """Ask this instead of anything asked before."""

    def give_up(self) -> None:
        """Nothing asked before is wanted any more."""


class Pause(Protocol):
    """A short rest after the last keystroke."""

    def start(self, ended: Callable[[], None]) -> None:
        """Call ``ended`` once after the rest; starting again starts the rest again."""

    def stop(self) -> None:
        """Call nothing after all."""


class TimedPause:
    """The pause of the running program."""

    def __init__(self, milliseconds: int = PAUSE_MS) -> None:
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(self._on_timeout)
        self._ended: Callable[[], None] | None = None

    def start(self, ended: Callable[[], None]) -> None:
        """Call ``ended`` once after the rest; starting again starts the rest again."""
        self._ended = ended
        self._timer.start()

    def stop(self) -> None:
        """Call nothing after all."""
        self._timer.stop()

    def _on_timeout(self) -> None:
        if self._ended is not None:
            self._ended()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for a side: ``asked`` without number and look, and what is looked into beside it."""

    side: Side
    asked: Request
    look: Look = NOTHING_MORE

    @property
    def is_look(self) -> bool:
        """Whether it only adds to an answer that stands."""
        return self.look != NOTHING_MORE

    def is_same(self, other: Question | None) -> bool:
        """Whether one outcome will do for both, whichever side it is for."""
        return other is not None and (self.asked, self.look) == (other.asked, other.look)

    def numbered(self, generation: int) -> Request:
        """The complete request."""
        look = self.look
        return replace(
            self.asked,
            generation=generation,
            feed_forward_layers=look.feed_forward_layers,
            boundaries=look.boundaries,
        )


class Inquiry:
    """Knows what was asked last, what failed, and who is typing."""

    def __init__(self, bridge: Answering, pause: Pause) -> None:
        self._bridge = bridge
        self._pause = pause
        self._generation = 0
        self._awaited: Question | None = None  # whose outcome is still wanted
        self._refused: dict[Side, Question] = {}  # what failed: moving the pointer must not ask for it again
        self._typing: set[Side] = set()
        self._guessed: set[Side] = set()  # the text changed since the place's token was last seen
        self._is_due = False  # ask anew, though what is shown may answer it

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way, or will be as soon as the person rests."""
        return bool(self._typing) or (self._awaited is not None and not self._awaited.is_look)

    def awaited(self, generation: int) -> Question | None:
        """The question whose outcome has this number, None where it is not wanted any more."""
        return self._awaited if generation == self._generation else None

    def typed(self, side: Side, rested: Callable[[], None]) -> None:
        """A letter came or went: nothing is asked for this side until the person rests."""
        self._typing.add(side)
        self._pause.start(rested)

    def emptied(self, side: Side) -> None:
        """There is nothing to ask for this side any more."""
        self._typing.discard(side)
        if not self._typing:
            self._pause.stop()
        if self._awaited is None or self._awaited.side is side:
            self._awaited = None
            self._bridge.give_up()

    def rested(self) -> None:
        """The pause is over: what failed may be tried again for a side whose text was edited."""
        self._pause.stop()
        for side in self._typing:
            self._refused.pop(side, None)
        self._typing.clear()

    def chosen(self) -> None:
        """Something was chosen: no pause is waited for, and whatever failed may be tried again."""
        self.rested()
        self._refused.clear()

    def insist(self) -> None:
        """Ask B anew, even where what is shown answers it."""
        self._is_due = True

    def guess(self, side: Side) -> None:
        """The text moved: the token of the side's place may be another now."""
        self._guessed.add(side)

    def seen(self, side: Side) -> bool:
        """The token of the side's place is known again; whether it was a guess."""
        was_guess = side in self._guessed
        self._guessed.discard(side)
        return was_guess

    def settled(self) -> None:
        """What was awaited has come."""
        self._awaited = None

    def refused(self) -> None:
        """What was awaited has failed."""
        if self._awaited is not None:
            self._refused[self._awaited.side] = self._awaited
        self._awaited = None

    def ask(self, shown: Shown) -> bool:
        """Ask for the answer that is missing first, A's before B's. Returns whether another question is out now."""
        before = self._generation
        if self._awaited is not None and not self._is_wanted(self._awaited, shown):
            self._awaited = None
        self._put(self._missing(shown))
        return self._generation != before

    def look(self, shown: Shown) -> None:
        """Ask for what is looked at, once the answers themselves are there: nothing may replace their requests."""
        if self._missing(shown) is None:
            self._put(self._look_missing(shown))

    def _put(self, question: Question | None) -> None:
        if question is None:
            return
        self._is_due = False
        if not question.is_same(self._awaited):
            self._generation += 1
            self._awaited = question
            self._bridge.submit(question.numbered(self._generation))

    def _is_wanted(self, question: Question, shown: Shown) -> bool:
        side = question.side
        is_there = side in sides_of(shown.state) and side not in self._typing
        return is_there and question.asked == question_of(shown.state, side, shown.first)

    def _missing(self, shown: Shown) -> Question | None:
        for side in sides_of(shown.state):
            if side in self._typing or not side_of(shown.state, side).text.strip():
                continue
            is_due = self._is_due and side is Side.SECOND
            if is_due or not shown.stands(side):
                question = Question(side, question_of(shown.state, side, shown.first))
                if question != self._refused.get(side):
                    return question
        return None

    def _look_missing(self, shown: Shown) -> Question | None:
        for side in sides_of(shown.state):
            made = shown.of(side)
            look = look_missing(made, shown.state, side) if made is not None and shown.stands(side) else None
            if look is not None:
                question = Question(side, question_of(shown.state, side, shown.first), look)
                if question != self._refused.get(side):
                    return question
        return None
