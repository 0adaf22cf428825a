"""What a person knows about the words of a sentence and wants to see below them: glosses, parts of speech, heads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnnotatedWord:
    """One word as it was pasted; an empty field says nothing. ``head`` counts words from 1, 0 is the root."""

    form: str
    gloss: str = ""
    part_of_speech: str = ""
    head: int | None = None
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Annotation:
    """The words of one sentence in reading order."""

    words: tuple[AnnotatedWord, ...]
