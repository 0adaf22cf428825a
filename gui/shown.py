"""Everything the window draws itself from, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from engine.contract import Explanation, Failure, Progress
from gui.asking import Side, fits, side_of, sides_of
from gui.state import AppState


class Activity(Enum):
    """What the program is doing, in the one word the status line needs."""

    NO_TEXT = "no text"
    LOADING = "loading"
    COMPUTING = "computing"
    PREVIEW = "preview"
    UP_TO_DATE = "up to date"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Everything the window draws itself from.

    ``explanation`` is the last good answer, kept while a newer one is on its way (``waiting``); it may be a preview of
    it. ``failure`` is what the person can mend, ``bug`` what only we can. ``seconds`` is what the shown text took,
    looks into layers apart. ``first`` is the last good answer for A where something is compared (``explanation`` is
    B's then), None before it is there; ``first_failure`` is what can be mended of A, ``failure`` of B.
    ``can_undo`` and ``can_redo`` tell whether there is a step to take.
    """

    state: AppState
    explanation: Explanation | None = None
    waiting: bool = False
    can_undo: bool = False
    can_redo: bool = False
    failure: Failure | None = None
    bug: Failure | None = None
    progress: Progress | None = None
    seconds: float = 0.0
    first: Explanation | None = None
    first_failure: Failure | None = None

    @property
    def stale(self) -> bool:
        """Whether the picture belongs to something other than what is chosen now."""
        return self.explanation is not None and not self._fits(Side.SECOND)

    @property
    def first_stale(self) -> bool:
        """The same of A."""
        return self.first is not None and not self._fits(Side.FIRST)

    @property
    def activity(self) -> Activity:
        """What the program is doing; of two sides, for the one that is furthest behind."""
        state, sides = self.state, sides_of(self.state)
        if any(not side_of(state, side).text.strip() for side in sides):
            return Activity.NO_TEXT
        if all(self.stands(side) for side in sides):
            return Activity.UP_TO_DATE
        if not self.waiting:
            return Activity.FAILED
        behind = next(side for side in sides if not self.stands(side))
        made = self.of(behind)
        if made is not None and self._fits(behind):
            return Activity.PREVIEW
        opened = {made.request.model for made in (self.first, self.explanation) if made is not None}
        return Activity.COMPUTING if side_of(state, behind).model in opened else Activity.LOADING

    def of(self, side: Side) -> Explanation | None:
        """The last good answer for this side."""
        return self.first if side is Side.FIRST else self.explanation

    def stands(self, side: Side) -> bool:
        """Whether this side's answer is there in full, and for what is chosen now."""
        made = self.of(side)
        return made is not None and not made.preview and self._fits(side)

    def answered(self, side: Side, explanation: Explanation) -> Shown:
        """With this side's answer, which takes its failure away."""
        if side is Side.FIRST:
            return replace(self, first=explanation, first_failure=None)
        return replace(self, explanation=explanation, failure=None)

    def failed(self, side: Side, failure: Failure | None) -> Shown:
        """With what is wrong with this side."""
        return replace(self, **{"first_failure" if side is Side.FIRST else "failure": failure})  # type: ignore[arg-type]

    def forgiven(self) -> Shown:
        """Without the failures of sides that came back to what is answered already."""
        shown = self
        for side in sides_of(self.state):
            shown = shown.failed(side, None) if shown.stands(side) else shown
        return shown

    def shared(self) -> Shown:
        """With one side's answer taken for the other's where it answers both; none for A where nothing is compared."""
        if self.state.comparison is None:
            is_first = self.first is not None or self.first_failure is not None
            return replace(self, first=None, first_failure=None) if is_first else self
        shown, second, first = self, self.explanation, self.first
        if second is not None and not self.stands(Side.FIRST) and fits(second, self.state, Side.FIRST, second):
            shown = shown.answered(Side.FIRST, second)
        elif first is not None and not self.stands(Side.SECOND) and fits(first, self.state, Side.SECOND, first):
            shown = shown.answered(Side.SECOND, first)
        return shown

    def _fits(self, side: Side) -> bool:
        made = self.of(side)
        return made is not None and fits(made, self.state, side, self.first)
