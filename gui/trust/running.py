"""One trial from beginning to end, curve by curve: the explanation's own order, random orders, other methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from engine.context import RunContext
from engine.contract import Against, Explanation, Request
from engine.errors import EngineError
from engine.faithfulness.trial import Door, Plan, Trying
from gui.trust.tried import Tried, told_of

CHANCE, FIRST_OTHER = 1, 2  # stages, after the explanation's own order


@dataclass(frozen=True, slots=True)
class Question:
    """What two trials that come out the same have in common; ``others`` are methods, by their ids."""

    request: Request
    plan: Plan
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """An explanation that is to be tried under a plan, beside other methods with their defaults.

    ``stages`` [stage] are the parts of the work, of whatever size: own order, random orders, then every other method.
    """

    explanation: Explanation
    plan: Plan
    others: tuple[str, ...]
    stages: tuple[float, ...]

    @property
    def question(self) -> Question:
        """What it answers."""
        return Question(question_of(self.explanation), self.plan, self.others)


def question_of(explanation: Explanation) -> Request:
    """What an explanation was asked, whatever was looked into, with the answers it came to explain."""
    rival = explanation.against if explanation.against >= 0 else Against.NOTHING
    asked = replace(explanation.request, generation=0, feed_forward_layers=(), boundaries=(), components=False)
    return replace(asked, target=explanation.target, against=rival)


class Making:
    """One trial at work, in whatever thread; ``told`` hears there how much of it is done, 0 to 1."""

    def __init__(self, wanted: Wanted, told: Callable[[float], None]) -> None:
        self.wanted = wanted
        self._told = told
        self._stage = 0
        self._rest: Callable[[], None] | None = None
        self._context = RunContext(self._on_progress)

    def cancel(self) -> None:
        """It is not wanted any more; from any thread."""
        self._context.cancel()

    def curves(self, door: Door, rest: Callable[[], None]) -> Iterator[Tried]:
        """What is known after every curve; ``rest`` is called now and then.

        A method that cannot explain this text is left out, and its EngineError raised once all others are done.
        Raises Cancelled.
        """
        wanted, context = self.wanted, self._context
        self._rest = rest
        trying = Trying(door, wanted.explanation, wanted.plan)
        own = trying.explained(wanted.explanation, context)
        tried = Tried(told_of(wanted.explanation), wanted.plan, trying.units, own)
        yield tried
        self._stage = CHANCE
        tried = replace(tried, chance=trying.by_chance(context))
        yield tried
        refused: EngineError | None = None
        for self._stage, method in enumerate(wanted.others, start=FIRST_OTHER):
            asked = replace(question_of(wanted.explanation), method=method, parameters=())
            try:
                found = trying.explained(door.run(asked, context), context)
            except EngineError as error:
                refused = error
                continue
            tried = replace(tried, others=(*tried.others, found))
            yield tried
        if refused is not None:
            raise refused

    def _on_progress(self, fraction: float, _: str) -> None:
        if self._rest is not None:
            self._rest()
            self._context.raise_if_cancelled()
        stages = self.wanted.stages
        done = sum(stages[: self._stage]) + fraction * stages[self._stage]
        self._told(done / (sum(stages) or 1.0))
