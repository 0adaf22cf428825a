"""The top bar's choosers: what they show, what they offer, what they tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFileDialog, QSpinBox

from engine import registry
from engine.bundled import bundled_models
from engine.contract import Against, Failure, FailureKind, Prediction
from engine.registry import Choice, Citation, Method, Number
from gui.chooser import Chooser, Entry, Popup
from gui.panels.method import MethodChooser
from gui.panels.model import ModelChooser
from gui.panels.target import TargetChooser
from gui.state import AppState
from tests.gui import samples
from tests.gui.stage import application

PARAMETERS = (
    Choice("map", "Map", "Which map.", ("N", "N_Res", "N_ResLN"), "N_ResLN"),
    Number("steps", "Steps", "How many.", 1, 512, "50", whole=True),
    Number("r", "Kept", "How much.", 0, 1, "0.5"),
    Choice("only", "Only", "No choice at all.", ("one",), "one"),
)


def method(identifier: str, *, specific: bool = True, parameters: tuple[Choice | Number, ...] = ()) -> Method:
    return Method(
        id=identifier,
        label=identifier.title(),
        sentence=f"What {identifier} does.",
        can_say="This.",
        cannot_say="That.",
        citation=Citation("A", 2020, "T", "V"),
        signed=specific,
        class_specific=specific,
        unit="logit",
        parameters=parameters,
        run=lambda given: None,  # type: ignore[arg-type, return-value]
    )


KNOWN = method("globenc", parameters=PARAMETERS)


@pytest.fixture(autouse=True)
def no_popup_left() -> Iterator[None]:
    application()
    yield
    popup = application().activePopupWidget()
    if popup is not None:
        popup.close()


def opened(chooser: Chooser) -> tuple[Popup, dict[str, Entry]]:
    chooser.show()
    chooser.open_popup()
    popup = application().activePopupWidget()
    assert isinstance(popup, Popup)
    return popup, {entry.accessibleName(): entry for entry in popup.findChildren(Entry)}


def test_models_bundled_recent_and_any_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chooser, told = ModelChooser(bundled_models()), []
    chooser.model_chosen.connect(told.append)
    chooser.show_model("english-sentiment")
    chooser.show_recent(("/models/mine",))
    assert chooser.button.text_shown() == "Model English sentiment"
    _, entries = opened(chooser)
    assert [entry for entry in entries if entries[entry].isChecked()] == ["English sentiment"]
    entries["mine"].click()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    opened(chooser)[1]["Open model folder…"].click()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    opened(chooser)[1]["Open model folder…"].click()
    assert told == ["/models/mine", str(tmp_path)]
    chooser.show_model(str(tmp_path))
    assert chooser.button.text_shown() == f"Model {tmp_path.name}"


def test_methods_are_told_apart_and_the_unfit_greyed_with_the_reason() -> None:
    chooser, told = MethodChooser((method("decompx"), method("rollout", specific=False), method("lrp"))), []
    chooser.method_chosen.connect(lambda *given: told.append(given))
    chooser.show_method("decompx", ())
    chooser.show_unavailable({"lrp": "Not for this family."})
    popup, entries = opened(chooser)
    assert list(entries) == ["Decompx", "Lrp", "Rollout"]
    assert entries["Decompx"].isChecked()
    assert not entries["Lrp"].isEnabled()
    assert entries["Lrp"].accessibleDescription() == "Not for this family."
    entries["Lrp"].click()
    entries["Rollout"].click()
    assert told == [("rollout", ())]
    assert not popup.isVisible()


def test_every_registered_method_can_be_chosen() -> None:
    methods = registry.discover()
    chooser = MethodChooser(methods)
    chooser.show_method(methods[0].id, ())
    _, entries = opened(chooser)
    assert set(entries) == {method.label for method in methods}


def test_a_form_is_made_from_the_parameters_and_tells_what_differs() -> None:
    chooser, told = MethodChooser((KNOWN,)), []
    chooser.method_chosen.connect(lambda *given: told.append(given))
    chooser.show_method("globenc", (("steps", "64"),))
    popup, _ = opened(chooser)
    combo, whole, number = (popup.findChild(kind) for kind in (QComboBox, QSpinBox, QDoubleSpinBox))
    assert (combo.currentText(), whole.value(), number.value()) == ("N_ResLN", 64, 0.5)
    assert len(popup.findChildren(QComboBox)) == 1, "a choice of one is no choice"
    combo.setCurrentText("N")
    number.setValue(0.25)
    whole.setValue(50)
    assert told == [
        ("globenc", (("map", "N"), ("steps", "64"))),
        ("globenc", (("map", "N"), ("steps", "64"), ("r", "0.25"))),
        ("globenc", (("map", "N"), ("r", "0.25"))),
    ]
    assert all(KNOWN.parse(given) for _, given in told), "what the form tells the method understands"
    assert popup.isVisible(), "settings are tried one after another"


def test_two_classes_are_explained_against_each_other_or_alone() -> None:
    chooser, told = TargetChooser(), []
    chooser.target_chosen.connect(lambda *given: told.append(given))
    chooser.show_target(AppState(), samples.explanation(), method("decompx"))
    assert chooser.button.text_shown() == "Explain Positive instead of Negative"
    titles = list(opened(chooser)[1])
    assert titles == [
        "The answer given",
        "Positive instead of Negative",
        "Negative instead of Positive",
        "Positive",
        "Negative",
    ]
    for title in titles:
        opened(chooser)[1][title].click()
    assert told == [(None, Against.OTHER), (1, 0), (0, 1), (1, Against.NOTHING), (0, Against.NOTHING)]


def test_the_chosen_target_is_shown_before_its_answer_is_there() -> None:
    chooser = TargetChooser()
    chooser.show_target(AppState(target=0, against=1), samples.explanation(), method("decompx"))
    assert chooser.button.text_shown() == "Explain Negative instead of Positive"
    chooser.show_target(AppState(target=0, against=Against.NOTHING), samples.explanation(), method("decompx"))
    assert chooser.button.text_shown() == "Explain Negative"
    assert [name for name, entry in opened(chooser)[1].items() if entry.isChecked()] == ["Negative"]


def test_many_classes_have_two_lists() -> None:
    chooser, told = TargetChooser(), []
    chooser.target_chosen.connect(lambda *given: told.append(given))
    labels = tuple(f"label {index}" for index in range(30))
    prediction = Prediction(labels, np.arange(30.0), None)
    explanation = samples.explanation(prediction=prediction, target=29, against=3)
    chooser.show_target(AppState(), explanation, method("decompx"))
    popup, _ = opened(chooser)
    entries = popup.findChildren(Entry)
    assert len(entries) == 1 + 30 + 1 + 29
    assert popup.height() <= application().primaryScreen().availableGeometry().height()
    entries[1 + 3].click()
    opened(chooser)[0].findChildren(Entry)[1 + 30 + 1 + 5].click()
    assert told == [(3, Against.NOTHING), (29, 5)]


def test_a_method_that_explains_no_class_leaves_nothing_to_choose() -> None:
    chooser = TargetChooser()
    chooser.show_target(AppState(), samples.explanation(), method("rollout", specific=False))
    assert not chooser.button.isEnabled()
    assert "Rollout does not explain one particular answer" in chooser.button.toolTip()
    other_model = replace(AppState(), model="another")
    chooser.show_target(other_model, samples.explanation(), method("decompx"))
    assert not chooser.button.isEnabled(), "classes of the old model are not offered for the new one"


def test_a_failure_marks_the_button_and_says_why() -> None:
    chooser = TargetChooser()
    failure = Failure(1, FailureKind.USER, "target", "No such answer", "“x” is none.", "Choose one.")
    chooser.show_failure(failure)
    assert chooser.button.property("failed") is True
    assert "No such answer" in chooser.notice.text()
    chooser.show_failure(None)
    assert chooser.button.property("failed") is False
    assert chooser.notice.isHidden()


def test_popups_work_by_keyboard() -> None:
    chooser, told = ModelChooser(bundled_models()), []
    chooser.model_chosen.connect(told.append)
    chooser.show_model("english-sentiment")
    popup, entries = opened(chooser)
    QTest.keyClick(entries["English sentiment"], Qt.Key.Key_Space)
    assert told == ["english-sentiment"]
    popup, _ = opened(chooser)
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert application().activePopupWidget() is None
