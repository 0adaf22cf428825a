"""A batch at work: the engine explains one sentence while the figures of those before are being drawn.

Runs in the thread it is called in; :meth:`Batch.stop` may be called from any other.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine.context import RunContext
from engine.contract import Explanation, ModelInfo, Request
from engine.errors import Cancelled, EngineError, MethodError, ModelError, TextError
from engine.rows import Line
from engine.writing import reason
from gui.batch.journal import Entry, Journal, Problem
from gui.batch.order import FIRST, Order, clamped, for_the_answer_of
from gui.batch.painting import Painting
from gui.batch.tables import lines_of, write_tables

MOST_AHEAD, HEAVIEST_AHEAD = 32, 100_000_000  # sentences explained and not drawn yet, and the bytes of their arrays


class Engine(Protocol):
    """What explains: ``engine.session.Session``, or a stand-in."""

    def open(self, model: str) -> ModelInfo:
        """Open a model. Raises ModelError."""

    def run(self, request: Request, context: RunContext) -> Explanation:
        """The answer. Raises Cancelled or EngineError."""


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a batch is: sentences ``done`` (``skipped`` among them) ``of`` all; ``left`` in seconds, None unknown."""

    done: int
    skipped: int
    of: int
    left: float | None = None


@dataclass(frozen=True, slots=True)
class BatchReport:
    """How a batch ended: ``engine_seconds`` of its ``seconds`` the engine was at work."""

    progress: BatchProgress
    is_stopped: bool
    seconds: float
    engine_seconds: float


@dataclass(frozen=True, slots=True)
class _Explained:
    """A sentence whose figures are being drawn."""

    number: int
    rows: tuple[Line, ...]
    drawn: Future[tuple[str, ...]]
    weight: int


def _go_on() -> None:
    """Nobody else must go first."""


class Batch:
    """Makes the files of an order in a folder. ``tell`` hears how far it is, in the thread of :meth:`run`."""

    def __init__(self, order: Order, folder: Path, painting: Painting, tell: Callable[[BatchProgress], None]) -> None:
        self._order, self._folder, self._painting, self._tell = order, folder, painting, tell
        self._rest: Callable[[], None] = _go_on
        self._context = RunContext()
        self._is_stopped = False
        self._waiting: deque[_Explained] = deque()
        self._engine_seconds = 0.0

    def stop(self) -> None:
        """End it at the next step; what is finished stays, and it can be gone on with."""
        self._is_stopped = True
        self._context.cancel()

    def run(self, engine: Engine, rest: Callable[[], None] = _go_on) -> BatchReport:
        """Work until all is done or it is stopped. Raises EngineError for what stops it before.

        ``rest`` is called before every sentence: whoever must go first makes the batch wait there. A sentence that
        cannot be explained is written into the table of problems and passed over.
        """
        began, self._rest = time.perf_counter(), rest
        try:
            journal = Journal(self._folder, self._order.digest())
            model = engine.open(self._order.state.model)
            order = clamped(self._order, model)
            self._work(engine, order, model, journal, began)
            texts = tuple(example.text for example in order.examples.examples)
            write_tables(self._folder, journal, order.table, texts)
        except OSError as error:
            hint = "Make room or choose another folder; the same order goes on where it was."
            raise TextError("The files cannot be written", reason(error), hint) from error
        except BrokenExecutor as error:
            told = "The process that draws the figures was ended from outside, perhaps for its memory."
            hint = "Close other programs and start it again: the same order goes on where it was."
            raise TextError("The figures cannot be drawn", told, hint) from error
        finally:
            self._painting.close()
        done = BatchProgress(len(journal.done), journal.skipped, len(order))
        seconds = time.perf_counter() - began
        return BatchReport(done, self._is_stopped and done.done < done.of, seconds, self._engine_seconds)

    def _work(self, engine: Engine, order: Order, model: ModelInfo, journal: Journal, began: float) -> None:
        todo = [number for number in range(1, len(order) + 1) if number not in journal.done]
        finished_before = len(order) - len(todo)
        for number in todo:
            self._rest()
            if self._is_stopped:
                break
            self._context = RunContext()
            try:
                self._explain(engine, order, model, number)
            except Cancelled:
                break
            except (MethodError, ModelError):
                raise  # it would be no better with the next sentence
            except EngineError as error:
                self._settle(journal, all_of_them=True)
                journal.add(Entry(number, problem=Problem(f"{error.title}: {error.message}", error.hint)))
            self._settle(journal)
            done = len(journal.done)
            pace = (time.perf_counter() - began) / max(1, done - finished_before)
            left = pace * (len(order) - done) if done > finished_before else None
            self._tell(BatchProgress(done, journal.skipped, len(order), left))
        self._settle(journal, all_of_them=True)

    def _explain(self, engine: Engine, order: Order, model: ModelInfo, number: int) -> None:
        """Explain both sentences of an example, or its only one, and hand them on to be drawn."""
        sides = order.sides(number)
        made: dict[str, Explanation] = {}
        for side, state in sides.items():
            request = order.request(state, model)
            if FIRST in made:
                request = for_the_answer_of(made[FIRST], request)
            made[side] = self._run(engine, request)
        rows = [line for side, state in sides.items() for line in lines_of(made[side], state.view, number, side)]
        jobs = [
            (drawing, self._folder / order.name(number, side, drawing.picture))
            for side, drawing in order.drawings(number, made)
        ]
        weight = sum(_weight(explanation) for explanation in made.values())
        self._waiting.append(_Explained(number, tuple(rows), self._painting.submit(jobs), weight))

    def _run(self, engine: Engine, request: Request) -> Explanation:
        started = time.perf_counter()
        try:
            return engine.run(request, self._context)
        finally:
            self._engine_seconds += time.perf_counter() - started

    def _settle(self, journal: Journal, *, all_of_them: bool = False) -> None:
        """Write down what is drawn, in the order of the list; wait where too much is not."""
        while self._waiting and (all_of_them or self._is_far_ahead() or self._waiting[0].drawn.done()):
            first = self._waiting.popleft()
            journal.add(Entry(first.number, first.drawn.result(), first.rows))

    def _is_far_ahead(self) -> bool:
        weight = sum(explained.weight for explained in self._waiting)
        return len(self._waiting) > MOST_AHEAD or (len(self._waiting) > 1 and weight > HEAVIEST_AHEAD)


def _weight(made: Explanation) -> int:
    """How many bytes the arrays of an explanation take that grow with the square of its length."""
    maps = [] if made.components is None else [*made.components.maps.values(), *made.components.feed_forward.values()]
    flows = [flow.edge for flow in (made.flow, made.grouped) if flow is not None]
    others = [array for array in (made.layer_maps, made.rollout) if array is not None]
    return sum(array.nbytes for array in (made.attention, *maps, *flows, *others))
