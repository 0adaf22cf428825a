"""What a person is looking at, in words made from the numbers shown. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine.contract import Explanation, Flow
from engine.registry import Method
from engine.words import Row, merge_shares, rows
from gui.paint.numerals import percent, signed
from gui.wording import display_label, escaped, isolated, listed, ordinal, tiny

MOST_NAMED = 3
WORTH_NAMING = 0.12  # of the strongest word's share: weaker ones go into "the other words"
EXACT = 0.01  # a residual below this share of the answer is rounding
MOST = 0.6  # of what arrives: what is called "most of it"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one weight."""

    text: str
    is_bold: bool = False


Paragraph = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """``legend`` says what was explained, ``paragraphs`` what is seen, ``check`` how exactly it adds up."""

    legend: str
    paragraphs: tuple[Paragraph, ...]
    check: str
    is_exact: bool

    def html(self) -> str:
        """Rich text for a label."""
        return "".join(
            f'<p style="margin:0 0 8px 0; line-height:130%">{"".join(map(_rich, paragraph))}</p>'
            for paragraph in self.paragraphs
        )

    def plain(self) -> str:
        """The same without marks, to stand under a figure."""
        lines = ["".join(isolated(run.text) for run in paragraph) for paragraph in self.paragraphs]
        return "\n".join([self.legend, *lines, self.check])


def _rich(run: Run) -> str:
    return f"<b>{escaped(isolated(run.text))}</b>" if run.is_bold else escaped(run.text)


def describe(explanation: Explanation, method: Method, *, whole_words: bool) -> Prose:
    """The explanation in plain words, with its own numbers."""
    merged = rows(explanation.request, explanation.tokens, whole_words=whole_words)
    shares = merge_shares(explanation.scores, merged)
    names = _names(merged)
    place = next(name for row, name in zip(merged, names, strict=True) if explanation.position in row.tokens)
    opening = (Run(f"{method.label} {_lowered(method.sentence)}"),)
    told = _signed(explanation, names, shares) if explanation.signed else _unsigned(explanation, names, shares, place)
    arrival = _arrival(explanation, place)
    check, is_exact = _check(explanation, place)
    return Prose(_legend(explanation, method), (opening, (*told, *arrival)), check, is_exact)


def target_words(explanation: Explanation) -> tuple[str, str]:
    """The explained answer and the one it is explained instead of ("" where there is none), as shown."""
    labels = explanation.prediction.labels
    against = display_label(labels[explanation.against]) if explanation.against >= 0 else ""
    return display_label(labels[explanation.target]), against


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _names(merged: Iterable[Row]) -> list[str]:
    """What each row is called; the second "the" of a sentence is told from the first."""
    labels = [row.label for row in merged]
    total, seen = Counter(labels), Counter[str]()
    names = []
    for label in labels:
        seen[label] += 1
        names.append(f"{label} ({ordinal(seen[label])})" if total[label] > 1 else label)
    return names


def _legend(explanation: Explanation, method: Method) -> str:
    answer, other = target_words(explanation)
    explains = method.class_specific and explanation.explains_answer
    explained = f", {answer}{f' instead of {other}' if other else ''}" if explains else ""
    cited = f"{method.citation.authors}, {method.citation.year}"
    return f"“{explanation.request.text.strip()}” {explanation.model.title}, {method.label} ({cited}){explained}."


def _strongest(shares: np.ndarray, sign: int) -> list[int]:
    """Rows of this sign worth naming, strongest first."""
    floor = WORTH_NAMING * np.abs(shares).max()
    order = np.argsort(-sign * shares, kind="stable")[:MOST_NAMED]
    return [int(index) for index in order if sign * shares[index] >= floor and sign * shares[index] > 0]


def _signed(explanation: Explanation, names: list[str], shares: np.ndarray) -> Paragraph:
    answer, other = target_words(explanation)
    towards, against = _strongest(shares, 1), _strongest(shares, -1)
    told = [*_towards(names, shares, towards, answer), *_against(names, shares, against), Run(".")]
    if len(names) > len(towards) + len(against):
        rest = float(shares.sum() - shares[towards + against].sum())
        told.append(Run(f" All other words come to {signed(rest)}."))
    if explanation.target_bias:  # exactly zero where it is shared out among the words
        bias = signed(explanation.target_bias)
        told.append(Run(f" The baseline, where the model leans whatever the words, is {bias}."))
    if "completeness" in explanation.checks:
        meaning = f"the lead of {answer} over {other}" if other else f"the score of {answer}"
        told.append(Run(f" Together: {signed(explanation.target_value)}, {meaning}."))
    return tuple(told)


def _towards(names: list[str], shares: np.ndarray, chosen: list[int], answer: str) -> list[Run]:
    if not chosen:
        return [Run(f"No word pushes towards {answer}")]
    told = []
    for place, index in enumerate(chosen):
        joint = "" if place == 0 else " and " if place == len(chosen) - 1 else ", "
        verb = " gives " if place == 0 else " "
        told += [Run(joint), Run(names[index], is_bold=True), Run(f"{verb}{signed(shares[index])}")]
    return [*told, Run(f" towards {answer}")]


def _against(names: list[str], shares: np.ndarray, chosen: list[int]) -> list[Run]:
    if not chosen:
        return []
    told = [Run("; ")]
    for place, index in enumerate(chosen):
        joint = "" if place == 0 else " and " if place == len(chosen) - 1 else ", "
        verb = " takes " if place == 0 else " "
        told += [Run(joint), Run(names[index], is_bold=True), Run(f"{verb}{signed(abs(shares[index])).lstrip('+')}")]
    return [*told, Run(" away")]


def _unsigned(explanation: Explanation, names: list[str], shares: np.ndarray, place: str) -> Paragraph:
    parts = shares / shares.sum() if shares.sum() > 0 else shares
    told = [Run("What reaches "), Run(place, is_bold=True), Run(" comes mostly from ")]
    chosen = _strongest(parts, 1)
    for position, index in enumerate(chosen):
        joint = "" if position == 0 else " and " if position == len(chosen) - 1 else ", "
        told += [Run(joint), Run(names[index], is_bold=True), Run(f" ({percent(parts[index])})")]
    predicted = display_label(explanation.prediction.labels[int(explanation.prediction.logits.argmax())])
    told.append(Run(f". This says how the words mix, not why the model answered {predicted}."))
    return tuple(told)


def _arrival(explanation: Explanation, place: str) -> Paragraph:
    """In which layers most of the flow enters the place the answer is read from."""
    if explanation.flow is None:
        return ()
    arriving = _arriving(explanation.flow, explanation.position)
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


def _check(explanation: Explanation, place: str) -> tuple[str, bool]:
    residual = explanation.checks.get("completeness")
    if residual is None:
        return f"Shares are parts of everything that reaches {place}.", True
    if residual <= EXACT * max(1.0, abs(explanation.target_value)):
        return f"The shares add up to the answer to within {tiny(residual)}.", True
    whole = signed(explanation.target_value)
    return f"The shares do not add up: {tiny(residual)} of the answer, {whole}, belongs to no word.", False
