"""What a person has written and chosen, on the disk while they work: a killed program loses a second, no more."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from engine.writing import write_whole
from gui.kept.kept_list import KeptList, with_list
from gui.kept.settings import settings_path
from gui.kept.stored_state import UnreadableStateError, from_plain, to_plain
from gui.shown import Shown
from gui.state import AppState

SESSION = "session"  # beside the state: both are of one moment, or one session would be saved over another
PAUSE_MS = 1000  # between a change and its being written, however fast others follow

log = logging.getLogger(__name__)


def autosave_path() -> Path:
    """Where this person's last state lives."""
    return settings_path().with_name("autosave.json")


def load_state(path: Path) -> AppState | None:
    """What was kept, None where there is nothing; a file that cannot be read is put aside, not written over."""
    try:
        return from_plain(with_list(json.loads(path.read_text(encoding="utf-8")), path))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, UnreadableStateError, RecursionError):
        log.warning("%s could not be read", path, exc_info=True)
        _put_aside(path)
        return None


def kept_session(path: Path) -> str:
    """The session file that the kept state belongs to, "" where it belongs to none."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    session = kept.get(SESSION) if isinstance(kept, dict) else None
    return session if isinstance(session, str) else ""


def _put_aside(path: Path) -> None:
    try:
        os.replace(path, path.with_suffix(".unreadable"))
    except OSError:
        log.warning("%s could not be put aside", path, exc_info=True)


class Autosave(QObject):
    """Writes the state that is shown, all or nothing, at most once in ``PAUSE_MS``."""

    def __init__(self, path: Path, first: AppState, session: str = "") -> None:
        super().__init__()
        self._path = path
        self._list = KeptList(path)
        self._state, self._session = first, session
        self._written = (first, session)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.flush)

    @Slot(object)
    def keep(self, shown: Shown) -> None:
        """Have this written soon. Where the pointer is does not count."""
        view = replace(shown.state.view, hover=None, traced=None)
        self._state = replace(shown.state, view=view)
        self._write_soon()

    @Slot(str)
    def belong(self, session: str) -> None:
        """The state belongs to this session file from now on."""
        self._session = session
        self._write_soon()

    def _write_soon(self) -> None:
        if (self._state, self._session) != self._written and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def flush(self) -> None:
        """Write what has not been written yet; a folder that cannot be written is no reason to stop."""
        self._timer.stop()
        if (self._state, self._session) == self._written:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            written = json.dumps(self._plain() | {SESSION: self._session}, ensure_ascii=False, indent=1)
            write_whole(self._path, written.encode("utf-8", "replace"))  # half an emoji must not cost the rest
            self._written = (self._state, self._session)
            self._list.tidy(self._state.walk)
        except OSError:
            log.warning("the state could not be saved in %s", self._path.parent, exc_info=True)

    def _plain(self) -> dict[str, Any]:
        """The state as it is written, its list apart. Raises OSError."""
        walk = self._state.walk
        alone = to_plain(replace(self._state, walk=None))
        return alone if walk is None else {**alone, "walk": self._list.reference(walk)}
