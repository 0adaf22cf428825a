"""Walking through lists: the strip, its menu, files, and the keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.contract import Against, Head, Request
from gui.controls.chooser import Popup
from gui.controls.entry import Entry
from gui.events import TargetChosen, Walked, reduce
from gui.examples.bundled import offered_sets
from gui.examples.example_set import Example, ExampleSet, Walk
from gui.panels.walking import WalkPanel
from gui.shown import Shown
from gui.state import AppState
from tests.gui.dressed import Dressed, dressed
from tests.gui.stage import answer, application

LIST = ExampleSet("Three & more", (Example("One.", note="first"), Example("Two."), Example("Three.")))
GAPS, PAIRS = offered_sets()[0], offered_sets()[4]


@pytest.fixture
def on() -> Iterator[Dressed]:
    with dressed() as made:
        yield made


class Strip:
    """The strip alone, and what it told."""

    def __init__(self, head: Head = Head.SEQUENCE_CLASSIFICATION, bundled: tuple[str, ...] = ()) -> None:
        application()
        self.panel = WalkPanel(bundled)
        self.walked: list[Walk | None] = []
        self.models: list[str] = []
        self.panel.walked.connect(self.walked.append)
        self.panel.model_wanted.connect(self.models.append)
        self.remarks: list[str] = []
        self.panel.remarked.connect(self.remarks.append)
        self.head = head
        self.show(None)

    def show(self, walk: Walk | None, model: str = "mine") -> None:
        state = AppState(text="A film.", model=model, walk=walk)
        made = answer(replace(_request(), model=model))
        self.panel.show_shown(Shown(state, replace(made, model=replace(made.model, head=self.head))))

    def menu(self) -> dict[str, Entry]:
        self.panel.show()
        self.panel.title.click()
        popup = application().activePopupWidget()
        assert isinstance(popup, Popup)
        return {entry.accessibleName(): entry for entry in popup.findChildren(Entry)}

    def choose(self, title: str) -> None:
        self.menu()[title].click()


def _request() -> Request:
    return Request(1, "mine", "decompx", text="A film.", against=Against.OTHER)


def test_the_strip_says_where_the_walk_is_and_steps() -> None:
    strip = Strip()
    assert strip.panel.title.accessibleName() == "Minimal pairs and lists"
    assert strip.panel.next.isHidden()
    strip.show(Walk(LIST, 0))
    assert strip.panel.title.accessibleName() == "Three & more, 1 of 3"
    assert strip.panel.title.text() == "Three && more, 1 of 3"
    assert strip.panel.note.full_text() == "first"
    assert (strip.panel.previous.isEnabled(), strip.panel.next.isEnabled()) == (False, True)
    strip.panel.next.click()
    strip.panel.step(-1)
    assert strip.walked == [Walk(LIST, 1)], "there is nothing before the first"
    strip.show(Walk(LIST, 2))
    assert (strip.panel.previous.isEnabled(), strip.panel.next.isEnabled()) == (True, False)
    assert not strip.panel.note.full_text()


def test_a_long_title_is_cut_and_the_place_is_not() -> None:
    strip = Strip()
    strip.show(Walk(ExampleSet("A very long title of a list " * 6, LIST.examples), 1))
    assert strip.panel.title.text().endswith("…, 2 of 3")
    assert strip.panel.title.sizeHint().width() < 340


@pytest.mark.parametrize(
    ("key", "at"), [("Left", 1), ("Right", 3), ("PageUp", 0), ("PageDown", 4), ("Home", 0), ("End", 4)]
)
def test_keys_step_from_every_button_of_the_strip(key: str, at: int) -> None:
    strip = Strip()
    walk = Walk(replace(LIST, examples=LIST.examples + LIST.examples[:2]), 2)
    strip.show(walk)
    for button in (strip.panel.title, strip.panel.previous, strip.panel.next):
        QTest.keyClick(button, Qt.Key[f"Key_{key}"])
    assert strip.walked == [replace(walk, at=at)] * 3


def test_lists_nobody_can_read_are_grey_and_say_why() -> None:
    strip = Strip()
    entries = strip.menu()
    grey = entries[GAPS.examples.title]
    assert not grey.isEnabled()
    assert grey.accessibleDescription().endswith("It needs a model that fills gaps.")
    assert not entries[PAIRS.examples.title].accessibleDescription().endswith("gaps.")


def test_a_list_is_read_by_the_model_in_hand_or_asks_for_its_own() -> None:
    classifier = Strip(bundled=("english-sentiment", "english-gap"))
    classifier.choose(PAIRS.examples.title)
    assert (classifier.models, classifier.walked) == ([], [Walk(PAIRS.examples)])
    classifier.choose(GAPS.examples.title)
    assert classifier.models == ["english-gap"]
    filler = Strip(Head.MASKED_WORD, ("english-sentiment",))
    filler.choose(GAPS.examples.title)
    filler.choose(PAIRS.examples.title)
    assert filler.models == ["english-sentiment"]
    assert filler.walked == [Walk(GAPS.examples), Walk(PAIRS.examples)]


def test_the_list_is_left_or_made_into_figures() -> None:
    strip = Strip()
    wishes: list[bool] = []
    strip.panel.batch_wanted.connect(lambda: wishes.append(True))
    strip.show(Walk(LIST))
    strip.choose("Leave the list")
    assert "Figures of every sentence…" not in strip.menu()
    strip.panel.offer_batch()
    strip.choose("Figures of every sentence…")
    assert (strip.walked, wishes) == ([None], [True])


def test_a_file_is_walked_through_and_offered_again(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("It rains.\tIt rain.\nHere he is.\tHere is he.\n", encoding="utf-8")
    strip = Strip()
    strip.panel.open_list(str(path))
    pair = Example("It rains.", "It rain.")
    assert strip.walked == [Walk(ExampleSet("pairs", (pair, Example("Here he is.", "Here is he."))))]
    assert strip.panel.recent == (str(path),)
    strip.choose("pairs.tsv")
    assert len(strip.walked) == 2
    filler = Strip(Head.MASKED_WORD)
    filler.panel.open_list(str(path))
    assert filler.walked[0] is not None
    assert filler.walked[0].example == Example("It [MASK].", None, "rains", "rain")
    assert filler.walked[0].stepped(1).example.other == "Here is he."
    assert filler.remarks == ["Pairs that differ in one word are shown as one sentence with a gap (1 of 2)."]


def test_a_file_that_cannot_be_read_is_said_and_changes_nothing(tmp_path: Path) -> None:
    strip = Strip()
    strip.panel.open_list(str(tmp_path / "gone.txt"))
    assert not strip.panel.notice.isHidden()
    assert "gone.txt" in strip.panel.notice.text()
    assert (strip.walked, strip.panel.recent) == ([], ())


def test_answers_of_one_example_are_not_asked_of_the_next() -> None:
    mixed = ExampleSet("", (Example("A [MASK].", target="are", against="is"), Example("B [MASK].")))
    first = reduce(AppState(), Walked(Walk(mixed)))
    assert (first.target, first.against) == ("are", "is")
    second = reduce(first, Walked(Walk(mixed, 1)))
    assert (second.target, second.against) == (None, Against.OTHER)
    chosen = reduce(second, TargetChosen("was", "were"))
    assert reduce(chosen, Walked(Walk(mixed, 1))).target == "was", "what the person chose stays"


def test_the_window_walks_by_alt_and_by_bare_arrows(on: Dressed) -> None:
    on.controller.walked(Walk(LIST))
    field = on.window.desk.text.field
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Right)
    assert on.controller.shown.state.text == "One."
    QTest.keyClick(field, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert on.controller.shown.state.text == "Two."
    QTest.keyClick(on.window, Qt.Key.Key_Right)
    assert on.controller.shown.state.text == "Three."
    assert on.bridge.requests[-1].text == "Three."
    on.controller.undo()
    assert on.controller.shown.state.walk is None, "steps that follow quickly are one"


def test_a_bundled_pair_is_compared(on: Dressed) -> None:
    on.controller.walked(Walk(PAIRS.examples, 2))
    state = on.controller.shown.state
    assert state.comparison is not None
    assert (state.comparison.text, state.text) == ("I liked the music.", "I did not like the music.")
