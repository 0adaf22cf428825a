"""All numbers of a sentence as a table: the order of its lines, and the text a spreadsheet reads.

A *line* is a row of words, or one of the tails below them that never sort away: what is hidden, the baseline, the sum.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.contract import Explanation
from engine.words import Row
from gui.paint.shown_rows import shown_rows
from gui.paint.table_columns import NUMBER, Column, ColumnMaker, Tail
from gui.paint.typeface import reads_right_to_left
from gui.state import Sorting, ViewState


@dataclass(frozen=True, slots=True, eq=False)
class TableNumbers:
    """The content of the table; ``rows`` are those shown, in the order of the text, ``tails`` the lines below them."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    tails: tuple[Tail, ...]
    hidden: tuple[str, ...]
    right_to_left: bool

    def order(self, sorting: Sorting | None) -> tuple[int, ...]:
        """The lines from top to bottom; equals keep the order of the text, tails their place."""
        column = next((column for column in self.columns if sorting and column.id == sorting.column), None)
        lines = list(range(len(self.rows)))
        if column is not None and sorting is not None:
            lines.sort(key=lambda line: _sort_key(column, line), reverse=sorting.is_falling)
            if column.id != NUMBER:
                lines.sort(key=lambda line: not column.texts[line])  # what says nothing goes last either way
        return (*lines, *range(len(self.rows), len(self.rows) + len(self.tails)))

    def line_of(self, token: int) -> int | None:
        """The line a token stands in, None where it is hidden."""
        return next((index for index, row in enumerate(self.rows) if token in row.tokens), None)

    def separated(self, lines: Sequence[int], columns: Sequence[int]) -> str:
        """Tab-separated text with a head line: numbers in full, with the plain minus that spreadsheets read."""
        written = io.StringIO()
        writer = csv.writer(written, dialect="excel-tab", lineterminator="\n")
        writer.writerow([self.columns[index].title for index in columns])
        for line in lines:
            writer.writerow([_copied(self.columns[index], line) for index in columns])
        return written.getvalue()


def table_numbers(explanation: Explanation, view: ViewState) -> TableNumbers:
    """Merge into rows, leave out what is hidden, add up. Raises ValueError on numbers that are not finite."""
    merged = shown_rows(explanation, view)
    kept = [index for index, row in enumerate(merged) if view.show_special or not row.is_special]
    gone = [index for index in range(len(merged)) if index not in set(kept)]
    maker = ColumnMaker(explanation, merged, kept, gone, _tails(explanation, gone))
    return TableNumbers(
        columns=(*maker.words(), *maker.numbers(), *maker.notes(view.annotation)),
        rows=tuple(merged[index] for index in kept),
        tails=maker.tails,
        hidden=tuple(dict.fromkeys(merged[index].label for index in gone)),
        right_to_left=reads_right_to_left(row.label for row in merged),
    )


def _tails(explanation: Explanation, gone: list[int]) -> tuple[Tail, ...]:
    flow = explanation.flow
    is_leaning = explanation.bias is not None or (flow is not None and not flow.from_map)
    return (*(Tail.HIDDEN,) * bool(gone), *(Tail.BASELINE,) * is_leaning, Tail.SUM)


def _sort_key(column: Column, line: int) -> tuple[float, str]:
    if column.id == NUMBER:
        return line, ""
    if column.values is not None:
        return float(column.values[line]), ""
    return 0.0, column.texts[line].casefold()


def _copied(column: Column, line: int) -> str:
    if column.values is None:
        return column.texts[line]
    value = column.values[line]
    return "" if np.isnan(value) else np.format_float_positional(value + 0.0, unique=True, trim="-")
