"""What is known of each word, in the lines that stand below it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.words import Row
from gui.annotation import AnnotatedWord, Annotation, aligned
from gui.paint.typeface import Ink, width_of

GLOSS, TAG = 0.86, 0.7  # sizes, in letters of the word above
SMALLEST = 9
MARK = "\N{RIGHT-TO-LEFT MARK}"


@dataclass(frozen=True, slots=True)
class Note:
    """``lines`` are text and ink, one for each kind that any word of the sentence has; ``full`` is all in one line."""

    lines: tuple[tuple[str, Ink], ...] = ()
    full: str = ""

    def width(self) -> float:
        """Of its widest line."""
        return max((width_of(text, ink) for text, ink in self.lines), default=0.0)


def notes(annotation: Annotation | None, rows: tuple[Row, ...], pixels: int, *, backwards: bool) -> tuple[Note, ...]:
    """[row]: glosses, parts of speech and heads, below letters of this size."""
    if annotation is None:
        return (Note(),) * len(rows)
    # A mark's part of speech and head would only push the words apart.
    found = [
        word if any(map(str.isalnum, row.label)) else None
        for word, row in zip(aligned(annotation, rows), rows, strict=True)
    ]
    gloss, tag = Ink(_size(GLOSS, pixels)), Ink(_size(TAG, pixels), "muted")
    kinds = [
        ([word.gloss if word else "" for word in found], gloss),
        ([word.part_of_speech if word else "" for word in found], tag),
        ([_led(word, annotation, backwards=backwards) if word else "" for word in found], tag),
    ]
    said = [(texts, ink) for texts, ink in kinds if any(texts)]
    return tuple(
        Note(
            tuple((texts[place], ink) for texts, ink in said),
            " · ".join(texts[place] for texts, _ in said if texts[place]),
        )
        for place in range(len(rows))
    )


def _size(share: float, pixels: int) -> int:
    return max(SMALLEST, round(share * pixels))


def _led(word: AnnotatedWord, annotation: Annotation, *, backwards: bool) -> str:
    """``nsubj ← sleeps``: what the word is to its head; the arrow comes from there."""
    if word.head is None or word.head > len(annotation.words):
        return word.relation
    if word.head == 0:
        return word.relation or "root"
    arrow = "→" if backwards else "←"
    led = f"{word.relation} {arrow} {annotation.words[word.head - 1].form}".strip()
    return f"{MARK}{led}" if backwards else led
