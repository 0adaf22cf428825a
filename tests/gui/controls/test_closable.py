from __future__ import annotations

from contextlib import nullcontext

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QPainter, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.controls.closable import ClosableCanvas


def nothing(painter: QPainter) -> None:
    """An empty picture."""


@pytest.mark.parametrize("can_close", [True, False])
def test_esc_closes_before_the_window_takes_it(can_close):
    window, told = QWidget(), []
    canvas = ClosableCanvas(nothing, nothing, nullcontext)
    canvas.can_close = can_close
    canvas.closed.connect(lambda: told.append("closed"))
    QShortcut(QKeySequence(Qt.Key.Key_Escape), window, lambda: told.append("window"))
    QVBoxLayout(window).addWidget(canvas)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert told == (["closed"] if can_close else ["window"])
    window.close()
