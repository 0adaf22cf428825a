"""What was pasted about words finds them again in whatever rows are shown."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.words import Row, rows
from gui.annotation import AnnotatedWord, Annotation, aligned, fused
from tests.gui import samples


def annotation(*forms: str) -> Annotation:
    return Annotation(tuple(AnnotatedWord(form, gloss=f"{form}-gloss") for form in forms))


def shown(*labels: str, segment: int = 0) -> tuple[Row, ...]:
    return tuple(Row(label, (place,), label.startswith("["), segment) for place, label in enumerate(labels))


def glosses(given_annotation: Annotation, given_rows: tuple[Row, ...]) -> list[str]:
    return [word.gloss if word else "" for word in aligned(given_annotation, given_rows)]


def test_words_are_found_between_what_the_model_adds() -> None:
    assert glosses(annotation("the", "film"), shown("[CLS]", "The", "film", "[SEP]")) == [
        "", "the-gloss", "film-gloss", "",
    ]  # fmt: skip


def test_a_retyped_word_loses_its_own_and_no_other() -> None:
    pasted = annotation("the", "old", "film", "was", "long")
    assert glosses(pasted, shown("the", "odd", "film", "was", "long")) == [
        "the-gloss", "", "film-gloss", "was-gloss", "long-gloss",
    ]  # fmt: skip
    assert glosses(pasted, shown("the", "film", "was", "very", "long")) == [
        "the-gloss", "film-gloss", "was-gloss", "", "long-gloss",
    ]  # fmt: skip


def test_pieces_share_what_is_known_of_their_word() -> None:
    pasted = annotation("a", "wonderful", "film")
    assert glosses(pasted, shown("a", "wonder", "ful", "film")) == [
        "a-gloss", "wonderful-gloss", "wonderful-gloss", "film-gloss",
    ]  # fmt: skip
    assert glosses(pasted, shown("a", "wonder", "fully", "film"))[1:3] == ["", ""], "another word now"


def test_one_row_of_several_words_has_them_together() -> None:
    pasted = Annotation(
        (
            AnnotatedWord("I", "1SG", "PRON", 2, "nsubj"),
            AnnotatedWord("do", "do", "AUX", 4, "aux"),
            AnnotatedWord("n't", "NEG", "PART", 2, "advmod"),
            AnnotatedWord("know", "know", "VERB", 0, "root"),
        )
    )
    found = aligned(pasted, shown("I", "don't", "know"))
    assert found[1] == AnnotatedWord("don't", "do.NEG", "AUX+PART", 4, "aux")
    assert found[2] == pasted.words[3]
    across = aligned(pasted, shown("I", "don", "'t", "know"))
    assert across[1] == across[2] == found[1], "words and pieces that meet nowhere inside"


def test_fused_words_look_to_a_head_outside() -> None:
    words = (AnnotatedWord("a", "to", "ADP", 4, "case"), AnnotatedWord("el", "the", "DET", 4, "det"))
    assert fused(words, range(2, 4), "al") == AnnotatedWord("al", "to.the", "ADP+DET", 4, "case")
    inside = (AnnotatedWord("se", "", "PRON", 6), AnnotatedWord("lo", "", "PRON", 5))
    assert fused(inside, range(5, 7)).head is None, "each is the other's head"
    assert fused(words[:1], ()) is words[0]


def test_capitals_spaces_and_the_encoding_of_accents_do_not_count() -> None:
    assert glosses(annotation("CAFÉ", "10 000"), shown("cafe\u0301", "10", "000")) == [
        "CAFÉ-gloss", "10 000-gloss", "10 000-gloss",
    ]  # fmt: skip
    assert glosses(annotation("\u0301", "a"), shown("◌\u0301", "a")) == ["\u0301-gloss", "a-gloss"]


def test_another_sentence_and_the_second_text_have_nothing() -> None:
    pasted = annotation("the", "film", "was", "wonderful")
    assert glosses(pasted, shown("the", "actors", "danced")) == ["", "", ""]
    assert glosses(pasted, shown("the", "film", "was", "wonderful", segment=1)) == [""] * 4
    assert aligned(Annotation(()), shown("a")) == (None,)
    assert aligned(pasted, ()) == ()
    assert glosses(annotation("a", "", "b"), shown("a", "b")) == ["a-gloss", "b-gloss"], "a word without letters"


def test_right_in_the_rows_of_a_real_explanation() -> None:
    made = samples.explanation()
    pasted = annotation(*re.findall(r"\w+|[^\w\s]", samples.SENTENCE))
    whole = aligned(pasted, rows(made.request, made.tokens, whole_words=True))
    assert [word.form for word in whole[1:-1] if word] == [word.form for word in pasted.words]
    pieces = aligned(pasted, rows(made.request, made.tokens, whole_words=False))
    assert [word.form for word in pieces if word].count("wonderful") == 2


words = st.lists(st.text("abc", min_size=1, max_size=4), max_size=9)


@given(words, st.data())
def test_rows_always_spell_the_words_they_are_given(forms: list[str], data: st.DataObject) -> None:
    labels = data.draw(st.one_of(words, st.permutations(forms)))
    for row, word in zip(shown(*labels), aligned(annotation(*forms), shown(*labels)), strict=True):
        assert word is None or row.label in word.form or word.form in row.label


@given(words, st.data())
def test_however_the_letters_are_cut_every_word_is_found(forms: list[str], data: st.DataObject) -> None:
    letters = "".join(forms)
    cuts = sorted({0, len(letters), *data.draw(st.sets(st.integers(0, max(0, len(letters))), max_size=12))})
    labels = [letters[start:end] for start, end in pairwise(cuts)]
    assert all(aligned(annotation(*forms), shown(*labels)))


@pytest.mark.parametrize("edited", [0, 300, 599])
def test_a_long_text_edited_anywhere_takes_no_time(edited: int) -> None:
    forms = [f"{chr(97 + place % 26)}{place}" for place in range(600)]
    labels = [*forms[:edited], "new", *forms[edited + 1 :]] * 2
    begun = time.perf_counter()
    found = aligned(annotation(*forms), shown(*labels))
    assert time.perf_counter() - begun < 0.5
    assert sum(word is not None for word in found) >= 599
