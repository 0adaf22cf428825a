"""From the tokenizer's own positions to the characters somebody wrote."""

from __future__ import annotations

import pytest

from engine.spans import Typed, piece_spans


def spans(text, *pieces, mask=None):
    """``pieces`` are (piece, start, end) in what the tokenizer got."""
    names, offsets = [piece[0] for piece in pieces], [piece[1:] for piece in pieces]
    return piece_spans(Typed.read(text, mask), names, offsets)


def test_a_mask_is_fed_under_the_tokenizers_own_name():
    typed = Typed.read("a [MASK][MASK] b", "<m>")
    assert typed.fed == "a <m><m> b"
    assert [typed.span(*found) for found in ((0, 1), (2, 5), (5, 8), (1, 5), (9, 10), (8, 8), (10, 10))] == [
        (0, 1),
        (2, 8),
        (8, 14),
        (1, 8),
        (15, 16),
        (14, 14),
        (16, 16),
    ]


@pytest.mark.parametrize("mask", ["[MASK]", None])
def test_a_text_is_fed_as_it_is_where_the_mask_is_called_so_or_there_is_none(mask):
    typed = Typed.read("a [MASK]", mask)
    assert typed.fed == "a [MASK]"
    assert typed.span(2, 8) == (2, 8)


def test_spaces_around_a_piece_are_not_its_own():
    assert spans(" so good ", ("Ġso", 0, 3), ("Ġgood", 3, 9)) == [(1, 3), (4, 8)]


def test_a_piece_of_written_spaces_keeps_them_and_one_put_in_front_has_none():
    assert spans("a  b", ("a", 0, 1), ("Ġ", 1, 2), ("Ġb", 2, 4)) == [(0, 1), (1, 2), (3, 4)]
    assert spans("日本", ("▁", 0, 1), ("日本", 0, 2)) == [(0, 0), (0, 2)]


def test_the_sign_for_a_space_can_be_written_itself():
    assert spans("▁", ("▁", 0, 1)) == [(0, 1)]


def test_signs_that_were_stripped_stay_with_the_letter_before():
    assert spans("cafe\u0301 e\u0301e", ("cafe", 0, 4), ("e", 6, 7), ("##e", 8, 9)) == [(0, 5), (6, 8), (8, 9)]


def test_a_letter_trimmed_away_as_a_space_comes_back():
    # tokenizers puts a space before what follows a mask too, and then trims a letter for it.
    assert spans("[MASK]able", ("[MASK]", 0, 6), ("Ġa", 7, 7), ("ble", 7, 10)) == [(0, 6), (6, 7), (7, 10)]
    assert spans("[MASK]日", ("[MASK]", 0, 6), ("Ġ", 7, 7), ("æĹ", 6, 7), ("¥", 6, 7)) == [
        (0, 6),
        (6, 6),
        (6, 7),
        (6, 7),
    ]
