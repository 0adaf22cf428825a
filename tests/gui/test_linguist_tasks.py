"""Twelve tasks of a linguist at the real window, with mouse and keyboard alone; a picture is kept after each.

Offscreen with the other tests, and on a real (virtual) screen in continuous integration, where the pictures show what
a person sees: ``tests/artefacts/tasks``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from engine.contract import Explanation
from gui.maps.mappane import MapPane
from gui.panels.sentence import SentenceField
from gui.shown import Activity, Shown
from gui.state import ViewState
from gui.strips.flowstrip import MenuButton
from gui.views.flow import FlowView
from gui.views.words import WordsView
from tests.gui.linguist import ARTEFACTS, Linguist
from tests.gui.samples import SENTENCE
from tests.gui.test_real_window import Program

FOLDER = Path(__file__).parents[1] / "parity" / "models" / "alti-tiny-bert"
GAP_MODEL = Path(__file__).parents[1] / "parity" / "models" / "alti-tiny-bert-mlm"
HEBREW = "הסרט היה ארוך מדי אבל השחקנים היו נפלאים"


class Desk:
    """The program, the person in front of it, and what the window is known to show."""

    def __init__(self) -> None:
        self.program = Program()
        self.person = Linguist(self.program.window)
        self.settle()

    @property
    def shown(self) -> Shown:
        return self.program.controller.shown

    @property
    def made(self) -> Explanation:
        assert self.shown.explanation is not None
        return self.shown.explanation

    @property
    def flow(self) -> FlowView:
        return self.program.flow

    def settle(self, text: str | None = None) -> None:
        """Wait for the answer to what is chosen, with everything that comes behind it."""

        def stands() -> bool:
            made = self.shown.explanation
            if made is None or self.shown.activity is not Activity.UP_TO_DATE:
                return False
            return (text is None or made.request.text == text) and bool(made.request.feed_forward_layers)

        self.person.wait(stands)

    def write(self, text: str) -> None:
        """Click into the sentence, select it, type over it."""
        self.person.click_on("Text", SentenceField)
        self.person.press(Qt.Key.Key_A, control=True)
        self.person.type(text)
        self.settle(text)

    def write_anyway(self, text: str) -> None:
        """The same where the model has nothing to say to the text yet."""
        self.person.click_on("Text", SentenceField)
        self.person.press(Qt.Key.Key_A, control=True)
        self.person.type(text)
        self.person.wait(lambda: self.shown.state.text == text and not self.shown.waiting)

    def node(self, word: str, boundary: int) -> QPoint:
        """Where a person sees the node of a word on the flow's canvas."""
        scene = self.flow.scene()
        assert scene is not None
        row = [row.label for row in scene.numbers.rows].index(word)
        return QPoint(round(float(scene.columns[boundary])), round(float(scene.lines[row])))

    def letter(self, word: str) -> QPoint:
        """Where a person sees the first letter of a word in the text."""
        field = self.program.window.desk.text.field
        cursor = field.textCursor()
        cursor.setPosition(field.toPlainText().index(word))
        return field.cursorRect(cursor).center() + QPoint(3, 0)

    @property
    def chips(self) -> QWidget:
        """The strip of coloured words."""
        return self.person.find("Words coloured by their share")

    def chip(self, word: str) -> QPoint:
        """Where a person sees a coloured word on the strip."""
        widget = self.program.window.desk.decks["left"].widget("words")
        assert isinstance(widget, WordsView)
        assert widget._strip is not None
        return next(chip for chip in widget._strip.chips if chip.text.full == word).rect.center().toPoint()

    def open_folder(self, folder: Path) -> None:
        """Choose a model folder through the menu and the file dialog."""
        self.person.answer_dialog(folder)
        self.choose("Model", "Open model folder…")
        self.person.wait(lambda: self.shown.state.model == str(folder))

    def choose(self, chooser: str, entry: str) -> None:
        """Open a menu of the top bar and choose from it."""
        self.person.click(self.person.find_beginning(f"{chooser}:"))
        self.person.click_on(entry)

    def told(self) -> str:
        return self.program.window.desk.explanation.prose.text()


@pytest.fixture(scope="module")
def opened() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.program.window.close()
    made.program.window.deleteLater()
    made.program.bridge.shutdown()
    assert made.program.bridge.worker.isFinished()


@pytest.fixture
def desk(opened: Desk) -> Desk:
    """The same window for all tasks, each begun with the example."""
    controller = opened.program.controller
    controller.comparison_changed(None)
    controller.looked(ViewState())
    controller.text_edited(SENTENCE)
    controller.method_chosen("decompx", ())
    controller.model_chosen("english-sentiment")
    opened.settle(SENTENCE)
    return opened


def test_one_type_and_read_the_answer(desk: Desk) -> None:
    desk.write("The cast is wonderful and the story moves.")
    answer, probability = desk.program.window.desk.prediction.shown()[0]
    assert answer == "Positive"
    assert float(probability.strip("<>")) > 0.5
    desk.person.photograph("01-type-and-read")


def test_two_find_the_word_that_decided(desk: Desk) -> None:
    strongest = desk.made.tokens[int(np.abs(desk.made.scores).argmax())].text
    assert desk.told().index(strongest) < 400, "the text names it among the first"
    desk.person.point_at(desk.chips, desk.chip(strongest))
    hover = desk.shown.state.view.hover
    assert hover is not None
    assert desk.made.tokens[hover.token].text == strongest
    desk.person.photograph("02-the-word-that-decided")


def test_three_see_where_it_entered(desk: Desk) -> None:
    word = desk.made.tokens[int(np.abs(desk.made.scores).argmax())].text
    desk.person.click(desk.flow.canvas, desk.node(word, 0))
    traced = desk.shown.state.view.traced
    assert traced is not None
    assert (traced.boundary, desk.made.tokens[traced.token].text) == (0, word)
    assert f"<b>{word}</b>" in desk.told()
    assert "goes to" in desk.told()
    desk.person.photograph("03-where-it-entered")
    desk.person.press(Qt.Key.Key_Escape)
    assert desk.shown.state.view.traced is None


def test_four_contrast_two_classes(desk: Desk) -> None:
    before = np.array(desk.made.scores)
    strongest = int(np.abs(before).argmax())
    desk.choose("Explain", "Negative instead of Positive")
    desk.person.wait(lambda: not desk.shown.stale and desk.made.target == 0)
    assert (desk.made.target, desk.made.against) == (0, 1)
    assert before[strongest] > 0 > desk.made.scores[strongest], "what spoke for the one speaks against the other"
    assert desk.made.checks["completeness"] < 1e-4
    desk.person.photograph("04-the-other-class")


def test_five_fill_a_gap_and_explain_one_filler_instead_of_another(desk: Desk) -> None:
    desk.open_folder(GAP_MODEL)
    desk.write_anyway("the pictures near the guard is great.")
    field = desk.program.window.desk.text.field
    desk.person.double_click(field.viewport(), desk.letter("is great"))
    desk.person.click_on("Insert gap")
    gapped = "the pictures near the guard [MASK] great."
    desk.settle(gapped)
    assert field.toPlainText() == gapped
    desk.person.click(desk.person.find_beginning("Explain:"))
    desk.person.click_on("Explain", QLineEdit)
    desk.person.press(Qt.Key.Key_A, control=True)
    desk.person.type("are")
    desk.person.click_on("instead of", QLineEdit)
    desk.person.press(Qt.Key.Key_A, control=True)
    desk.person.type("is")
    desk.person.press(Qt.Key.Key_Return)
    labels = desk.made.prediction.labels
    desk.person.wait(lambda: (labels[desk.made.target], labels[desk.made.against]) == ("are", "is"))
    desk.settle(gapped)
    desk.person.photograph("05-one-filler-instead-of-another")


def test_six_hide_special_tokens(desk: Desk) -> None:
    desk.person.click(desk.person.find("More", MenuButton))
    desk.person.click_on("[CLS] and [SEP]")
    assert not desk.shown.state.view.show_special
    desk.person.press(Qt.Key.Key_Escape)
    scene = desk.flow.scene()
    assert scene is not None
    assert [row.label for row in scene.numbers.rows if row.is_special] == ["[CLS]"], "the answer's place stays"
    assert "[SEP]" in scene.numbers.badge
    desk.settle()
    desk.person.photograph("06-special-tokens-hidden")


def test_seven_look_into_layer_four(desk: Desk) -> None:
    desk.person.click_on("Layer 2")
    desk.person.click(desk.flow.canvas, desk.node("The", 3))
    desk.person.press(Qt.Key.Key_Escape)
    desk.person.press(Qt.Key.Key_4)
    assert desk.shown.state.view.layer == 3
    desk.settle()
    desk.person.photograph("07-layer-four")
    desk.person.click_on("Attention", MapPane)
    desk.person.photograph("07-layer-four-attention-enlarged")


def test_eight_switch_the_method_and_take_it_back(desk: Desk) -> None:
    desk.choose("Method", "ALTI")
    desk.person.wait(lambda: desk.made.request.method == "alti" and not desk.shown.stale)
    desk.person.photograph("08-another-method")
    desk.person.press(Qt.Key.Key_Z, control=True)
    desk.person.wait(lambda: desk.made.request.method == "decompx" and not desk.shown.stale)
    desk.settle()
    desk.person.photograph("08-taken-back")


def test_nine_open_a_model_folder(desk: Desk) -> None:
    desk.open_folder(FOLDER)
    desk.settle()
    assert desk.made.model.folder == str(FOLDER)
    assert desk.person.find_beginning(f"Model: {FOLDER.name}").isVisible()
    desk.person.photograph("09-a-model-folder")


def test_ten_read_a_hebrew_sentence(desk: Desk) -> None:
    desk.person.click_on("Text", SentenceField)
    desk.person.press(Qt.Key.Key_A, control=True)
    desk.person.paste(HEBREW)
    desk.settle(HEBREW)
    scene = desk.flow.scene()
    assert scene is not None
    assert scene.numbers.right_to_left
    assert scene.columns[0] > scene.columns[-1], "layers run from right to left"
    assert [row.label for row in scene.numbers.rows if not row.is_special] == HEBREW.split()
    desk.person.photograph("10-hebrew")


def test_eleven_compare_a_minimal_pair(desk: Desk) -> None:
    desk.write("The acting was good.")
    desk.person.press(Qt.Key.Key_D, control=True)
    desk.person.press(Qt.Key.Key_A, control=True)
    desk.person.type("The acting was bad.")
    desk.settle("The acting was bad.")
    board, first = desk.program.window.board, desk.shown.first
    assert first is not None
    assert (first.request.text, desk.made.request.text) == ("The acting was good.", "The acting was bad.")
    assert first.target == desk.made.target, "what speaks for one answer in both"
    assert all(word in board.statement.words.text() for word in ("good", "bad", "Positive"))
    pane = desk.person.find("Picture of the difference, A minus B")
    for _ in range(30):
        if not pane.hasFocus():
            desk.person.press(Qt.Key.Key_Tab)
    desk.person.press(Qt.Key.Key_Down)
    assert "A" in board.panes[2].canvas.accessibleDescription()
    desk.person.photograph("11-a-minimal-pair")
    desk.person.click_on("Words")
    desk.person.click_on("Exchange A and B")
    desk.settle("The acting was good.")
    assert desk.shown.first is not None
    assert desk.shown.first.request.text == "The acting was bad."
    desk.person.photograph("11-as-words-exchanged")
    desk.person.press(Qt.Key.Key_Escape)
    desk.settle("The acting was good.")
    assert desk.shown.state.comparison is None


def test_twelve_compare_two_methods(desk: Desk) -> None:
    desk.person.click_on("Compare")
    desk.person.click_on("Two sentences")
    desk.person.click_on("Two methods")
    board = desk.program.window.board
    desk.person.click(board.first.method.button)
    desk.person.click_on("ALTI")
    desk.person.wait(lambda: desk.shown.first is not None and desk.shown.first.request.method == "alti")
    desk.settle()
    assert desk.made.request.method == "decompx"
    desk.person.click_on("Words")
    desk.person.wait(lambda: "Spearman" in board.statement.words.text())
    assert all(name in board.statement.words.text() for name in ("ALTI", "DecompX"))
    desk.person.photograph("12-two-methods")
    desk.person.click_on("Compare")
    desk.settle()
    assert desk.program.window.desk.isVisible()


def test_everything_a_person_did_can_be_seen_afterwards() -> None:
    pictures = [path.name[:2] for path in ARTEFACTS.glob("[0-9]*.png")]
    assert set(pictures) == {f"{number:02}" for number in range(1, 13)}
