"""One sentence while it is read: its words, the spaces between them, and what could not be read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gui.annotation import AnnotatedWord, Annotation, letters_of

LONGEST_CELL = 200  # letters of a gloss or a tag; nobody reads more below a word


class PasteError(Exception):
    """What was pasted cannot be read; the message says why, for the person who pasted it."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """The sentence, what is known of its words, and in plain words what was left out."""

    text: str
    annotation: Annotation
    remarks: tuple[str, ...] = ()


def is_comment(line: str) -> bool:
    """Whether a line is about the sentence; the sign by itself in a cell is a word."""
    return line.startswith("#") and not line.startswith("#\t")


def cell(written: str) -> str:
    """What a cell says on one line, "" for CoNLL-U's underscore."""
    said = " ".join(written.split())[:LONGEST_CELL]
    return "" if said == "_" else said


@dataclass(slots=True)
class Sentence:
    """``is_tight`` says of each word whether no space follows it."""

    words: list[AnnotatedWord] = field(default_factory=list)
    is_tight: list[bool] = field(default_factory=list)
    odd_heads: int = 0

    def add(self, word: AnnotatedWord, *, is_tight: bool) -> None:
        """The next word."""
        self.words.append(word)
        self.is_tight.append(is_tight)

    def head(self, written: str, numbers: dict[int, int]) -> int | None:
        """The word that a written head means, by its own number; None where it says nothing or points nowhere."""
        if not cell(written):
            return None
        number = int(written) if re.fullmatch(r"[0-9]{1,5}", written) else None
        found = 0 if number == 0 else numbers.get(-1 if number is None else number)
        self.odd_heads += found is None
        return found

    def pasted(self, written: str = "") -> Pasted:
        """The sentence as it was ``written``, if it was, and if these are its words. Raises PasteError if none are."""
        if not any(letters_of(word.form) for word in self.words):
            raise PasteError("There are no words in it.")
        pairs = zip(self.words, self.is_tight, strict=True)
        joined = "".join(f"{word.form}{'' if is_tight else ' '}" for word, is_tight in pairs).strip()
        text = written if letters_of(written) == letters_of(joined) else joined
        lost = f"{self.odd_heads} head{'s' if self.odd_heads > 1 else ''} could not be read."
        return Pasted(text, Annotation(tuple(self.words)), (lost,) if self.odd_heads else ())
