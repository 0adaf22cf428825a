"""The prose card: describes once, dims with the picture, hands its words out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication

from engine import registry
from engine.contract import Explanation
from gui.asking import request_of
from gui.panels.explanation import ExplanationPanel
from gui.shown import Shown
from gui.state import AppState, ViewState
from tests.gui import samples
from tests.gui.stage import application

DECOMPX = registry.find("decompx")
STATE = AppState(text=samples.SENTENCE)


def shown(explanation: Explanation, state: AppState = STATE, *, waiting: bool = False) -> Shown:
    asked = request_of(STATE, 1)
    return Shown(state, replace(explanation, request=asked), waiting=waiting)


@pytest.fixture
def panel() -> ExplanationPanel:
    application()
    return ExplanationPanel()


def test_nothing_to_copy_before_there_is_something(panel: ExplanationPanel) -> None:
    assert not panel.copy.isEnabled()


def test_words_and_check_are_shown_and_copied(panel: ExplanationPanel) -> None:
    panel.show_explanation(shown(samples.explanation()), DECOMPX, None)
    assert "DecompX splits" in panel.prose.text()
    assert panel.check.text().startswith("✓ The shares add up to the answer to within")
    panel.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert samples.SENTENCE in copied
    assert "<" not in copied
    assert panel.copy.text() == "Copied"


def test_a_loose_sum_is_not_ticked_off(panel: ExplanationPanel) -> None:
    loose = samples.explanation(checks={"completeness": 1.0})
    panel.show_explanation(shown(loose), DECOMPX, None)
    assert panel.check.text().startswith("⚠")


def test_it_follows_words_and_pieces_and_dims(panel: ExplanationPanel) -> None:
    scores = np.array([float(token.text.startswith("##")) for token in samples.tokens_of(samples.SENTENCE)])
    explanation = samples.explanation(scores=scores)
    panel.show_explanation(shown(explanation), DECOMPX, None)
    whole = panel.prose.text()
    pieces = replace(STATE, text="Another.", view=ViewState(whole_words=False))
    panel.show_explanation(shown(explanation, pieces), DECOMPX, None)
    assert panel.prose.text() != whole
    assert not panel.prose.isEnabled()


def test_a_preview_is_named_until_the_full_answer_is_there(panel: ExplanationPanel) -> None:
    method = replace(DECOMPX, preview_note="biases kept apart")
    first = shown(samples.explanation(preview=True), waiting=True)
    panel.show_explanation(first, method, None)
    assert panel.check.text() == "Preview: biases kept apart. The full result is being computed…"
    panel.show_explanation(replace(first, waiting=False), method, None)
    assert panel.check.text() == "Preview: biases kept apart. The full result was not reached."
    panel.show_explanation(shown(samples.explanation()), method, None)
    assert panel.check.text().startswith("✓")


def test_what_need_not_add_up_is_neither_ticked_nor_warned_of(panel: ExplanationPanel) -> None:
    panel.show_explanation(shown(samples.explanation(**samples.words_alone())), DECOMPX, None)
    assert panel.check.text() == "This method's numbers need not add up to the answer's score."
