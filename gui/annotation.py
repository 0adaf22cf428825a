"""What a person knows about the words of a sentence and wants to see below them: glosses, parts of speech, heads."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.contract import Array
from engine.words import Row

SAME_SENTENCE = 1 / 3  # of the annotation's letters must be found again, or it belongs to another sentence


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


def fused(words: Sequence[AnnotatedWord], inside: Collection[int], form: str = "") -> AnnotatedWord:
    """Several words written as one ("du" for "de le"); heads numbered ``inside`` are one of them.

    Glosses are joined by a stop, as Leipzig's rules have it, parts of speech by a plus; the head is the one outside.
    """
    if len(words) == 1 and not form:
        return words[0]
    led = next((word for word in words if word.head is not None and word.head not in inside), AnnotatedWord(""))
    return AnnotatedWord(
        form=form or "".join(word.form for word in words),
        gloss=".".join(word.gloss for word in words if word.gloss),
        part_of_speech="+".join(word.part_of_speech for word in words if word.part_of_speech),
        head=led.head,
        relation=led.relation,
    )


def letters_of(written: str) -> str:
    """What two ways of writing a word must have in common: spaces, capitals and accents' encoding do not count."""
    return "".join(unicodedata.normalize("NFD", written).casefold().replace("◌", "").split())


@lru_cache(maxsize=16)
def aligned(annotation: Annotation, rows: tuple[Row, ...]) -> tuple[AnnotatedWord | None, ...]:
    """[row]: what was pasted about each row, None where nothing was.

    Words of the first text are found again by their letters, in order, so that as many letters as possible are found:
    a word retyped loses what was known of it, its neighbours keep theirs. The pieces of a word share what is known of
    it; one row that holds several words has them :func:`fused`. Nothing is found in another sentence.
    """
    places = [place for place, row in enumerate(rows) if not row.is_special and row.segment == 0]
    forms = [letters_of(word.form) for word in annotation.words]
    labels = [letters_of(rows[place].label) for place in places]
    found: list[AnnotatedWord | None] = [None] * len(rows)
    blocks = _blocks(forms, labels)
    best = _best(forms, labels, blocks)
    if best[0, 0] < SAME_SENTENCE * sum(map(len, forms)):
        return tuple(found)
    for block in _chosen(best, blocks):
        word = fused(annotation.words[block.form : block.form_end], range(block.form + 1, block.form_end + 1))
        for place in places[block.label : block.label_end]:
            found[place] = word
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Block:
    """The fewest forms and labels from here on that are written with the same ``letters``; ends are exclusive."""

    form: int
    form_end: int
    label: int
    label_end: int
    letters: int


def _block(forms: Sequence[str], labels: Sequence[str], form: int, label: int) -> _Block | None:
    """The block that begins at this form and this label, None where their letters differ."""
    one, other = forms[form], labels[label]
    form_end, label_end = form + 1, label + 1
    while one != other:
        if one.startswith(other) and label_end < len(labels):
            other += labels[label_end]
            label_end += 1
        elif other.startswith(one) and form_end < len(forms):
            one += forms[form_end]
            form_end += 1
        else:
            return None
    return _Block(form, form_end, label, label_end, len(one)) if one else None


def _blocks(forms: Sequence[str], labels: Sequence[str]) -> dict[tuple[int, int], _Block]:
    by_letter: dict[str, list[int]] = {}
    for place, label in enumerate(labels):
        by_letter.setdefault(label[:1], []).append(place)
    pairs = ((form, label) for form, word in enumerate(forms) for label in by_letter.get(word[:1], ()))
    return {(form, label): block for form, label in pairs if (block := _block(forms, labels, form, label))}


def _best(forms: Sequence[str], labels: Sequence[str], blocks: dict[tuple[int, int], _Block]) -> Array:
    """[form+1, label+1]: the most letters that blocks from here to the end can hold, one after another."""
    best = np.zeros((len(forms) + 1, len(labels) + 1), dtype=np.int32)
    starts: dict[int, list[_Block]] = {}
    for block in blocks.values():
        starts.setdefault(block.form, []).append(block)
    for form in reversed(range(len(forms))):
        best[form] = best[form + 1]
        for block in starts.get(form, ()):
            reached = block.letters + best[block.form_end, block.label_end]
            best[form, block.label] = max(best[form, block.label], reached)
        best[form] = np.maximum.accumulate(best[form][::-1])[::-1]  # skipping labels costs nothing
    return best


def _chosen(best: Array, blocks: dict[tuple[int, int], _Block]) -> list[_Block]:
    """The blocks that hold the most letters, in reading order."""
    chosen: list[_Block] = []
    form = label = 0
    while best[form, label] > 0:
        block = blocks.get((form, label))
        if block and block.letters + best[block.form_end, block.label_end] == best[form, label]:
            chosen.append(block)
            form, label = block.form_end, block.label_end
        elif best[form, label + 1] == best[form, label]:
            label += 1
        else:
            form += 1
    return chosen
