"""Lists in files: plain lists, tables, JSON objects one a line as BLiMP has them, CoNLL-U."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from engine.errors import TextError
from engine.sentences import MOST_NAMED, OBJECTS, TABLES, read_cells, read_lines, read_records, read_text
from gui.examples.example_set import Example, ExampleSet
from gui.interlinear.conllu_lines import is_conllu, read_conllu
from gui.interlinear.reading import numbered_sentences, written_lines
from gui.interlinear.sentence import PasteError, is_comment

FIRST = ("text", "sentence", "sentence_good", "good", "a")
SECOND = ("other", "sentence_bad", "bad", "b")
NOTES = ("note", "linguistics_term")
TREEBANKS = (".conllu", ".conll")
MOST_EXAMPLES = 10_000
MOST_BYTES = 20_000_000  # read while the person waits
LONGEST = 20_000  # letters of one sentence


@dataclass(frozen=True, slots=True)
class ReadList:
    """The list of a file, and in plain words what was left out of it."""

    examples: ExampleSet
    remarks: tuple[str, ...] = ()


def read_list(path: Path) -> ReadList:
    """The examples of a file. Raises TextError, naming the line, whatever is in it.

    ``.jsonl`` holds one object on each line, ``.csv`` a table with a header; ``.tsv`` may have one, and without it
    two columns are pairs. ``.conllu`` brings what is known of the words with it. Any other file is a plain list, or
    one of the last two where it looks so. Only the first ``MOST_EXAMPLES`` are taken.
    """
    _refuse_what_is_too_large(path)
    numbered = islice(_examples(path), MOST_EXAMPLES + 1)
    found = [example for line, example in numbered if _is_said(path, line, example)]
    if not found:
        raise TextError("There is no sentence", f"“{path.name}” holds none.", "Write one on each line.")
    title = " ".join(path.stem.replace("_", " ").split()) or path.name
    if len(found) <= MOST_EXAMPLES:
        return ReadList(ExampleSet(title, tuple(found)))
    cut = f"Only the first {MOST_EXAMPLES:,} examples of “{path.name}” were taken."
    return ReadList(ExampleSet(title, tuple(found[:MOST_EXAMPLES])), (cut,))


def _refuse_what_is_too_large(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        reason = error.strerror or str(error)
        told = f"“{str(path)[-MOST_NAMED:]}”: {reason}."
        raise TextError("The file cannot be read", told, "Choose another file.") from error
    if size > MOST_BYTES:
        told = f"“{path.name}” has {size / 1e6:.0f} MB, {MOST_BYTES / 1e6:.0f} at most."
        raise TextError("The file is too large", told, "Split it into smaller ones.")


def _is_said(path: Path, line: int, example: Example) -> bool:
    """Whether the example says anything. Raises TextError where it says too much."""
    if max(len(example.text), len(example.other or "")) > LONGEST:
        told = f"“{path.name}”, line {line}: this is longer than any sentence."
        raise TextError("The file cannot be read", told, "Write one sentence on each line.")
    return bool(example.text)


def _examples(path: Path) -> Iterator[tuple[int, Example]]:
    """Every example with the number of the line it begins on, counted from 1."""
    kind = path.suffix.lower()
    if kind in OBJECTS or kind == ".csv":
        return _named(path)
    if kind in TABLES:
        return _rows(path)
    if kind in TREEBANKS:
        return _trees(path)
    lines = [line for _, line in read_lines(path) if not is_comment(line)]
    if is_conllu(lines):
        return _trees(path)
    if lines and all("\t" in line for line in lines):
        return _rows(path)
    return _plain(path)


def _plain(path: Path) -> Iterator[tuple[int, Example]]:
    for number, line in read_lines(path):
        if not is_comment(line):
            yield number, Example(" ".join(line.split()))


def _rows(path: Path) -> Iterator[tuple[int, Example]]:
    """Of a table that may have no header: the first two columns are the pair then."""
    first = next(read_cells(path), (1, [""]))[1]
    if any(name.strip().lower() in FIRST for name in first):
        yield from _named(path)
        return
    for number, cells in read_cells(path):
        text, other = (*(" ".join(cell.split()) for cell in cells[:2]), "")[:2]
        if not is_comment(cells[0]):
            # A number or a sign beside a sentence is a label, not a sentence to compare it with.
            yield number, Example(text, other if any(letter.isalpha() for letter in other) else None)


def _named(path: Path) -> Iterator[tuple[int, Example]]:
    for record in read_records(path, FIRST):
        yield record.line, _example(record.values)


def _example(values: Mapping[str, str]) -> Example:
    return Example(
        text=_value(values, FIRST),
        other=_value(values, SECOND) or None,
        target=_value(values, ("target",)) or None,
        against=_value(values, ("against",)) or None,
        note=_value(values, NOTES),
    )


def _value(values: Mapping[str, str], names: Iterable[str]) -> str:
    found = next((values[name] for name in names if values.get(name, "").strip()), "")
    return " ".join(found.split())


def _trees(path: Path) -> Iterator[tuple[int, Example]]:
    for sentence in numbered_sentences(written_lines(read_text(path))):
        number, first = next((number, line) for number, line in sentence if not is_comment(line))
        if not is_conllu([line for _, line in sentence if not is_comment(line)]):
            told = f"“{path.name}”, line {number}: “{first.strip()[:60]}” is no line of CoNLL-U."
            raise TextError("The file cannot be read", told, "Part the columns by tabs, and begin with the number.")
        try:
            read = read_conllu(sentence)
        except PasteError as error:
            told = f"“{path.name}”, in the sentence from line {number} on: {error}"
            raise TextError("The file cannot be read", told, "Mend the line, or take it out.") from error
        yield number, Example(read.text, annotation=read.annotation, note="; ".join(read.remarks))
