"""Lists and models that fill gaps: which list needs one, and how a pair becomes one sentence with a gap."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.contract import Head, ModelInfo
from gui.examples.example_set import Example, ExampleSet

MASK = "[MASK]"  # whatever the model's own looks like, the engine puts that in its place
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def needs_gaps(examples: ExampleSet) -> bool:
    """Whether the list is made for a model that fills gaps."""
    return any(MASK in text for example in examples.examples for text in (example.text, example.other or ""))


def suits(examples: ExampleSet, model: ModelInfo | None) -> bool:
    """Whether this model can read the list; False where it is not known yet."""
    if model is None:
        return False
    return (model.head is Head.MASKED_WORD) == needs_gaps(examples)


def with_gap(example: Example) -> Example:
    """A pair of sentences that differ in one word as one sentence with a gap: the first's word against the second's.

    Any other example stays as it is: one sentence alone, a pair that differs elsewhere too, or in a word no model has
    as one piece ("isn't").
    """
    if example.other is None or MASK in example.text or MASK in example.other:
        return example
    ones, others = list(WORD.finditer(example.text)), list(WORD.finditer(example.other))
    if len(ones) != len(others):
        return example
    unlike = [(one, other) for one, other in zip(ones, others, strict=True) if one[0] != other[0]]
    if len(unlike) != 1 or not all(found[0].isalpha() for found in unlike[0]):
        return example
    one, other = unlike[0]
    gapped, same = (_cut(text, found) for text, found in ((example.text, one), (example.other, other)))
    if gapped != same:
        return example
    return replace(example, text=gapped, other=None, target=one[0], against=other[0])


def _cut(text: str, word: re.Match[str]) -> str:
    return f"{text[: word.start()]}{MASK}{text[word.end() :]}"


def with_gaps(examples: ExampleSet) -> ExampleSet:
    """The list with every pair that :func:`with_gap` can change changed."""
    return replace(examples, examples=tuple(with_gap(example) for example in examples.examples))
