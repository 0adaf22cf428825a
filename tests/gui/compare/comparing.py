"""The whole window with something compared in it, everything answered by rule."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QWidget

from gui.compare.board import Board
from gui.compare.paneview import PaneView
from gui.kept.settings import Settings
from gui.shown import Shown
from tests.gui.dressed import Dressed, as_it_was
from tests.gui.two_sides import reply

FIRST, SECOND = "The plot was good.", "The plot was bad."


class Comparing(Dressed):
    """A person has pinned a sentence and written another beside it."""

    def __init__(self, settings: Settings, size: tuple[int, int]) -> None:
        super().__init__(settings, size, FIRST)
        self.finish()
        self.controller.compare_toggled()
        self.controller.text_edited(SECOND)
        self.finish()

    @property
    def board(self) -> Board:
        return self.window.board

    @property
    def shown(self) -> Shown:
        return self.controller.shown

    @property
    def panes(self) -> tuple[PaneView, ...]:
        return self.board.panes

    def finish(self) -> None:
        """Let the person rest and answer until nothing is asked any more."""
        pause = self.controller._inquiry._pause
        if pause.ended is not None:
            pause.end()
        answered = -1
        while answered != len(self.bridge.requests):
            answered = len(self.bridge.requests)
            self.controller.outcome_arrived(reply(self.bridge.requests[-1]))
        self.settle()

    def seen(self, *widgets: QWidget) -> list[bool]:
        return [widget.isVisible() for widget in widgets]


@contextmanager
def comparing(
    appearance: str = "light", percent: int = 100, size: tuple[int, int] = (1280, 720)
) -> Iterator[Comparing]:
    with as_it_was():
        made = Comparing(Settings(appearance=appearance, type_scale=percent), size)
        try:
            yield made
        finally:
            made.close()
