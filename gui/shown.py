"""Everything the window draws itself from, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from engine.contract import Explanation, Failure, Progress
from gui.asking import answers
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
    B's then), None before it is there. ``can_undo`` and ``can_redo`` tell whether there is a step to take.
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

    @property
    def stale(self) -> bool:
        """Whether the picture belongs to something other than what is chosen now."""
        return self.explanation is not None and not answers(self.explanation, self.state)

    @property
    def activity(self) -> Activity:
        """What the program is doing."""
        if not self.state.text.strip():
            return Activity.NO_TEXT
        if self.explanation is not None and not self.stale and not self.explanation.preview:
            return Activity.UP_TO_DATE
        if not self.waiting:
            return Activity.FAILED
        if self.explanation is not None and not self.stale:
            return Activity.PREVIEW
        opened = self.explanation.request.model if self.explanation is not None else None
        return Activity.COMPUTING if opened == self.state.model else Activity.LOADING
