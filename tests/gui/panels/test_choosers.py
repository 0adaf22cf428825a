"""The top bar's choosers: what they show, what they offer, what they tell."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFileDialog, QPushButton, QSpinBox

from engine import registry
from engine.bundled import bundled_models
from engine.contract import Against, Explanation, Failure, FailureKind, Head, Prediction
from engine.forecast import Cost, recorded_pass
from engine.registry import Choice, Citation, Method, Number
from gui.controls.chooser import Chooser, Entry, Popup
from gui.panels.answers import AnswerForm
from gui.panels.method import MethodChooser, ParameterForm
from gui.panels.model import ModelChooser
from gui.panels.place import PlaceChooser
from gui.panels.target import TargetChooser
from gui.state import AppState, Place
from tests.gui import samples
from tests.gui.stage import application

PARAMETERS = (
    Choice("map", "Map", "Which map.", ("N", "N_Res", "N_ResLN"), "N_ResLN"),
    Number("steps", "Steps", "How many.", 1, 512, "50", whole=True),
    Number("r", "Kept", "How much.", 0, 1, "0.5"),
    Choice("only", "Only", "No choice at all.", ("one",), "one"),
)


def method(
    identifier: str,
    *,
    specific: bool = True,
    signed: bool | None = None,
    common: bool = True,
    parameters: tuple[Choice | Number, ...] = (),
) -> Method:
    return Method(
        id=identifier,
        label=identifier.title(),
        sentence=f"What {identifier} does.",
        can_say="This.",
        cannot_say="That.",
        citation=Citation("A", 2020, "T", "V"),
        signed=specific if signed is None else signed,
        class_specific=specific,
        unit="logit",
        parameters=parameters,
        run=lambda given: None,  # type: ignore[arg-type, return-value]
        common=common,
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
    unfit = replace(samples.model_info(), unavailable={"lrp": "Not for this family."})
    chooser.show_last(samples.explanation(model=unfit))
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


def test_rare_methods_wait_behind_a_fold() -> None:
    methods = (method("decompx"), method("rollout", specific=False), method("rare", common=False))
    chooser = MethodChooser(methods)
    chooser.show_method("decompx", ())
    popup, entries = opened(chooser)
    fold = next(button for button in popup.findChildren(QPushButton) if button.objectName() == "fold")
    assert list(entries) == ["Decompx", "Rollout", "Rare"]
    assert (fold.text(), entries["Rare"].isVisible()) == ("More methods (1)", False)
    low = popup.height()
    QTest.keyClick(fold, Qt.Key.Key_Space)
    assert (fold.text(), entries["Rare"].isVisible()) == ("Fewer methods", True)
    assert popup.height() > low
    popup.close()
    chooser.show_method("rare", ())
    _, entries = opened(chooser)
    assert entries["Rare"].isVisible(), "the chosen one is never hidden"


def test_an_entry_tells_what_kind_of_numbers_and_what_they_cost() -> None:
    dear = replace(method("dear", signed=False), cost=lambda size, given: Cost(9 * recorded_pass(size).work, 5e7))
    chooser = MethodChooser((method("decompx"), dear, method("rollout", specific=False)))
    chooser.show_method("decompx", ())
    told = {name: entry.accessibleDescription() for name, entry in opened(chooser)[1].items()}
    assert told["Decompx"] == "What decompx does. Tells for from against."
    chooser.show_last(samples.explanation(pass_seconds=0.2))
    told = {
        name: entry.accessibleDescription().replace("\N{NO-BREAK SPACE}", " ")
        for name, entry in opened(chooser)[1].items()
    }
    assert told["Decompx"].startswith("What decompx does. Tells for from against. About 0.2 s, ")
    assert told["Dear"].startswith("What dear does. Does not tell for from against. About 2.0 s, 200 MB.")
    assert told["Rollout"].startswith("What rollout does. The same for every answer. About 0.2 s, ")


def test_settings_that_do_not_go_together_are_said_at_the_form() -> None:
    chooser = MethodChooser((KNOWN,))
    chooser.notice.setParent(chooser)  # as in the window: a notice of its own would take the popup's place
    chooser.show_method("globenc", ())
    popup, _ = opened(chooser)
    form = popup.findChild(ParameterForm)
    low = popup.height()
    failure = Failure(1, FailureKind.USER, "method", "These do not go together", "N needs r above 0.", "Change one.")
    chooser.show_failure(failure)
    assert form.notice.isVisible()
    assert "N needs r above 0." in form.notice.text()
    assert popup.height() > low
    chooser.show_failure(None)
    assert form.notice.isHidden()
    popup.close()
    application().sendPostedEvents(None, QEvent.Type.DeferredDelete)
    chooser.show_failure(failure)  # no form is open: nobody hears it there


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


LABELS = tuple(f"label {index}" for index in range(30))


def many_classes(**changes: object) -> Explanation:
    shares = np.arange(30.0) / np.arange(30.0).sum()
    given = {"prediction": Prediction(LABELS, np.arange(30.0), shares), "target": 29, "against": 3} | changes
    return samples.explanation(**given)


def form_of(chooser: TargetChooser) -> AnswerForm:
    form = opened(chooser)[0].findChild(AnswerForm)
    assert isinstance(form, AnswerForm)
    return form


def target_chooser(made: Explanation, state: AppState | None = None) -> tuple[TargetChooser, list[object]]:
    chooser, told = TargetChooser(), []
    chooser.notice.setParent(chooser)  # as in the window: a notice of its own would take the popup's place
    chooser.target_chosen.connect(lambda *given: told.append(given))
    chooser.show_target(state or AppState(), made, method("decompx"))
    return chooser, told


def test_many_classes_are_listed_for_the_side_in_front() -> None:
    chooser, told = target_chooser(many_classes())
    form = form_of(chooser)
    assert [field.text() for field in form.fields] == ["Label 29", "Label 3"]
    assert form.shown() == [f"Label {index}" for index in reversed(range(30))], "likeliest first"
    assert [entry.accessibleName() for entry in form.entries() if entry.isChecked()] == ["Label 29"]
    form.fields[1].setFocus()
    assert form.shown()[:2] == ["Nothing else", "Label 28"]
    next(entry for entry in form.entries() if entry.index == 5).click()
    assert application().activePopupWidget() is None
    form_of(chooser).entries()[1].click()
    assert told == [(29, 5), (28, 3)]
    next(entry for entry in form_of(chooser).entries() if entry.index == 3).click()
    assert told[-1] == (3, Against.NOTHING), "an answer instead of itself says nothing"
    form = form_of(chooser)
    form.fields[1].setFocus()
    form.entries()[0].click()
    assert told[-1] == (29, Against.NOTHING)


def test_answers_that_do_not_exclude_each_other_are_explained_alone() -> None:
    chooser, told = target_chooser(many_classes(prediction=Prediction(LABELS, np.arange(30.0), None), against=-1))
    form = form_of(chooser)
    assert not form.fields[1].isVisible()
    assert not form.swap.isVisible()
    assert form.entries()[0].accessibleDescription() == "29.00"
    form.entries()[1].click()
    assert told == [(28, Against.NOTHING)]
    two = Prediction(("a", "b"), np.array([1.0, 2.0]), None)
    chooser, _ = target_chooser(samples.explanation(prediction=two, against=-1))
    assert list(opened(chooser)[1]) == ["The answer given", "B", "A"]


def test_typing_finds_a_class() -> None:
    chooser, told = target_chooser(many_classes(against=-1))
    form = form_of(chooser)
    QTest.keyClicks(form.fields[0], "bel 1")
    assert form.shown() == [f"Label {index}" for index in (*range(19, 9, -1), 1)]
    QTest.keyClicks(form.fields[0], "2")
    assert form.shown() == ["Label 12"]
    QTest.keyClick(form.fields[0], Qt.Key.Key_Return)
    assert told == [(12, Against.NOTHING)]
    assert form.fields[0].text() == "Label 12"
    application().processEvents()
    QTest.keyClick(form.fields[0], Qt.Key.Key_Down)
    assert form.entries()[0].hasFocus()


def test_of_a_vocabulary_the_likeliest_words_are_offered_with_their_probabilities() -> None:
    made = samples.filling(target=7, against=0, explained=(7, 0))
    chooser, told = target_chooser(made)
    begun = time.perf_counter()
    for _ in range(20):
        chooser.show_target(AppState(), made, method("decompx"))
    assert time.perf_counter() - begun < 0.05, "thirty thousand labels are not walked through"
    assert chooser.button.text_shown() == "Explain piece 7 instead of is"
    form = form_of(chooser)
    entries = form.entries()
    assert [entry.accessibleName() for entry in entries[:3]] == ["are", "is", "was"]
    assert entries[0].accessibleDescription() == "0.02"
    assert len(entries) < 20
    begun = time.perf_counter()
    QTest.keyClicks(form.fields[0], "piece 2999")
    assert time.perf_counter() - begun < 1.0
    assert form.shown() == ["piece 2999", *(f"piece {index}" for index in range(29990, 30000))]
    entries = form.entries()
    entries[0].click()
    assert told == [(2999, 0)]


def test_a_filler_of_ones_own_on_both_sides() -> None:
    made = samples.filling()
    chooser, told = target_chooser(made)
    form = form_of(chooser)
    QTest.keyClicks(form.fields[0], "sing")
    form.fields[1].setFocus()
    QTest.keyClicks(form.fields[1], "sings")
    QTest.keyClick(form.fields[1], Qt.Key.Key_Return)
    assert told == [("sing", "sings")]
    state = AppState(target="sing", against="sings")
    chooser.show_target(state, made, method("decompx"))
    assert chooser.button.text_shown() == "Explain sing instead of sings", "shown before it is answered to"
    failure = Failure(1, FailureKind.USER, "target", "This word is not one piece", "“sings” is 2 pieces.", "Choose.")
    chooser.show_failure(failure)
    assert form.notice.isVisible()
    assert "2 pieces" in form.notice.text()
    assert form.shown()[:2] == ["Nothing else", "are"], "what could be taken instead"
    assert [field.text() for field in form.fields] == ["sing", "sings"], "nothing is lost"
    assert application().activePopupWidget() is not None
    application().activePopupWidget().close()
    assert [field.text() for field in form_of(chooser).fields] == ["sing", "sings"], "nor later"


def test_the_menu_closes_once_a_typed_answer_is_explained() -> None:
    made = samples.filling()
    chooser, told = target_chooser(made)
    form = form_of(chooser)
    form.fields[0].setText("was")
    QTest.keyClick(form.fields[0], Qt.Key.Key_Return)
    assert told == [("was", Against.NOTHING)]
    chooser.show_failure(None)
    assert application().activePopupWidget() is not None, "the answer is still to come"
    state = AppState(target="was", against=Against.NOTHING)
    request = replace(made.request, target="was", against=Against.NOTHING)
    chooser.show_target(state, replace(made, request=request, target=2, explained=(2,)), method("decompx"))
    assert application().activePopupWidget() is None
    form = form_of(chooser)
    assert [entry.accessibleName() for entry in form.entries() if entry.isChecked()] == ["was"]


def test_the_two_sides_change_places() -> None:
    chooser, told = target_chooser(samples.filling(against=0, explained=(1, 0)))
    form = form_of(chooser)
    assert form.swap.isEnabled()
    form.swap.click()
    assert told == [(0, 1)]
    assert [field.text() for field in form.fields] == ["is", "are"]
    assert application().activePopupWidget() is not None
    application().activePopupWidget().close()
    chooser, _ = target_chooser(samples.filling())
    assert not form_of(chooser).swap.isEnabled(), "there is nothing to change places with"


def test_an_empty_field_means_nothing_else_or_the_answer_given() -> None:
    chooser, told = target_chooser(samples.filling(against=0, explained=(1, 0)))
    form = form_of(chooser)
    form.fields[1].clear()
    QTest.keyClick(form.fields[1], Qt.Key.Key_Return)
    form.fields[0].clear()
    QTest.keyClick(form.fields[0], Qt.Key.Key_Return)
    assert told == [(1, Against.NOTHING), (None, Against.NOTHING)]


def test_a_state_leaves_no_answer_to_choose() -> None:
    chooser = TargetChooser()
    made = samples.explanation(model=replace(samples.model_info(), head=Head.STATE), against=-1)
    chooser.show_target(AppState(), made, method("decompx"))
    assert not chooser.button.isEnabled()
    assert "the state of the chosen word" in chooser.button.toolTip()


def test_words_of_the_text_can_be_chosen_where_the_model_answers_for_each() -> None:
    chooser, told = PlaceChooser(), []
    chooser.place_chosen.connect(told.append)
    chooser.show_place(None, samples.explanation())
    assert chooser.isHidden(), "this one answers for the whole text"
    tagging = replace(samples.model_info(), head=Head.TOKEN_CLASSIFICATION)
    made = samples.explanation("A wonderful film.", model=tagging, position=2)
    chooser.show_place(None, made)
    assert not chooser.isHidden()
    assert chooser.button.text_shown() == "At wonderful"
    _, entries = opened(chooser)
    assert list(entries) == ["The first word", "A", "wonderful", "film", "."]
    assert [name for name, entry in entries.items() if entry.isChecked()] == ["The first word"]
    entries["film"].click()
    chooser.show_place(Place(12, 4), made)
    _, entries = opened(chooser)
    assert [name for name, entry in entries.items() if entry.isChecked()] == ["film"]
    entries["The first word"].click()
    assert told == [Place(12, 4), None]
    chooser.show_place(None, samples.filling())
    assert "The gap" in opened(chooser)[1]


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


def test_arrow_keys_go_from_line_to_line_and_enter_takes_one() -> None:
    chooser, told = MethodChooser(tuple(method(name) for name in ("a", "b", "c"))), []
    chooser.method_chosen.connect(lambda *given: told.append(given[0]))
    chooser.show_method("a", ())
    _, entries = opened(chooser)
    for key, name in ((Qt.Key.Key_Down, "B"), (Qt.Key.Key_Down, "C"), (Qt.Key.Key_Up, "B"), (Qt.Key.Key_Down, "C")):
        QTest.keyClick(application().focusWidget(), key)
        assert entries[name].hasFocus()
    QTest.keyClick(entries["C"], Qt.Key.Key_Return)
    assert told == ["c"]
