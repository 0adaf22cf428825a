"""How far to trust this, as a person meets it: asked for, tried, read, left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

from engine.contract import Head
from engine.errors import TextError
from engine.faithfulness.protocol import Taking
from gui.trust.panel import ORDERS, TrustPanel
from gui.trust.verdict import Standing, verdict
from tests.gui.dressed import controls, tabbed
from tests.gui.linguist import Linguist
from tests.gui.stage import application, wait_until
from tests.gui.trust.room import TEXT, Room, room


@pytest.fixture
def on() -> Iterator[Room]:
    with room() as made:
        yield made


def control(on: Room, letter: str) -> None:
    QTest.keyClick(on.window, letter, Qt.KeyboardModifier.ControlModifier)
    on.settle()


def test_it_is_asked_by_the_link_and_takes_the_layers_place(on: Room) -> None:
    person = Linguist(on.window)
    assert not on.panel.isVisible()
    person.click_on("How far to trust this")
    assert on.panel.isVisible()
    assert not on.window.desk.decks["right"].isVisible()
    assert on.window.desk.decks["middle"].isVisible(), "the flow stays"
    assert on.window.desk.decks["left"].isVisible(), "and so do the words"
    assert on.runner.is_running is False
    assert on.door.opened == 0, "nothing runs by itself"
    person.click_on("Close")
    assert not on.panel.isVisible()
    assert on.window.desk.decks["right"].isVisible()


def test_ctrl_t_opens_and_closes_and_gives_the_width_back(on: Room) -> None:
    before = on.window.desk.sizes()
    control(on, "t")
    assert on.panel.isVisible()
    assert on.panel.go.hasFocus()
    assert on.window.desk.sizes()[2] > before[2]
    assert on.window.remembered().columns == tuple(before)
    control(on, "t")
    assert not on.panel.isVisible()
    assert on.window.desk.sizes() == before


def test_escape_closes_it_from_inside_and_from_outside(on: Room) -> None:
    on.window.desk.turn_trust()
    QTest.keyClick(on.panel.go, Qt.Key.Key_Escape)
    assert not on.panel.isVisible()
    assert on.window.desk.explanation.trust.hasFocus(), "the keyboard is where it came from"
    on.window.desk.turn_trust()
    on.window.desk.text.field.setFocus()
    QTest.keyClick(on.window, Qt.Key.Key_Escape)
    assert not on.panel.isVisible()


def test_the_menu_asks_too(on: Room) -> None:
    on.window.more.asked.emit("trust")
    assert on.panel.isVisible()


def test_a_folded_column_is_folded_again(on: Room) -> None:
    on.window.desk.turn_fold()
    control(on, "t")
    assert on.panel.isVisible()
    assert on.window.remembered().folded
    control(on, "t")
    assert on.window.desk.is_folded


def test_no_comparison_and_no_stage_shows_it(on: Room) -> None:
    control(on, "t")
    control(on, "d")
    assert not on.panel.isVisible()
    control(on, "t")
    assert "leave the comparison first" in on.window.status.remark.text()
    control(on, "d")
    assert on.panel.isVisible()
    on.window.presenter.turn()
    on.settle()
    assert not on.panel.isVisible()
    control(on, "t")
    on.window.presenter.leave()
    on.settle()
    assert on.panel.isVisible(), "what was there is there again"


def test_it_is_open_again_at_the_next_start(on: Room) -> None:
    control(on, "t")
    remembered = on.window.remembered()
    assert remembered.trusting
    again = Room(remembered, (1280, 720), TEXT)
    try:
        again.settle()
        assert again.panel.isVisible()
        assert again.window.desk.text.field.hasFocus(), "a start begins with the text"
        assert again.window.remembered().columns == pytest.approx(remembered.columns, abs=2)
    finally:
        again.close()
    on.window.desk.turn_trust()
    assert not on.window.remembered().trusting


def test_what_it_will_do_and_cost_stands_there_before(on: Room) -> None:
    on.window.desk.turn_trust()
    assert on.panel.what.text().startswith("Takes the words away one after another, strongest first, and asks")
    readings = (1 + ORDERS + 2) * 2 * 6 + 1  # seven words
    assert re.fullmatch(rf"about \d+\.\d\ss: {readings} readings of this text", on.panel.cost.text())
    on.answer(pass_seconds=1.0)
    assert on.panel.cost.text().startswith("about"), "the quickest pass counts"


def test_what_takes_long_is_warned_of() -> None:
    with room() as on:
        on.panel._pace.value = 1e-7  # seconds per multiply-add: a slow computer
        on.window.desk.turn_trust()
        assert on.panel.cost.text().startswith("⚠ about ")
        assert "stopped at any time" in on.panel.cost.text()


def test_one_press_and_a_verdict(on: Room) -> None:
    person = Linguist(on.window)
    control(on, "t")
    person.click_on("Try it")
    on.finish()
    tried = on.window.pages.exports(on.controller.shown)[-1].figure_of.args[0]  # type: ignore[attr-defined]  # a partial
    assert on.panel.findings.verdict.accessibleName() == verdict(tried).sentence
    assert verdict(tried).standing is Standing.CLEAR
    rows = on.panel.findings.scores.texts()
    assert [row[0] for row in rows] == ["DecompX (this)", "ALTI", "Integrated gradients", "Random order"]
    assert rows[0][1:] == rows[1][1:], "the door gives every method the same scores"
    assert on.panel.findings.check.text().startswith("✓ The shares add up")
    assert on.panel.go.text() == "Try again"
    assert on.panel.findings.copy.isEnabled()


def test_the_curve_of_what_is_shown_is_there_first(on: Room) -> None:
    on.door.before = lambda context: None
    on.window.desk.turn_trust()
    seen: list[int] = []
    on.runner.advanced.connect(lambda tried: seen.append(len(on.panel.findings.scores.texts())))
    on.panel.go.click()
    on.finish()
    assert seen == [1, 2, 3, 4]
    assert not [request for request in on.door.asked if request.method == "decompx"], "its scores are at hand"


def test_while_it_runs_there_is_progress_and_stop(on: Room) -> None:
    on.door.before = lambda context: _until_cancelled(context)
    on.window.desk.turn_trust()
    on.panel.go.setFocus()
    QTest.keyClick(on.panel.go, Qt.Key.Key_Space)
    on.settle()
    assert on.panel.stop.isVisible()
    assert on.panel.stop.hasFocus()
    assert on.panel.bar.isVisible()
    assert not on.panel.go.isVisible()
    QTest.keyClick(on.panel.stop, Qt.Key.Key_Space)
    on.settle()
    assert not on.runner.is_running
    assert on.panel.go.hasFocus()
    assert on.panel.go.text() == "Try it", "nothing was found"


def _until_cancelled(context) -> None:
    import time

    while True:
        context.raise_if_cancelled()
        time.sleep(0.001)


def test_stopped_after_the_first_curve_there_is_no_verdict(on: Room) -> None:
    batches: list[int] = []

    def before(context) -> None:
        batches.append(1)
        if len(batches) > 1:
            _until_cancelled(context)

    on.door.before = before
    on.window.desk.turn_trust()
    on.panel.go.click()
    wait_until(lambda: len(on.panel.findings.scores.texts()) == 1)
    on.panel.stop.click()
    on.settle()
    assert on.panel.findings.veiled.text() == "Stopped: no verdict without the random orders."
    assert not on.panel.findings.verdict.isVisible()
    assert not on.panel.findings.copy.isEnabled()


def test_typing_stops_it_and_veils_what_is_there(on: Room) -> None:
    on.try_it()
    assert not on.panel.findings.veiled.isVisible()
    on.controller.text_edited("Something else")
    on.settle()
    assert on.panel.findings.veiled.text() == "For the text before."
    assert not on.panel.findings.verdict.isEnabled()
    assert not on.panel.go.isEnabled(), "until the answer is there"
    read = list(on.door.read)
    on.answer()
    assert on.panel.go.isEnabled()
    assert on.panel.go.text() == "Try again"
    assert on.door.read == read, "nothing runs by itself"
    on.controller.text_edited(TEXT)
    on.answer()
    assert not on.panel.findings.veiled.isVisible(), "back to what was tried"
    on.door.before = _until_cancelled
    on.panel.go.click()
    wait_until(lambda: len(on.door.read) > len(read))
    on.controller.text_edited("Something else")
    on.settle()
    assert not on.runner.is_running, "nobody waits for what is no longer shown"


@pytest.mark.parametrize("change", ["method", "pieces", "taking", "beside"])
def test_other_choices_veil_it_too(on: Room, change: str) -> None:
    on.try_it()
    if change == "method":
        on.controller.method_chosen("gradient", ())
        on.answer()
    elif change == "pieces":
        on.controller.looked(replace(on.controller.shown.state.view, whole_words=False))
    elif change == "taking":
        Linguist(on.window).click_on("How words are taken away Deleted")
    else:
        on.panel.form.beside[0].take("gradient")
    on.settle()
    assert on.panel.findings.veiled.text() == "For what was chosen before."
    on.panel.go.click()
    on.finish()
    assert not on.panel.findings.veiled.isVisible()
    if change == "taking":
        assert on.door.takings[-1] is Taking.DELETE
    if change == "beside":
        assert on.panel.findings.scores.texts()[1][0] == "Gradient"


def test_looking_elsewhere_changes_nothing(on: Room) -> None:
    on.try_it()
    on.controller.layer_chosen(1)
    on.controller.view_chosen("table")
    on.settle()
    assert not on.panel.findings.veiled.isVisible()


def test_arrow_keys_walk_along_the_steps_and_words_are_struck_out(on: Room) -> None:
    on.try_it()
    canvas = on.panel.findings.curves.canvas
    canvas.setFocus()
    tall = on.panel.findings.gone.height()
    assert "Point at a curve" in on.panel.findings.gone.accessibleName()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    on.settle()
    said = on.panel.findings.gone.accessibleName()
    assert said.startswith("Without the 1 strongest: Positive 0.")
    assert said.endswith("superb")
    assert "The <s>superb</s> actors were truly wonderful here" in on.panel.findings.gone.text()
    hover = on.controller.shown.state.view.hover
    assert hover is not None
    assert hover.token == 2, "the word that goes is lit everywhere"
    QTest.keyClick(canvas, Qt.Key.Key_End)
    assert on.panel.findings.gone.text().count("<s>") == 7
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    assert on.panel.findings.gone.accessibleName().startswith("With all words: Positive 0.")
    on.settle()
    assert on.panel.findings.gone.height() == tall, "nothing moves"


def test_the_pointer_on_a_curve_does_the_same(on: Room) -> None:
    on.try_it()
    canvas = on.panel.findings.curves.canvas
    on.settle()
    Linguist(on.window).point_at(canvas, QPoint(canvas.width() // 3, canvas.height() // 2))
    on.settle()
    assert on.panel.findings.curves.at is not None
    assert on.panel.findings.gone.text().count("<s>") == on.panel.findings.curves.at
    canvas.left.emit()
    assert on.panel.findings.curves.at is None
    assert on.controller.shown.state.view.hover is None


def test_the_verdict_is_copied_with_its_numbers(on: Room) -> None:
    on.try_it()
    on.panel.findings.copy.click()
    text, sentence, told = QGuiApplication.clipboard().text().split("\n")
    assert text == f"“{TEXT}”"
    assert sentence == on.panel.findings.verdict.accessibleName()
    assert "AOPC, strongest first: DecompX 0." in told
    assert "10 random orders" in told
    assert "seed 0" in told


def test_the_figure_is_there_to_export_while_it_is_of_what_is_shown(on: Room) -> None:
    def offered() -> list[str]:
        return [found.id for found in on.window.pages.exports(on.controller.shown)]

    assert "trust" not in offered()
    on.try_it()
    assert offered()[-1] == "trust"
    assert offered()[0] != "trust", "what is in front stays first"
    control(on, "e")
    assert on.window.exporting.isVisible()
    control(on, "t")
    assert on.panel.isVisible(), "the sheet in front keeps the key from what lies behind"
    QTest.keyClick(on.window.exporting, Qt.Key.Key_Escape)
    on.controller.text_edited("Something else")
    on.answer()
    assert "trust" not in offered()


def test_closing_lets_the_model_go(on: Room) -> None:
    on.try_it()
    assert on.door.opened == 1
    on.panel.go.click()
    on.finish()
    assert on.door.opened == 1, "kept for the next trial"
    control(on, "t")
    wait_until(lambda: all(thread.isFinished() for thread in on.beside.threads))
    control(on, "t")
    assert on.panel.findings.verdict.isVisible(), "what was found is still there"
    on.panel.go.click()
    on.finish()
    assert on.door.opened == 2


def test_another_model_lets_the_old_one_go(on: Room) -> None:
    on.try_it()
    on.controller.model_chosen("english-gap")
    on.settle()
    wait_until(lambda: all(thread.isFinished() for thread in on.beside.threads))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"head": Head.STATE}, "This model's answers have no probability."),
        ({"text": "!"}, ""),
    ],
)
def test_what_cannot_be_tried_is_said_in_the_panel(on: Room, changes: dict, said: str) -> None:
    made = on.controller.shown.explanation
    assert made is not None
    if "head" in changes:
        on.answer(prediction=replace(made.prediction, probabilities=None))
    else:
        tokens = tuple(replace(token, is_special=True) for token in made.tokens)
        on.answer(tokens=tokens)
        said = "Nothing can be taken away."
    on.window.desk.turn_trust()
    on.settle()
    assert on.panel.notice.accessibleName().startswith(said)
    assert on.panel.notice.isVisible()
    assert not on.panel.go.isEnabled()
    assert on.panel.cost.text() == ""
    assert not on.window.banner.isVisible()
    on.answer()
    assert not on.panel.notice.isVisible()


def test_without_a_mask_token_words_are_deleted(on: Room) -> None:
    made = on.controller.shown.explanation
    assert made is not None
    on.answer(model=replace(made.model, mask_token=""))
    on.window.desk.turn_trust()
    assert on.panel.form.only_deleted.isVisible()
    assert not on.panel.form.taking.isVisible()
    on.panel.go.click()
    on.finish()
    assert set(on.door.takings) == {Taking.DELETE}


def test_before_any_model_is_known_there_is_nothing_to_choose() -> None:
    application()
    panel = TrustPanel(())
    panel.open()
    assert panel.isVisible()
    assert not panel.form.isVisible()
    assert not panel.go.isEnabled()
    panel.close()


def test_too_long_a_text_is_said_in_the_panel_and_forgotten_with_it(on: Room) -> None:
    def refuse(context) -> None:
        raise TextError("The text is too long for this computer's memory", "9 GB.", "Shorten the text.")

    on.door.before = refuse
    on.try_it()
    assert on.panel.notice.accessibleName().startswith("The text is too long")
    assert not on.window.banner.isVisible()
    on.controller.text_edited("Shorter")
    on.answer()
    assert not on.panel.notice.isVisible()


def test_our_own_bug_goes_to_the_banner(on: Room) -> None:
    def break_down(context) -> None:
        raise ZeroDivisionError("ours")

    on.door.before = break_down
    on.try_it()
    assert on.window.banner.isVisible()
    assert on.panel.go.isEnabled()


def test_a_preview_is_not_tried(on: Room) -> None:
    on.window.desk.turn_trust()
    on.answer(preview=True)
    assert not on.panel.go.isEnabled()
    assert on.panel.cost.text() == "Waiting for the full picture…"


def test_methods_that_fit_are_offered_once(on: Room) -> None:
    on.window.desk.turn_trust()
    on.panel.form.beside[0].button.click()
    popup = application().activePopupWidget()
    assert popup is not None
    names = [entry.accessibleName() for entry in popup.findChildren(type(_entry(popup)))]
    assert names[0] == "None"
    assert "DecompX" not in names, "that is the one that is shown"
    assert "Integrated gradients" not in names, "that is the other one"
    assert "ALTI" in names
    popup.close()


def _entry(popup):
    from gui.controls.entry import Entry

    return popup.findChild(Entry)


@pytest.mark.parametrize("appearance", ["light", "dark", "contrast"])
def test_every_control_is_named_told_and_reached(appearance: str) -> None:
    with room(appearance) as on:
        on.try_it()
        found = controls(on.panel)
        assert len(found) >= 8
        for widget in found:
            assert widget.accessibleName() or widget.text(), widget
            assert widget.toolTip() or widget.parentWidget().toolTip(), widget.accessibleName()
        field = on.window.desk.text.field
        field.setFocus()
        visited = tabbed(field)
        for widget in (on.panel.go, on.panel.close_button, on.panel.findings.curves.canvas, on.panel.findings.copy):
            assert widget in visited
        assert any(button in visited for button in on.panel.form.taking._buttons)
        for chooser in on.panel.form.beside:
            assert chooser.button in visited


@pytest.mark.parametrize("size", [(1000, 600), (1280, 720), (1440, 900), (2560, 1440)])
@pytest.mark.parametrize("percent", [100, 150])
def test_it_fits_every_window(size: tuple[int, int], percent: int) -> None:
    with room(percent=percent, size=size) as on:
        on.try_it()
        desk, panel = on.window.desk, on.panel
        assert panel.mapTo(on.window, panel.rect().topRight()).x() <= on.window.width()
        middle = desk.decks["middle"]
        assert middle.isVisible()
        assert middle.width() >= 300
        area = panel.findChild(QScrollArea)
        content = area.widget()
        if percent > 100 and size == (1000, 600):
            assert area.horizontalScrollBar().isVisible(), "where letters are too large for the window, all is in reach"
            return
        assert content.width() <= area.viewport().width(), "nothing is cut at the side"
        for part in (panel.go, panel.close_button, *(chooser.button for chooser in panel.form.beside)):
            assert part.mapTo(panel, part.rect().topRight()).x() < panel.width(), part.accessibleName()
        assert panel.findings.curves.canvas.height() >= 200


def test_a_theme_chosen_meanwhile_is_worn_by_the_curves() -> None:
    with room("dark") as fresh:
        fresh.try_it()
        wanted = fresh.panel.findings.curves.canvas.grab().toImage()
    with room("light") as on:
        on.try_it()
        before = on.panel.findings.curves.canvas.grab().toImage()
        on.window.appearance.choose("dark")
        on.settle()
        now = on.panel.findings.curves.canvas.grab().toImage()
    assert now != before
    assert now == wanted


def test_hebrew_and_a_single_word_do_not_trip_it() -> None:
    for text in ("הסרט היה נפלא ומרגש מאוד", "superb", "😀", "a b " * 40):
        with room(text=text) as on:
            on.try_it()
            assert on.panel.findings.verdict.isVisible() or on.panel.notice.isVisible()
            canvas = on.panel.findings.curves.canvas
            QTest.keyClick(canvas, Qt.Key.Key_End)
            assert "<s>" in on.panel.findings.gone.text()
