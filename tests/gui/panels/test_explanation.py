"""The prose card: describes once, dims with the picture, hands its words out."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication

from engine import registry
from gui.panels.explanation import ExplanationPanel
from tests.gui import samples
from tests.gui.stage import application

DECOMPX = registry.find("decompx")


@pytest.fixture
def panel() -> ExplanationPanel:
    application()
    return ExplanationPanel()


def test_nothing_to_copy_before_there_is_something(panel: ExplanationPanel) -> None:
    assert not panel.copy.isEnabled()


def test_words_and_check_are_shown_and_copied(panel: ExplanationPanel) -> None:
    panel.show_explanation(samples.explanation(), DECOMPX, whole_words=True, stale=False)
    assert "DecompX splits" in panel.prose.text()
    assert panel.check.text().startswith("✓ The shares add up to the answer to within")
    panel.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert samples.SENTENCE in copied
    assert "<" not in copied
    assert panel.copy.text() == "Copied"


def test_a_loose_sum_is_not_ticked_off(panel: ExplanationPanel) -> None:
    loose = samples.explanation(checks={"completeness": 1.0})
    panel.show_explanation(loose, DECOMPX, whole_words=True, stale=False)
    assert panel.check.text().startswith("⚠")


def test_it_follows_words_and_pieces_and_dims(panel: ExplanationPanel) -> None:
    scores = np.array([float(token.text.startswith("##")) for token in samples.tokens_of(samples.SENTENCE)])
    explanation = samples.explanation(scores=scores)
    panel.show_explanation(explanation, DECOMPX, whole_words=True, stale=False)
    whole = panel.prose.text()
    panel.show_explanation(explanation, DECOMPX, whole_words=False, stale=True)
    assert panel.prose.text() != whole
    assert not panel.prose.isEnabled()
