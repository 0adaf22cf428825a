"""The two tables of a folder: the numbers of every sentence, and the sentences that were skipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.contract import Explanation
from engine.rows import COLUMNS, Line, Place, rows_of
from engine.tables import write_table
from gui.batch.journal import Entry, Journal
from gui.paint.shown_rows import shown_rows
from gui.state import ViewState

NUMBERS, PROBLEMS = "numbers", "problems"  # without their endings
PROBLEM_COLUMNS = ("number", "sentence", "problem", "what to do")


def lines_of(explanation: Explanation, view: ViewState, number: int, side: str) -> Iterator[Line]:
    """The shares of one sentence's words; of a pair, ``side`` stands in the column ``label``."""
    return rows_of(explanation, merged=shown_rows(explanation, view), place=Place(number, side))


def write_tables(folder: Path, journal: Journal, kind: str, texts: tuple[str, ...]) -> None:
    """Write both tables anew, as far as the journal goes. Raises EngineError and OSError."""
    write_table(folder / f"{NUMBERS}{kind}", COLUMNS, _numbers(journal))
    problems = folder / f"{PROBLEMS}{kind}"
    if journal.skipped:
        write_table(problems, PROBLEM_COLUMNS, _problems(journal, texts))
    else:
        problems.unlink(missing_ok=True)


def _numbers(journal: Journal) -> Iterator[Line]:
    for entry in journal.entries():
        yield from entry.rows


def _problems(journal: Journal, texts: tuple[str, ...]) -> Iterator[Line]:
    for entry in journal.entries():
        if entry.problem is not None:
            yield _problem(entry, texts[entry.number - 1])


def _problem(entry: Entry, text: str) -> Line:
    assert entry.problem is not None
    return entry.number, text, entry.problem.said, entry.problem.hint
