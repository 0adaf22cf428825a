"""What a person answers when the system's own chooser of files opens: the one thing that no test can click into."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from gui.guide.help import help_text
from tests.gui.wild.things import Shelf

NAMES = ("a", "b", "figure", "with space", "שלום", "no-ending", "- dash", "nowhere/x", "x" * 300, "name.with.dots")


class Answers:
    """``dice`` decides: some file or folder, a name to save under, or nothing at all."""

    def __init__(self, dice: random.Random, shelf: Shelf, models: Path) -> None:
        self._dice, self._shelf, self._models = dice, shelf, models
        self._last = ""

    @contextmanager
    def given(self) -> Iterator[None]:
        """While this lasts no chooser opens, and no file manager either."""
        answers: dict[str, Any] = {
            "getOpenFileName": lambda *_, **__: (self._unless_cancelled(self._shelf.something(self._dice)), ""),
            "getSaveFileName": lambda *given, **__: (self._unless_cancelled(self._to_save(given[3])), ""),
            "getExistingDirectory": lambda *given, **__: self._unless_cancelled(self._folder(given[1])),
            "exec": self._on_exec,
            "selectedFiles": lambda _: [self._last],
        }
        with ExitStack() as stack:
            for name, answer in answers.items():
                is_own = name in ("exec", "selectedFiles")
                stack.enter_context(patch.object(QFileDialog, name, _own(answer) if is_own else staticmethod(answer)))
            stack.enter_context(patch.object(QDesktopServices, "openUrl", staticmethod(lambda _: True)))
            yield

    def _on_exec(self, dialog: QFileDialog) -> int:
        suffix = f".{dialog.defaultSuffix()}"
        self._last = self._unless_cancelled(self._to_save(f"(*{suffix})"))
        return int(bool(self._last))

    def _unless_cancelled(self, path: Path) -> str:
        return str(path) if self._dice.random() < 0.85 else ""

    def _to_save(self, kinds: str) -> Path:
        suffix = "".join(re.findall(r"\.\w+", kinds)[:1])
        name = self._dice.choice(NAMES)
        return self._shelf.saved / (name if name == "no-ending" else name + suffix)

    def _folder(self, title: str) -> Path:
        if title == help_text("batch", "start"):
            return self._dice.choice((self._shelf.saved, self._shelf.saved, Path("/proc")))
        return self._shelf.model(self._dice, self._models)


def _own(answer: Any) -> Any:
    """As a method."""

    def method(self: QFileDialog) -> Any:
        return answer(self)

    return method
