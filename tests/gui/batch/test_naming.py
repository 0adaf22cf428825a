from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from gui.batch.naming import slug, stem

RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def test_names_say_what_they_are_of() -> None:
    assert stem(1, 24, "The keys to the cabinet [MASK] here.") == "001-the-keys-to-the"
    assert stem(12, 20_000, "It’s  “so”: good!") == "00012-it-s-so-good"
    assert stem(3, 9, "أغنية قديمة جدا") == "003-أغنية-قديمة-جدا"
    assert stem(3, 9, "हिन्दी में लिखा") == "003-हिन्दी-में-लिखा"
    assert stem(4, 9, "🙂 !") == "004"
    assert stem(5, 9, "con") == "005-con"
    assert slug("Agreement: a/b?", "figures") == "agreement-a-b"
    assert slug("...", "figures") == "figures"


@given(st.lists(st.text(max_size=80), min_size=2, max_size=30))
def test_names_are_safe_sorted_and_unlike(texts: list[str]) -> None:
    names = [stem(number, len(texts), text) for number, text in enumerate(texts, 1)]
    assert names == sorted(names)
    assert len({unicodedata.normalize("NFD", name).casefold() for name in names}) == len(texts)
    for name in names:
        assert len(name.encode("utf-8")) < 80
        assert not set(name) & set('<>:"/\\|?*. \n\r\t\0')
        assert name not in RESERVED
        assert all(unicodedata.category(letter)[0] != "C" for letter in name)
