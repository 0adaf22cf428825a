"""A state as plain data and back: one readable, versioned form for everything that keeps what a person has chosen.

What comes back was perhaps written by another version, edited by hand or damaged: every field is checked, and anything
that is not of its kind refuses the whole. Where the pointer is and which theme is worn are not kept; the traced node
is, as part of the picture.
"""

from __future__ import annotations

from typing import Any

from gui.kept.plain_values import UnreadableStateError as UnreadableStateError
from gui.kept.plain_values import mapping
from gui.kept.state_reading import state_of
from gui.kept.state_writing import plain_state
from gui.state import AppState

VERSION = 2  # 2: comparisons, slides, lists of examples, the traced node
READABLE = (1, 2)


def to_plain(state: AppState) -> dict[str, Any]:
    """The state as nested dictionaries and lists, ready for JSON."""
    return {"version": VERSION, **plain_state(state)}


def from_plain(data: object) -> AppState:
    """The state of :func:`to_plain`. Raises UnreadableStateError for anything else."""
    given = mapping(data, "state")
    version = given.get("version")
    if version not in READABLE:
        raise UnreadableStateError(f"version {version!r} is not {VERSION}")
    return state_of(given)
