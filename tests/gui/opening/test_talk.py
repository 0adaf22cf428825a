"""A linguist prepares a talk: keeps two slides, saves, opens it in a fresh window, presents. Nothing is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.contract import Explanation
from gui.kept.session_file import load_session, save_session
from gui.panels.sentence import SentenceField
from gui.shown import Activity
from tests.gui.linguist import Linguist
from tests.gui.opening.test_opening import dragged, drop, enter
from tests.gui.samples import SENTENCE
from tests.gui.stage import application
from tests.gui.test_real_window import Program

OTHER = "It is not a bad film."
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Talk:
    """One program and its person."""

    def __init__(self) -> None:
        self.program = Program()
        self.person = Linguist(self.program.window)
        self.settle(SENTENCE)

    @property
    def made(self) -> Explanation:
        explanation = self.program.controller.shown.explanation
        assert explanation is not None
        return explanation

    def settle(self, text: str) -> None:
        def stands() -> bool:
            shown = self.program.controller.shown
            made = shown.explanation
            is_there = shown.activity is Activity.UP_TO_DATE and made is not None
            return is_there and self.made.request.text == text and bool(self.made.request.feed_forward_layers)

        self.person.wait(stands)

    def write(self, text: str) -> None:
        self.person.click_on("Text", SentenceField)
        self.person.press(Qt.Key.Key_A, control=True)
        self.person.type(text)
        self.settle(text)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focused = QApplication.focusWidget()
        QTest.keyClick(focused if focused is not None else self.program.window, key, modifiers)
        application().processEvents()

    def close(self) -> None:
        self.program.window.close()
        self.program.window.deleteLater()
        self.program.bridge.shutdown()


@pytest.fixture
def talks() -> Iterator[list[Talk]]:
    opened: list[Talk] = []
    yield opened
    for talk in opened:
        talk.close()


def numbers(made: Explanation, layer: int) -> dict[str, np.ndarray]:
    """Everything that is drawn or told, the dear maps those of the shown layer."""
    assert made.flow is not None
    assert made.components is not None
    maps = {f"map of {name}": array for name, array in made.components.maps.items()}
    at = made.components.feed_forward_layers.index(layer)
    dear = {f"dear map of {name}": array[at] for name, array in made.components.feed_forward.items()}
    flow = {"edge": made.flow.edge, "nodes": made.flow.nodes, "bias": made.flow.bias}
    rest = {"scores": made.scores, "logits": made.prediction.logits, "attention": made.attention}
    return {name: np.array(array) for name, array in (maps | dear | flow | rest).items()}


def prepared(path: Path) -> Talk:
    """A program with two slides, saved."""
    at_home = Talk()
    at_home.press(Qt.Key.Key_K, CONTROL | SHIFT)
    at_home.write(OTHER)
    at_home.person.click_on("Layer 2")
    at_home.settle(OTHER)
    at_home.person.click_on("Keep as slide")
    state = at_home.program.controller.shown.state
    assert [slide.text for slide in state.slides] == [SENTENCE, OTHER]
    at_home.person.answer_dialog(path)
    at_home.press(Qt.Key.Key_S, CONTROL)
    assert load_session(path) == state
    assert at_home.program.window.windowTitle() == "talk – Headstream"
    return at_home


def test_a_talk_is_kept_saved_opened_elsewhere_and_given(talks: list[Talk], tmp_path: Path) -> None:
    path = tmp_path / "talk.headstream"
    at_home, at_the_venue = prepared(path), Talk()
    talks += [at_home, at_the_venue]
    state = at_home.program.controller.shown.state
    before = numbers(at_home.made, layer=1)
    window = at_the_venue.program.window
    enter(window, dragged(path))
    drop(window, dragged(path))
    at_the_venue.settle(OTHER)
    assert at_the_venue.program.controller.shown.state == state
    assert window.windowTitle() == "talk – Headstream"
    after = numbers(at_the_venue.made, layer=1)
    assert after.keys() == before.keys()
    for name in before:
        np.testing.assert_array_equal(after[name], before[name], err_msg=name)

    at_home.program.window.hide()
    window.activateWindow()
    at_the_venue.person.wait(window.isActiveWindow)
    at_the_venue.person.click_on("Present")
    at_the_venue.person.wait(window.isActiveWindow)
    at_the_venue.press(Qt.Key.Key_PageUp)
    at_the_venue.settle(SENTENCE)
    stage = window.presenter.stage
    assert stage is not None
    assert stage.isVisible()
    assert stage.counter.text() == "1 / 2"
    at_the_venue.press(Qt.Key.Key_PageDown)
    at_the_venue.settle(OTHER)
    assert at_the_venue.program.controller.shown.state.view.layer == 1
    at_the_venue.press(Qt.Key.Key_Escape)
    assert not window.presenter.is_on
    assert at_the_venue.program.controller.shown.state == state


def test_a_session_whose_model_is_elsewhere_keeps_its_text(talks: list[Talk], tmp_path: Path) -> None:
    talk = Talk()
    talks.append(talk)
    state = replace(talk.program.controller.shown.state, text=OTHER, model="/home/eva/models/my-bert")
    save_session(tmp_path / "hers.headstream", state)
    window = talk.program.window
    window.open(str(tmp_path / "hers.headstream"))
    talk.person.wait(lambda: window.question.model.offer.isVisible())
    assert "/home/eva/models/my-bert" in window.question.model.notice.accessibleName()
    assert window.desk.text.field.toPlainText() == OTHER
    talk.person.click(window.question.model.offer, QPoint(20, 8))
    talk.settle(OTHER)
    assert talk.made.request.model == "english-sentiment"
