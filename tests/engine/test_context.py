"""What a run knows of the world: cancelled or not, and whom to tell how far it is."""

from __future__ import annotations

from threading import Thread

import pytest

from engine.context import RunContext
from engine.errors import Cancelled


def test_nothing_happens_until_it_is_cancelled():
    context = RunContext()
    context.raise_if_cancelled()
    context.cancel()
    with pytest.raises(Cancelled):
        context.raise_if_cancelled()


def test_it_can_be_cancelled_from_another_thread():
    context = RunContext()
    thread = Thread(target=context.cancel)
    thread.start()
    thread.join()
    with pytest.raises(Cancelled):
        context.raise_if_cancelled()


def test_progress_is_told_and_is_a_place_to_stop():
    told = []
    context = RunContext(lambda fraction, doing: told.append((fraction, doing)))
    context.progress(0.5, "halfway")
    context.cancel()
    with pytest.raises(Cancelled):
        context.progress(1.0, "done")
    assert told == [(0.5, "halfway")]


def test_progress_without_a_listener_is_fine():
    RunContext().progress(0.1, "alone")
