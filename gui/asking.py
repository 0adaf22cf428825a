"""What the engine is asked about a state, and what is fetched behind the picture because somebody looks at it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.contract import Explanation, Request
from gui.state import SHOWS_ALL_LAYERS, AppState, boundaries_of


@dataclass(frozen=True, slots=True)
class Look:
    """What is wanted beside an explanation that stands already: layers' dear maps, and the flow between boundaries."""

    feed_forward_layers: tuple[int, ...] = ()
    boundaries: tuple[int, ...] = ()


NOTHING_MORE = Look()


def request_of(state: AppState, generation: int, look: Look = NOTHING_MORE) -> Request:
    """The complete question the engine is asked about this state."""
    return Request(
        generation=generation,
        model=state.model,
        method=state.method,
        text=state.text,
        pair=state.pair,
        parameters=state.parameters,
        target=state.target,
        against=state.against,
        position=state.place.token if state.place is not None else None,
        feed_forward_layers=look.feed_forward_layers,
        boundaries=look.boundaries,
    )


def answers(explanation: Explanation, state: AppState) -> bool:
    """Whether the explanation belongs to what is chosen now, whatever was looked into."""
    asked = explanation.request
    return replace(asked, feed_forward_layers=(), boundaries=()) == request_of(state, asked.generation)


def look_missing(explanation: Explanation, state: AppState) -> Look | None:
    """What has to be asked for next, with what is there already; None where nothing is missing.

    One layer at a time, the shown one first, so that each is seen as soon as it is there.
    """
    asked, layers = explanation.request, explanation.model.layers
    boundaries = boundaries_of(state.view.grouping, layers) if explanation.flow is not None else ()
    wanted = [state.view.layer] if state.view.layer < layers else []
    if state.view.view == SHOWS_ALL_LAYERS:
        wanted += range(layers)
    has_maps = explanation.components is not None
    missing = [layer for layer in wanted if has_maps and layer not in asked.feed_forward_layers]
    if not missing and boundaries in ((), asked.boundaries):
        return None
    return Look(tuple(sorted({*asked.feed_forward_layers, *missing[:1]})), boundaries)
