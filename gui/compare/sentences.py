"""The sentences that are compared, as they stand over the panes: what differs in bold, the gap marked."""

from __future__ import annotations

from engine.contract import Explanation
from gui.compare.difference import Difference, Pane
from gui.compare.textblock import MARKED
from gui.paint import numerals
from gui.state import Compared
from gui.told.prose import Paragraph, Run
from gui.told.wording import answer_name, probability

GAP = "gap"
THIN = "\N{NO-BREAK SPACE}"


def sentence(difference: Difference, pane: Pane) -> Paragraph:
    """The text of one side; of a pair both, a stroke between them."""
    made = difference.side(pane)
    if not made.request.text:
        return tuple(_of_tokens(difference, pane))
    runs = _segment(difference, pane, made.request.text, 0)
    if made.request.pair is not None:
        runs += [Run("  |  ", role="muted"), *_segment(difference, pane, made.request.pair, 1)]
    return tuple(runs)


def _of_tokens(difference: Difference, pane: Pane) -> list[Run]:
    """Where there is no text, only tokens, their names."""
    runs: list[Run] = []
    for row in difference.rows:
        own = row.second if pane is Pane.SECOND else row.first
        if own is not None and not row.is_special:
            runs += [Run(own.label, is_bold=_is_bold(difference, row.is_changed)), Run(" ")]
    return runs[:-1]


def _is_bold(difference: Difference, is_changed: bool) -> bool:
    return is_changed and difference.compared is Compared.SENTENCES


def _segment(difference: Difference, pane: Pane, text: str, segment: int) -> list[Run]:
    """One text in stretches: words as they are, those that differ in bold, a gap by its name."""
    made, runs, done = difference.side(pane), list[Run](), 0
    for row in difference.rows:
        own = row.second if pane is Pane.SECOND else row.first
        if own is None or own.segment != segment:
            continue
        start, end = made.tokens[own.tokens[0]].start, made.tokens[own.tokens[-1]].end
        is_gap = bool(made.model.mask_token) and own.label == made.model.mask_token
        if start < done or end <= start or not (is_gap or _is_bold(difference, row.is_changed and not row.is_special)):
            continue
        written = text[start:end]
        inner = written.strip()
        begin = start + written.index(inner) if inner else start
        runs.append(Run(_level(text[done:begin])))
        runs.append(Run(f"{THIN}{GAP}{THIN}", role=MARKED) if is_gap else Run(_level(inner), is_bold=True))
        done = begin + len(inner)
    return [run for run in (*runs, Run(_level(text[done:]))) if run.text]


def _level(text: str) -> str:
    """The text on one line, character by character."""
    return "".join(" " if char in "\n\r\t\u2028\u2029\x0b\x0c\x85" else char for char in text)


def prediction(explanation: Explanation) -> str:
    """``are 0.91  is 0.07``: what the model gives the explained answer and the one it is explained instead of."""
    said = explanation.prediction
    answers = [explanation.target, *([explanation.against] if explanation.against >= 0 else [])]
    if said.probabilities is None:
        parts = [f"{answer_name(explanation, one)} {numerals.plain(float(said.logits[one]))}" for one in answers]
    else:
        parts = [f"{answer_name(explanation, one)} {probability(float(said.probabilities[one]))}" for one in answers]
    return "   ".join(parts)
