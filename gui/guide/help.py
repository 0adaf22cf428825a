"""The window's own words, read from ``resources``: help texts, example sentences and the icon's place."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("resources") / "help.toml").read_text(encoding="utf-8"))


def help_text(place: str, key: str, **values: str) -> str:
    """The text of one key of ``resources/help.toml``, with its ``{names}`` filled in."""
    text = _texts()[place][key]
    return text.format(**values) if values else text


def view_help(view: str) -> str:
    """How to read one view, "" where its own sentence says it."""
    return _texts()["views"].get(view, "")


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence worth trying, and ``about`` what is interesting in it."""

    text: str
    about: str


def examples(model: str) -> tuple[Example, ...]:
    """Sentences for a bundled model; none for a model of one's own."""
    lists = json.loads((files("resources") / "examples.json").read_text(encoding="utf-8"))
    return tuple(Example(**entry) for entry in lists.get(model, ()))


def icon_path() -> Path:
    """The program's icon."""
    return Path(str(files("resources"))) / "icon.svg"
