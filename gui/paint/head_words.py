"""What the heads show, in words made from their numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from engine.contract import Array, Explanation
from gui.paint.head_maps import HeadMaps, front_head, head_maps
from gui.paint.head_tiles import head_name
from gui.paint.numerals import counted, percent
from gui.state import ViewState
from gui.told.prose import Paragraph, Run
from gui.told.wording import listed

MOST_NAMED = 3
WORTH_NAMING = 0.05  # of what a head looks at
NEARLY = 0.5  # of the strongest: weaker ones are not named beside it
CAUTION = "Attention says where a head looks, not what it makes of it."


def told(explanation: Explanation, view: ViewState) -> tuple[Paragraph, ...]:
    """What the heads of the chosen layer read, for the word the answer is read at; hidden words are counted too."""
    maps = head_maps(explanation, replace(view, show_special=True))
    place = maps.rows.row_of(explanation.position)
    front = front_head(explanation, view)
    if front is not None:
        return (_of_one(maps, front, place), (Run(CAUTION),))
    return (_of_layer(maps, place), (*_habits(maps), Run(f" {CAUTION}")))


def _reads(maps: HeadMaps, head: int, place: int) -> list[Run]:
    """``wonderful (62 %) and . (11 %)``: what one head reads of other words at one word, strongest first."""
    shares = _of_others(maps, place)[head]
    order = np.argsort(-shares, kind="stable")[:MOST_NAMED].tolist()
    named = [source for source in order if shares[source] > 0 and shares[source] >= NEARLY * shares[order[0]]]
    runs: list[Run] = []
    for index, source in enumerate(named):
        between = "" if not index else " and " if index == len(named) - 1 else ", "
        share = percent(float(shares[source]))
        runs += [Run(between), Run(maps.rows.labels[source], is_bold=True), Run(f" ({share})")]
    return runs


def _of_others(maps: HeadMaps, place: int) -> Array:
    """[head, source] what the heads read at one word, of all words but itself."""
    shares = maps.shares[:, place].copy()
    shares[:, place] = 0
    return shares


def _of_layer(maps: HeadMaps, place: int | None) -> Paragraph:
    opening = f"Layer {maps.layer + 1} has {counted(len(maps), 'head')}."
    if place is None or len(maps.rows) == 1:
        return (Run(opening),)
    label = maps.rows.labels[place]
    most = _of_others(maps, place).max(-1)
    readers = [head for head in np.argsort(-most, kind="stable")[:MOST_NAMED].tolist() if most[head] >= WORTH_NAMING]
    runs = [Run(f"{opening} At "), Run(label, is_bold=True), Run(", where the answer is read, ")]
    for index, head in enumerate(readers):
        between = "" if not index else "; and " if index == len(readers) - 1 else "; "
        runs += [Run(f"{between}{head_name(head)} reads "), *_reads(maps, head, place)]
    staying = int((maps.shares[:, place, place] > 0.5).sum())
    if not readers:
        return (*runs, Run("no head reads much but "), Run(label, is_bold=True), Run(" itself."))
    if staying:
        runs.append(Run(f". {'One head looks' if staying == 1 else f'{staying} heads look'} mostly at {label} itself"))
    return (*runs, Run("."))


def _habits(maps: HeadMaps) -> Paragraph:
    """How many heads do the same, the commonest first."""
    named: dict[str, list[int]] = {}
    for head, habit in enumerate(maps.habits):
        named.setdefault(habit.at, []).append(head)
    common = Counter({at: len(heads) for at, heads in named.items()}).most_common()
    said = []
    for at, count in common:
        looks = "looks" if count == 1 else "look"
        numbers = listed([str(head + 1) for head in named[at]])
        said.append(f"{counted(count, 'head')} ({numbers}) {looks} {f'most at {at}' if at else 'at many words'}")
    return (Run(f"On average over all words, {'; '.join(said)}."),)


def _of_one(maps: HeadMaps, head: int, place: int | None) -> Paragraph:
    habit = maps.habits[head]
    opening = f"{head_name(head).capitalize()} of layer {maps.layer + 1} "
    said = f"looks most at {habit.at}, with {percent(habit.share)} of its attention on average"
    runs = [Run(opening + (said if habit.at else f"spreads its attention over some {habit.spread:.0f} words"))]
    if place is None:
        return (*runs, Run("."))
    runs += [Run(". At "), Run(maps.rows.labels[place], is_bold=True), Run(", where the answer is read, it reads ")]
    itself = percent(float(maps.shares[head, place, place]))
    if _of_others(maps, place)[head].max() < WORTH_NAMING:
        return (*runs, Run(f"hardly anything but itself ({itself})."))
    return (*runs, *_reads(maps, head, place), Run(f", and itself ({itself})."))
