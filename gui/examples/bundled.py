"""Our own lists: minimal pairs written for this program, as JSON in ``resources/example_sets``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gui.examples.example_set import Example, ExampleSet


@dataclass(frozen=True, slots=True)
class Offered:
    """A list to choose; ``about`` says in one sentence what its examples show."""

    examples: ExampleSet
    about: str


@cache
def offered_sets() -> tuple[Offered, ...]:
    """All of them, in the order of their files' names."""
    folder = files("resources") / "example_sets"
    written = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    return tuple(_offered((folder / name).read_text(encoding="utf-8")) for name in written)


def _offered(text: str) -> Offered:
    read = json.loads(text)
    examples = tuple(Example(**entry) for entry in read["examples"])
    return Offered(ExampleSet(read["title"], examples, read["model"]), read["about"])
