"""One application for all window tests: Qt allows no second one in a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session", autouse=True)
def application() -> Iterator[QApplication]:
    running = QApplication.instance() or QApplication(["headstream-tests"])
    yield running
    running.closeAllWindows()
