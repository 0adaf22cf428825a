"""Rows into a file for a spreadsheet: comma-separated, tab-separated, or Excel's own.

Rows come one by one and go one by one, so that a table of any length takes little memory. A file is written whole or
not at all: it is made beside its place and moved there at the end.
"""

from __future__ import annotations

import csv
import io
import math
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter

from engine.errors import TextError
from engine.rows import Cell
from engine.writing import draft_of

SHEET_ROWS = 1_048_576  # of a sheet of Excel, its header included
CELL_LETTERS = 32_767  # of a cell of Excel
SHEET = "Numbers"
NARROW, WIDE = 11, 26  # letters that a column of the sheet shows: of a number, and of words
WORDS = ("sentence", "pair")


def write_table(path: Path, columns: Sequence[str], lines: Iterable[Sequence[Cell]]) -> int:
    """Write a header and all lines; returns how many lines there were.

    The kind of file is told by its ending, one of KINDS. In Excel's files a text is never taken for a formula; in the
    others every cell is written as it is, for programs to read. Numbers are written so that they are read back the
    same. Raises TextError for another ending and for a text longer than Excel's cells, OSError where the file cannot
    be written.
    """
    write = KINDS.get(path.suffix.lower())
    if write is None:
        raise TextError("Unknown kind of file", f"“{path.name}” is no table.", f"Use {', '.join(KINDS)}.")
    with draft_of(path) as draft:
        return write(draft, columns, lines)


def separated(columns: Sequence[str], lines: Iterable[Sequence[Cell]]) -> str:
    """The table as tab-separated text, for the clipboard."""
    stream = io.StringIO()
    _write_lines(stream, "excel-tab", columns, lines)
    return stream.getvalue()


def _write_lines(stream: io.TextIOBase, dialect: str, columns: Sequence[str], lines: Iterable[Sequence[Cell]]) -> int:
    writer = csv.writer(stream, dialect)
    writer.writerow(columns)
    count = 0
    for line in lines:
        writer.writerow(line)  # of a float csv writes repr, which is read back the same
        count += 1
    return count


def _write_csv(path: Path, columns: Sequence[str], lines: Iterable[Sequence[Cell]]) -> int:
    with path.open("w", encoding="utf-8", newline="") as stream:
        return _write_lines(stream, "excel", columns, lines)


def _write_tsv(path: Path, columns: Sequence[str], lines: Iterable[Sequence[Cell]]) -> int:
    with path.open("w", encoding="utf-8", newline="") as stream:
        return _write_lines(stream, "excel-tab", columns, lines)


def _write_xlsx(path: Path, columns: Sequence[str], lines: Iterable[Sequence[Cell]]) -> int:
    """As many sheets as Excel needs, each with the header. Only one row is kept in memory."""
    with tempfile.TemporaryDirectory(prefix="headstream-", ignore_cleanup_errors=True) as folder:
        try:
            # Left by an error it is closed too, or the rows put aside would stay open; the draft goes anyway.
            with xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": folder}) as book:
                return _fill(book, columns, lines)
        except xlsxwriter.exceptions.FileCreateError as error:
            cause = error.args[0] if error.args else None
            raise (cause if isinstance(cause, OSError) else OSError(str(error))) from error


def _fill(book: xlsxwriter.Workbook, columns: Sequence[str], lines: Iterable[Sequence[Cell]]) -> int:
    bold = book.add_format({"bold": True})
    sheet, row, count = _add_sheet(book, columns, bold), 1, 0
    for line in lines:
        if row == SHEET_ROWS:
            sheet, row = _add_sheet(book, columns, bold), 1
        for column, cell in enumerate(line):
            _write_cell(sheet, row, column, cell)
        row, count = row + 1, count + 1
    return count


def _add_sheet(
    book: xlsxwriter.Workbook, columns: Sequence[str], bold: xlsxwriter.format.Format
) -> xlsxwriter.worksheet.Worksheet:
    sheets = len(book.worksheets())
    sheet = book.add_worksheet(f"{SHEET} {sheets + 1}" if sheets else SHEET)
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(columns):
        sheet.set_column(column, column, WIDE if name in WORDS else NARROW)
        sheet.write_string(0, column, name, bold)
    return sheet


def _write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell) -> None:
    if not isinstance(cell, str) and math.isfinite(cell):
        sheet.write_number(row, column, cell)
    elif cell != "":
        if len(str(cell)) > CELL_LETTERS:
            found = f"A cell of Excel holds {CELL_LETTERS} letters, and here is a text of {len(str(cell))}."
            raise TextError("The table cannot be written", found, "Write it as .csv or .tsv.")
        sheet.write_string(row, column, str(cell))


KINDS: Mapping[str, Callable[[Path, Sequence[str], Iterable[Sequence[Cell]]], int]] = {
    ".csv": _write_csv,
    ".tsv": _write_tsv,
    ".xlsx": _write_xlsx,
}
