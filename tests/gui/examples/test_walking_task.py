"""A linguist walks through minimal pairs and a list of their own, and has figures made of all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from gui.batch.painting import PaintingHere
from gui.batch.runner import BatchRunner
from gui.controls.entry import Entry
from gui.shown import Activity
from tests.gui.linguist import Linguist
from tests.gui.test_real_window import Program

OWN = "# my own\nThe ending is sad.\nThe music is lovely.\nNobody laughed.\n"


class Walker:
    """The program with batches, and the person in front of it."""

    def __init__(self) -> None:
        self.program = Program()
        self.runner = BatchRunner(self.program.bridge.aside, PaintingHere)  # type: ignore[arg-type]
        self.program.window.offer_batches(self.runner)
        self.person = Linguist(self.program.window)

    def stands_at(self, text: str) -> None:
        """Wait for the answer to this sentence."""
        controller = self.program.controller

        def stands() -> bool:
            return controller.shown.state.text == text and controller.shown.activity is Activity.UP_TO_DATE

        self.person.wait(stands)

    def choose(self, entry: str) -> None:
        """Open the menu of lists and choose from it."""
        self.person.click(self.program.window.walking.title)
        self.person.click_on(entry, Entry)


@pytest.fixture
def walker() -> Iterator[Walker]:
    made = Walker()
    yield made
    made.program.window.close()
    made.program.window.deleteLater()
    made.runner.shutdown()
    made.program.bridge.shutdown()


def test_a_bundled_set_is_walked_with_keys(walker: Walker) -> None:
    walker.stands_at(walker.program.controller.shown.state.text)
    walker.choose("Negation")
    walker.stands_at("This is not a good film.")
    comparison = walker.program.controller.shown.state.comparison
    assert comparison is not None
    assert comparison.text == "This is a good film."
    walker.person.press(Qt.Key.Key_Right)
    walker.person.press(Qt.Key.Key_Right)
    walker.stands_at("I did not like the music.")
    walker.person.press(Qt.Key.Key_Left)
    walker.stands_at("The ending is not convincing.")
    assert walker.program.window.walking.title.accessibleName() == "Negation, 2 of 20"
    assert walker.program.window.walking.note.full_text() == "The answer turns: “not” before praise"
    walker.person.photograph("walking-1-negation")


def test_a_list_of_ones_own_becomes_figures(walker: Walker, tmp_path: Path) -> None:
    walker.stands_at(walker.program.controller.shown.state.text)
    path = tmp_path / "own.txt"
    path.write_text(OWN, encoding="utf-8")
    walker.person.answer_dialog(path)
    walker.choose("Open a list…")
    walker.stands_at("The ending is sad.")
    assert walker.program.controller.shown.state.comparison is None
    folder = tmp_path / "figures"
    folder.mkdir()
    walker.choose("Figures of every sentence…")
    walker.person.photograph("walking-2-figures")
    walker.person.answer_dialog(folder)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    walker.person.click_on("Choose a folder and start", QPushButton)
    walker.person.wait(lambda: (folder / "own" / "numbers.csv").exists())
    assert len(list((folder / "own").glob("00?-*.svg"))) == 3
    walker.person.photograph("walking-3-done")
    assert walker.person.find("Figures of 3 sentences are in “own”")
