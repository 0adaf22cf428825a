"""What a node, a link and the baseline of the flow picture hold, in words."""

from __future__ import annotations

from gui.paint import numerals
from gui.paint.flow_layers import place_words, step_words
from gui.paint.flow_numbers import FlowContent, FlowNumbers


def amount(content: FlowContent, value: float) -> str:
    """A share of the flow as it is written: signed, or part of a whole."""
    return numerals.signed(value) if content.signed else numerals.percent(value)


def node_words(content: FlowContent, column: int, row: int) -> str:
    """``wonderful after layer 3 holds +1.32 of +2.75``."""
    name = f"{content.rows[row].label} {place_words(content.boundaries, column)}"
    if content.local:
        return name
    held = amount(content, float(content.nodes[column, row]))
    return f"{name} holds {held} of {amount(content, content.total)}"


def link_words(numbers: FlowNumbers, link: int) -> str:
    """``wonderful → [CLS] in layer 4: +0.83``."""
    links = numbers.links
    source, receiver = numbers.rows[links.source[link]].label, numbers.rows[links.receiver[link]].label
    written = amount(numbers, float(links.weight[link]))
    step = step_words(numbers.boundaries, int(links.layer[link]))
    if links.source[link] == links.receiver[link]:
        return f"{source} keeps {written} through {step}"
    return f"{source} → {receiver} in {step}: {written}"


def baseline_words(content: FlowContent, column: int) -> str:
    """What enters at one step, what it comes to in all, and what it means."""
    is_last = column == content.layers
    place = "in the answer itself" if is_last else f"in {step_words(content.boundaries, column)}"
    entering, whole = numerals.signed(float(content.bias[column])), numerals.signed(float(content.bias.sum()))
    return f"baseline: where the model leans whatever the words\n{entering} enters {place}, {whole} in all"
