"""The list that is walked through, in a file of its own: thousands of sentences are written once, not every second."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.writing import write_whole
from gui.examples.example_set import ExampleSet, Walk
from gui.kept.stored_state import VERSION, from_plain, to_plain
from gui.state import AppState

IN_FILE = "in_file"  # the key of a list that stands in a file beside the state


class KeptList:
    """Writes the list of a walk beside the file of the state that names it."""

    def __init__(self, state_path: Path) -> None:
        self._path = state_path
        self._written: tuple[ExampleSet, str] | None = None

    def reference(self, walk: Walk) -> dict[str, Any]:
        """What the state's file says of the walk; the list is written first where it is another. Raises OSError."""
        if self._written is None or self._written[0] is not walk.examples:
            plain = to_plain(AppState(walk=Walk(walk.examples)))["walk"]
            written = json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")
            name = f"{self._path.stem}-list-{hashlib.sha256(written).hexdigest()[:16]}.json"
            write_whole(self._path.with_name(name), written)
            self._written = walk.examples, name
        return {"at": walk.at, IN_FILE: self._written[1]}

    def tidy(self, walk: Walk | None) -> None:
        """Take away lists that the state's file names no more. Raises OSError."""
        if walk is None:
            self._written = None
        named = self._written[1] if self._written is not None else ""
        for path in self._path.parent.glob(f"{self._path.stem}-list-*.json"):
            if path.name != named:
                path.unlink(missing_ok=True)


def with_list(data: Any, state_path: Path) -> Any:
    """What was read of the state's file, with the list that it names; without the walk where the list is gone."""
    walk = data.get("walk") if isinstance(data, Mapping) else None
    if not isinstance(walk, Mapping) or IN_FILE not in walk:
        return data
    try:
        name = Path(str(walk[IN_FILE])).name
        listed = json.loads(state_path.with_name(name).read_text(encoding="utf-8"))
        found = {**listed, "at": walk.get("at")}
        from_plain({"version": VERSION, "walk": found})
    except (OSError, ValueError, TypeError, RecursionError):
        return {**data, "walk": None}
    return {**data, "walk": found}
