"""Ctrl+C during long headless work: the first ends it in good order, the second ends the program."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPPED = 130  # what a program ends with that Ctrl+C has ended


@contextmanager
def stopped_by_keys(stop: Callable[[], None]) -> Iterator[None]:
    """The first Ctrl+C calls ``stop``; another one ends the program at once, as does one after the work."""
    before = signal.getsignal(signal.SIGINT)

    def interrupted(*_: object) -> None:
        stop()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
