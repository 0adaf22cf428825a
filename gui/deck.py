"""A card that holds views: one after another where there are several, a quiet line where there is nothing yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget

from engine import registry
from engine.contract import Explanation
from gui.controls.card import Card
from gui.controls.segments import Segments
from gui.guide.help import help_text, view_help
from gui.paint.kept import is_same_answer
from gui.paint.palette import PALETTES
from gui.shown import Activity, Shown
from gui.state import ViewState
from gui.viewkit import View, ViewWidget

VIEW_NAME = "View"
WHATEVER_IS_LEFT = 100  # the stretch of the title against the gap behind it


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What a view was given last."""

    explanation: Explanation
    view: ViewState
    is_stale: bool

    def is_same(self, other: _Seen) -> bool:
        """Whether it would draw the same."""
        is_alike = self.view == other.view and self.is_stale == other.is_stale
        return self.explanation is other.explanation and is_alike


class Deck(Card):
    """Views in one place of the window.

    Signals of the view in front pass through: ``hovered``, ``picked``, ``look_requested``, ``method_requested``,
    ``gap_requested``, ``place_requested``. ``view_requested`` tells the identifier of another view to bring forward.
    """

    hovered = Signal(object)
    picked = Signal(object)
    look_requested = Signal(object)
    method_requested = Signal(str)
    gap_requested = Signal(int)
    place_requested = Signal(int)
    view_requested = Signal(str)

    def __init__(self, views: Sequence[View], *, is_titled: bool, is_main: bool) -> None:
        """The card of a titled deck tells what the view in front shows.

        The main deck alone says what an empty window waits for.
        """
        super().__init__("")
        self._is_main = is_main
        self._is_titled = is_titled
        self._views = {view.id: view for view in views}
        self._front = views[0].id
        self._widgets: dict[str, ViewWidget] = {}
        self._seen: dict[str, _Seen] = {}
        self._outgrown: set[str] = set()  # views laid out for other type than there is now
        self._copy: tuple[Explanation, Explanation] | None = None
        self._placeholder = QLabel()
        self._placeholder.setObjectName("placeholder")
        self._placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._placeholder.setWordWrap(True)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._placeholder)
        self.segments = Segments(VIEW_NAME)
        self.segments.setToolTip(help_text("views", "choose"))
        self.segments.setVisible(len(views) > 1)
        self.segments.chosen.connect(self._on_chosen)
        # The labels of the views take what they need; the title takes what they leave, and is cut first.
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.header.setStretchFactor(self.title, WHATEVER_IS_LEFT)
        natural = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        natural.setHeightForWidth(True)
        self.segments.setSizePolicy(natural)
        self.header.addWidget(self.segments)
        self.body.addWidget(self._pages, 1)
        for view in views:
            self._add(view)

    def widget(self, identifier: str) -> ViewWidget:
        """The living side of one view."""
        return self._widgets[identifier]

    def view_in_front(self) -> View:
        """The view that is seen."""
        return self._views[self._front]

    def show_shown(self, shown: Shown) -> None:
        """Hand the result to the view in front; the others wait until they are, and let go of older answers."""
        wanted = shown.state.view.view
        self._front = identifier = wanted if wanted in self._views else next(iter(self._views))
        self._show_header(identifier, shown)
        if shown.explanation is None:
            self._placeholder.setText(_quiet_words(shown) if self._is_main else "")
            self._pages.setCurrentWidget(self._placeholder)
            self.forget(shown.explanation)
            return
        widget = self._widgets[identifier]
        # In front first: a page behind the others has no size yet to lay a picture out for.
        self._pages.setCurrentWidget(widget)
        before = self._seen.get(identifier)
        self._seen[identifier] = seen = _Seen(shown.explanation, shown.state.view, shown.stale)
        if before is None or identifier in self._outgrown or not before.is_same(seen):
            self._outgrown.discard(identifier)
            widget.show_result(self._edition(shown.explanation), shown.state.view, stale=shown.stale)
        self.forget(shown.explanation)

    def forget(self, shown: Explanation | None) -> None:
        """Let every view go of any other answer than the one that is shown."""
        for identifier, seen in list(self._seen.items()):
            if not is_same_answer(seen.explanation, shown):
                self._widgets[identifier].forget()
                del self._seen[identifier]
        if self._copy is not None and not is_same_answer(self._copy[0], shown):
            self._copy = None

    def show_larger(self, shown: Shown) -> None:
        """Lay everything out anew in the type there is now."""
        if shown.explanation is not None:
            self._copy = shown.explanation, replace(shown.explanation)
        self._outgrown.update(self._seen)
        for widget in self._widgets.values():
            widget.dress(PALETTES[shown.state.view.theme])
        self.show_shown(shown)

    def _edition(self, explanation: Explanation) -> Explanation:
        """The result itself, or the copy of it made for larger type: views keep the layout of what they know."""
        return self._copy[1] if self._copy is not None and self._copy[0] is explanation else explanation

    def _add(self, view: View) -> None:
        widget = view.widget()
        self._widgets[view.id] = widget
        self._pages.addWidget(widget)
        widget.setAccessibleName(view.label)
        widget.setWhatsThis(view_help(view.id) or view.sentence)
        widget.hovered.connect(self._on_hovered)
        widget.picked.connect(self._on_picked)
        widget.look_requested.connect(self._on_look_requested)
        widget.method_requested.connect(self._on_method_requested)
        widget.gap_requested.connect(self.gap_requested)
        widget.place_requested.connect(self.place_requested)

    def _show_header(self, identifier: str, shown: Shown) -> None:
        if self._is_titled:
            self.title.show_text(_heading(self._views[identifier], shown))
        self.title.setVisible(self._is_titled)
        labels = [view.label for view in self._views.values()]
        current = list(self._views).index(identifier)
        tips = [view.sentence for view in self._views.values()]
        self.segments.show_labels(labels, current, PALETTES[shown.state.view.theme], tips)

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        self.view_requested.emit(list(self._views)[index])

    @Slot(object)
    def _on_hovered(self, hover: object) -> None:
        self.hovered.emit(hover)

    @Slot(object)
    def _on_picked(self, node: object) -> None:
        self.picked.emit(node)

    @Slot(object)
    def _on_look_requested(self, view: object) -> None:
        self.look_requested.emit(view)

    @Slot(str)
    def _on_method_requested(self, method: str) -> None:
        self.method_requested.emit(method)


def _heading(view: View, shown: Shown) -> str:
    made = shown.explanation
    if made is None:
        return view.heading(explains_answer=registry.find(shown.state.method).class_specific)
    heading = view.heading(explains_answer=made.explains_answer)
    return f"{heading} · {help_text('preview', 'mark')}" if made.preview else heading


def _quiet_words(shown: Shown) -> str:
    """What stands in an empty card."""
    if shown.activity is Activity.NO_TEXT:
        return help_text("text", "empty")
    if shown.failure is not None:
        return f"{shown.failure.message}\n{shown.failure.hint}"
    return help_text("loading", "title") if shown.activity is Activity.LOADING else ""
