"""What is made of every sentence of a list, as one frozen value, and what it asks the engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace

from engine.contract import Against, Explanation, ModelInfo, Request
from engine.version import version
from gui.asking import Look, request_of
from gui.batch.drawing import COMPARISON, COMPOSITION, Drawing
from gui.batch.naming import stem
from gui.events import Walked, reduce
from gui.examples.example_set import ExampleSet, Walk
from gui.figures.sizes import SIZES, Size
from gui.kept.stored_state import to_plain
from gui.state import SHOWS_ALL_LAYERS, AppState, boundaries_of, first_side, second_side

ONE_LAYER = frozenset(("components", COMPARISON, COMPOSITION))  # pictures that want the dear maps of one layer
ALONE, FIRST, SECOND = "", "a", "b"  # the sides of an example: one sentence, or the two of a pair


@dataclass(frozen=True, slots=True)
class Order:
    """``state`` says how every sentence is explained and looked at; its own text does not count.

    ``pictures`` are identifiers of views, and COMPARISON for pairs; ``kind`` is the ending of the figures' files and
    ``table`` that of the tables.
    """

    state: AppState
    examples: ExampleSet
    pictures: tuple[str, ...]
    kind: str = ".svg"
    size: Size = SIZES["slide"]
    captioned: bool = True
    table: str = ".csv"

    def __len__(self) -> int:
        return len(self.examples.examples)

    def text(self, number: int) -> str:
        """The sentence of an example, counted from 1."""
        return self.examples.examples[number - 1].text

    def name(self, number: int, side: str, picture: str) -> str:
        """What the file of one figure is called."""
        is_one_of_many = len(self.pictures) > 1 or picture == COMPARISON
        parts = (stem(number, len(self), self.text(number)), side, picture if is_one_of_many else "")
        return f"{'-'.join(filter(None, parts))}{self.kind}"

    def sides(self, number: int) -> dict[str, AppState]:
        """The states of an example, one for each of its sentences."""
        walked = self._walked(number)
        if walked.comparison is None:
            return {ALONE: second_side(walked)}
        return {FIRST: first_side(walked), SECOND: second_side(walked)}

    def drawings(self, number: int, made: Mapping[str, Explanation]) -> Iterator[tuple[str, Drawing]]:
        """The figures of an example whose sides were ``made``, each with the side it is of, ALONE for both."""
        for side, state in self.sides(number).items():
            for picture in self.pictures:
                if picture != COMPARISON:
                    yield side, Drawing(picture, state, made[side], None, self.size, self.captioned)
        if COMPARISON in self.pictures and SECOND in made:
            both = replace(self._walked(number), walk=None)
            yield ALONE, Drawing(COMPARISON, both, made[SECOND], made[FIRST], self.size, self.captioned)

    def _walked(self, number: int) -> AppState:
        return reduce(second_side(self.state), Walked(Walk(self.examples, number - 1)))

    def request(self, side: AppState, model: ModelInfo) -> Request:
        """The complete question about one side, with all that its pictures show."""
        layers: tuple[int, ...] = ()
        if SHOWS_ALL_LAYERS in self.pictures:
            layers = tuple(range(model.layers))
        elif not ONE_LAYER.isdisjoint(self.pictures):
            layers = (min(side.view.layer, model.layers - 1),)
        return request_of(side, 0, Look(layers, boundaries_of(side.view.grouping, model.layers)))

    def digest(self) -> str:
        """The same for the same order and the same program, and for nothing else."""
        plain = to_plain(replace(self.state, walk=Walk(self.examples), comparison=None, slides=(), text="", pair=None))
        asked: Mapping[str, object] = {
            "state": plain,
            "theme": self.state.view.theme,
            "pictures": self.pictures,
            "kind": self.kind,
            "size": asdict(self.size),
            "captioned": self.captioned,
            "table": self.table,
            "program": version(),
        }
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode("utf-8")).hexdigest()


def clamped(order: Order, model: ModelInfo) -> Order:
    """The order with a layer that the model has."""
    view = order.state.view
    if view.layer < model.layers:
        return order
    return replace(order, state=replace(order.state, view=replace(view, layer=model.layers - 1)))


def for_the_answer_of(first: Explanation, request: Request) -> Request:
    """The request about B, for the answer that A was explained for: only the sentences are to differ."""
    against = first.against if first.against >= 0 else Against.NOTHING
    return replace(request, target=first.target, against=against)
