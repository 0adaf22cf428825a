"""Where written words begin, told from the text alone: whatever the tokenizer, the same text has the same words.

The default word boundaries of Unicode Standard Annex #29 (section 4.1), on general categories and character names.
Combining signs, joiners and soft hyphens never leave the character before them; "don't" and "3.14" are one word each;
an emoji sequence or a flag is one. Differences, all for the reader's sake: a run of one punctuation mark is one word
("..."), an apostrophe joins a number and its ending (Turkish "1990'da"), a raised number stays with its unit ("m²"),
and spaces, the zero-width one included, belong to no word.

Where a script writes no spaces (Han, Hiragana, Thai, Lao, Khmer, Myanmar, ...) a word may begin at any character that
can stand at the beginning: the tokenizer's pieces are the words there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

# Scripts written without spaces: ideographs and Hiragana, and the scripts of Line_Break SA (UAX #14), by name.
UNSPACED = (
    "CJK ",
    "HIRAGANA",
    "IDEOGRAPHIC",
    "TANGUT",
    "NUSHU",
    "THAI",
    "LAO",
    "KHMER",
    "MYANMAR",
    "TAI ",
    "NEW TAI LUE",
    "AHOM",
)
KATAKANA = ("KATAKANA", "HALFWIDTH KATAKANA")
# Letters of those scripts that belong to the syllable before them, or to the one behind them.
AFTER_ITS_SYLLABLE = frozenset("ะาำๅๆະາຳໆ")
BEFORE_ITS_SYLLABLE = frozenset("เแโใไເແໂໃໄꪵꪶꪹꪻꪼᦵᦶᦷᦺ")
STACKERS = frozenset("\u17d2\u1039\u1a60")  # the next consonant is written under the one before
JOINER = "\u200d"
APOSTROPHES = frozenset("'’＇")
IN_LETTERS = frozenset("‘.·․‧·﹒．")  # the rest of MidLetter and MidNumLet, without the colon
IN_NUMBERS = frozenset(".,;․⁄﹐﹒，．；٬٫")  # MidNum and MidNumLet; decimal and fraction signs
HEBREW_QUOTES = frozenset('"״׳')


class Kind(Enum):
    """What a character is to the rules below."""

    SPACE = "space"
    CLINGS = "never begins a word"
    LETTER = "letter"
    DIGIT = "digit"
    KATAKANA = "katakana"
    UNSPACED = "letter of a script without spaces"
    CONNECTOR = "underscore and its like"
    FLAG = "half of a flag"
    SYMBOL = "symbol"
    MARK = "punctuation"


RUNS = frozenset({Kind.LETTER, Kind.DIGIT})
CONNECTED = RUNS | {Kind.KATAKANA, Kind.CONNECTOR}


def is_space(char: str) -> bool:
    """Whether a character only keeps words apart; the zero-width space does, though Unicode calls it a format sign."""
    return char.isspace() or char == "\u200b"


def without_spaces(text: str, start: int, end: int) -> tuple[int, int]:
    """Some characters' bounds less the spaces around them; a stretch of spaces only stays as it is."""
    first, last = start, end
    while first < last and is_space(text[first]):
        first += 1
    while first < last and is_space(text[last - 1]):
        last -= 1
    return (first, last) if first < last else (start, end)


def clings(char: str) -> bool:
    """Whether a character is a sign on the one before it: an accent, a vowel sign, a joiner, a skin tone."""
    return kind(char) is Kind.CLINGS


@lru_cache(maxsize=4096)
def kind(char: str) -> Kind:
    """The character's part in the rules."""
    category, name = unicodedata.category(char), unicodedata.name(char, "")
    if is_space(char):
        return Kind.SPACE
    if _clings(char, category, name):
        return Kind.CLINGS
    if "\U0001f1e6" <= char <= "\U0001f1ff":
        return Kind.FLAG
    if category in ("Nd", "No"):
        return Kind.DIGIT
    if category[0] in "LN" or "\u02b0" <= char <= "\u02ff":  # phonetic tone letters count as symbols in Unicode
        return Kind.KATAKANA if name.startswith(KATAKANA) else _letter(name)
    if category == "Pc":
        return Kind.CONNECTOR
    return Kind.MARK if category[0] == "P" else Kind.SYMBOL


def _letter(name: str) -> Kind:
    return Kind.UNSPACED if name.startswith(UNSPACED) else Kind.LETTER


def _clings(char: str, category: str, name: str) -> bool:
    if category in ("Mn", "Mc", "Me", "Cf") or "\U0001f3fb" <= char <= "\U0001f3ff":  # the latter: skin tones
        return True
    kana = name.startswith(("HIRAGANA", "IDEOGRAPHIC", "VERTICAL IDEOGRAPHIC", *KATAKANA))
    return char in AFTER_ITS_SYLLABLE or (
        kana and any(part in name for part in (" SMALL ", "ITERATION MARK", "SOUND MARK"))
    )


def word_boundaries(text: str) -> tuple[bool, ...]:
    """Before which characters a word or a space begins; one entry per character, the first one True."""
    kinds = _kinds(text)
    bases = [at for at, found in enumerate(kinds) if found is not Kind.CLINGS]
    line = "".join(text[at] for at in bases)
    held = [kinds[at] for at in bases]
    begins = [False] * len(text)
    flags = 0
    for place, at in enumerate(bases):
        flags = flags + 1 if held[place] is Kind.FLAG else 0
        joined = place > 0 and (
            _glued(text, at, held[place]) or _joined(line, held, place) or (flags and not flags % 2)
        )
        begins[at] = not joined
    return tuple(begins)


def _kinds(text: str) -> list[Kind]:
    """The kinds of a text's characters; what clings needs something to cling to."""
    kinds: list[Kind] = []
    before = Kind.SPACE
    for char in text:
        found = kind(char)
        if found is Kind.CLINGS and char.isalpha() and before not in (Kind.UNSPACED, Kind.KATAKANA, Kind.CLINGS):
            found = Kind.UNSPACED
        elif found is Kind.CLINGS and before is Kind.SPACE:
            found = Kind.SYMBOL
        kinds.append(found)
        before = found
    return kinds


def _glued(text: str, at: int, found: Kind) -> bool:
    """Whether the character just before keeps this one with it, whatever its word."""
    before = text[at - 1]
    if found is Kind.SYMBOL:
        return before == JOINER
    return found is Kind.UNSPACED and (before in BEFORE_ITS_SYLLABLE or before in STACKERS)


def _joined(line: str, held: list[Kind], place: int) -> bool:
    """Whether a character continues the word of the one before; ``line`` and ``held`` are without clinging ones."""
    left, right = held[place - 1], held[place]
    if left in CONNECTED and right in CONNECTED:
        return {left, right} <= RUNS or Kind.CONNECTOR in (left, right) or left is right
    if right is Kind.MARK and left is Kind.MARK and line[place - 1] == line[place]:
        return True
    return _inside(line, held, place) or _inside(line, held, place - 1)


def _inside(line: str, held: list[Kind], place: int) -> bool:
    """Whether the character at ``place`` is a sign within a word: an apostrophe between letters, a decimal point."""
    if not 0 < place < len(line) - 1:
        return False
    sign, around = line[place], {held[place - 1], held[place + 1]}
    if sign in APOSTROPHES:
        return around <= RUNS
    if sign in HEBREW_QUOTES:
        return all("\u05d0" <= line[at] <= "\u05ea" for at in (place - 1, place + 1))
    return (sign in IN_LETTERS and around == {Kind.LETTER}) or (sign in IN_NUMBERS and around == {Kind.DIGIT})


def number_words(text: str, spans: Sequence[tuple[int, int]], alone: Sequence[bool]) -> list[int]:
    """The word of every piece, counted from 0 without gaps; ``spans`` in reading order, ``alone`` words of their own.

    A word begins with a piece where the text has a boundary between it and the piece before. A piece that covers two
    words joins them, and one of spaces only goes with the word behind it, or at the end of the text with the last.
    """
    begins = word_boundaries(text)
    blanks = [all(is_space(char) for char in text[start:stop]) for start, stop in spans]
    numbers: list[int] = []
    number, end, begun, was_alone = 0, 0, False, False
    for (start, stop), blank, is_alone in zip(spans, blanks, alone, strict=True):
        if begun and (blank or is_alone or was_alone or any(begins[end : start + 1])):
            number += 1
        begun, was_alone, end = not blank, is_alone, max(end, stop)
        numbers.append(number)
    last = max((number for number, blank in zip(numbers, blanks, strict=True) if not blank), default=0)
    return [min(number, last) for number in numbers]
