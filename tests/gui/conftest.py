"""One application for all window tests: Qt allows no second one in a process."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QApplication

MANY = 50_000  # objects made since they were last sorted out


@pytest.fixture(scope="session", autouse=True)
def application() -> Iterator[QApplication]:
    running = QApplication.instance() or QApplication(["headstream-tests"])
    yield running
    running.closeAllWindows()


def take_out_rubbish() -> None:
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session", autouse=True)
def rubbish_waits(application: QApplication) -> Iterator[None]:
    """Nothing is collected in a worker's thread: dropped windows have timers, which die in their own alone."""
    gc.disable()
    yield
    take_out_rubbish()
    gc.enable()


@pytest.fixture(scope="module", autouse=True)
def module_leaves_nothing(application: QApplication, rubbish_waits: None) -> Iterator[None]:
    """A program that was started for a test has dressed the application: the next module finds it as this one did."""
    font, palette = QFont(application.font()), QPalette(application.palette())
    yield
    take_out_rubbish()
    application.setFont(font)
    application.setPalette(palette)


@pytest.fixture(autouse=True)
def rubbish_is_taken_out(rubbish_waits: None) -> Iterator[None]:
    yield
    if gc.get_count()[0] > MANY:
        take_out_rubbish()
