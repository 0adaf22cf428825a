"""Lists of sentences in files: plain lists, tables with a header (TSV, CSV), and one JSON object on each line.

Every reader checks the whole file before anything is computed, and names the file and the line where it is wrong.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import TextError

TEXT_COLUMNS = ("text", "sentence")
LABEL_COLUMN = "label"
TABLES, OBJECTS = (".tsv", ".tab", ".csv"), (".jsonl", ".ndjson")
MOST_BYTES = 200_000_000  # more than any list that could be explained
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SAVE_AGAIN = "Save the file as UTF-8."


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a file: the ``line`` it begins on, counted from 1, and ``label``, "" where none is given."""

    line: int
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a table or an object of a file, with the ``line`` it begins on; names are in small letters."""

    line: int
    values: Mapping[str, str]


def read_sentences(path: Path, *, with_empty: bool = False) -> tuple[Sentence, ...]:
    """All sentences of a file, in its order; empty lines are passed over.

    A table or a file of objects holds them under ``text`` or ``sentence``, and labels under ``label``; any other file
    is a plain list. A row whose text is empty is passed over too, unless ``with_empty``. Raises TextError where the
    file cannot be read so.
    """
    if path.suffix.lower() in (*TABLES, *OBJECTS):
        found = tuple(_sentence(path, record) for record in read_records(path, TEXT_COLUMNS))
    else:
        found = tuple(Sentence(number, line.strip()) for number, line in read_lines(path))
    kept = tuple(sentence for sentence in found if sentence.text)
    if not kept:
        raise TextError("There is no sentence", f"“{path.name}” holds none.", "Write one on each line.")
    return found if with_empty else kept


def read_lines(path: Path) -> tuple[tuple[int, str], ...]:
    """The lines of a file that hold anything, with their numbers from 1. Raises TextError."""
    text = read_text(path).replace("\r\n", "\n").replace("\r", "\n")
    return tuple((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def read_records(path: Path, one_of: tuple[str, ...] = ()) -> tuple[Record, ...]:
    """The rows of a table with a header, or the objects of a file with one on each line.

    One of the names ``one_of`` has to be there, where any are given. Raises TextError.
    """
    kind = path.suffix.lower()
    if kind in OBJECTS:
        records = tuple(_object(path, number, line) for number, line in read_lines(path))
    else:
        rows = _csv_rows(path, one_of) if kind == ".csv" else read_cells(path)
        records = tuple(_records(path, rows))
    for record in records:
        if one_of and not any(name in record.values for name in one_of):
            wanted = " or ".join(f"“{name}”" for name in one_of)
            # The columns of a table are the same on every line: what is missing is missing in its header.
            line = record.line if kind in OBJECTS else 1
            raise _error(path, line, f"there is no {wanted}", f"Name what holds the sentences {wanted}.")
    return records


def read_text(path: Path) -> str:
    """The whole file as text, its line ends as they are: UTF-8, or a spreadsheet's UTF-16. Raises TextError."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TextError("The file is too large", f"“{path.name}” has over {MOST_BYTES} bytes.", "Split it.")
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise TextError("The file cannot be read", f"“{path}”: {reason}.", "Choose another file.") from error
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _error(path, line, "these letters are not UTF-8", SAVE_AGAIN) from error
    if "\0" in text:
        raise _error(path, text.count("\n", 0, text.index("\0")) + 1, "this is no text", SAVE_AGAIN)
    return text


def _error(path: Path, line: int, found: str, hint: str) -> TextError:
    return TextError("The file cannot be read", f"“{path.name}”, line {line}: {found}.", hint)


def _sentence(path: Path, record: Record) -> Sentence:
    text = next(record.values[name] for name in TEXT_COLUMNS if name in record.values)
    return Sentence(record.line, text.strip(), record.values.get(LABEL_COLUMN, "").strip())


def _object(path: Path, number: int, line: str) -> Record:
    hint = 'Write one object on each line: {"text": "A sentence."}'
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _error(path, number, "this is no JSON", hint) from error
    if not isinstance(given, dict):
        raise _error(path, number, "this is no JSON object", hint)
    if "\\u" in line:
        _refuse_half_letters(path, number, json.dumps(given, ensure_ascii=False))
    return Record(number, {name.lower(): _written(value) for name, value in given.items() if value is not None})


def _refuse_half_letters(path: Path, number: int, text: str) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _error(path, number, "it holds half a letter", SAVE_AGAIN)


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _records(path: Path, rows: Iterator[tuple[int, list[str]]]) -> Iterator[Record]:
    head = [name.strip().lower() for name in next(rows, (1, [""]))[1]]
    for line, cells in rows:
        if len(cells) > len(head):
            found = f"there are {len(cells)} columns, but the header has {len(head)}"
            raise _error(path, line, found, "Give every column a name on the first line.")
        yield Record(line, dict(zip(head, cells + [""] * (len(head) - len(cells)), strict=True)))


def read_cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The cells of every line of a TSV file, with its number from 1. Raises TextError.

    A row is a line here: quotation marks in running text are no reason to read on.
    """
    for number, line in read_lines(path):
        yield number, [_unquoted(cell) for cell in line.split("\t")]


def _unquoted(cell: str) -> str:
    """A cell as spreadsheets quote it: in marks as a whole, those inside doubled."""
    inside = cell[1:-1]
    is_quoted = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inside.replace('""', "")
    return inside.replace('""', '"') if is_quoted else cell


def _csv_rows(path: Path, one_of: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    text = read_text(path)
    head = text.split("\n", 1)[0]
    names = {name.strip(' \r"').lower() for name in head.split(";")}
    # Where the comma is the decimal point, spreadsheets part their columns by semicolons.
    mark = ";" if ";" in head and (names & set(one_of) or "," not in head) else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _error(path, line, str(error), "A cell that holds quotation marks has them doubled.") from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
