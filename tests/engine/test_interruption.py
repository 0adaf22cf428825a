"""Ctrl+C once, twice, and after the work."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from engine.interruption import stopped_by_keys


@pytest.fixture(autouse=True)
def ends_the_program() -> Iterator[None]:
    """Ctrl+C as a program in front has it: one that was started in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)  # to this thread: another of the process would take its time


def test_the_first_stops_the_work_and_the_second_the_program():
    stops = []
    before = signal.getsignal(signal.SIGINT)
    with stopped_by_keys(lambda: stops.append("stopped")):
        interrupt()
        assert stops == ["stopped"]
        with pytest.raises(KeyboardInterrupt):
            interrupt()
    assert stops == ["stopped"]
    assert signal.getsignal(signal.SIGINT) is before


def test_after_the_work_the_keys_mean_what_they_meant():
    before = signal.getsignal(signal.SIGINT)
    with stopped_by_keys(lambda: None):
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
