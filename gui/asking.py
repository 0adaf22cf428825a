"""What the engine is asked about a state, and what is fetched behind the picture because somebody looks at it.

Where something is compared there are two sides: A, and B, which is the state itself. A leads: an answer that is left to
the model is the one it gives for A, and B is explained for the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from engine.contract import Against, Explanation, Head, Request
from gui.events import token_at
from gui.state import SHOWS_ALL_LAYERS, AppState, Compared, Place, boundaries_of, first_side, second_side
from gui.told.wording import SPACE_MARKS


class Side(Enum):
    """A of a comparison, or B: what is explored where nothing is compared."""

    FIRST = "A"
    SECOND = "B"


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
    return _bare(explanation.request) == request_of(state, 0)


def sides_of(state: AppState) -> tuple[Side, ...]:
    """Those there are, the leading one first."""
    return (Side.SECOND,) if state.comparison is None else (Side.FIRST, Side.SECOND)


def side_of(state: AppState, side: Side) -> AppState:
    """One side as a state of its own."""
    return first_side(state) if side is Side.FIRST else second_side(state)


def place_of(state: AppState, side: Side) -> Place | None:
    """The word a side is explained at."""
    return side_of(state, side).place


def compares_two_models(state: AppState) -> bool:
    """Whether A is read by another model than B, so that tokens and answers of one mean nothing to the other."""
    made = state.comparison
    return made is not None and made.compared is Compared.MODELS and made.model != state.model


def question_of(state: AppState, side: Side, first: Explanation | None) -> Request:
    """What a side is asked, without number and look; ``first`` is the last good explanation of A."""
    asked = request_of(side_of(state, side), 0)
    if state.comparison is None or first is None:
        return asked
    if side is Side.SECOND:
        return _led(asked, first, by_name=compares_two_models(state))
    reads_same = (first.request.model, first.request.text, first.request.pair) == (asked.model, asked.text, asked.pair)
    if compares_two_models(state) and state.place is not None and reads_same:
        # The place's token is B's; this model may cut the text otherwise.
        return replace(asked, position=token_at(first.tokens, state.place.start))
    return asked


def named(state: AppState, last: Explanation | None) -> AppState:
    """The state with its answers chosen by name where two models are compared: numbers mean nothing to the other."""
    if not compares_two_models(state) or last is None:
        return state
    chosen = {name: getattr(state, name) for name in ("target", "against")}
    names = {name: answer_asked(last, given) for name, given in chosen.items() if isinstance(given, int)}
    return replace(state, **names)  # type: ignore[arg-type]  # names are checked by replace


def fits(explanation: Explanation, state: AppState, side: Side, first: Explanation | None) -> bool:
    """Whether the explanation belongs to what is chosen now for this side.

    B's belongs where it was asked what ``first`` leads to, or came to explain just that when it was asked by itself.
    """
    asked = _bare(explanation.request)
    if side is Side.FIRST:
        return asked == question_of(state, side, explanation)
    wanted = question_of(state, side, first)
    if asked == wanted or state.comparison is None:
        return asked == wanted
    rival = explanation.against if explanation.against >= 0 else Against.NOTHING
    return (
        replace(asked, target=wanted.target, against=wanted.against) == wanted
        and wanted.target in (asked.target, explanation.target)
        and wanted.against in (asked.against, rival)
    )


def look_missing(explanation: Explanation, state: AppState, side: Side = Side.SECOND) -> Look | None:
    """What has to be asked for next, with what is there already; None where nothing is missing.

    One layer at a time, the shown one first, so that each is seen as soon as it is there.
    """
    asked, layers, view = explanation.request, explanation.model.layers, side_of(state, side).view
    boundaries = boundaries_of(view.grouping, layers) if explanation.flow is not None else ()
    wanted = [view.layer] if view.layer < layers else []
    if view.view == SHOWS_ALL_LAYERS and state.comparison is None:
        wanted += range(layers)
    has_maps = explanation.components is not None
    missing = [layer for layer in wanted if has_maps and layer not in asked.feed_forward_layers]
    if not missing and boundaries in ((), asked.boundaries):
        return None
    return Look(tuple(sorted({*asked.feed_forward_layers, *missing[:1]})), boundaries)


def _bare(request: Request) -> Request:
    return replace(request, generation=0, feed_forward_layers=(), boundaries=())


def _led(asked: Request, first: Explanation, *, by_name: bool) -> Request:
    """The question with what is left to the model taken from A's answer, by index or by name."""
    target, against = asked.target, asked.against
    if target is None and first.target >= 0:
        target = answer_asked(first, first.target) if by_name else first.target
    if against is Against.OTHER and first.against >= 0:
        against = answer_asked(first, first.against) if by_name else first.against
    elif against is Against.OTHER:
        against = Against.NOTHING
    return replace(asked, target=target, against=against)


def answer_asked(explanation: Explanation, index: int) -> str:
    """An answer's name as another model can be asked for it: vocabularies mark spaces each in their own way."""
    label = explanation.prediction.labels[index]
    is_word = explanation.model.head is Head.MASKED_WORD
    return (label.lstrip(SPACE_MARKS) or label) if is_word else label
