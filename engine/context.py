"""What a running computation knows about the world around it: whether it is still wanted, and how far it got."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING

from engine.errors import Cancelled

if TYPE_CHECKING:
    from engine.contract import Explanation


class RunContext:
    """Handed to every run; the only way a method talks to the outside.

    ``cancel`` may be called from any thread; the computation notices at its next ``raise_if_cancelled``,
    which every method and every capture hook calls at least once per layer. ``show``, where given, is handed a
    preview of a slow run's answer.
    """

    def __init__(
        self,
        report: Callable[[float, str], None] | None = None,
        seed: int = 0,
        show: Callable[[Explanation], None] | None = None,
    ) -> None:
        self.seed = seed
        self.show = show
        self._report = report
        self._cancelled = Event()

    def cancel(self) -> None:
        """Ask the computation to stop at its next step."""
        self._cancelled.set()

    def raise_if_cancelled(self) -> None:
        """Raise :class:`Cancelled` once ``cancel`` was called."""
        if self._cancelled.is_set():
            raise Cancelled

    def progress(self, fraction: float, doing: str) -> None:
        """Tell how far the run is (0 to 1) and what it is doing; also a place to stop."""
        self.raise_if_cancelled()
        if self._report is not None:
            self._report(fraction, doing)
