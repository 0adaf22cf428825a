"""Which session file the work belongs to, through undo and redo."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from gui.kept.history import settled
from gui.shown import Shown
from gui.state import AppState

MOST_OPENINGS = 20  # that undo leads back through
Stamp = tuple[int, int]


def stamp_of(path: Path) -> Stamp | None:
    """What changes when a file is written; None where there is no such file."""
    try:
        about = path.stat()
    except (OSError, ValueError):  # a name can be none for the system
        return None
    return about.st_mtime_ns, about.st_size


@dataclass(frozen=True, slots=True)
class Origin:
    """A session file, None where the work has none yet; the state in it; its stamp when it was read or written."""

    path: Path | None
    saved: AppState
    stamp: Stamp | None = None

    def is_changed(self, state: AppState) -> bool:
        """Whether the state differs from the one saved; where a person looks from is no difference."""
        return settled(state) != settled(self.saved)

    @property
    def is_changed_elsewhere(self) -> bool:
        """Whether somebody else wrote the file since."""
        return self.path is not None and stamp_of(self.path) not in (self.stamp, None)


@dataclass(frozen=True, slots=True)
class _Opening:
    """The states just before and after, and whose files these were."""

    before: AppState
    after: AppState
    left: Origin
    entered: Origin


class Origins:
    """``now`` is where the work comes from. A step back before an opening leads back to the file of before.

    Without that, saving after an undo would write one session over another.
    """

    def __init__(self, now: Origin) -> None:
        self.now = now
        self._past: tuple[_Opening, ...] = ()
        self._future: tuple[_Opening, ...] = ()

    def open(self, before: AppState, origin: Origin) -> None:
        """Another file is opened in place of the state ``before``."""
        opening = _Opening(before, origin.saved, self.now, origin)
        self._past, self._future = (*self._past, opening)[-MOST_OPENINGS:], ()
        self.now = origin

    def follow(self, shown: Shown) -> None:
        """Go where a step back or forward has led."""
        state = settled(shown.state)
        if self._past and shown.can_redo and settled(self._past[-1].before) == state:
            opening = self._past[-1]
            self._past, self._future = self._past[:-1], (*self._future, replace(opening, entered=self.now))
            self.now = opening.left
        elif self._future and shown.can_undo and settled(self._future[-1].after) == state:
            opening = self._future[-1]
            self._past, self._future = (*self._past, replace(opening, left=self.now)), self._future[:-1]
            self.now = opening.entered
