"""The prediction: the answer first, certain never more than it is, many classes within bounds."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from engine.contract import Head, Prediction
from gui.paint.palette import LIGHT
from gui.panels.prediction import ROW_HEIGHT, ROWS_SHOWN, PredictionPanel
from tests.gui import samples
from tests.gui.stage import application


@pytest.fixture
def panel() -> PredictionPanel:
    application()
    return PredictionPanel(LIGHT)


def predicted(labels: tuple[str, ...], logits: list[float], *, softmax: bool = True):  # type: ignore[no-untyped-def]
    values = np.array(logits)
    shares = np.exp(values) / np.exp(values).sum() if softmax else None
    return samples.explanation(prediction=Prediction(labels, values, shares), target=0, against=-1)


def test_the_answer_comes_first(panel: PredictionPanel) -> None:
    panel.show_prediction(samples.explanation(), stale=False)
    assert panel.shown() == [("Positive", "0.94"), ("Negative", "0.06")]


def test_rows_follow_another_model(panel: PredictionPanel) -> None:
    panel.show_prediction(samples.explanation(), stale=False)
    panel.show_prediction(predicted(("a", "b", "c"), [0.0, 2.0, 1.0]), stale=False)
    assert [name for name, _ in panel.shown()] == ["B", "C", "A"]
    panel.show_prediction(predicted(("yes", "no"), [0.0, 12.0]), stale=False)
    assert panel.shown() == [("No", ">0.99"), ("Yes", "<0.01")]


def test_values_without_probabilities_are_shown_as_they_are(panel: PredictionPanel) -> None:
    panel.show_prediction(predicted(("a", "b"), [-1.5, 0.25], softmax=False), stale=False)
    assert panel.shown() == [("B", "0.25"), ("A", "−1.50")]


def test_many_classes_scroll(panel: PredictionPanel) -> None:
    labels = tuple(f"class {index}" for index in range(40))
    panel.show_prediction(predicted(labels, list(np.linspace(0, 3, 40))), stale=False)
    assert len(panel.shown()) == 40
    assert panel.sizeHint().height() < (ROWS_SHOWN + 4) * ROW_HEIGHT


def test_long_names_are_cut_with_an_ellipsis_and_whole_in_the_tooltip(panel: PredictionPanel) -> None:
    name = "a very long class name that no column of this window could ever hold"
    panel.show_prediction(predicted((name, "b"), [1.0, 0.0]), stale=False)
    panel.resize(300, 200)
    panel.show()
    application().processEvents()
    label = panel.rows[0].name
    panel.close()
    assert label.text().endswith("…")
    assert label.toolTip() == name[:1].upper() + name[1:]


def test_a_stale_prediction_is_dimmed(panel: PredictionPanel) -> None:
    panel.show_prediction(samples.explanation(), stale=True)
    assert not panel.rows[0].number.isEnabled()
    panel.show_prediction(samples.explanation(), stale=False)
    assert panel.rows[0].number.isEnabled()


def test_of_a_vocabulary_the_likeliest_fillers_are_listed(panel: PredictionPanel) -> None:
    made = samples.filling()
    begun = time.perf_counter()
    for _ in range(50):
        panel.show_prediction(made, stale=False)
    assert time.perf_counter() - begun < 0.2, "hovering must not look through thirty thousand labels"
    assert [name for name, _ in panel.shown()] == ["are", "is", "was", "piece 3", "piece 4"]
    assert panel.title.full_text() == "What fills the gap"
    rare = samples.filling(target=20_000, explained=(20_000,))
    panel.show_prediction(rare, stale=False)
    assert [name for name, _ in panel.shown()][-1] == "piece 20000", "what is explained is listed too"


def test_the_title_names_the_word_that_is_asked_about(panel: PredictionPanel) -> None:
    def title(head: Head, **changes: object) -> str:
        made = samples.explanation(model=replace(samples.model_info(), head=head), position=1, **changes)
        panel.show_prediction(made, stale=False)
        return panel.title.full_text()

    assert title(Head.SEQUENCE_CLASSIFICATION) == "Prediction"
    assert title(Head.TOKEN_CLASSIFICATION) == "Prediction at “The”"
    state = Prediction(("length of the state",), np.array([6.3]), None)
    assert title(Head.STATE, prediction=state, target=0, against=-1) == "State of “The”"
    assert panel.shown() == [("Length of the state", "6.30")]
    assert panel.rows[0].bar.isHidden(), "a length is no probability"
    assert title(Head.MASKED_WORD, explained=(0,)) == "What fills the gap"
