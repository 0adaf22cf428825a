"""Does an explanation look at what the model learned? Its layers are shuffled one after another, and it should change.

The cascading randomisation of Adebayo et al. 2018 (Sanity checks for saliency maps, section 3), from the head down to
the first layer and every step on top of those before. What "randomised" means here, and why, ``engine.shuffled`` says:
the values inside every parameter tensor change places. An explanation that stays as it was describes the text, or the
shape of the network, but not this model. numpy only; who runs the models is handed in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from engine.agreement import agreement
from engine.faithfulness.trial import Door, removable

if TYPE_CHECKING:
    from engine.context import RunContext
    from engine.contract import Request


class ShufflingDoor(Door, Protocol):
    """What answers: ``engine.session.Session``, or a stand-in."""

    def shuffled(self, model: str, layers: int, seed: int) -> Door:
        """What answers for a copy of the model with its head and its last layers shuffled."""


@dataclass(frozen=True, slots=True)
class Shuffled:
    """What is left of an explanation when the head and the last ``layers`` layers are shuffled.

    ``spearman`` is its rank correlation with the whole model's explanation, None where an order cannot be told: fewer
    than three tokens, or one side all alike. ``probability`` is that of the explained answer then, None where the model
    gives none.
    """

    layers: int
    spearman: float | None
    probability: float | None


def shuffled_agreement(session: ShufflingDoor, request: Request, seed: int, context: RunContext) -> Iterator[Shuffled]:
    """One value for the head alone, then one for every further layer down to the first.

    Explained throughout is the answer that is explained for the whole model: the one ``request`` names, or else what
    the whole model predicts. Compared are the scores, signs and all, of the tokens that could be taken away. Raises
    EngineError, Cancelled.
    """
    asked = replace(request, components=False, feed_forward_layers=(), boundaries=())
    whole = session.run(asked, context)
    asked, layers = replace(asked, target=whole.target), whole.model.layers
    places = [place for token in removable(whole, whole_words=False) for place in token.tokens]
    for shuffled in range(layers + 1):
        context.progress(shuffled / (layers + 1), "Shuffling the weights")
        found = session.shuffled(request.model, shuffled, seed).run(asked, context)
        probabilities = found.prediction.probabilities
        yield Shuffled(
            layers=shuffled,
            spearman=agreement(whole.scores[places], found.scores[places]).spearman,
            probability=None if probabilities is None else float(probabilities[whole.target]),
        )
