"""What the person does goes in, requests go out, answers come in, and one picture of it all goes to the window.

Imports no widget and knows no thread: the bridge and the pause are handed in, so that a test needs neither.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from engine.contract import Against, Explanation, Failure, FailureKind, Outcome, Progress
from gui.asking import Side, compares_two_models, named, place_of, side_of, sides_of
from gui.events import (
    ComparedChosen,
    ComparisonChanged,
    DepthTold,
    Event,
    Looked,
    MethodChosen,
    ModelChosen,
    Opened,
    PairEdited,
    PlaceChosen,
    SidesSwapped,
    SlidesChanged,
    TargetChosen,
    TextEdited,
    Walked,
    carried,
    reduce,
    token_at,
    word_around,
)
from gui.examples.example_set import Walk
from gui.inquiry import Answering, Inquiry, Pause, Question
from gui.kept.history import History, recorded, redone, undone
from gui.shown import Shown
from gui.state import AppState, Compared, Comparison, Hover, Node, Place, ViewState, pinned


class Controller(QObject):
    """Keeps the state, decides what must be asked anew, and says what is to be shown (``shown_changed``)."""

    shown_changed = Signal(object)

    def __init__(
        self, state: AppState, bridge: Answering, pause: Pause, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._shown = Shown(state)
        self._inquiry = Inquiry(bridge, pause)
        self._clock = clock
        self._history = History()

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
        if text != self._shown.state.text:
            self._fold(TextEdited(text))
            self._ask_soon(Side.SECOND)

    @Slot(object)
    def pair_edited(self, pair: str | None) -> None:
        """The second text now reads so, or is taken away; asks after a pause."""
        if pair != self._shown.state.pair:
            self._fold(PairEdited(pair))
            self._ask_soon(Side.SECOND)

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
        if view != self._shown.state.view:
            self._fold(Looked(view))
            self._pursue()

    @Slot(object)
    def hovered(self, hover: Hover | None) -> None:
        """The pointer is on a word, or on none."""
        self.looked(replace(self._shown.state.view, hover=hover))

    @Slot(object)
    def picked(self, node: Node | None) -> None:
        """A node of the flow is to be traced, or none."""
        self.looked(replace(self._shown.state.view, traced=node))

    @Slot()
    def left(self) -> None:
        """Out of the comparison, or back from a traced node to the answer."""
        is_compared = self._shown.state.comparison is not None
        self.comparison_changed(None) if is_compared else self.picked(None)

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

    @Slot()
    def compare_toggled(self) -> None:
        """What is there is pinned as A, and what is changed from now on is B; or B is kept alone."""
        state = self._shown.state
        self.comparison_changed(pinned(state) if state.comparison is None else None)

    @Slot(object)
    def compared_chosen(self, compared: Compared) -> None:
        """A and B are to differ in this."""
        made = self._shown.state.comparison
        if made is not None and made.compared is not compared:
            self._fold(ComparedChosen(compared))
            self._follow()

    @Slot()
    def sides_swapped(self) -> None:
        """A becomes B and B becomes A."""
        if self._shown.state.comparison is not None:
            self._fold_whole(SidesSwapped())

    @Slot(str)
    def first_text_edited(self, text: str) -> None:
        """A's text now reads so; asks after a pause."""
        self._write_first("text of A", text=text)

    @Slot(str)
    def first_pair_edited(self, pair: str) -> None:
        """A's second text now reads so; asks after a pause."""
        self._write_first("second text of A", pair=pair)

    def _write_first(self, kind: str, **written: str) -> None:
        made = self._shown.state.comparison
        if made is not None and any(getattr(made, name) != text for name, text in written.items()):
            place = carried(made.place, made.text, written.get("text", made.text))
            changed = replace(made, **{"place": place, **written})  # type: ignore[arg-type]  # names are checked by replace
            self._fold(ComparisonChanged(changed), kind=kind)
            self._ask_soon(Side.FIRST)

    @Slot(str, object)
    def first_method_chosen(self, method: str, parameters: tuple[tuple[str, str], ...]) -> None:
        """A's method was picked, or its parameters changed."""
        self._change_first("method of A", method=method, parameters=parameters)

    @Slot(str)
    def first_model_chosen(self, model: str) -> None:
        """A's model was picked; answers and places of the old one mean nothing to it."""
        made = self._shown.state.comparison
        if made is not None:
            changed = ComparisonChanged(replace(made, model=model))
            self._fold(changed, TargetChosen(None, Against.OTHER), PlaceChosen(None), kind="model of A")
            self._follow()

    @Slot(int)
    def first_layer_chosen(self, layer: int) -> None:
        """Another layer of A is to be looked into."""
        self._change_first("layer of A", layer=layer)

    def _change_first(self, kind: str, **changes: object) -> None:
        made = self._shown.state.comparison
        if made is not None:
            changed = replace(made, **changes)  # type: ignore[arg-type]  # names are checked by replace
            self._fold_whole(ComparisonChanged(changed), kind)

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
            question = self._inquiry.awaited(outcome.request.generation)
            if question is not None and self._is_in_place(question.side, outcome):
                self._take(question, outcome)
        elif isinstance(outcome, Failure):
            question = self._inquiry.awaited(outcome.generation)
            if question is not None:
                self._fail(question, outcome)

    @Slot(object)
    def progress_arrived(self, progress: Progress) -> None:
        """The running request tells how far it is."""
        if self._inquiry.awaited(progress.generation) is not None:
            self._show(progress=progress)

    @Slot(object)
    def bug_noticed(self, bug: Failure) -> None:
        """Something of ours broke outside a request."""
        self._show(bug=bug)

    @Slot()
    def bug_dismissed(self) -> None:
        """The person has read the banner."""
        self._show(bug=None)

    def _fold(self, *events: Event, kind: str = "") -> None:
        """The state after all ``events``, one step of the history; ``kind`` is what goes on in one breath."""
        before = now = self._shown.state
        for event in events:
            now = reduce(now, event)
        now = named(now, self._shown.explanation)
        self._shown = replace(self._shown, state=now)
        self._keep(recorded(self._history, before, now, kind or type(events[0]).__name__, self._clock()))

    def _keep(self, history: History) -> None:
        self._history = history
        self._shown = replace(self._shown, can_undo=bool(history.past), can_redo=bool(history.future))

    def _step(self, step: tuple[History, AppState] | None) -> None:
        if step is None:
            return
        self._shown = replace(self._shown, state=step[1])
        self._keep(step[0])
        self._follow()

    def _fold_whole(self, event: Event, kind: str = "") -> None:
        """Fold what may change all of the state, and ask if it changes the question."""
        self._fold(event, kind=kind)
        self._follow()

    def _follow(self) -> None:
        for side in sides_of(self._shown.state):
            self._inquiry.guess(side)
        self._inquiry.chosen()
        self._shown = self._shown.forgiven()
        self._pursue()

    def _show(self, **changes: object) -> None:
        self._shown = replace(self._shown, **changes)  # type: ignore[arg-type]  # names are checked by replace
        self.shown_changed.emit(self._shown)

    def _pursue(self) -> None:
        """Ask for what is missing now, show what there is, and look closer behind it."""
        self._shown = self._shown.shared()
        is_new = self._inquiry.ask(self._shown)
        self._show(waiting=self._inquiry.is_busy, **({"progress": None} if is_new else {}))
        self._inquiry.look(self._shown)

    def _ask_soon(self, side: Side) -> None:
        """After a pause in typing, if there is anything to ask."""
        self._inquiry.guess(side)
        if side_of(self._shown.state, side).text.strip():
            self._inquiry.typed(side, self._on_rested)
        else:
            self._inquiry.emptied(side)
            self._shown = replace(self._shown.failed(side, None), progress=None)
        self._pursue()

    def _on_rested(self) -> None:
        self._inquiry.rested()
        self._shown = self._shown.forgiven()
        self._pursue()

    def _ask_anew(self) -> None:
        self._inquiry.chosen()
        if self._shown.state.comparison is None:
            self._inquiry.insist()
        self._pursue()

    def _is_in_place(self, side: Side, explanation: Explanation) -> bool:
        """Whether the chosen word's own token was read; where the text moved it, asks again for the right one."""
        place = place_of(self._shown.state, side)
        if place is None or (side is Side.FIRST and compares_two_models(self._shown.state)):
            return True
        token = token_at(explanation.tokens, place.start)
        self._inquiry.seen(side)
        if token == place.token is not None:
            return True
        self._move(side, None if token is None else replace(place, token=token))
        return False

    def _move(self, side: Side, place: Place | None) -> None:
        """The same word is to be read at another token."""
        made = self._shown.state.comparison
        if side is Side.FIRST and made is not None and made.compared is Compared.SENTENCES:
            self._fold(ComparisonChanged(replace(made, place=place)))
        else:
            self._fold(PlaceChosen(place))
        self._pursue()

    def _take(self, question: Question, explanation: Explanation) -> None:
        self._fold(DepthTold(question.side is Side.FIRST, explanation.model.layers))
        if explanation.preview:
            if not question.is_look:  # a look only adds to what is already there in full
                self._show_answer(question.side, explanation)
            return
        self._inquiry.settled()
        seconds = self._shown.seconds if question.is_look else explanation.seconds
        self._shown = replace(self._shown, seconds=seconds, progress=None)
        self._show_answer(question.side, explanation)

    def _show_answer(self, side: Side, explanation: Explanation) -> None:
        self._shown = replace(self._shown.answered(side, explanation), bug=None)
        self._pursue()

    def _fail(self, question: Question, failure: Failure) -> None:
        side, place = question.side, place_of(self._shown.state, question.side)
        was_guess = failure.place == "target" and place is not None and place.token is not None
        if was_guess and self._inquiry.seen(side):
            # The text may have grown too short for the token: find the word in the answer of the usual place.
            assert place is not None
            self._move(side, replace(place, token=None))
            return
        self._inquiry.refused()
        if failure.kind is FailureKind.BUG:
            self._shown = replace(self._shown, bug=failure)
        else:
            self._shown = self._shown.failed(side, failure)
        self._shown = replace(self._shown, progress=None)
        self._pursue()
