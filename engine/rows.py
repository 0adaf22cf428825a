"""The numbers of an explanation as a tidy table: one value to a row, and in every row what it is a value of.

``number`` and ``sentence`` say which sentence, ``receiver`` and ``source`` which words, each with the position of its
first token from 0; a share of the answer has a source alone. ``layer`` and ``head`` count from 1 as on the screen.
``component`` is the name of the array the value is from, without ``component/``: of attention, the rows of single heads
have a ``head`` and their mean has none. ``target`` and ``against`` are empty where the numbers only tell how words mix.
What belongs to no word has the source BASELINE, and in the flow what the head itself adds the receiver ANSWER.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.contract import COMPONENTS, Array, Explanation
from engine.errors import TextError
from engine.words import Row, merge_flow, merge_map, merge_shares

COLUMNS = (
    "number",
    "sentence",
    "pair",
    "label",
    "receiver",
    "receiver_position",
    "source",
    "source_position",
    "layer",
    "component",
    "head",
    "model",
    "method",
    "parameters",
    "target",
    "against",
    "unit",
    "value",
)
SCORES, FLOW, ROLLOUT, LAYER_MAPS, HEADS = "scores", "flow", "rollout", "layer_maps", "attention"
FIELDS = (SCORES, FLOW, ROLLOUT, LAYER_MAPS, HEADS, *(f"component/{name}" for name in COMPONENTS))
BASELINE, ANSWER = "(baseline)", "(answer)"
WEIGHT, NORM, RAW = "weight", "norm", "raw"  # what maps are measured in; raw: whatever the method makes

Cell = str | int | float
Line = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which numbers: names of FIELDS, and the layers (0-based) of the maps and the flow, None for all of them."""

    fields: tuple[str, ...] = (SCORES,)
    layers: tuple[int, ...] | None = None


WORD_SHARES = Chosen()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands in its list, counted from 1, and the label it has there."""

    number: int = 1
    label: str = ""


ALONE = Place()


def chosen_fields(names: Iterable[str]) -> tuple[str, ...]:
    """The fields of these names; ``components`` adds the maps of all components. Raises TextError for another name."""
    asked = tuple(names)
    wanted = {name for name in asked if name != "components"} or {SCORES}
    unknown = sorted(wanted - set(FIELDS))
    if unknown:
        hint = f"There are: components, {', '.join(FIELDS)}."
        raise TextError("This cannot stand in a table", f"“{unknown[0]}” has no rows.", hint)
    if "components" in asked:
        wanted |= {name for name in FIELDS if name.startswith("component/")}
    return tuple(name for name in FIELDS if name in wanted)


def rows_of(
    explanation: Explanation, chosen: Chosen = WORD_SHARES, merged: tuple[Row, ...] | None = None, place: Place = ALONE
) -> Iterator[Line]:
    """The rows of COLUMNS, one after another: field by field, layer by layer, receiver by receiver.

    ``merged`` are the words that tokens are put together to, None for every token by itself. A field that this
    explanation has not (the flow of a method without one, a layer whose maps were not asked for) has no rows.
    """
    made = _Maker(explanation, _tokens(explanation) if merged is None else merged, place)
    for name in FIELDS:
        if name in chosen.fields:
            yield from made.lines(name, chosen.layers)


def row_count(explanation: Explanation, chosen: Chosen = WORD_SHARES, merged: tuple[Row, ...] | None = None) -> int:
    """How many rows :func:`rows_of` makes, without making them."""
    made, count = explanation, len(explanation.tokens if merged is None else merged)
    layers = range(made.model.layers) if chosen.layers is None else chosen.layers
    has_baseline = made.flow is not None and not made.flow.from_map
    sizes = {
        SCORES: count + (made.target_bias is not None),
        HEADS: len(layers) * made.model.heads * count**2,
        ROLLOUT: len(layers) * count**2 * (made.rollout is not None),
        LAYER_MAPS: len(layers) * count**2 * (made.layer_maps is not None),
        FLOW: (made.flow is not None) * len(layers) * count**2
        + has_baseline * (len(layers) * count + (chosen.layers is None)),
    }
    for name in COMPONENTS:
        found = [made.components is not None and made.components.layer_map(name, layer) is not None for layer in layers]
        sizes[f"component/{name}"] = sum(found) * count**2
    return sum(sizes[field] for field in set(chosen.fields))


def _tokens(explanation: Explanation) -> tuple[Row, ...]:
    """Every token by itself, called as the model calls it."""
    found = enumerate(explanation.tokens)
    return tuple(Row(token.text, (position,), token.is_special, token.segment) for position, token in found)


class _Maker:
    """Makes the rows of one explanation. Arrays are merged layer by layer, so that little stands at a time."""

    def __init__(self, explanation: Explanation, merged: tuple[Row, ...], place: Place) -> None:
        request = explanation.request
        labels = explanation.prediction.labels
        self._explanation = explanation
        self._merged = merged
        self._ends: list[tuple[str, int]] = [(row.label, row.tokens[0]) for row in merged]
        self._sentence = (place.number, request.text, request.pair or "", place.label)
        parameters = " ".join(f"{name}={value}" for name, value in request.parameters)
        self._method = (explanation.model.name, request.method, parameters)
        against = labels[explanation.against] if explanation.against >= 0 else ""
        self._answer = (labels[explanation.target], against) if explanation.explains_answer else ("", "")

    def lines(self, field: str, layers: tuple[int, ...] | None) -> Iterator[Line]:
        """The rows of one field."""
        wanted = range(self._explanation.model.layers) if layers is None else layers
        if field == SCORES:
            yield from self._scores()
        elif field == FLOW:
            yield from self._flow(wanted, is_whole=layers is None)
        elif field == HEADS:
            for layer in wanted:
                for head, weights in enumerate(self._explanation.attention[layer]):
                    yield from self._map(weights, layer, HEADS, WEIGHT, head + 1)
        else:
            name = field.removeprefix("component/")
            unit = RAW if field in (ROLLOUT, LAYER_MAPS) else WEIGHT if name == HEADS else NORM
            for layer in wanted:
                array = self._layer_map(field, name, layer)
                if array is not None:
                    yield from self._map(array, layer, name, unit)

    def _layer_map(self, field: str, name: str, layer: int) -> Array | None:
        """[receiver, source] of one layer, None where there is none."""
        made = self._explanation
        if field in (ROLLOUT, LAYER_MAPS):
            array = made.rollout if field == ROLLOUT else made.layer_maps
            return None if array is None else np.asarray(array[layer])
        return None if made.components is None else made.components.layer_map(name, layer)

    def _line(self, ends: tuple[Cell, ...], what: tuple[Cell, ...], unit: str, value: float) -> Line:
        """``ends`` are receiver and source with their positions, ``what`` is layer, component and head."""
        answer = self._answer if what[1] not in COMPONENTS else ("", "")
        return (*self._sentence, *ends, *what, *self._method, *answer, unit, value)

    def _scores(self) -> Iterator[Line]:
        made, what = self._explanation, ("", SCORES, "")
        for end, value in zip(self._ends, merge_shares(made.scores, self._merged).tolist(), strict=True):
            yield self._line(("", "", *end), what, made.unit, value)
        if made.target_bias is not None:
            yield self._line(("", "", BASELINE, ""), what, made.unit, made.target_bias)

    def _map(self, array: Array, layer: int, name: str, unit: str, head: Cell = "") -> Iterator[Line]:
        what = (layer + 1, name, head)
        for receiver, values in zip(self._ends, merge_map(array, self._merged).tolist(), strict=True):
            for source, value in zip(self._ends, values, strict=True):
                yield self._line((*receiver, *source), what, unit, value)

    def _flow(self, layers: Iterable[int], *, is_whole: bool) -> Iterator[Line]:
        if self._explanation.flow is None:
            return
        flow = merge_flow(self._explanation.flow, self._merged)
        unit = "fraction" if flow.from_map else self._explanation.unit
        for layer in layers:
            what = (layer + 1, FLOW, "")
            entering = zip(self._ends, flow.edge[layer].tolist(), flow.bias_in[layer].tolist(), strict=True)
            for receiver, values, bias in entering:
                for source, value in zip(self._ends, values, strict=True):
                    yield self._line((*receiver, *source), what, unit, value)
                if not flow.from_map:
                    yield self._line((*receiver, BASELINE, ""), what, unit, bias)
        if is_whole and not flow.from_map:
            yield self._line((ANSWER, "", BASELINE, ""), ("", FLOW, ""), unit, float(flow.bias[-1]))
