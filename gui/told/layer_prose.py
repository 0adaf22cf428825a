"""What the picture of layers shows, in words: who holds most where, and when the answer's own place takes over."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from engine import registry
from engine.contract import Explanation
from gui.guide.help import help_text
from gui.paint.layer_numbers import LayerNumbers, has_layers, layer_numbers
from gui.paint.layer_words import after
from gui.paint.numerals import signed
from gui.state import ViewState
from gui.told.prose import Paragraph, Run

MOST_LEADS = 4  # changes of the lead that are told one by one


def tell_layers(explanation: Explanation, view: ViewState) -> tuple[Paragraph, ...]:
    """Two paragraphs: the lead and its changes; where the answer's place takes over, and what a column adds up to."""
    why = no_layers(explanation)
    if why:
        return ((Run(why),),)
    numbers = layer_numbers(explanation, view)
    taken = _takeover(numbers)
    return _leads(numbers), (*taken, Run(" " if taken else ""), Run(_whole(numbers)))


def no_layers(explanation: Explanation) -> str:
    """Why nothing can be said of single layers, "" where it can."""
    if has_layers(explanation):
        return ""
    return help_text("missing", "layers", method=registry.find(explanation.request.method).label)


def _leads(numbers: LayerNumbers) -> Paragraph:
    """Who holds most where, as far as the lead changes."""
    if not np.abs(numbers.shares).any():
        return (Run("No word holds anything of the answer."),)
    leader = np.abs(numbers.shares).argmax(axis=1).tolist()  # [column]
    stretches = [list(columns) for _, columns in groupby(range(len(leader)), key=lambda column: leader[column])]
    changes = len(stretches) - 1
    told = stretches if changes < MOST_LEADS else [*stretches[: MOST_LEADS - 1], stretches[-1]]
    runs = [Run(_leading(numbers))]
    for index, columns in enumerate(told):
        first, joint = columns[0], "" if index == 0 else " and " if index == len(told) - 1 else ", "
        amount = numbers.amount(float(numbers.shares[first, leader[first]]))
        name = Run(numbers.names[leader[first]], is_bold=True)
        runs += [Run(joint), name, Run(f" {_stretch(numbers, columns)} ({amount})")]
    often = f" The lead changes {changes} times." if changes >= MOST_LEADS else ""
    return (*runs, Run(f".{often}"))


def _leading(numbers: LayerNumbers) -> str:
    if numbers.is_rollout:
        return f"What has reached {numbers.place or 'the answer'} comes mostly from "
    return "Most is held by " if numbers.is_signed else "Most passes through "


def _stretch(numbers: LayerNumbers, columns: list[int]) -> str:
    """From where to where: ``up to layer 3``, ``after layer 4``, ``after layers 4 to 5``, ``from layer 6 on``."""
    first, last = numbers.boundaries[columns[0]], numbers.boundaries[columns[-1]]
    if len(columns) == len(numbers.boundaries):
        return "through all layers"
    if first == last:
        return after(first)
    if columns[-1] == len(numbers.boundaries) - 1:
        return f"from layer {first} on"
    return f"up to layer {last}" if columns[0] == 0 else f"after layers {first} to {last}"


def _takeover(numbers: LayerNumbers) -> Paragraph:
    """From where on the place the answer is read at holds more than half of all that words hold, for good."""
    if numbers.is_rollout or not numbers.place:
        return ()
    held = np.abs(numbers.shares)
    whole = held.sum(1)
    parts = np.divide(held[:, numbers.answer_rows[0]], whole, out=np.zeros(len(held)), where=whole > 0)
    below = np.flatnonzero(parts <= 0.5)
    start = int(below[-1]) + 1 if len(below) else 0
    place = Run(numbers.place, is_bold=True)
    if start >= len(parts):
        return (Run("At no layer does "), place, Run(", where the answer is read, hold more than half of it."))
    boundary = numbers.boundaries[start]
    when = f"From layer {boundary} on" if boundary else "From the start"
    return (Run(f"{when} "), place, Run(", where the answer is read, holds more than half of all that the words hold."))


def _whole(numbers: LayerNumbers) -> str:
    """What every column adds up to."""
    if numbers.is_signed:
        entering = signed(float(numbers.to_come[0]))
        opening = f"After every layer the words and the baseline still to come ({entering} at the start) add up to "
        return f"{opening}{signed(numbers.total)}."
    hidden = f", {' and '.join(numbers.hidden)} included though hidden" if numbers.hidden else ""
    return f"Every column adds up to 100 %{hidden}."
