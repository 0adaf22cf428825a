"""The keyboard shortcuts a person can read about, from ``resources/shortcuts.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from PySide6.QtGui import QKeySequence

NATIVE = QKeySequence.SequenceFormat.NativeText


@dataclass(frozen=True, slots=True)
class Shortcut:
    """``keys`` any of which does it, as Qt names them; ``shown`` is how they are written on the sheet."""

    keys: tuple[str, ...]
    shown: str
    does: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where shortcuts work."""

    id: str
    title: str
    shortcuts: tuple[Shortcut, ...]


@cache
def places() -> tuple[Place, ...]:
    """Every shortcut there is, by where it works. Keys have names only once the application is there."""
    read = tomllib.loads((files("resources") / "shortcuts.toml").read_text(encoding="utf-8"))
    return tuple(
        Place(place["id"], place["title"], tuple(_shortcut(entry) for entry in place["shortcuts"]))
        for place in read["place"]
    )


def _shortcut(entry: dict[str, Any]) -> Shortcut:
    if "standard" in entry:
        keys: tuple[str, ...] = (QKeySequence(QKeySequence.StandardKey[entry["standard"]]).toString(),)
    else:
        keys = tuple(entry["keys"])
    shown = entry.get("shown") or ", ".join(QKeySequence(key).toString(NATIVE) for key in keys)
    return Shortcut(keys, shown, entry["does"])
