"""What a comparison shows, in words made from its numbers. Pure.

Where two sentences are explained by a signed method, what tells them apart adds up: the changed words, the words both
have, and the baseline. Elsewhere it is said how alike the orders are, and where they differ most.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.contract import Array
from gui.compare.difference import AlignedRow, Difference, Pane, method_name
from gui.compare.flow_contents import are_unlike, difference_flow
from gui.compare.numbers import agreement_words, rounded, written
from gui.compare.words_pane import unit_written
from gui.paint.colour import css
from gui.paint.numerals import plain
from gui.paint.palette import Palette
from gui.state import Compared, ComparedAs
from gui.told.prose import Paragraph, Run
from gui.told.wording import distinct_names, escaped, isolated

SAME = 1e-9  # of the largest number: below it A and B are the same
WORTH_NAMING = 0.1  # of what tells A from B: changes below it go into "the other words"
MOST_NAMED = 4
OTHERS: Paragraph = (Run("the other words"),)
SPECIAL: Paragraph = (Run("the special tokens"),)
BASELINE: Paragraph = (Run("the baseline"),)


def told(difference: Difference, palette: Palette) -> Paragraph:
    """The statement below the panes; colours are called as the palette shows them."""
    if difference.why_not:
        return (Run(difference.why_not),)
    if _are_same(difference):
        return (Run("A and B are the same here: the difference is zero everywhere."),)
    if difference.compared_as is ComparedAs.MAPS:
        return (*_more(palette, "pale and struck through"), *_maps(difference))
    if difference.compared is Compared.SENTENCES and _adds_up(difference):
        return (*_answers(difference, palette), *_moved(difference))
    if difference.compared_as is ComparedAs.FLOW and not difference.state.view.paths_only:
        return (*_more(palette), Run(" Every layer is seen by itself: how it mixes the words, whatever the answer."))
    opening = _more(palette) if _unsigned(difference) else _answers(difference, palette)
    return (*opening, *_orders(difference))


def rich(paragraph: Paragraph, palette: Palette) -> str:
    """The statement for a label: bold words, and the colours' names in their colours."""
    return "".join(_rich(run, palette) for run in paragraph)


def _rich(run: Run, palette: Palette) -> str:
    text = escaped(isolated(run.text))
    if run.role:
        text = f'<span style="color: {css(getattr(palette, run.role))}">{text}</span>'
    return f"<b>{text}</b>" if run.is_bold else text


def _are_same(difference: Difference) -> bool:
    match difference.compared_as:
        case ComparedAs.FLOW:
            return not np.any(difference_flow(difference).edge) and not np.any(difference_flow(difference).bias)
        case ComparedAs.MAPS:
            return not np.any(difference.maps.of(Pane.DIFFERENCE))
        case ComparedAs.WORDS:
            return not np.any(difference.words.of(Pane.DIFFERENCE))


def _unsigned(difference: Difference) -> bool:
    """Whether what is seen of A or of B has no sign."""
    if difference.compared_as is ComparedAs.WORDS:
        return difference.is_unsigned
    flows = difference.first.flow, difference.second.flow
    return not difference.state.view.paths_only or any(flow is not None and flow.from_map for flow in flows)


def _adds_up(difference: Difference) -> bool:
    """Whether the words' numbers and the baseline make up the answer on both sides."""
    if _unsigned(difference):
        return False
    if difference.compared_as is ComparedAs.FLOW:
        return True
    sides = difference.first, difference.second
    return all(side.unit == "logit" and "completeness" in side.checks for side in sides)


def _colours(palette: Palette, second: str = "pale and dashed") -> tuple[Run, Run]:
    """What the two hues are called; ``second`` is what tells the other one without colours."""
    if palette.dashes_against:
        return Run("Dark", is_bold=True), Run(second, is_bold=True)
    return Run("Blue", is_bold=True, role="towards"), Run("orange", is_bold=True, role="against")


def _more(palette: Palette, second: str = "pale and dashed") -> Paragraph:
    one, other = _colours(palette, second)
    one = Run(one.text.lower(), is_bold=True, role=one.role)
    return (Run("In the difference, "), one, Run(" is more in A, "), other, Run(" in B."))


def _answers(difference: Difference, palette: Palette) -> Paragraph:
    one, other = _colours(palette)
    answer, rival = difference.answers
    return (one, Run(" speaks for "), Run(answer, is_bold=True), Run(", "), other, *_against(answer, rival), Run("."))


def _against(answer: str, rival: str) -> Paragraph:
    return (Run(" for "), Run(rival, is_bold=True)) if rival else (Run(" against it"),)


@dataclass(frozen=True, slots=True, eq=False)
class _Shifts:
    """How much each line moves the answer from B to A: ``words`` [row] and ``baseline``; ``whole`` is all of it."""

    words: Array
    baseline: float

    @property
    def whole(self) -> float:
        """What A has more than B."""
        return float(self.words.sum()) + self.baseline


def _shifts(difference: Difference) -> _Shifts:
    if difference.compared_as is ComparedAs.FLOW:
        flow = difference_flow(difference)
        return _Shifts(flow.nodes[0], float(flow.bias.sum()))
    kept = difference.baselines
    baseline = 0.0 if kept is None else float(kept.of(Pane.DIFFERENCE))
    return _Shifts(difference.words.of(Pane.DIFFERENCE), baseline)


def _moved(difference: Difference) -> Paragraph:
    """What makes up the distance between two sentences."""
    shifts = _shifts(difference)
    whole = shifts.whole
    sign = 1.0 if whole >= 0 else -1.0
    towards = sign * shifts.words
    named = _worth_naming(difference, towards, whole)
    clauses = [_clause(difference, line, is_first=not place) for place, line in enumerate(named)]
    values = [float(towards[line]) for line in named]
    rest = float(towards.sum()) - sum(values)
    unnamed = [row for line, row in enumerate(difference.rows) if line not in named]
    others = SPECIAL if all(row.is_special for row in unnamed) else OTHERS
    for clause, value in ((others, rest), (BASELINE, sign * shifts.baseline)):
        if _is_seen(value, whole):
            clauses.append(clause)
            values.append(value)
    return (Run(" "), *_sentence(clauses, values, whole))


def _is_seen(value: float, whole: float) -> bool:
    return float(rounded(value, whole)) > 0


def _worth_naming(difference: Difference, towards: Array, whole: float) -> list[int]:
    """The lines to be named: what moves the answer towards A before what takes it back, changed words first."""
    least = WORTH_NAMING * max(abs(whole), float(np.abs(towards).max()))
    strongest = np.argsort(-np.abs(towards), kind="stable").tolist()
    rows = difference.rows
    named = [line for line in strongest if abs(towards[line]) >= least and _is_seen(float(towards[line]), whole)]
    named = [line for line in named if not rows[line].is_special][:MOST_NAMED]
    return sorted(named, key=lambda line: (towards[line] < 0, not rows[line].is_changed))


def _sentence(clauses: list[Paragraph], values: list[float], whole: float) -> Paragraph:
    """The clauses with their numbers: ``A moves 3.9 of the 4.6 that separate the two sentences; b takes 0.5 back``."""
    size = rounded(whole, whole)
    runs: list[Run] = []
    if not _is_seen(whole, whole):
        runs.append(Run("the two sentences come to the same"))
    elif not values or not 0 < values[0] <= abs(whole):
        runs.append(Run(f"the two sentences are {size} apart"))
    for clause, value in zip(clauses, values, strict=True):
        verb = ("moves", "takes") if clause not in (OTHERS, SPECIAL) else ("move", "take")
        moved = f" {verb[0]} {rounded(value, whole)}" if value > 0 else f" {verb[1]} {rounded(value, whole)} back"
        of_all = "" if runs else f" of the {size} that separate the two sentences"
        runs += [*([Run("; ")] if runs else []), *clause, Run(f"{moved}{of_all}")]
    return (Run(f"{runs[0].text[:1].upper()}{runs[0].text[1:]}"), *runs[1:], Run("."))


def _clause(difference: Difference, line: int, *, is_first: bool) -> Paragraph:
    """What was done to one word; the mirror of it says what A has less."""
    row = difference.rows[line]
    first, second = (_name(difference, row, pane) for pane in (Pane.FIRST, Pane.SECOND))
    if row.first is None:
        return (Run("adding "), Run(second, is_bold=True))
    if row.second is None:
        return (Run("leaving out "), Run(first, is_bold=True))
    if not row.is_changed:
        return (Run("the unchanged "), Run(first, is_bold=True))
    if not is_first:
        return (Run(""), Run(second, is_bold=True))
    return (Run("changing "), Run(first, is_bold=True), Run(" to "), Run(second, is_bold=True))


def _name(difference: Difference, row: AlignedRow, pane: Pane) -> str:
    """A word of one side; the second "the" is told from the first."""
    own = row.second if pane is Pane.SECOND else row.first
    merged = difference.merged[pane is Pane.SECOND]
    return distinct_names(one.label for one in merged)[merged.index(own)] if own is not None else ""


def _orders(difference: Difference) -> Paragraph:
    """How alike the words are ordered, where A and B differ most, and what was done to make them comparable."""
    sides = _sides(difference)
    found = agreement_words(difference.agreement, "word")
    values = difference.words
    apart = np.abs(values.of(Pane.DIFFERENCE))
    apart[~difference.both] = 0
    runs = [Run(f" {sides}: {found}.")]
    line = int(apart.argmax())
    if apart[line] > SAME * float(np.abs(values.first).max()):
        one, other = (_number(difference, float(side[line])) for side in (values.first, values.second))
        name = difference.rows[line].spoken
        runs += [Run(" They differ most over "), Run(name, is_bold=True), Run(f": {one} in A, {other} in B.")]
    return (*runs, *(Run(f" {said}") for said in _made_comparable(difference)))


def _sides(difference: Difference) -> str:
    """Who is compared."""
    first, second = difference.first, difference.second
    match difference.compared:
        case Compared.METHODS:
            return f"{method_name(first)} and {method_name(second)}"
        case Compared.MODELS:
            return f"{first.model.title} and {second.model.title}"
        case Compared.LAYERS:
            return f"Layer {difference.layers[0] + 1} and layer {difference.layers[1] + 1}"
        case _:
            return "The words of the two sentences"


def _number(difference: Difference, value: float) -> str:
    return written(value, unit_written(difference), is_signed=not difference.is_unsigned)


def _made_comparable(difference: Difference) -> list[str]:
    """What was divided, and which signs are left out of it."""
    said = []
    is_words = difference.compared_as is ComparedAs.WORDS
    if difference.first.unit != difference.second.unit and (is_words or are_unlike(difference)):
        said.append("Each side is divided by the sum of its own sizes, since their units differ.")
    without = [side for side in (difference.first, difference.second) if not side.signed]
    if len(without) == 1 and difference.compared is not Compared.LAYERS:
        name = method_name(without[0])
        said.append(f"{name} knows no sign{': sizes are compared.' if is_words else '.'}")
    return said


def _maps(difference: Difference) -> Paragraph:
    """How alike the cells are ordered, and the cell that differs most."""
    common = np.array([row.first is not None and row.second is not None for row in difference.rows])
    apart = np.abs(difference.maps.of(Pane.DIFFERENCE)) * np.outer(common, common)
    receiver, source = (int(place) for place in np.unravel_index(int(apart.argmax()), apart.shape))
    rows = difference.rows
    one, other = (float(side[receiver, source]) for side in (difference.maps.first, difference.maps.second))
    return (
        Run(f" {agreement_words(difference.map_agreement, 'cell')}. They differ most in what "),
        Run(rows[receiver].spoken, is_bold=True),
        Run(" takes from " if receiver != source else " keeps of "),
        Run(rows[source].spoken if receiver != source else "itself", is_bold=True),
        Run(f": {plain(one)} in A, {plain(other)} in B."),
    )
