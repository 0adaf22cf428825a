"""What the steps of a flow are called: single layers, or groups of layers taken together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

THIRDS = ("early", "middle", "late")
TO = "\N{EN DASH}"


def _numbers(begin: int, end: int) -> str:
    """``4``, ``3–4``: the layers between two boundaries, as on the screen."""
    return str(end) if end - begin == 1 else f"{begin + 1}{TO}{end}"


def group_numbers(boundaries: Sequence[int]) -> list[str]:
    """``1–4``, ``5–8``: the layers of every step."""
    return [_numbers(begin, end) for begin, end in pairwise(boundaries)]


def step_words(boundaries: Sequence[int], step: int) -> str:
    """``layer 4``, ``layers 3–4``: one step as it stands in a sentence."""
    begin, end = boundaries[step : step + 2]
    return f"layer{'s' if end - begin > 1 else ''} {_numbers(begin, end)}"


def place_words(boundaries: Sequence[int], index: int) -> str:
    """``coming in``, ``after layer 4``: where the nodes of one column stand."""
    return "coming in" if index == 0 else f"after layer {boundaries[index]}"


def column_names(boundaries: Sequence[int], *, thirds: bool) -> list[tuple[str, ...]]:
    """The names over all columns from full to short; the first column is what goes in."""
    numbers = group_numbers(boundaries)
    full = [step_words(boundaries, step) for step in range(len(numbers))]
    if thirds and len(numbers) == len(THIRDS):
        full = [f"{name} ({numbers[step]})" for step, name in enumerate(THIRDS)]
    return [("words in", *full), ("in", *numbers)]


def nearest_boundary(boundaries: Sequence[int], boundary: int) -> int:
    """Index of the column closest to a boundary of the model, of two as close the one before."""
    return min(range(len(boundaries)), key=lambda index: abs(boundaries[index] - boundary))
