"""The models that come with the program. Reads ``resources/models/models.json``; loads nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BundledModel:
    """A model in ``resources/models``: ``sentence`` says in one line what it is good for.

    ``explains`` is what can be explained of it, in words. ``pairs`` is False where it was trained to read one text
    alone, which its files do not tell.
    """

    name: str
    title: str
    sentence: str
    example: str
    folder: Path
    pairs: bool = True
    explains: tuple[str, ...] = ()


def bundled_models() -> tuple[BundledModel, ...]:
    """The bundled models in the order they are offered."""
    home = Path(str(files("resources"))) / "models"
    entries = json.loads((home / "models.json").read_text(encoding="utf-8"))
    described = (entry | {"explains": tuple(entry["explains"])} for entry in entries)
    return tuple(BundledModel(folder=home / entry["name"], **entry) for entry in described)
