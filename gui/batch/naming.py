"""Names of files that every system takes, that sort as the list does, and of which no two are alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

FEWEST_DIGITS = 3
MOST_WORDS, MOST_BYTES = 4, 48  # of a sentence in a name
KEPT = ("L", "M", "N")  # letters, the marks on them, digits


def stem(number: int, of: int, text: str) -> str:
    """``007-the-keys-to``: the number first, so that no two are alike and none is a name that Windows reserves."""
    digits = max(FEWEST_DIGITS, len(str(of)))
    return "-".join([f"{number:0{digits}}", *_words(text)])


def slug(text: str, otherwise: str) -> str:
    """A name for a folder, after a title."""
    return "-".join(_words(text)) or otherwise


def _words(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFC", text).lower()
    spaced = "".join(letter if unicodedata.category(letter)[0] in KEPT else " " for letter in plain)
    room = MOST_BYTES
    for word in spaced.split()[:MOST_WORDS]:
        room -= len(word.encode("utf-8")) + 1
        if room < 0:
            return
        yield word
