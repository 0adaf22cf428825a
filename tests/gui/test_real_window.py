"""The whole program, nothing replaced: real window, real worker, real engine, the bundled model.

Runs offscreen with the other tests, and on a real (virtual) screen in continuous integration.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from engine import registry
from engine.bundled import bundled_models
from gui import viewkit
from gui.bridge import Bridge
from gui.controller import Controller
from gui.inquiry import TimedPause
from gui.kept.settings import Settings
from gui.shown import Activity
from gui.state import AppState, Node
from gui.views.flow import FlowView
from gui.window import Furniture, MainWindow
from tests.gui.samples import SENTENCE
from tests.gui.stage import application, wait_until
from tests.gui.typist import PaintedOrder, Typist

SECONDS = 60.0  # the first answer waits for torch, transformers and the weights


class Program:
    """What ``gui.app`` puts together, without its event loop."""

    def __init__(self) -> None:
        self.bridge = Bridge()
        self.controller = Controller(AppState(text=SENTENCE), self.bridge, TimedPause())
        self.bridge.outcome_arrived.connect(self.controller.outcome_arrived)
        self.bridge.progress_arrived.connect(self.controller.progress_arrived)
        furniture = Furniture(viewkit.discover(), registry.discover(), bundled_models())
        self.window = MainWindow(self.controller, furniture, Settings())
        self.window.resize(1280, 800)
        self.window.show()
        self.window.activateWindow()  # on a screen without a window manager nobody else does, and shortcuts wait for it
        self.controller.start()

    @property
    def flow(self) -> FlowView:
        widget = self.window.desk.decks["middle"].widget("flow")
        assert isinstance(widget, FlowView)
        return widget

    def settle(self, text: str) -> None:
        """Wait until this text's answer, with the shown layer's dear maps, stands in the window."""

        def stands() -> bool:
            shown = self.controller.shown
            made = shown.explanation
            if made is None or made.request.text != text or shown.activity is not Activity.UP_TO_DATE:
                return False
            return made.components is not None and bool(made.components.feed_forward_layers)

        wait_until(stands, SECONDS)
        application().processEvents()


@pytest.fixture
def program() -> Iterator[Program]:
    made = Program()
    yield made
    made.window.close()
    made.window.deleteLater()
    made.bridge.shutdown()
    assert made.bridge.worker.isFinished()


def pixels(image: QImage) -> np.ndarray:
    """[row, column, red/green/blue]"""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return flat[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).astype(int)


def coloured(image: QImage) -> int:
    """How many pixels are clearly blue or orange: strands, nodes and the answer."""
    found = pixels(image)
    return int((np.abs(found[..., 0] - found[..., 2]) > 60).sum())


def test_typing_into_the_real_window_moves_the_picture(program: Program) -> None:
    if wanted := os.environ.get("HEADSTREAM_TEST_PLATFORM"):
        assert QGuiApplication.platformName() == wanted
    program.settle(SENTENCE)
    before = program.flow.canvas.grab().toImage()
    assert coloured(before) > 1000, "the computed example is a picture, not an empty card"

    field = program.window.desk.text.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "A dull and lifeless film.", delay=5)
    program.settle("A dull and lifeless film.")
    after = program.flow.canvas.grab().toImage()
    assert coloured(after) > 1000
    assert before != after
    scene = program.flow.scene()
    assert scene is not None
    assert [row.label for row in scene.numbers.rows] == ["[CLS]", "A", "dull", "and", "lifeless", "film", ".", "[SEP]"]
    told = program.window.desk.explanation.prose.text()
    assert "dull" in told or "lifeless" in told
    checks = program.controller.shown.explanation.checks  # type: ignore[union-attr]
    assert max(checks["completeness"], checks["conservation"]) < 1e-4


def test_whatever_is_typed_the_picture_never_goes_back(program: Program) -> None:
    """Three seconds of a longer test that ``tests/bench/typing_soak.py`` makes."""
    program.settle(SENTENCE)
    field = program.window.desk.text.field
    order = PaintedOrder(program.window, program.controller, program.bridge, field)
    typist = Typist(field, program.controller.undo, program.controller.redo, seed=3)
    end = time.monotonic() + 3
    while time.monotonic() < end:
        typist.edit()
        rest = time.monotonic() + typist.random.uniform(0.01, 0.25)
        wait_until(lambda rest=rest: time.monotonic() >= rest)
    field.setPlainText("A dull film.")
    program.settle("A dull film.")
    order.leave()
    assert order.violations == []
    assert len(order.painted) >= 3, "answers were painted while somebody typed"


def test_a_click_traces_and_another_layer_is_fetched(program: Program) -> None:
    program.settle(SENTENCE)
    scene = program.flow.scene()
    assert scene is not None
    row = [line.label for line in scene.numbers.rows].index("wonderful")
    place = QPoint(round(float(scene.columns[2])), round(float(scene.lines[row])))
    QTest.mouseClick(program.flow.canvas, Qt.MouseButton.LeftButton, pos=place)
    token = scene.numbers.rows[row].tokens[0]
    assert program.controller.shown.state.view.traced == Node(2, token)

    program.flow.setFocus()
    wait_until(program.window.isActiveWindow)
    QTest.keyClick(program.window, Qt.Key.Key_2)
    assert program.controller.shown.state.view.layer == 1

    def fetched() -> bool:
        made = program.controller.shown.explanation
        return made is not None and made.components is not None and 1 in made.components.feed_forward_layers

    wait_until(fetched, SECONDS)
    QTest.keyClick(program.window, Qt.Key.Key_Escape)
    assert program.controller.shown.state.view.traced is None
