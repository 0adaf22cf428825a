"""The sentence field: tells what a person typed, marks letters as Qt counts them."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from engine.contract import Failure, FailureKind, Request
from gui.paint.palette import LIGHT
from gui.panels.sentence import utf16_position
from gui.panels.text import TextPanel
from gui.state import Hover
from tests.gui import samples
from tests.gui.stage import application


@pytest.fixture
def panel() -> TextPanel:
    application()
    return TextPanel(LIGHT)


def test_typing_is_told_and_showing_is_not(panel: TextPanel) -> None:
    told: list[str] = []
    panel.text_edited.connect(told.append)
    panel.show_text("Shown.")
    assert told == []
    QTest.keyClicks(panel.field, "!")
    assert told == ["Shown.!"]


def test_the_caret_stays_while_the_same_text_is_shown_again(panel: TextPanel) -> None:
    panel.show_text("A film.")
    cursor = panel.field.textCursor()
    cursor.setPosition(2)
    panel.field.setTextCursor(cursor)
    panel.show_text("A film.")
    assert panel.field.textCursor().position() == 2


def test_characters_are_counted_as_qt_counts_them() -> None:
    assert [utf16_position("a😀b", count) for count in range(4)] == [0, 1, 3, 4]


def test_the_whole_word_under_the_pointer_is_marked(panel: TextPanel) -> None:
    text = "😀 quite wonderful film"
    explanation = samples.explanation(text, request=Request(1, "m", "decompx", text))
    panel.show_text(text)
    piece = next(index for index, token in enumerate(explanation.tokens) if token.text.startswith("##"))
    panel.show_hover(explanation, Hover(piece))
    assert [mark.cursor.selectedText() for mark in panel.field.extraSelections()] == ["wonderful"]
    panel.show_hover(explanation, Hover(0))
    assert panel.field.extraSelections() == [], "[CLS] has no letters"
    panel.show_hover(explanation, Hover(1))
    panel.show_hover(explanation, None)
    assert panel.field.extraSelections() == []


def test_what_is_wrong_with_the_text_is_said_below_it(panel: TextPanel) -> None:
    failure = Failure(1, FailureKind.USER, "text", "Too long", "600 <tokens>.", "Shorten it.")
    panel.show_failure(failure, is_empty=False)
    assert not panel.notice.isHidden()
    assert panel.notice.text() == "<b>Too long.</b> 600 &lt;tokens&gt;. Shorten it."
    panel.show_failure(None, is_empty=True)
    assert panel.notice.text() == "Type a sentence."
    panel.show_failure(None, is_empty=False)
    assert panel.notice.isHidden()


def test_the_field_grows_with_the_text_up_to_a_point(panel: TextPanel) -> None:
    panel.resize(300, 400)
    panel.show()
    heights = []
    for lines in (1, 2, 4, 6, 20):
        panel.show_text("\n".join(["line"] * lines))
        application().processEvents()
        heights.append(panel.field.height())
    panel.close()
    assert heights[0] == heights[1] < heights[2] < heights[3] == heights[4]


def test_examples_only_where_they_fit_the_model(panel: TextPanel) -> None:
    panel.show_model("english-sentiment")
    assert not panel.examples.isHidden()
    panel.show_model("/a/folder")
    assert panel.examples.isHidden()


def test_an_example_taken_is_an_edit(panel: TextPanel) -> None:
    told: list[str] = []
    panel.text_edited.connect(told.append)
    panel.show_model("english-sentiment")
    panel.show()
    panel.examples.click()
    popup = application().activePopupWidget()
    assert popup is not None
    entries = [child for child in popup.findChildren(type(panel.examples)) if child.objectName() == "entry"]
    entries[2].click()
    panel.close()
    assert told == ["It is not a bad film."]
