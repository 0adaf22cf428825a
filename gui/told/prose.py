"""What a person is looking at, in words made from the numbers shown. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.contract import Explanation, Flow
from engine.registry import Method, find
from engine.words import Row, merge_shares
from gui.paint.numerals import MINUS, figure, is_named, percent, signed
from gui.paint.shown_rows import shown_rows
from gui.state import ViewState
from gui.told.wording import STATE, answer_name, distinct_names, escaped, goal_name, isolated, listed, tiny

MOST_NAMED = 3
WORTH_NAMING = 0.12  # of the strongest word's share: weaker ones go into "the other words"
EXACT = 0.01  # a residual below this share of the answer is rounding
MOST = 0.6  # of what arrives: what is called "most of it"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one weight; ``role`` names the palette's colour where it has one of its own."""

    text: str
    is_bold: bool = False
    role: str = ""


Paragraph = tuple[Run, ...]
Told = Callable[[Explanation, ViewState], tuple[Paragraph, ...]]


@dataclass(frozen=True, slots=True)
class Prose:
    """``legend`` says what was explained, ``paragraphs`` what is seen, ``check`` how exactly it adds up.

    ``is_exact`` is None where nothing has to add up.
    """

    legend: str
    paragraphs: tuple[Paragraph, ...]
    check: str
    is_exact: bool | None

    def html(self) -> str:
        """Rich text for a label."""
        return "".join(
            f'<p dir="ltr" style="margin:0 0 8px 0; line-height:130%">{"".join(map(_rich, paragraph))}</p>'
            for paragraph in self.paragraphs
        )

    def plain(self) -> str:
        """The same without marks, to stand under a figure."""
        lines = ["".join(isolated(run.text) for run in paragraph) for paragraph in self.paragraphs]
        return "\n".join([self.legend, *lines, self.check])


def _rich(run: Run) -> str:
    return f"<b>{escaped(isolated(run.text))}</b>" if run.is_bold else escaped(run.text)


def describe(explanation: Explanation, method: Method, view: ViewState, told_of_view: Told | None = None) -> Prose:
    """The explanation in plain words, with its own numbers; ``told_of_view`` tells what one view alone shows."""
    told = _told(explanation, method, view)
    opening = (Run(f"{method.label} {_lowered(method.sentence)}"),)
    seen = (told_of_view(explanation, view) if told_of_view else ()) or _usual(told)
    check, is_exact = _check(told)
    return Prose(_legend(explanation, method), (opening, *seen), check, is_exact)


def usual_words(explanation: Explanation, view: ViewState) -> tuple[Paragraph, ...]:
    """What goes with every explanation, for views that have something to add to it."""
    return _usual(_told(explanation, find(explanation.request.method), view))


def exactness(explanation: Explanation, method: Method, view: ViewState) -> tuple[str, bool | None]:
    """How exactly the shares add up, and whether they do; None where nothing has to."""
    return _check(_told(explanation, method, view))


def target_words(explanation: Explanation) -> tuple[str, str]:
    """The explained answer and the one it is explained instead of ("" where there is none), as shown."""
    against = answer_name(explanation, explanation.against) if explanation.against >= 0 else ""
    return goal_name(explanation), against


def preview_words(method: Method, *, is_awaited: bool) -> str:
    """What a first picture leaves out, and whether the full one is still to come."""
    what = f"Preview: {method.preview_note}." if method.preview_note else "Preview."
    return f"{what} The full result is being computed…" if is_awaited else f"{what} The full result was not reached."


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What the sentences are made from: ``names`` and ``shares`` are by row of ``merged``."""

    explanation: Explanation
    method: Method
    merged: tuple[Row, ...]
    names: list[str]
    shares: np.ndarray

    @property
    def place(self) -> str:
        """The one row the answer is read from, "" where it is read from several."""
        flow, position = self.explanation.flow, self.explanation.position
        if flow is not None and np.count_nonzero(merge_shares(flow.nodes[-1], self.merged)) > 1:
            return ""
        return next(name for row, name in zip(self.merged, self.names, strict=True) if position in row.tokens)

    def number(self, value: float) -> str:
        """A share as it is written, its unit unsaid."""
        return figure(value, self.explanation.unit, is_signed=self.explanation.signed)


def _told(explanation: Explanation, method: Method, view: ViewState) -> _Told:
    merged = shown_rows(explanation, view)
    names = distinct_names(row.label for row in merged)
    return _Told(explanation, method, merged, names, merge_shares(explanation.scores, merged))


def _usual(told: _Told) -> tuple[Paragraph, ...]:
    """The strongest words and where they arrive; how the flow differs from them, where it does."""
    apart = _apart(told)
    return ((*_seen(told), *_arrival(told)), *((apart,) if apart else ()))


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _legend(explanation: Explanation, method: Method) -> str:
    answer, other = target_words(explanation)
    explained = f"{answer} instead of {other}" if other else answer
    if not explanation.explains_answer:
        explained = "how the words mix, whatever the answer"
    cited = f"{method.citation.authors}, {method.citation.year}"
    preview = f", preview{f' ({method.preview_note})' if method.preview_note else ''}" if explanation.preview else ""
    text = explanation.request.text.strip()
    return f"“{text}” {explanation.model.title}, {method.label} ({cited}){preview}, {explained}."


def _strongest(shares: np.ndarray, sign: int) -> list[int]:
    """Rows of this sign worth naming, strongest first."""
    floor = WORTH_NAMING * np.abs(shares).max()
    order = np.argsort(-sign * shares, kind="stable")[:MOST_NAMED]
    return [int(index) for index in order if sign * shares[index] >= floor and sign * shares[index] > 0]


def _seen(told: _Told) -> Paragraph:
    """The strongest words: for and against an answer, without a sign, or merely mixed in."""
    explanation = told.explanation
    if not explanation.explains_answer:
        return _mixed(told)
    seen = _signed(told) if explanation.signed else _unsigned(told)
    return (*seen, Run(f" All numbers here: {explanation.unit}.")) if is_named(explanation.unit) else seen


def _signed(told: _Told) -> Paragraph:
    explanation, shares = told.explanation, told.shares
    answer, other = target_words(explanation)
    towards, against = _strongest(shares, 1), _strongest(shares, -1)
    runs = [*_towards(told, towards, answer), *_against(told, against), Run(".")]
    if len(told.names) > len(towards) + len(against):
        rest = float(shares.sum() - shares[towards + against].sum())
        runs.append(Run(f" All other words come to {told.number(rest)}."))
    bias = explanation.target_bias
    if bias is not None and signed(bias) != signed(0):  # shared out among the words there is none left
        is_kept = explanation.flow is not None and not explanation.flow.from_map
        kept = f" The baseline, where the model leans whatever the words, is {told.number(bias)}."
        runs.append(Run(kept if is_kept else f" {told.number(bias)} belongs to no word."))
    if "completeness" in explanation.checks and explanation.unit == "logit":
        alone = f"the {'length' if answer == STATE else 'score'} of {answer}"
        meaning = f"the lead of {answer} over {other}" if other else alone
        runs.append(Run(f" Together: {signed(explanation.target_value)}, {meaning}."))
    return tuple(runs)


def _named(told: _Told, chosen: list[int], numbers: list[str]) -> list[Run]:
    """``a N, b N and c N``, the words in bold."""
    runs = []
    for place, (index, number) in enumerate(zip(chosen, numbers, strict=True)):
        joint = "" if place == 0 else " and " if place == len(chosen) - 1 else ", "
        runs += [Run(joint), Run(told.names[index], is_bold=True), Run(number)]
    return runs


def _towards(told: _Told, chosen: list[int], answer: str) -> list[Run]:
    if not chosen:
        return [Run(f"No word pushes towards {answer}")]
    numbers = [f"{'' if place else ' gives'} {told.number(told.shares[index])}" for place, index in enumerate(chosen)]
    return [*_named(told, chosen, numbers), Run(f" towards {answer}")]


def _against(told: _Told, chosen: list[int]) -> list[Run]:
    if not chosen:
        return []
    numbers = [
        f"{'' if place else ' takes'} {told.number(told.shares[index]).lstrip(MINUS)}"
        for place, index in enumerate(chosen)
    ]
    return [Run("; "), *_named(told, chosen, numbers), Run(" away")]


def _parts(told: _Told) -> np.ndarray:
    """[row] of the whole, signs aside."""
    sizes = np.abs(told.shares)
    return np.asarray(sizes / sizes.sum() if sizes.sum() > 0 else sizes)


def _unsigned(told: _Told) -> Paragraph:
    answer, other = target_words(told.explanation)
    answer = f"{answer} instead of {other}" if other else answer
    parts = _parts(told)
    chosen = _strongest(parts, 1)
    if not chosen:
        return (Run(f"For {answer}, this method gives every word 0."),)
    is_share = told.explanation.unit == "fraction"
    numbers = [f" ({percent(parts[index]) if is_share else told.number(told.shares[index])})" for index in chosen]
    sign = " The numbers have no sign: they do not tell words that speak for the answer from words against it."
    return (Run(f"For {answer}, what counts most is "), *_named(told, chosen, numbers), Run("."), Run(sign))


def _mixed(told: _Told) -> Paragraph:
    parts = _parts(told)
    place = told.place
    begun = [Run("What reaches "), Run(place, is_bold=True)] if place else [Run("What the answer is read from")]
    chosen = _strongest(parts, 1)
    named = _named(told, chosen, [f" ({percent(parts[index])})" for index in chosen])
    predicted = answer_name(told.explanation, int(told.explanation.prediction.logits.argmax()))
    end = f". This says how the words mix, not why the model answered {predicted}."
    return (*begun, Run(" comes mostly from "), *named, Run(end))


def _apart(told: _Told) -> Paragraph:
    """How far the words' own numbers lie from where the flow begins, and why."""
    explanation = told.explanation
    flow = explanation.flow
    if flow is None or explanation.checks.get("scores_vs_flow", 0) <= EXACT * max(1.0, abs(explanation.target_value)):
        return ()
    differences = told.shares - merge_shares(flow.nodes[0], told.merged)
    most = int(np.abs(differences).argmax())
    opening = f"The words' numbers differ from where the flow begins, by up to {signed(differences[most])} for "
    why = ": the flow follows the network itself, without the settings chosen for the words."
    if is_bias_shared(explanation):
        why = f": {told.method.label} shares the model's biases out among the words, the flow keeps them apart"
        why += f" as its baseline ({signed(float(flow.bias.sum()))})."
    return (Run(opening), Run(told.names[most], is_bold=True), Run(why))


def is_bias_shared(explanation: Explanation) -> bool:
    """Whether the words' numbers hold biases that the flow keeps apart as its baseline."""
    flow, bias = explanation.flow, explanation.target_bias
    if flow is None or flow.from_map or bias is None:
        return False
    return signed(bias) == signed(0) != signed(float(flow.bias.sum()))


def _arrival(told: _Told) -> Paragraph:
    """In which layers most of the flow enters the place the answer is read from."""
    flow, place = told.explanation.flow, told.place
    if flow is None or not place:
        return ()
    arriving = _arriving(flow, told.explanation.position)
    if arriving.sum() == 0:
        return ()
    order = np.argsort(-arriving, kind="stable")
    count = int(np.searchsorted(np.cumsum(arriving[order]) / arriving.sum(), MOST)) + 1
    if count > max(1, len(arriving) // 2):
        return (Run(" It reaches "), Run(place, is_bold=True), Run(" over many layers."))
    numbers = [str(layer + 1) for layer in sorted(int(layer) for layer in order[:count])]
    layers = f" in layer{'s' if count > 1 else ''} {listed(numbers)}."
    return (Run(" Most of it reaches "), Run(place, is_bold=True), Run(layers))


def _arriving(flow: Flow, position: int) -> np.ndarray:
    """[layer]: how much enters the position from elsewhere, whatever its sign."""
    entering = np.abs(flow.edge[:, position, :]).astype(float)  # [layer, source]
    entering[:, position] = 0
    return np.asarray(entering.sum(1))


def _check(told: _Told) -> tuple[str, bool | None]:
    explanation = told.explanation
    residual = explanation.checks.get("completeness")
    if residual is None:
        if not explanation.explains_answer:
            return f"Shares are parts of everything that reaches {told.place or 'the answer'}.", None
        if explanation.unit == "fraction":
            return "Shares are parts of everything the method counts; they do not add up to the answer's score.", None
        return "This method's numbers need not add up to the answer's score.", None
    if residual <= EXACT * max(1.0, abs(explanation.target_value)):
        return f"The shares add up to the answer to within {tiny(residual)}.", True
    whole = signed(explanation.target_value)
    return f"The shares do not add up: {tiny(residual)} of the answer, {whole}, belongs to no word.", False
