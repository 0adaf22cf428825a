"""What a batch has finished, in its own folder: a line for every sentence, written when its files stand.

The first line says which order the folder belongs to. A line that was cut off counts for nothing, so a batch that was
stopped, killed or unplugged goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import TextError
from engine.rows import Line
from engine.writing import reason

NAME = "headstream-batch.jsonl"
FORMAT = "Headstream batch"
MOST_ALIKE = 100  # folders of one name


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a sentence was skipped, and what to do about it."""

    said: str
    hint: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One finished sentence: its number from 1, its figures' names, its rows of the table, or its problem."""

    number: int
    files: tuple[str, ...] = ()
    rows: tuple[Line, ...] = ()
    problem: Problem | None = None


class Journal:
    """The journal of a folder, which is made where there is none. Raises TextError where it cannot be used."""

    def __init__(self, folder: Path, digest: str) -> None:
        self._path = folder / NAME
        self._head = _head(digest)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not self._path.exists():
                _refuse_what_holds_something(folder)
                self._path.write_text(self._head, encoding="utf-8")
            self._drop_what_is_torn()
            self._done = {entry.number: entry.problem is not None for entry in self.entries()}
        except OSError as error:
            raise TextError("The folder cannot be used", reason(error), "Choose another folder.") from error

    @property
    def done(self) -> frozenset[int]:
        """The numbers of all finished sentences, those that were skipped among them."""
        return frozenset(self._done)

    @property
    def skipped(self) -> int:
        """How many of them had a problem."""
        return sum(self._done.values())

    def add(self, entry: Entry) -> None:
        """Write down that a sentence is finished. Raises OSError."""
        problem = None if entry.problem is None else [entry.problem.said, entry.problem.hint]
        written = {"number": entry.number, "files": entry.files, "problem": problem, "rows": entry.rows}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(written, ensure_ascii=False) + "\n")
        self._done[entry.number] = entry.problem is not None

    def entries(self) -> Iterator[Entry]:
        """What is written down, one after another: a journal may be longer than the memory."""
        with self._path.open(encoding="utf-8") as file:
            next(file, None)
            for line in file:
                yield _entry(json.loads(line))

    def _drop_what_is_torn(self) -> None:
        """Cut off a last line that was never finished. Raises TextError for a journal of another order."""
        with self._path.open("r+b") as file:
            head = file.readline().decode("utf-8", "replace")
            if head != self._head and not self._head.startswith(head):
                told = f"“{self._path.parent.name}” holds figures of another list, or made with other settings."
                raise TextError("The folder is in use", told, "Choose another folder, or an empty one.")
            whole = len(self._head)
            for line in file:
                if not line.endswith(b"\n") or not _is_whole(line):
                    break
                whole += len(line)
            file.seek(0)
            file.write(self._head.encode("utf-8"))
            file.truncate(whole)


def folder_for(chosen: Path, name: str, digest: str) -> Path:
    """Where an order goes that a person wants in this folder: there, if it was begun there, else inside it.

    Inside, a folder of this name is gone on with or made; one that holds something else is left alone.
    """
    if _is_of(chosen, digest):
        return chosen
    names = (name, *(f"{name}-{number}" for number in range(2, MOST_ALIKE)))
    inside = [chosen / each for each in names]
    return next((each for each in inside if _is_of(each, digest) or not each.exists()), inside[-1])


def _is_of(folder: Path, digest: str) -> bool:
    try:
        with (folder / NAME).open(encoding="utf-8", errors="replace") as file:
            return file.readline() == _head(digest)
    except OSError:
        return False


def _head(digest: str) -> str:
    return json.dumps({"format": FORMAT, "order": digest}) + "\n"


def _refuse_what_holds_something(folder: Path) -> None:
    if any(folder.iterdir()):
        told = f"“{folder.name or folder}” holds other files, and nothing of them may be written over."
        raise TextError("The folder is not empty", told, "Choose an empty folder, or a new one.")


def _is_whole(line: bytes) -> bool:
    try:
        entry = _entry(json.loads(line))
    except (ValueError, LookupError, TypeError, RecursionError):
        return False
    told = () if entry.problem is None else (entry.problem.said, entry.problem.hint)
    are_texts = all(isinstance(text, str) for text in (*told, *entry.files))
    are_cells = all(isinstance(cell, str | int | float) for row in entry.rows for cell in row)
    return type(entry.number) is int and entry.number > 0 and are_texts and are_cells


def _entry(read: dict[str, Any]) -> Entry:
    problem = None if read["problem"] is None else Problem(*read["problem"])
    return Entry(read["number"], tuple(read["files"]), tuple(tuple(row) for row in read["rows"]), problem)
