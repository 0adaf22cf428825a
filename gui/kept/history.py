"""What was chosen before: undo and redo over the text and the settings alike. Pure.

Moving about is no step: the view in front, the picture and the map two sides are compared in, the layer, the hovered
word, the traced node and the theme stay where they are when a step is taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gui.state import AppState

MOST_STEPS = 200
MOVING = (
    "view",
    "layer",
    "head",
    "every_layer",
    "sorting",
    "compared_as",
    "component",
    "theme",
)  # of a ViewState: no step
ONE_BREATH = 1.0  # seconds: edits of the same kind that follow sooner belong to the step before
OPENED, LEAFED = "Opened", "Leafed"  # kinds of changes: what was opened is a slide where the slides stay the same


@dataclass(frozen=True, slots=True)
class History:
    """``past`` and ``future`` are states, the nearest last. ``kind`` and ``at`` (seconds) are of the last change."""

    past: tuple[AppState, ...] = ()
    future: tuple[AppState, ...] = ()
    kind: str = ""
    at: float = float("-inf")


def recorded(history: History, before: AppState, now: AppState, kind: str, at: float) -> History:
    """The history after a change at the time ``at``; a change of nothing that counts leaves no step.

    Leafing through slides is one step, however long it takes, and none once it is back where it began.
    """
    if settled(before) == settled(now):
        return history
    if kind == OPENED and now.slides and before.slides == now.slides:
        kind = LEAFED
    if kind == history.kind == LEAFED and history.past and not history.future:
        is_back = settled(history.past[-1]) == settled(now)
        return History(history.past[:-1], (), "", at) if is_back else replace(history, at=at)
    if kind == history.kind != OPENED and at - history.at < ONE_BREATH and history.past and not history.future:
        return replace(history, at=at)
    return History((*history.past, before)[-MOST_STEPS:], (), kind, at)


def undone(history: History, now: AppState) -> tuple[History, AppState] | None:
    """One step back, None where there is none."""
    if not history.past:
        return None
    return History(history.past[:-1], (*history.future, now)), _moved(history.past[-1], now)


def redone(history: History, now: AppState) -> tuple[History, AppState] | None:
    """One step forward again, None where there is none."""
    if not history.future:
        return None
    return History((*history.past, now), history.future[:-1]), _moved(history.future[-1], now)


def settled(state: AppState) -> AppState:
    """The state without where a person has moved to."""
    return _moved(state, AppState())


def _moved(state: AppState, here: AppState) -> AppState:
    """``state`` looked at from where ``here`` looks; what was hovered or traced may be gone."""
    here_is = {name: getattr(here.view, name) for name in MOVING}
    view = replace(state.view, **here_is, hover=None, traced=None)
    return replace(state, view=view)
