"""What a place in the picture of layers means, in words."""

from __future__ import annotations

from gui.paint.layer_numbers import LayerNumbers, Tail
from gui.paint.layer_scene import LayerScene, Spot


def after(boundary: int) -> str:
    """``coming in``, ``after layer 3``."""
    return "coming in" if boundary == 0 else f"after layer {boundary}"


def spot_words(scene: LayerScene, spot: Spot) -> str:
    """``wonderful after layer 3 holds +1.32 of +2.75``."""
    numbers = scene.numbers
    if spot.line is None:
        boundary = numbers.boundaries[spot.column or 0]
        return "the words coming in" if boundary == 0 else f"layer {boundary}: click to look inside"
    if spot.line >= scene.count:
        return _tail_words(numbers, numbers.tails[spot.line - scene.count], spot.column)
    if spot.column is None:
        return numbers.names[spot.line]
    return cell_words(numbers, spot.column, spot.line)


def cell_words(numbers: LayerNumbers, column: int, row: int) -> str:
    """What one word holds at one boundary, of the whole."""
    name, where = numbers.names[row], after(numbers.boundaries[column])
    held = numbers.amount(float(numbers.shares[column, row]))
    if numbers.is_rollout:
        return f"{where}, {held} of what has reached {numbers.place or 'the answer'} comes from {name}"
    whole = numbers.amount(numbers.total)
    return f"{name} {where} holds {held} of {whole}"


def _tail_words(numbers: LayerNumbers, tail: Tail, column: int | None) -> str:
    meaning = {
        Tail.HIDDEN: f"hidden: {', '.join(numbers.hidden)}",
        Tail.BASELINE: "baseline to come: where the model leans whatever the words, as far as it enters later",
        Tail.TOGETHER: "together: the same after every layer",
    }[tail]
    if column is None:
        return meaning
    where, held = after(numbers.boundaries[column]), numbers.amount(float(numbers.tail_shares(tail)[column]))
    if tail is not Tail.TOGETHER:
        return f"{meaning}\n{where}: {held} of {numbers.amount(numbers.total)}"
    return f"{where}: {' '.join(_sum_words(numbers, column))} = {held}"


def _sum_words(numbers: LayerNumbers, column: int) -> list[str]:
    """``words +3.95``, ``hidden +0.02``, ``baseline to come −1.20``."""
    tails = [tail for tail in numbers.tails if tail is not Tail.TOGETHER]
    held = [(tail.value, float(numbers.tail_shares(tail)[column])) for tail in tails]
    parts = [f"{name} {numbers.amount(value)}" for name, value in [("words", numbers.shares[column].sum()), *held]]
    return [f"{part}," if index < len(parts) - 1 else part for index, part in enumerate(parts)]
