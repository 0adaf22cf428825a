"""Any text, whatever it holds, as well-formed XML."""

from __future__ import annotations

import re
import unicodedata

# What XML 1.0 has no place for: controls, halves of letters, and the two that are no characters.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BLANK = re.compile("[\t\n\r]")
# The ampersand first; a reader makes another line's end of a bare carriage return.
ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
REPLACEMENT = "\ufffd"


def legal(text: str) -> str:
    """The text with what XML cannot hold replaced."""
    return ILLEGAL.sub(REPLACEMENT, text)


def escaped(text: str) -> str:
    """The text as XML content or in an attribute's quotes."""
    plain = legal(text)
    if plain.isalnum():
        return plain
    for letter, written in ESCAPED.items():
        plain = plain.replace(letter, written)
    return plain


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction of its own runs to the left."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False
