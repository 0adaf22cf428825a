"""What the person does goes in, requests go out, answers come in, and one picture of it all goes to the window.

Imports no widget and knows no thread: the bridge and the pause are handed in, so that a test needs neither.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.contract import Against, Explanation, Failure, FailureKind, Outcome, Progress, Request
from gui.asking import NOTHING_MORE, Look, look_missing, request_of
from gui.events import (
    ComparisonChanged,
    Event,
    Looked,
    MethodChosen,
    ModelChosen,
    Opened,
    PairEdited,
    PlaceChosen,
    SlidesChanged,
    TargetChosen,
    TextEdited,
    Walked,
    reduce,
    token_at,
    word_around,
)
from gui.examples.example_set import Walk
from gui.kept.history import History, recorded, redone, undone
from gui.shown import Shown
from gui.state import AppState, Comparison, Hover, Node, Place, ViewState

PAUSE_MS = 120  # shorter than the gap between two words typed, longer than between two letters


class Answering(Protocol):
    """Where requests go; each comes back as one outcome."""

    def submit(self, request: Request) -> None:
        """Ask this instead of anything asked before."""

    def give_up(self) -> None:
        """Nothing asked before is wanted any more."""


class Pause(Protocol):
    """A short rest after the last keystroke."""

    def start(self, ended: Callable[[], None]) -> None:
        """Call ``ended`` once after the rest; starting again starts the rest again."""

    def stop(self) -> None:
        """Call nothing after all."""


class TimedPause:
    """The pause of the running program."""

    def __init__(self, milliseconds: int = PAUSE_MS) -> None:
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(self._on_timeout)
        self._ended: Callable[[], None] | None = None

    def start(self, ended: Callable[[], None]) -> None:
        """Call ``ended`` once after the rest; starting again starts the rest again."""
        self._ended = ended
        self._timer.start()

    def stop(self) -> None:
        """Call nothing after all."""
        self._timer.stop()

    def _on_timeout(self) -> None:
        if self._ended is not None:
            self._ended()


class Controller(QObject):
    """Keeps the state, decides what must be asked anew, and says what is to be shown (``shown_changed``)."""

    shown_changed = Signal(object)

    def __init__(
        self, state: AppState, bridge: Answering, pause: Pause, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._shown = Shown(state)
        self._bridge = bridge
        self._pause = pause
        self._clock = clock
        self._history = History()
        self._generation = 0
        self._awaited: int | None = None  # the generation whose outcome is still wanted
        self._looking = NOTHING_MORE  # what the last request only looks into, of what is shown
        self._refused: Look | None = None  # a look that failed: moving the pointer must not ask for it again
        self._is_guessed = False  # the text changed since the place's token was last seen

    @property
    def shown(self) -> Shown:
        """What the window shows now."""
        return self._shown

    def start(self) -> None:
        """Ask the first question."""
        self._ask_anew()

    @Slot(str)
    def text_edited(self, text: str) -> None:
        """The text now reads so; asks after a pause."""
        if text == self._shown.state.text:
            return
        self._fold(TextEdited(text))
        self._is_guessed = True
        self._ask_soon()

    @Slot(object)
    def pair_edited(self, pair: str | None) -> None:
        """The second text now reads so, or is taken away; asks after a pause."""
        if pair != self._shown.state.pair:
            self._fold(PairEdited(pair))
            self._ask_soon()

    @Slot(int)
    def gap_requested(self, token: int) -> None:
        """The word of this token is to be left out, and the model to guess it."""
        made, state = self._shown.explanation, self._shown.state
        if made is None or self._shown.stale or not made.model.mask_token:
            return
        word = word_around(made.tokens, token)
        if word is None:
            return
        is_second, start, end = word
        text = (state.pair or "") if is_second else state.text
        gapped = f"{text[:start]}{made.model.mask_token}{text[end:]}"
        self._fold(
            PairEdited(gapped) if is_second else TextEdited(gapped),
            PlaceChosen(None),
            TargetChosen(None, Against.OTHER),
        )
        self._ask_anew()

    @Slot(int)
    def place_requested(self, token: int) -> None:
        """The word of this token is the one whose answer is to be explained."""
        made = self._shown.explanation
        if made is not None and not self._shown.stale and made.tokens[token].start >= 0:
            self.place_chosen(Place(made.tokens[token].start, token))

    @Slot()
    def undo(self) -> None:
        """One step back."""
        self._step(undone(self._history, self._shown.state))

    @Slot()
    def redo(self) -> None:
        """One step forward again."""
        self._step(redone(self._history, self._shown.state))

    @Slot(str)
    def model_chosen(self, model: str) -> None:
        """A bundled model's name or a folder was picked."""
        self._fold(ModelChosen(model))
        self._ask_anew()

    @Slot(str, object)
    def method_chosen(self, method: str, parameters: tuple[tuple[str, str], ...]) -> None:
        """A method was picked, or its parameters changed."""
        self._fold(MethodChosen(method, parameters))
        self._ask_anew()

    @Slot(object, object)
    def target_chosen(self, target: int | str | None, against: int | str | Against) -> None:
        """An answer, and what it is explained instead of, were picked."""
        self._fold(TargetChosen(target, against))
        self._ask_anew()

    @Slot(object)
    def place_chosen(self, place: Place | None) -> None:
        """A word was picked whose answer is to be explained, or the usual one."""
        self._fold(PlaceChosen(place))
        self._ask_anew()

    @Slot(object)
    def looked(self, view: ViewState) -> None:
        """The same answer is to be looked at differently; asks only for maps nobody fetched yet."""
        if view == self._shown.state.view:
            return
        self._fold(Looked(view))
        self._show()
        self._look_closer()

    @Slot(object)
    def hovered(self, hover: Hover | None) -> None:
        """The pointer is on a word, or on none."""
        self.looked(replace(self._shown.state.view, hover=hover))

    @Slot(object)
    def picked(self, node: Node | None) -> None:
        """A node of the flow is to be traced, or none."""
        self.looked(replace(self._shown.state.view, traced=node))

    @Slot()
    def trace_left(self) -> None:
        """Back to the answer."""
        self.picked(None)

    @Slot(str)
    def view_chosen(self, view: str) -> None:
        """Another view is to stand in the middle."""
        self.looked(replace(self._shown.state.view, view=view))

    def layer_chosen(self, layer: int) -> None:
        """Another layer is to be looked into, if the model has it."""
        explanation = self._shown.explanation
        if explanation is not None and layer < explanation.model.layers:
            self.looked(replace(self._shown.state.view, layer=layer))

    @Slot(object)
    def comparison_changed(self, comparison: Comparison | None) -> None:
        """A comparison begins, ends, or its A changes."""
        self._fold_whole(ComparisonChanged(comparison))

    @Slot(object)
    def slides_changed(self, slides: tuple[AppState, ...]) -> None:
        """The states to present are these now."""
        self._fold_whole(SlidesChanged(slides))

    @Slot(object)
    def walked(self, walk: Walk | None) -> None:
        """Another example of a list was walked to, or the list is left."""
        self._fold_whole(Walked(walk))

    @Slot(object)
    def opened(self, state: AppState) -> None:
        """A whole state was opened: a session, a figure, a slide."""
        self._fold_whole(Opened(state))

    @Slot(object)
    def outcome_arrived(self, outcome: Outcome) -> None:
        """A request came back, or its preview; what belongs to an older one is dropped."""
        if isinstance(outcome, Explanation):
            if outcome.request.generation == self._awaited and self._is_in_place(outcome):
                self._take(outcome)
        elif isinstance(outcome, Failure) and outcome.generation == self._awaited:
            self._show_failure(outcome)

    @Slot(object)
    def progress_arrived(self, progress: Progress) -> None:
        """The running request tells how far it is."""
        if progress.generation == self._awaited:
            self._show(progress=progress)

    @Slot(object)
    def bug_noticed(self, bug: Failure) -> None:
        """Something of ours broke outside a request."""
        self._show(bug=bug)

    @Slot()
    def bug_dismissed(self) -> None:
        """The person has read the banner."""
        self._show(bug=None)

    def _fold(self, *events: Event) -> None:
        """The state after all ``events``, one step of the history."""
        before = now = self._shown.state
        for event in events:
            now = reduce(now, event)
        kind = type(events[0]).__name__
        self._shown = replace(self._shown, state=now)
        self._keep(recorded(self._history, before, now, kind, self._clock()))

    def _keep(self, history: History) -> None:
        self._history = history
        self._shown = replace(self._shown, can_undo=bool(history.past), can_redo=bool(history.future))

    def _step(self, step: tuple[History, AppState] | None) -> None:
        if step is None:
            return
        before = self._shown.state
        self._shown = replace(self._shown, state=step[1])
        self._keep(step[0])
        self._follow(before)

    def _fold_whole(self, event: Event) -> None:
        """Fold what may change all of the state, and ask if it changes the question."""
        before = self._shown.state
        self._fold(event)
        self._follow(before)

    def _follow(self, before: AppState) -> None:
        now = self._shown.state
        self._is_guessed = before.text != now.text
        if request_of(before, 0) != request_of(now, 0):
            self._ask_anew()
        else:
            self._show()
            self._look_closer()

    def _show(self, **changes: object) -> None:
        self._shown = replace(self._shown, **changes)  # type: ignore[arg-type]  # names are checked by replace
        self.shown_changed.emit(self._shown)

    def _ask(self, look: Look) -> None:
        self._generation += 1
        self._awaited = self._generation
        self._looking = look
        self._bridge.submit(request_of(self._shown.state, self._generation, look))

    def _ask_soon(self) -> None:
        """After a pause in typing, if there is anything to ask."""
        self._awaited = None
        if self._shown.state.text.strip():
            self._pause.start(self._ask_anew)
            self._show(waiting=True)
        else:
            self._ask_nothing()

    def _ask_nothing(self) -> None:
        self._awaited = None
        self._pause.stop()
        self._bridge.give_up()
        self._show(waiting=False, failure=None, progress=None)

    def _ask_anew(self) -> None:
        self._pause.stop()
        if not self._shown.state.text.strip():
            self._ask_nothing()
            return
        self._refused = None
        # Without the dear maps first: the picture is there sooner, they follow behind it.
        self._ask(NOTHING_MORE)
        self._show(waiting=True, progress=None)

    def _is_in_place(self, explanation: Explanation) -> bool:
        """Whether the chosen word's own token was read; where the text moved it, asks again for the right one."""
        place = self._shown.state.place
        if place is None:
            return True
        token = token_at(explanation.tokens, place.start)
        self._is_guessed = False
        if token == place.token is not None:
            return True
        self._fold(PlaceChosen(None if token is None else replace(place, token=token)))
        self._ask_anew()
        return False

    def _take(self, explanation: Explanation) -> None:
        view = self._shown.state.view
        if view.layer >= explanation.model.layers:
            self._fold(Looked(replace(view, layer=explanation.model.layers - 1)))
        if not explanation.preview:
            self._show_explanation(explanation)
        elif self._looking == NOTHING_MORE:  # a look only adds to what is already there in full
            self._show(explanation=explanation, failure=None, bug=None)

    def _show_explanation(self, explanation: Explanation) -> None:
        seconds = self._shown.seconds if self._looking != NOTHING_MORE else explanation.seconds
        self._awaited = None
        self._show(explanation=explanation, waiting=False, failure=None, bug=None, progress=None, seconds=seconds)
        self._look_closer()

    def _show_failure(self, failure: Failure) -> None:
        place = self._shown.state.place
        if failure.place == "target" and place is not None and place.token is not None and self._is_guessed:
            # The text may have grown too short for the token: find the word in the answer of the usual place.
            self._is_guessed = False
            self._fold(PlaceChosen(replace(place, token=None)))
            self._ask_anew()
            return
        self._awaited = None
        self._refused = self._looking
        if failure.kind is FailureKind.BUG:
            self._show(waiting=False, bug=failure, progress=None)
        else:
            self._show(waiting=False, failure=failure, progress=None)

    def _look_closer(self) -> None:
        shown = self._shown
        # While the full answer is on its way nothing may replace its request; the look follows behind it.
        if shown.explanation is None or shown.stale or shown.explanation.preview:
            return
        look = look_missing(shown.explanation, shown.state)
        is_asked = look == self._refused or (self._awaited is not None and look == self._looking)
        if look is not None and not is_asked:
            self._ask(look)
