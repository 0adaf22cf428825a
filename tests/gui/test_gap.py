"""A gap in place of a word, or where the cursor is."""

from __future__ import annotations

import pytest

from gui.gap import last_word, selected, with_gap


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The keys are here.", "here"),
        ("Don't", "Don't"),
        ("हिन्दी में लिखा।", "लिखा"),
        ("😀 quite a film! 👩\u200d👩\u200d👧", "film"),
        ("הסרט היה ארוך", "ארוך"),
    ],
)
def test_the_last_word(text: str, word: str) -> None:
    found = last_word(text)
    assert found is not None
    assert text[slice(*found)] == word


def test_no_word_no_gap() -> None:
    assert last_word("... !") is None
    assert last_word("") is None


@pytest.mark.parametrize(
    ("text", "start", "end", "made"),
    [
        ("The cat sat.", 4, 7, "The [MASK] sat."),
        ("The cat sat.", 11, 11, "The cat sat [MASK]."),
        ("The cat sat.", 4, 4, "The [MASK] cat sat."),
        ("The  sat.", 4, 4, "The [MASK] sat."),
        ("", 0, 0, "[MASK]"),
        ("我喜欢电影。", 3, 5, "我喜欢[MASK]。"),
    ],
)
def test_a_gap_stands_apart_where_it_is_new_and_in_place_where_it_replaces(
    text: str, start: int, end: int, made: str
) -> None:
    gapped, caret = with_gap(text, start, end, "[MASK]")
    assert gapped == made
    assert gapped[:caret].endswith("[MASK]")


def test_spaces_at_the_ends_of_a_selection_stay() -> None:
    assert selected("The cat sat", 3, 8) == (4, 7)
    assert selected("   ", 0, 3) == (3, 3)
