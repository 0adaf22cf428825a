"""What can be done with a word depends on the model, the word and how it is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.contract import Explanation, Head
from gui.state import Node, ViewState
from gui.wordmenu import Deed, word_at, word_menu
from tests.gui import samples

WONDERFUL, THIN, CLS = 12, 4, 0


def made(head: Head, mask: str = "", **changes: object) -> Explanation:
    model = replace(samples.model_info(), head=head, mask_token=mask)
    return samples.explanation(model=model, position=THIN, **changes)


def deeds(explanation: Explanation, token: int, view: ViewState | None = None, *, stale: bool = False) -> list[str]:
    return [choice.deed.value for choice in word_menu(explanation, view or ViewState(), token, stale=stale)]


def test_a_class_of_the_whole_text_leaves_looking() -> None:
    classes = made(Head.SEQUENCE_CLASSIFICATION)
    assert deeds(classes, THIN) == ["trace"]
    assert deeds(classes, WONDERFUL) == ["pieces", "trace"]
    assert deeds(replace(classes, flow=None), THIN) == []


@pytest.mark.parametrize("head", [Head.TOKEN_CLASSIFICATION, Head.STATE])
def test_words_that_have_an_answer_of_their_own(head: Head) -> None:
    explanation = made(head)
    assert deeds(explanation, WONDERFUL) == ["place", "pieces", "trace"]
    assert deeds(explanation, THIN) == ["trace"], "it is the one explained"
    assert deeds(explanation, CLS) == ["trace"], "nobody wrote it"
    title = word_menu(explanation, ViewState(), WONDERFUL, stale=False)[0].title
    assert title == ("Explain the state of this word" if head is Head.STATE else "Explain the answer at this word")


def test_a_word_can_be_left_out_where_the_model_fills_gaps() -> None:
    assert deeds(made(Head.MASKED_WORD, "[MASK]"), WONDERFUL) == ["gap", "place", "pieces", "trace"]
    assert deeds(made(Head.MASKED_WORD), WONDERFUL) == ["place", "pieces", "trace"], "nobody knows how"
    assert deeds(made(Head.MASKED_WORD, "thin"), THIN) == ["trace"], "it is a gap already"
    assert deeds(made(Head.MASKED_WORD, "[MASK]"), CLS) == ["trace"]


def test_the_second_text_has_gaps_but_no_places() -> None:
    explanation = made(Head.MASKED_WORD, "[MASK]")
    tokens = tuple(replace(token, segment=1) for token in explanation.tokens)
    second = replace(explanation, tokens=tokens, request=replace(explanation.request, pair=explanation.request.text))
    assert deeds(second, WONDERFUL) == ["gap", "pieces", "trace"]


def test_what_is_stale_can_only_be_looked_at() -> None:
    assert deeds(made(Head.MASKED_WORD, "[MASK]"), WONDERFUL, stale=True) == ["pieces", "trace"]


def test_pieces_and_back() -> None:
    explanation = made(Head.SEQUENCE_CLASSIFICATION)
    split = word_menu(explanation, ViewState(split_words=("absolutely",)), WONDERFUL, stale=False)[0]
    assert isinstance(split.value, ViewState)
    assert split.value.split_words == ("absolutely", "wonderful")
    assert split.sentence == "The model reads it as wonder · ##ful."
    back = word_menu(explanation, split.value, WONDERFUL + 1, stale=False)[0]
    assert (back.deed, back.value) == (Deed.WHOLE, ViewState(split_words=("absolutely",)))
    assert deeds(explanation, WONDERFUL, ViewState(whole_words=False)) == ["trace"], "all are in pieces"


def test_tracing_and_back() -> None:
    explanation = made(Head.SEQUENCE_CLASSIFICATION)
    assert word_menu(explanation, ViewState(), THIN, stale=False)[-1].value == Node(0, THIN)
    traced = ViewState(traced=Node(0, WONDERFUL))
    assert deeds(explanation, WONDERFUL + 1, traced)[-1] == "untrace"
    split = replace(traced, split_words=("wonderful",))
    assert word_menu(explanation, split, WONDERFUL + 1, stale=False)[-1].value == Node(0, WONDERFUL + 1)


def test_a_piece_belongs_to_its_word() -> None:
    assert word_at(samples.explanation(), WONDERFUL + 1).label == "wonderful"
