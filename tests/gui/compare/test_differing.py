"""Words that differ, told from the texts alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.compare.differing import differing_words


def told(one: str, other: str) -> tuple[list[str], list[str]]:
    found = differing_words(one, other)
    return [one[start:end] for start, end in found[0]], [other[start:end] for start, end in found[1]]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("The keys to the cabinet.", "The key to the cabinets.", (["keys", "cabinet"], ["key", "cabinets"])),
        ("A good film.", "A film.", (["good"], [])),
        ("A film.", "A very good film.", ([], ["very good"])),
        ("", "A film.", ([], ["A film."])),
        ("same", "same", ([], [])),
        ("נפלאים היו", "נפלא היו", (["נפלאים"], ["נפלא"])),
        ("電影很好", "電影不好", (["很"], ["不"])),
        ("👩‍👩‍👧 good", "👩‍👩‍👧 bad", (["good"], ["bad"])),
    ],
)
def test_what_differs(one: str, other: str, expected: tuple[list[str], list[str]]) -> None:
    assert told(one, other) == expected


@given(st.text(max_size=40), st.text(max_size=40))
def test_stretches_lie_in_their_texts_in_order_and_apart(one: str, other: str) -> None:
    for text, stretches in zip((one, other), differing_words(one, other), strict=True):
        places = [place for stretch in stretches for place in stretch]
        assert places == sorted(places)
        assert all(0 <= start < end <= len(text) for start, end in stretches)


@given(st.text(max_size=60))
def test_nothing_differs_from_itself(text: str) -> None:
    assert differing_words(text, text) == ((), ())
