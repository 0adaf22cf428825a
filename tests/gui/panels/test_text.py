"""The sentence field: tells what a person typed, marks letters as Qt counts them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from engine.contract import Failure, FailureKind, Head, ModelInfo, Request
from gui.controls.chooser import Entry
from gui.guide.help import examples
from gui.paint.palette import LIGHT
from gui.panels.glosses import GlossForm
from gui.panels.sentence import SentenceField, utf16_position
from gui.panels.text import TextPanel
from gui.state import Hover
from tests.gui import samples
from tests.gui.stage import application, wait_until


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


def test_a_text_is_shown_as_it_is_over_half_an_emoji(panel: TextPanel) -> None:
    """Positions of Qt can fall into the middle of a letter; what stands there is not in the text that is read."""
    panel.show_text("x😀y the end")
    middle = panel.field.textCursor()
    middle.setPosition(2)
    middle.insertText(" w ")
    for text in ("x😀y the end", "x😀 y the end", "x"):
        panel.show_text(text)
        assert panel.field.toPlainText() == text


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


def shown(panel: TextPanel, **changes: object) -> ModelInfo:
    """A model in the panel, and what is known of it."""
    info = replace(samples.model_info(), **changes)  # type: ignore[arg-type]
    panel.show_model("english-sentiment", info)
    return info


def cursor_at(field: SentenceField, start: int, end: int | None = None) -> None:
    cursor = field.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(start if end is None else end, QTextCursor.MoveMode.KeepAnchor)
    field.setTextCursor(cursor)


@pytest.mark.parametrize(
    ("before", "now", "at"),
    [
        ("The long film was good.", "The film was good.", 4),
        ("The film was good.", "The long film was good.", 9),
        ("😀 bad film", "😀 good film", 6),
        ("One", "One two", 7),
    ],
)
def test_the_cursor_goes_where_the_text_changed(panel: TextPanel, before: str, now: str, at: int) -> None:
    panel.show_text(before)
    cursor_at(panel.field, 0)
    panel.show_text(now)
    assert panel.field.toPlainText() == now
    assert panel.field.textCursor().position() == at


def test_what_a_field_cannot_hold_is_not_shown_over_and_over(panel: TextPanel) -> None:
    text = "10\u00a0000 words\r\nand\u2028more"
    panel.show_text(text)
    cursor_at(panel.field, 2)
    panel.show_text(text)
    assert panel.field.textCursor().position() == 2


def test_a_script_from_the_right_begins_at_the_right(panel: TextPanel) -> None:
    def alignment() -> Qt.AlignmentFlag:
        return panel.field.document().defaultTextOption().alignment()

    panel.show_text("הסרט היה ארוך")
    assert alignment() & Qt.AlignmentFlag.AlignRight
    panel.show_text("The film was long")
    assert alignment() & Qt.AlignmentFlag.AlignLeft


def test_higher_lines_get_the_room_they_need(panel: TextPanel) -> None:
    panel.resize(300, 400)
    panel.show()
    panel.show_text("Tall " + "a\u030a\u0301\u0302\u0303\u0304\u0305 " * 20)
    application().processEvents()
    needed = sum(panel.field._block_heights())
    assert panel.field.height() >= needed
    panel.close()


# A second text


def test_a_second_text_is_offered_where_the_model_reads_two(panel: TextPanel) -> None:
    told: list[object] = []
    panel.pair_edited.connect(told.append)
    shown(panel)
    assert panel.add_second.isHidden()
    shown(panel, takes_pairs=True)
    assert not panel.add_second.isHidden()
    panel.show()
    panel.add_second.click()
    assert told == [""]
    panel.show_pair("")
    assert panel.add_second.isHidden()
    assert panel.title.full_text() == "First text"
    QTest.keyClicks(panel.second, "Why")
    assert told[1:] == ["W", "Wh", "Why"]
    panel.show_pair("Why not?")
    assert panel.second.toPlainText() == "Why not?"
    assert len(told) == 4, "showing is not editing"
    panel.remove_second.click()
    panel.show_pair(None)
    panel.close()
    assert told[4:] == [None]
    assert panel.second.isHidden()
    assert panel.title.full_text() == "Text"


def test_a_second_text_can_be_removed_under_a_model_that_reads_one(panel: TextPanel) -> None:
    shown(panel)
    panel.show_pair("Left over.")
    assert not panel.remove_second.isHidden()
    assert not panel.second.isHidden()


def test_hovering_marks_the_letters_in_their_own_text(panel: TextPanel) -> None:
    first, second = "A film.", "Was it good?"
    tokens = tuple(replace(token, segment=1) for token in samples.tokens_of(second))
    made = samples.explanation(second, tokens=tokens, request=Request(1, "m", "decompx", first, second))
    panel.show_text(first)
    panel.show_pair(second)
    panel.show_hover(made, Hover(3))
    assert panel.field.extraSelections() == []
    assert [mark.cursor.selectedText() for mark in panel.second.extraSelections()] == ["good"]
    panel.show_hover(made, None)
    assert panel.second.extraSelections() == []


# Gaps

NO_GAP = Failure(1, FailureKind.USER, "text", "There is no gap", "None is.", "Write <mask>.", mask_token="<mask>")


def test_a_gap_goes_to_the_cursor_or_in_place_of_the_selected_words(panel: TextPanel) -> None:
    told: list[str] = []
    panel.text_edited.connect(told.append)
    shown(panel, mask_token="[MASK]")
    assert panel.gap.isHidden(), "this model fills none"
    shown(panel, mask_token="[MASK]", head=Head.MASKED_WORD)
    assert not panel.gap.isHidden()
    assert "[MASK]" in panel.gap.toolTip()
    panel.show_text("The keys are here.")
    cursor_at(panel.field, 9, 13)
    panel.gap.click()
    assert panel.field.toPlainText() == "The keys [MASK] here."
    assert panel.field.textCursor().position() == len("The keys [MASK]")
    panel.show_text("😀 here")
    cursor_at(panel.field, 2)
    panel.gap.click()
    assert told == ["The keys [MASK] here.", "😀 [MASK] here"]


def test_where_a_gap_is_missing_one_is_offered_before_any_answer(panel: TextPanel) -> None:
    told: list[str] = []
    panel.text_edited.connect(told.append)
    panel.show_text("The keys are here.")
    panel.show_failure(NO_GAP, is_empty=False)
    assert panel.notice.text().startswith("There is no gap. This model guesses")
    assert not panel.gap.isHidden()
    assert panel.leave_out.text() == "Leave out “here”"
    panel.leave_out.click()
    assert told == ["The keys are <mask>."]
    panel.show_text("Rindfleischetikettierungsüberwachungsaufgabe")
    panel.show_failure(None, is_empty=False)
    assert panel.leave_out.isHidden()
    assert panel.gap.isHidden(), "nothing is known of this model any more"
    panel.show_failure(NO_GAP, is_empty=False)
    assert panel.leave_out.text() == "Leave out “Rindfleischetikettierun…”"
    panel.show_text("...")
    panel.show_failure(replace(NO_GAP, generation=2), is_empty=False)
    assert panel.leave_out.isHidden(), "there is no word"


def test_a_gap_goes_into_the_text_that_was_written_in(panel: TextPanel) -> None:
    shown(panel, mask_token="[MASK]", head=Head.MASKED_WORD)
    panel.show_text("First.")
    panel.show_pair("Second.")
    panel.show()
    panel.second.setFocus()
    wait_until(panel.second.hasFocus)
    cursor_at(panel.second, 0, 6)
    panel.gap.click()
    panel.close()
    assert (panel.field.toPlainText(), panel.second.toPlainText()) == ("First.", "[MASK].")


# Recent texts


def test_recent_texts_stand_below_the_examples(panel: TextPanel) -> None:
    told: list[str] = []
    panel.text_edited.connect(told.append)
    panel.show_model("/a/folder")
    assert panel.examples.isHidden()
    panel.show_recent(("Mine.", "It is not a bad film."))
    assert not panel.examples.isHidden(), "a model of one's own has no examples, but a past"
    panel.show_model("english-sentiment")
    panel.show()
    panel.examples.click()
    popup = application().activePopupWidget()
    assert popup is not None
    titles = [label.text() for label in popup.findChildren(QLabel) if label.objectName() == "title"]
    assert titles == ["Worth trying", "Recent"]
    names = [entry.accessibleName() for entry in popup.findChildren(Entry)]
    assert names[-1] == "Mine."
    assert names.count("It is not a bad film.") == 1
    popup.findChildren(Entry)[-1].click()
    panel.close()
    assert told == ["Mine."]


def test_no_example_is_there_twice() -> None:
    texts = [example.text for example in examples("english-sentiment")]
    assert len(texts) == len(set(texts)) > 10


# Glosses

TABLE = "A\tINDEF\tDET\nfilm\tmovie\tNOUN\n.\t"


def pasted(panel: TextPanel, field: SentenceField, text: str) -> tuple[list[str], list[object]]:
    texts: list[str] = []
    known: list[object] = []
    panel.text_edited.connect(texts.append)
    panel.annotation_changed.connect(known.append)
    mime = QMimeData()
    mime.setText(text)
    field.insertFromMimeData(mime)
    return texts, known


def test_a_table_pasted_into_the_text_is_a_sentence_with_glosses(panel: TextPanel) -> None:
    panel.show_text("What stood here")
    texts, known = pasted(panel, panel.field, TABLE)
    assert texts == ["A film."]
    assert [word.gloss for word in known[0].words] == ["INDEF", "movie", ""]  # type: ignore[attr-defined]
    assert panel.remark.text() == "Glosses were pasted with the text."
    QTest.keyClicks(panel.field, "!")
    assert panel.remark.isHidden()


def test_a_sentence_pasted_is_text(panel: TextPanel) -> None:
    texts, known = pasted(panel, panel.field, "cells\tof\tone row")
    assert texts == ["cells\tof\tone row"]
    assert known == []


def test_a_table_that_cannot_be_read_stays_as_it_is(panel: TextPanel) -> None:
    long = "a\tb\n" * 700
    texts, known = pasted(panel, panel.field, long)
    assert texts == [long]
    assert known == []
    assert "too long" in panel.remark.text()
    assert not panel.remark.isHidden()


def test_of_a_table_pasted_into_the_second_text_the_sentence_is_taken(panel: TextPanel) -> None:
    panel.show_pair("")
    pairs: list[object] = []
    panel.pair_edited.connect(pairs.append)
    texts, known = pasted(panel, panel.second, TABLE)
    assert (texts, known, pairs) == ([], [], ["A film."])


def form_of(panel: TextPanel) -> GlossForm:
    panel.show()
    panel.glosses.click()
    popup = application().activePopupWidget()
    assert popup is not None
    form = popup.findChild(GlossForm)
    assert isinstance(form, GlossForm)
    return form


def test_glosses_are_taken_shown_counted_and_removed(panel: TextPanel) -> None:
    known: list[object] = []
    panel.annotation_changed.connect(known.append)
    panel.show_text("A film!")
    form = form_of(panel)
    assert not form.take.isEnabled()
    assert form.remove.isHidden()
    form.field.setPlainText(TABLE.replace("film\tmovie\tNOUN", "film\tmovie\tNOUN\t9"))
    form.take.click()
    assert application().activePopupWidget() is None
    assert [word.form for word in known[0].words] == ["A", "film", "."]  # type: ignore[attr-defined]
    assert panel.remark.text() == "1 head could not be read."
    panel.show_annotation(known[0])  # type: ignore[arg-type]
    assert panel.glosses.text() == "Glosses…"
    form = form_of(panel)
    assert "2 of 3 words" in form.notice.text()
    form.remove.click()
    panel.close()
    assert known[1:] == [None]


def test_what_cannot_be_read_stays_in_the_field(panel: TextPanel) -> None:
    panel.show_text("A film.")
    form = form_of(panel)
    form.field.setPlainText("only words")
    form.take.click()
    assert "Nothing stands beside the words" in form.notice.text()
    assert form.field.toPlainText() == "only words"
    application().activePopupWidget().close()  # type: ignore[union-attr]
    form = form_of(panel)
    assert form.field.toPlainText() == "only words", "nor is it lost when the form closes"
    application().activePopupWidget().close()  # type: ignore[union-attr]
    panel.close()


def test_glosses_of_another_sentence_can_bring_it_along(panel: TextPanel) -> None:
    texts: list[str] = []
    known: list[object] = []
    panel.text_edited.connect(texts.append)
    panel.annotation_changed.connect(known.append)
    panel.show_text("Keys rust everywhere")
    form = form_of(panel)
    form.field.setPlainText(TABLE)
    assert form.take_text.isHidden()
    form.take.click()
    assert known == []
    assert form.notice.text() == "These are glosses of another sentence."
    form.take_text.click()
    panel.close()
    assert texts == ["A film."]
    assert len(known) == 1


def test_everything_in_the_card_has_a_name_and_says_what_it_does(panel: TextPanel) -> None:
    shown(panel, head=Head.MASKED_WORD, mask_token="[MASK]", takes_pairs=True)
    panel.show_pair("")
    for button in panel.findChildren(QPushButton):
        assert button.text() or button.accessibleName()
        assert button.toolTip()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    for field in panel.findChildren(SentenceField):
        assert field.accessibleName()
        assert field.accessibleDescription()
