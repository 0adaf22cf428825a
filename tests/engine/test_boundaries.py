"""Word boundaries of a text, and words numbered over pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.boundaries import clings, is_space, number_words, without_spaces, word_boundaries


def units(text):
    """The words of a text, a bar between each two, whatever its spaces."""
    begins = [at for at, found in enumerate(word_boundaries(text)) if found]
    cut = [text[start:end] for start, end in zip(begins, [*begins[1:], len(text)], strict=True)]
    return "|".join(unit for unit in cut if not all(map(is_space, unit)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # UAX #29, rules 5 to 13: letters, numbers, and the signs inside them.
        ("so good", "so|good"),
        ("film.", "film|."),
        ("can't l’été", "can't|l’été"),
        ("'tis dogs'", "'|tis|dogs|'"),
        ("e.g. U.S.A.", "e.g|.|U.S.A|."),
        ("3.14 1,000;5 3,a 4.", "3.14|1,000;5|3|,|a|4|."),
        ("3a a3 snake_case _x_", "3a|a3|snake_case|_x_"),
        ("so-so 50% $5 #tag @me", "so|-|so|50|%|$|5|#|tag|@|me"),
        ("10:30 a:b", "10|:|30|a|:|b"),
        ("col·legi", "col·legi"),
        ('צה"ל "של" ג\'', 'צה"ל|"|של|"|ג|\''),
        ("٣٫١٤", "٣٫١٤"),
        # Rule 4: what clings.
        ("cafe\u0301s", "cafe\u0301s"),
        ("Donau\u00addampf", "Donau\u00addampf"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dषेत्र हि\u200cन्दी", "क्\u200dषेत्र|हि\u200cन्दी"),
        ("a\u200bb\u00a0c\u202fd", "a|b|c|d"),
        (" \u0301a", "\u0301|a"),
        ("can\u0301'\u0301t", "can\u0301'\u0301t"),
        # Rules 3c, 15 and 16: emoji and flags.
        ("👨\u200d👩\u200d👧👨", "👨\u200d👩\u200d👧|👨"),
        ("🇩🇪🇹🇷🇯 🇵🇩", "🇩🇪|🇹🇷|🇯|🇵🇩"),
        ("👍🏽👍 ❤️❤ 1️⃣a", "👍🏽|👍|❤️|❤|1️⃣a"),
        ("🙂\u200d↔️", "🙂\u200d↔️"),
        ("🏴\U000e0067\U000e0062\U000e007f🏴", "🏴\U000e0067\U000e0062\U000e007f|🏴"),
        # Where this differs from the annex.
        ("...?!!", "...|?|!!"),
        ("1990'da m²", "1990'da|m²"),
        # Scripts without spaces: wherever a word may begin.
        ("日本語の映画。", "日|本|語|の|映|画|。"),
        ("𠮷野家", "𠮷|野|家"),
        ("ラーメンらーめん", "ラーメン|らー|め|ん"),
        ("きゃっと人々", "きゃっ|と|人々"),
        ("「っと」ｶﾞｷﾞ", "「|っ|と|」|ｶﾞｷﾞ"),
        ("AIは3人", "AI|は|3|人"),
        ("เก่าแก่น้ำ", "เก่า|แก่|น้ำ"),
        ("ខ្មែរ", "ខ្មែ|រ"),
        ("한국어는", "한국어는"),
        ("ˈfɪlm t͡sʰ ma˥˩", "ˈfɪlm|t͡sʰ|ma˥˩"),
    ],
)
def test_words_begin_where_they_should(text, expected):
    assert units(text) == expected


@given(st.text())
def test_a_boundary_stands_at_the_start_and_around_every_space_and_before_no_sign(text):
    begins = word_boundaries(text)
    assert len(begins) == len(text)
    for at, found in enumerate(begins):
        before = text[at - 1] if at else " "
        if is_space(before) or is_space(text[at]):
            assert found
        elif clings(text[at]) and not text[at].isalpha():
            assert not found


def test_spaces_around_are_left_out_but_never_all_of_a_stretch():
    assert without_spaces(" a b\u200b", 0, 5) == (1, 4)
    assert without_spaces("a  b", 1, 3) == (1, 3)
    assert without_spaces("ab", 1, 1) == (1, 1)


def numbered(text, *spans, alone=()):
    return number_words(text, spans, [place in alone for place in range(len(spans))])


def test_pieces_without_a_boundary_between_them_share_a_word():
    assert numbered("unhappy film.", (0, 2), (2, 7), (8, 12), (12, 13)) == [0, 0, 1, 2]


def test_bytes_of_one_character_share_a_word_and_so_does_a_byte_of_two():
    assert numbered("日本", (0, 1), (0, 1), (1, 2), (1, 2)) == [0, 0, 1, 1]
    assert numbered("日本", (0, 1), (0, 2), (1, 2)) == [0, 0, 0]


def test_a_boundary_in_characters_that_were_dropped_counts():
    assert numbered("a\x00b", (0, 1), (2, 3)) == [0, 1]
    assert numbered("a\u200db", (0, 1), (2, 3)) == [0, 0]


def test_spaces_go_with_the_word_behind_them_and_at_the_end_with_the_last():
    assert numbered(" a  b ", (0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6)) == [0, 0, 1, 1, 1, 1]
    assert numbered("a b", (0, 1), (2, 2), (2, 3)) == [0, 1, 1]
    assert numbered("   ", (0, 1), (1, 3)) == [0, 0]


def test_a_piece_alone_joins_neither_side():
    text = "a[MASK]b [[MASK]"
    assert numbered(text, (0, 1), (1, 7), (7, 8), (9, 10), (10, 16), alone=(1, 4)) == [0, 1, 2, 3, 4]
    assert numbered("abc", (0, 1), (1, 2), (2, 3), alone=(1,)) == [0, 1, 2]
