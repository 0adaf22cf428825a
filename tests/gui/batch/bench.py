"""Stand-ins for the tests of batches: an engine without a model, and orders over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.context import RunContext
from engine.contract import Explanation, ModelInfo, Request
from engine.errors import TextError
from gui.batch.order import Order
from gui.examples.example_set import Example, ExampleSet
from gui.figures.sizes import Size
from gui.state import AppState
from tests.gui import samples
from tests.gui.stage import answer

SMALL = Size(400, 300)


def order(*texts: str | Example, pictures: tuple[str, ...] = ("words",), **changes: object) -> Order:
    """An order over these sentences."""
    examples = tuple(text if isinstance(text, Example) else Example(text) for text in texts)
    made = ExampleSet("Ours", examples)
    return Order(AppState(), made, pictures, **({"size": SMALL} | changes))  # type: ignore[arg-type]


@dataclass
class FakeEngine:
    """Answers from ``samples``; what ``before`` raises is raised instead."""

    before: Callable[[str], None] = lambda text: None
    asked: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def open(self, model: str) -> ModelInfo:
        return samples.explanation("A film.").model

    def run(self, request: Request, context: RunContext) -> Explanation:
        context.raise_if_cancelled()
        self.asked.append(request.text)
        self.requests.append(request)
        self.before(request.text)
        return answer(request)


def refuse(*bad: str) -> Callable[[str], None]:
    """An engine that cannot explain these sentences."""

    def before(text: str) -> None:
        if text in bad:
            raise TextError("The text is too long", "It has 999 tokens.", "Shorten it.")

    return before
