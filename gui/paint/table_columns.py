"""The columns of the table of all numbers: each number once, in the words a reader of the table needs."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from engine.contract import Array, Explanation
from engine.words import Row, merge_shares
from gui.annotation import AnnotatedWord, Annotation, aligned
from gui.paint.numerals import MINUS, figure, is_named
from gui.told.prose import target_words
from gui.told.wording import answer_name

MOST_CLASSES = 4  # a column each; a vocabulary has none
APART = 0.005  # of the strongest number: what comes into the flow is a column of its own where it differs by more
FIGURES = 3  # that the largest number of a column is written with, where it is no logit and no fraction
LOGIT_DIGITS = 2  # behind the point, and more where every word gives little
LEAST_WRITTEN_OUT = 1e-4  # smaller numbers are written with powers of ten
NUMBER, WORD = "number", "word"


class Tail(Enum):
    """The lines below the words."""

    HIDDEN = "hidden"
    BASELINE = "baseline"
    SUM = "sum"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column: ``texts`` [line] as they are read, ``values`` [line] behind them, NaN where there is none.

    ``values`` is None for words. Bars end at ``most``, the strongest word of all columns in one unit; 0 where there are
    none. ``reach`` is how far they go to either side of zero, in parts of ``most``.
    """

    id: str
    title: str
    hint: str
    texts: tuple[str, ...]
    values: Array | None = None
    unit: str = ""
    is_signed: bool = False
    most: float = 0.0
    reach: tuple[float, float] = (0.0, 1.0)

    @property
    def is_measured(self) -> bool:
        """Whether its numbers are drawn as bars too."""
        return self.most > 0


@dataclass(frozen=True, slots=True)
class _Measure:
    """What a column's numbers are measured in, and what of them belongs to no word."""

    unit: str
    is_signed: bool
    bias: float | None = None
    has_bars: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class ColumnMaker:
    """Makes columns of one explanation: ``kept`` and ``gone`` are places in ``merged``, shown and hidden rows.

    ``numbers`` raises ValueError where they are not finite.
    """

    explanation: Explanation
    merged: tuple[Row, ...]
    kept: list[int]
    gone: list[int]
    tails: tuple[Tail, ...]

    def words(self) -> list[Column]:
        """The number of each word in the text, and the word."""
        places, count = [], 0
        for row in self.merged:
            count += not row.is_special
            places.append("" if row.is_special else str(count))
        rows = [self.merged[index] for index in self.kept]
        hidden = ", ".join(dict.fromkeys(self.merged[index].label for index in self.gone))
        names = [f"hidden: {hidden}" if tail is Tail.HIDDEN else tail.value for tail in self.tails]
        numbers = (*(places[index] for index in self.kept), *("" for _ in self.tails))
        return [
            Column(NUMBER, "#", "Number in the text", numbers),
            Column(WORD, "word", "As it is written", (*(row.label for row in rows), *names)),
        ]

    def numbers(self) -> list[Column]:
        """Those in one unit share one measure for their bars."""
        made = [*self._share(), *self._coming_in(), *self._classes()]
        ends = {unit: max(column.most for column in made if column.unit == unit) for unit in {c.unit for c in made}}
        return [_scaled(column, ends[column.unit], len(self.kept)) for column in made]

    def notes(self, annotation: Annotation | None) -> list[Column]:
        """What was pasted about the words, as far as it says anything."""
        if annotation is None:
            return []
        known = aligned(annotation, self.merged)
        words = [known[index] or AnnotatedWord("") for index in self.kept]
        fields = (
            ("gloss", "Pasted: what the word means", [word.gloss for word in words]),
            ("part of speech", "Pasted: the kind of word", [word.part_of_speech for word in words]),
            ("head", "Pasted: the word it depends on, and how", [_head(word, annotation) for word in words]),
        )
        blank = ("",) * len(self.tails)
        return [Column(title, title, hint, (*texts, *blank)) for title, hint, texts in fields if any(texts)]

    def _share(self) -> list[Column]:
        """The method's own numbers; fractions as parts of the whole, and as they are where that differs."""
        made = self.explanation
        scores = merge_shares(made.scores, self.merged)
        answer, other = target_words(made)
        goal = f"{answer} instead of {other}" if other else answer
        hint = (
            f"What the method gives the word for {goal}"
            if made.explains_answer
            else "How much of the mix comes from the word"
        )
        if made.unit != "fraction":
            title = f"share ({made.unit})" if is_named(made.unit) else "share"
            return [self._column("share", title, hint, scores, _Measure(made.unit, made.signed, made.target_bias))]
        parts, whole = _parts(scores)
        columns = [self._column("share", "share", f"{hint}, of all words", parts, _Measure("fraction", made.signed))]
        if abs(whole - 1) > APART:
            own = _Measure("", made.signed, has_bars=False)
            columns.append(self._column("own number", "own number", "The method's number itself", scores, own))
        return columns

    def _coming_in(self) -> list[Column]:
        """What the words hold where the flow begins, where that is something else than their share."""
        made, flow = self.explanation, self.explanation.flow
        if flow is None:
            return []
        held = merge_shares(flow.nodes[0], self.merged)
        scores = merge_shares(made.scores, self.merged)
        measure = _Measure("fraction", False) if flow.from_map else _Measure("logit", True, float(flow.bias.sum()))
        shares = _parts(scores)[0] if flow.from_map else scores
        if measure.unit == made.unit and np.abs(held - shares).max() <= APART * np.abs(held).max():
            return []
        apart = "" if flow.from_map else ", the baseline kept apart"
        hint = f"What the word holds when it comes into the flow{apart}"
        return [self._column("coming in", "coming in", hint, held, measure)]

    def _classes(self) -> list[Column]:
        """Each class by itself, where there are few and more than the one explained."""
        made, explained = self.explanation, self.explanation.explained
        is_alone = len(explained) == 1 and made.against < 0
        if made.scores_all is None or len(explained) > MOST_CLASSES or is_alone:
            return []
        columns = []
        for index, answer in enumerate(explained):
            name = answer_name(made, answer)
            scores = merge_shares(made.scores_all[index], self.merged)
            bias = None if made.bias is None else float(made.bias[index])
            measure = _Measure("" if made.unit == "fraction" else made.unit, made.signed, bias)
            columns.append(
                self._column(f"class {answer}", name, f"What the method gives {name} alone", scores, measure)
            )
        return columns

    def _column(self, identifier: str, title: str, hint: str, values: Array, measure: _Measure) -> Column:
        if not np.isfinite(values).all():
            raise ValueError("the shares hold numbers that are not finite; they cannot be shown")
        bias = measure.bias
        below = {
            Tail.HIDDEN: float(values[self.gone].sum()),
            Tail.BASELINE: np.nan if bias is None else bias,
            Tail.SUM: float(values.sum()) + (bias or 0.0),
        }
        tails = np.array([below[tail] for tail in self.tails], dtype=values.dtype)
        lines = np.concatenate([values[self.kept], tails])
        words = [index for index, row in enumerate(self.merged) if not row.is_special]
        most = float(np.abs(values[words]).max(initial=0)) or float(np.abs(values).max())
        texts = _written(lines, measure, most)
        ends = most if measure.has_bars else 0.0
        return Column(identifier, title, hint, texts, lines, measure.unit, measure.is_signed, ends)


def _scaled(column: Column, most: float, count: int) -> Column:
    """The column with the bars of its ``count`` words on the common measure."""
    if column.values is None or not column.is_measured:
        return column
    reached = np.clip(column.values[:count] / most, -1, 1)
    reach = (float(reached.min(initial=0)), float(reached.max(initial=0)))
    return replace(column, most=most, reach=reach)


def _parts(scores: Array) -> tuple[Array, float]:
    """Every number as a part of the whole, signs aside, and the whole."""
    whole = float(np.abs(scores).sum())
    return (scores / whole if whole > 0 else scores), whole


def _head(word: AnnotatedWord, annotation: Annotation) -> str:
    """``plot · nsubj``: the word it depends on, and how."""
    forms = [other.form for other in annotation.words]
    head = ""
    if word.head is not None:
        head = forms[word.head - 1] if 0 < word.head <= len(forms) else "root"
    relation = word.relation if word.relation != head else ""
    return " · ".join(part for part in (head, relation) if part)


def _written(lines: Array, measure: _Measure, most: float) -> tuple[str, ...]:
    """Numbers of one column, their points below one another; "" where there is none. ``most`` is the strongest word."""
    is_signed = measure.is_signed
    if measure.unit == "fraction":
        texts = [_fraction(value, is_signed=is_signed) for value in lines.tolist()]
    elif most < LEAST_WRITTEN_OUT:
        texts = [figure(value, measure.unit, is_signed=is_signed) for value in lines.tolist()]
    else:
        digits = max(0, FIGURES - 1 - math.floor(math.log10(most)))
        if measure.unit == "logit":
            digits = max(LOGIT_DIGITS, digits - 1)
        texts = [_fixed(value, digits, is_signed=is_signed) for value in lines.tolist()]
    return tuple("" if np.isnan(value) else text for value, text in zip(lines, texts, strict=True))


def _fixed(value: float, digits: int, *, is_signed: bool) -> str:
    """``+1.32``, and ``0.00`` without a sign."""
    size = f"{abs(value):.{digits}f}"
    return size if float(size) == 0 else _sign(value, is_signed=is_signed) + size


def _sign(value: float, *, is_signed: bool) -> str:
    return MINUS if value < 0 else "+" if value > 0 and is_signed else ""


def _fraction(value: float, *, is_signed: bool) -> str:
    """A percentage with one digit behind the point."""
    if 0 < abs(value) < 0.0005:
        return f"{_sign(value, is_signed=is_signed)}<0.1\N{NO-BREAK SPACE}%"
    return f"{_sign(value, is_signed=is_signed)}{100 * abs(value):.1f}\N{NO-BREAK SPACE}%"
