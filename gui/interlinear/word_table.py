"""Words in a table, one a line, cells parted by tabs: as a spreadsheet hands it over."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from gui.annotation import AnnotatedWord
from gui.interlinear.sentence import Pasted, PasteError, Sentence, cell, is_comment

WORD, GLOSS, PART_OF_SPEECH, HEAD, RELATION = COLUMNS = ("word", "gloss", "part of speech", "head", "relation")
ALSO_CALLED = {
    "form": WORD, "token": WORD, "glosses": GLOSS, "pos": PART_OF_SPEECH, "upos": PART_OF_SPEECH,
    "tag": PART_OF_SPEECH, "deprel": RELATION,
}  # fmt: skip
CLINGS_LEFT = frozenset(".,;:!?…)]}%»”’。，、！？")
CLINGS_RIGHT = frozenset("([{«“‘¿¡")


def read_table(numbered: Sequence[tuple[int, str]]) -> Pasted:
    """The words of these lines; a first line of names says what the columns are. Raises PasteError.

    A table says nothing of spaces: there is one between two words, but none before a closing mark.
    """
    lines = [line for _, line in numbered if not is_comment(line)]
    try:
        # A lone quotation mark is a word like any other.
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    except csv.Error as error:
        raise PasteError("A line is too long to be a word and what is known of it.") from error
    names = [_column(name) for name in rows[0]]
    if names[0] == WORD and any(names[1:]):
        rows = rows[1:]
    else:
        names = list(COLUMNS)
    found = [dict(zip(names, row, strict=False)) for row in rows]
    if not any(entry.get(name, "").strip() for entry in found for name in COLUMNS[1:]):
        raise PasteError("Nothing stands beside the words. Put a tab between a word and its gloss.")
    return _sentence(found).pasted()


def _column(name: str) -> str:
    name = name.strip().casefold()
    return name if name in COLUMNS else ALSO_CALLED.get(name, "")


def _sentence(found: Sequence[dict[str, str]]) -> Sentence:
    sentence = Sentence()
    numbers = {number: number for number in range(1, len(found) + 1)}
    forms = [" ".join(entry.get(WORD, "").split()) for entry in found]
    for entry, form, following in zip(found, forms, [*forms[1:], ""], strict=True):
        word = AnnotatedWord(
            form=form,
            gloss=cell(entry.get(GLOSS, "")),
            part_of_speech=cell(entry.get(PART_OF_SPEECH, "")),
            head=sentence.head(entry.get(HEAD, "").strip(), numbers),
            relation=cell(entry.get(RELATION, "")),
        )
        sentence.add(word, is_tight=following[:1] in CLINGS_LEFT or form[-1:] in CLINGS_RIGHT)
    return sentence
