"""The lines of one sentence in CoNLL-U, with as many of its ten columns as there are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from conllu.exceptions import ParseException
from conllu.parser import DEFAULT_FIELDS, parse_comment_line, parse_line

from gui.annotation import AnnotatedWord, fused
from gui.interlinear.sentence import Pasted, PasteError, Sentence, cell, is_comment

IDENTIFIER = re.compile(r"([0-9]{1,5})(?:([-.])([0-9]{1,5}))?")
FULL_WIDTH = 8  # columns that make a line cut by spaces a table
Line = dict[str, str]


def is_conllu(lines: Sequence[str]) -> bool:
    """Whether every line begins with a word's number, and goes on."""
    return bool(lines) and all(_is_word_line(line) for line in lines)


def _is_word_line(line: str) -> bool:
    cells = line.split("\t")
    if len(cells) == 1:  # as a web page shows it
        cells = re.split(" {2,}", line)
        return len(cells) >= FULL_WIDTH and IDENTIFIER.fullmatch(cells[0]) is not None
    return IDENTIFIER.fullmatch(cells[0].strip()) is not None


def read_conllu(numbered: Sequence[tuple[int, str]]) -> Pasted:
    """The sentence of these lines, each with its number for a message. Raises PasteError.

    Words under a range ("3-4 du") are one word of the text and are fused; empty nodes are left out.
    """
    lines: list[Line] = []
    written = ""
    for number, line in numbered:
        try:
            if is_comment(line):
                written = dict(parse_comment_line(line)).get("text") or written
            else:
                # As written: what the library would make of these columns fails on a stray sign in any of them.
                lines.append(parse_line(line.strip(), DEFAULT_FIELDS, dict(_AS_WRITTEN)))
        except ParseException as error:
            raise PasteError(f"Line {number} cannot be read: “{line.strip()[:60]}”.") from error
    sentence = Sentence()
    surface = _surface(lines)
    numbers = {_numbers(word)[0]: place for place, (_, words) in enumerate(surface, 1) for word in words}
    for place, (spelling, words) in enumerate(surface, 1):
        known = [_word(word, sentence, numbers) for word in words]
        form = "" if spelling is words[0] else _form(spelling)
        sentence.add(fused(known, (place,), form), is_tight=_misc(spelling).get("spaceafter") == "No")
    return sentence.pasted(written)


def _as_written(cells: list[str], place: int) -> str:
    return cells[place]


_AS_WRITTEN = dict.fromkeys(("id", "xpos", "feats", "head", "deps", "misc"), _as_written)


def _numbers(line: Line) -> tuple[int, str, int]:
    """First number, sign between, last number: (3, "", 3), (3, "-", 4), (5, ".", 1)."""
    found = IDENTIFIER.fullmatch(line["id"].strip())
    assert found is not None  # is_conllu has looked
    first, sign, last = found.groups()
    return int(first), sign or "", int(last or first)


def _surface(lines: Sequence[Line]) -> list[tuple[Line, list[Line]]]:
    """Each word of the text: the line that spells it, and the lines of the words in it."""
    surface: list[tuple[Line, list[Line]]] = []
    last_inside = -1
    for line in lines:
        first, sign, last = _numbers(line)
        if sign == "-":
            surface.append((line, []))
            last_inside = last
        elif sign == "" and first <= last_inside:
            surface[-1][1].append(line)
        elif sign == "":
            surface.append((line, [line]))
    return [(line, words or [line]) for line, words in surface]


def _form(line: Line) -> str:
    return " ".join(line.get("form", "").split())


def _misc(line: Line) -> dict[str, str]:
    """``Gloss=dog=TOP|SpaceAfter=No`` by name; only the first sign of equality parts name and value."""
    pairs = (part.partition("=") for part in line.get("misc", "").split("|"))
    return {name.strip().casefold(): value.strip() for name, _, value in pairs}


def _word(line: Line, sentence: Sentence, numbers: dict[int, int]) -> AnnotatedWord:
    return AnnotatedWord(
        form=_form(line),
        gloss=cell(_misc(line).get("gloss", "")),
        part_of_speech=cell(line.get("upos", "")) or cell(line.get("xpos", "")),
        head=sentence.head(line.get("head", "").strip(), numbers),
        relation=cell(line.get("deprel", "")),
    )
