"""The shuffled copies of a model, each made once for all the sentences that it is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import psutil

from engine.errors import ModelError
from engine.faithfulness.protocol import Taking
from engine.faithfulness.trial import Answers, Door
from engine.forecast import FLOAT_BYTES

if TYPE_CHECKING:
    from engine.context import RunContext
    from engine.contract import Explanation, ModelInfo, Request
    from engine.faithfulness.shuffling import ShufflingDoor


class Copies:
    """A session that keeps every shuffled copy it has made: a model for each layer, and one more."""

    def __init__(self, session: ShufflingDoor) -> None:
        self._session = session
        self._made: dict[tuple[str, int, int], Door] = {}

    def run(self, request: Request, context: RunContext) -> Explanation:
        """The whole model's explanation."""
        return self._session.run(request, context)

    def without(
        self, request: Request, removed: Sequence[tuple[int, ...]], taking: Taking, context: RunContext
    ) -> Answers:
        """The whole model's answers."""
        return self._session.without(request, removed, taking, context)

    def shuffled(self, model: str, layers: int, seed: int) -> Door:
        """The copy with its head and its last layers shuffled."""
        key = (model, layers, seed)
        if key not in self._made:
            self._made[key] = self._session.shuffled(*key)
        return self._made[key]


def refuse_copies(model: ModelInfo) -> None:
    """Raise ModelError where the copies take more memory than is free."""
    needed = (model.layers + 1) * model.parameters * FLOAT_BYTES[model.dtype]
    free = psutil.virtual_memory().available
    if needed > free:
        raise ModelError(
            "The model is too large to be shuffled here",
            f"Its {model.layers + 1} copies would need about {needed / 1e9:.1f} GB; {free / 1e9:.1f} GB are free.",
            "Leave --randomise out.",
        )
