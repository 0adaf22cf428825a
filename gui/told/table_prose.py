"""What the table shows, in words: what its columns mean, what they add up to, what is hidden."""

from __future__ import annotations

import numpy as np

from engine.contract import Explanation
from gui.paint.numerals import signed
from gui.paint.table_columns import Column, Tail
from gui.paint.table_numbers import TableNumbers, table_numbers
from gui.state import ViewState
from gui.told.prose import Paragraph, Run, target_words
from gui.told.wording import listed, place_name


def tell_table(explanation: Explanation, view: ViewState) -> tuple[Paragraph, ...]:
    """Two paragraphs: the shares and their sum; the other columns, and what is hidden."""
    numbers = table_numbers(explanation, view)
    others = (*_others(explanation, numbers), *_hidden(numbers))
    return tuple(part for part in (_shares(explanation, numbers), others) if part)


def _tail(numbers: TableNumbers, column: Column, tail: Tail) -> str:
    return column.texts[len(numbers.rows) + numbers.tails.index(tail)] if tail in numbers.tails else ""


def _shares(explanation: Explanation, numbers: TableNumbers) -> Paragraph:
    share = next(column for column in numbers.columns if column.id == "share")
    answer, other = target_words(explanation)
    goal = f"{answer} instead of {other}" if other else answer
    mixed = f"how much of what reaches {place_name(explanation)} comes from it"
    what = f"A word's share is {f'what it gives to {goal}' if explanation.explains_answer else mixed}"
    runs = [Run(what)]
    values = share.values[: len(numbers.rows)] if share.values is not None else np.zeros(0)
    if np.abs(values).max(initial=0) > 0:
        strongest = int(np.abs(values).argmax())
        runs += [
            Run("; the largest is that of "),
            Run(numbers.rows[strongest].label, is_bold=True),
            Run(f", {share.texts[strongest]}"),
        ]
    runs.append(Run(f". All shares come to {_tail(numbers, share, Tail.SUM)}"))
    baseline = _tail(numbers, share, Tail.BASELINE)
    runs.append(Run(f", the baseline of {baseline} included." if baseline not in ("", signed(0)) else "."))
    return tuple(runs)


def _others(explanation: Explanation, numbers: TableNumbers) -> Paragraph:
    runs = []
    by_id = {column.id: column for column in numbers.columns}
    coming = by_id.get("coming in")
    if coming is not None:
        baseline = _tail(numbers, coming, Tail.BASELINE)
        apart = f"; the baseline, {baseline}, is kept apart there" if baseline else ""
        runs.append(Run(f"“{coming.title}” is what the word holds where the flow begins{apart}. "))
    if "own number" in by_id:
        runs.append(Run("“own number” is what the method gives before it is made a part of the whole. "))
    names = [column.title for column in numbers.columns if column.id.startswith("class ")]
    if names:
        runs.append(Run(f"The columns {listed(names)} hold what each answer gets by itself. "))
    return tuple(runs)


def _hidden(numbers: TableNumbers) -> Paragraph:
    return (Run(f"Hidden, but counted: {', '.join(numbers.hidden)}."),) if numbers.hidden else ()
