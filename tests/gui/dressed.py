"""A real window over hand-made answers, in any theme and size of type, and the application as it was afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QSplitterHandle,
    QToolTip,
    QWidget,
)

from engine import registry
from engine.bundled import bundled_models
from gui import viewkit
from gui.controller import Controller
from gui.kept.settings import Settings
from gui.state import AppState
from gui.window import Furniture, MainWindow
from tests.gui import samples
from tests.gui.stage import FakeBridge, FakePause, answer, application, wait_until

CONTROLS = (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSplitterHandle,
)
PARTS = ("qt_spinbox_lineedit",)  # what Qt makes controls of


class Dressed:
    """The window with its answer in it."""

    def __init__(self, settings: Settings, size: tuple[int, int], text: str) -> None:
        self.bridge = FakeBridge()
        self.controller = Controller(AppState(text=text), self.bridge, FakePause())
        furniture = Furniture(viewkit.discover(), registry.discover(), bundled_models())
        self.window = MainWindow(self.controller, furniture, settings)
        self.window.appearance.apply()
        self.window.resize(*size)
        self.window.show()
        self.window.activateWindow()  # on a screen without a window manager nobody else does
        wait_until(self.window.isActiveWindow)
        self.controller.start()
        self.controller.outcome_arrived(answer(self.bridge.requests[-1]))
        self.settle()

    def settle(self) -> None:
        """Let layouts and repaints happen."""
        for _ in range(3):
            application().processEvents()

    def close(self) -> None:
        """Leave nothing behind."""
        self.window.hide()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def as_it_was() -> Iterator[None]:
    """The application's own font and colours afterwards."""
    running = application()
    font, colours, tip = running.font(), running.palette(), QToolTip.font()
    tip_colours = QToolTip.palette()
    try:
        yield
    finally:
        running.setFont(font)
        running.setPalette(colours)
        QToolTip.setFont(tip)
        QToolTip.setPalette(tip_colours)


@contextmanager
def dressed(
    appearance: str = "light", percent: int = 100, size: tuple[int, int] = (1280, 720), text: str = samples.SENTENCE
) -> Iterator[Dressed]:
    with as_it_was():
        made = Dressed(Settings(appearance=appearance, type_scale=percent), size, text)
        try:
            yield made
        finally:
            made.close()


def controls(root: QWidget) -> list[QWidget]:
    """Everything seen that a person can do something with."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and not isinstance(widget, QScrollBar)
        and widget.objectName() not in PARTS
        and not _is_viewport(widget)
        and (isinstance(widget, CONTROLS) or widget.focusPolicy().value & 1)
    ]


def _is_viewport(widget: QWidget) -> bool:
    """The inside of a scrolled widget, which answers for it."""
    around = widget.parentWidget()
    return isinstance(around, QAbstractScrollArea) and around.viewport() is widget


def tabbed(start: QWidget, most: int = 300) -> list[QWidget]:
    """What Tab visits from here until it is back."""
    visited = [start]
    for _ in range(most):
        focused = application().focusWidget()
        assert focused is not None
        QTest.keyClick(focused, "\t")
        now = application().focusWidget()
        assert now is not None
        if now is visited[0]:
            return visited
        assert now not in visited, f"Tab goes in a circle that never returns: {now}"
        visited.append(now)
    raise AssertionError("Tab never came back")
