"""What was measured so far, kept beside the table to be, so that the same command goes on where it stopped.

A text file: its head on the first line, everything the numbers depend on, and then a line for every sentence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import TextError

Record = dict[str, Any]
SHOWN = 60  # letters of a value in a message


class Journal:
    """The journal of one table; ``path`` stands beside it. There is no file before the first sentence is added.

    A sentence is a record with its ``line`` and the list of its ``values``.
    """

    def __init__(self, table: Path, head: Mapping[str, Any]) -> None:
        self.path = table.with_name(f"{table.name}.journal")
        self._head: Record = json.loads(json.dumps(head))

    def read(self) -> list[Record]:
        """The sentences an earlier run left, none where there is no journal.

        What was being written when the program ended counts as not written. Raises TextError where the journal is of
        another run, or none.
        """
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._unfit(error.strerror or str(error)) from error
        *lines, torn = raw.split(b"\n")
        try:
            read = [json.loads(line) for line in lines]
        except (ValueError, RecursionError) as error:
            raise self._unfit("This is no journal.") from error
        if read:
            self._refuse_another(read[0])
        for number, record in enumerate(read[1:], 2):
            if not _is_record(record):
                raise self._unfit(f"Line {number} is no sentence.")
        if torn:
            if not read and not _line(self._head).startswith(torn):
                raise self._unfit("This is no journal.")
            self._keep(len(raw) - len(torn))
        return read[1:]

    def add(self, record: Record) -> None:
        """Keep what was measured of one sentence, at once. Raises TextError where it cannot be written."""
        try:
            with self.path.open("ab", buffering=0) as stream:
                lines = [record] if stream.tell() else [self._head, record]
                text = b"".join(map(_line, lines))
                if stream.write(text) < len(text):
                    raise OSError("The disk is full.")
        except OSError as error:
            raise TextError("The journal cannot be written", str(error), "Make room, and run it again.") from error

    def remove(self) -> None:
        """The table stands: the journal is not needed any more."""
        self.path.unlink(missing_ok=True)

    def _keep(self, size: int) -> None:
        with self.path.open("r+b") as stream:
            stream.truncate(size)

    def _refuse_another(self, head: Any) -> None:
        if not isinstance(head, dict):
            raise self._unfit("This is no journal.")
        for name in {**self._head, **head}:
            now, then = (_shown(each.get(name)) for each in (self._head, head))
            if self._head.get(name) != head.get(name):
                raise self._unfit(f"It is of another run: “{name}” was {then} and is {now} now.")

    def _unfit(self, found: str) -> TextError:
        hint = "Run the command it began with, choose another --out, or remove the journal to begin anew."
        return TextError(f"{self.path.name} cannot be continued", found, hint)


def _line(record: Record) -> bytes:
    return (json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _is_record(record: Any) -> bool:
    return isinstance(record, dict) and isinstance(record.get("line"), int) and isinstance(record.get("values"), list)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
