"""One application for all window tests: Qt allows no second one in a process."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

MANY = 100_000  # objects made since they were last sorted out


@pytest.fixture(scope="session", autouse=True)
def application() -> Iterator[QApplication]:
    running = QApplication.instance() or QApplication(["headstream-tests"])
    yield running
    running.closeAllWindows()


@pytest.fixture(scope="session", autouse=True)
def rubbish_waits() -> Iterator[None]:
    """Nothing is collected in a worker's thread: dropped windows have timers, which die in their own alone."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def rubbish_is_taken_out(rubbish_waits: None) -> Iterator[None]:
    yield
    if gc.get_count()[0] > MANY:
        gc.collect()
