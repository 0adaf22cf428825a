from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.words import Row
from gui.compare.alignment import Pairing, aligned_rows


def rows(text, segment=0):
    return [
        Row(word, (place,), word.startswith(("[", "<")) and word != "[MASK]", segment)
        for place, word in enumerate(text.split())
    ]


def side_by_side(first, second, masks=("", "")):
    one, other = rows(first), rows(second)
    return [
        (
            None if pairing.first is None else one[pairing.first].label,
            None if pairing.second is None else other[pairing.second].label,
        )
        for pairing in aligned_rows(one, other, masks)
    ]


def test_forms_of_one_word_stand_beside_one_another():
    assert side_by_side("The keys to the cabinet are here", "The key to the cabinets is here") == [
        ("The", "The"),
        ("keys", "key"),
        ("to", "to"),
        ("the", "the"),
        ("cabinet", "cabinets"),
        ("are", "is"),
        ("here", "here"),
    ]


def test_an_inserted_word_stands_alone():
    assert side_by_side("The film was good .", "The film was not good .") == [
        ("The", "The"),
        ("film", "film"),
        ("was", "was"),
        (None, "not"),
        ("good", "good"),
        (".", "."),
    ]


def test_one_word_replaces_another_however_unlike_but_several_do_not():
    assert ("good", "bad") in side_by_side("it was good .", "it was bad .")
    apart = side_by_side("it was truly good .", "it went wrong fast again .")
    assert ("good", "fast") not in apart
    assert sum(None in pair for pair in apart) == 3 + 4


def test_a_mark_never_stands_beside_a_word():
    assert side_by_side("yes , it was", "yes and it was")[1:3] in (
        [(",", None), (None, "and")],
        [(None, "and"), (",", None)],
    )


def test_special_tokens_stand_only_beside_their_own_kind():
    found = side_by_side("[CLS] a [SEP]", "[CLS] [SEP]")
    assert found == [("[CLS]", "[CLS]"), ("a", None), ("[SEP]", "[SEP]")]
    assert side_by_side("[CLS]", "[SEP]") in ([("[CLS]", None), (None, "[SEP]")], [(None, "[SEP]"), ("[CLS]", None)])
    assert side_by_side("[CLS] a [SEP]", "<s> a </s>") == [("[CLS]", "<s>"), ("a", "a"), ("[SEP]", "</s>")]


def test_the_gap_stands_beside_the_gap_however_it_is_written():
    assert ("[MASK]", "<mask>") in side_by_side("keys [MASK] here", "key <mask> here", ("[MASK]", "<mask>"))
    assert ("[MASK]", "are") not in side_by_side("keys [MASK] here", "keys are here", ("[MASK]", "[MASK]"))


def test_segments_stay_apart():
    first, second = rows("same"), rows("same", segment=1)
    assert {(p.first, p.second) for p in aligned_rows(first, second)} == {(0, None), (None, 0)}


def test_capitals_cost_less_than_another_word():
    assert ("the", "The") in side_by_side("now the cat", "The cat")


def test_nothing_against_something():
    assert side_by_side("", "a b") == [(None, "a"), (None, "b")]
    assert side_by_side("", "") == []


WORDS = st.lists(
    st.sampled_from(["the", "The", "key", "keys", "not", "was", "were", ".", ",", "[CLS]", "[SEP]", "שלום", "👍"]),
    max_size=9,
).map(" ".join)


@given(WORDS, WORDS)
def test_every_row_stands_once_in_order_and_exchanging_the_sides_mirrors_all(first, second):
    one, other = rows(first), rows(second)
    found = aligned_rows(one, other)
    assert [p.first for p in found if p.first is not None] == list(range(len(one)))
    assert [p.second for p in found if p.second is not None] == list(range(len(other)))
    assert all(p.first is not None or p.second is not None for p in found)
    assert [p.mirrored for p in found] == aligned_rows(other, one)
    for pairing in found:
        if pairing.first is not None and pairing.second is not None:
            assert one[pairing.first].is_special == other[pairing.second].is_special


@given(WORDS)
def test_a_sentence_against_itself_pairs_all(text):
    assert aligned_rows(rows(text), rows(text)) == [Pairing(place, place) for place in range(len(text.split()))]


@given(WORDS, st.integers(0, 9), st.sampled_from(["never", "quite"]))
def test_one_word_added_leaves_all_others_beside_themselves(text, place, added):
    words = text.split()
    longer = [*words[:place], added, *words[place:]]
    found = aligned_rows(rows(text), rows(" ".join(longer)))
    assert sum(p.first is None for p in found) == 1
    assert not any(p.second is None for p in found)


@pytest.mark.parametrize("shift", [0, 7])
def test_five_hundred_words_take_no_time(shift):
    first = " ".join(f"word{index * 37 % 400}ing" for index in range(500))
    second = " ".join(f"word{(index + shift) * 41 % 400}ed" for index in range(500))
    start = time.perf_counter()
    aligned_rows(rows(first), rows(second))
    assert time.perf_counter() - start < 10
