"""What a view is, and the registry the window builds itself from.

A view makes a pure ``scene`` from a result and paints it; the same scene goes to the screen and into a file. Each file
under ``gui/views`` registers one view. Its widget speaks in signals and is told what to show; it never writes state.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from engine.contract import Explanation
from gui.paint.colour import css
from gui.paint.palette import PALETTES, Palette
from gui.state import ViewState
from gui.strips.strip import Strip
from gui.told.prose import Told
from gui.told.wording import tooltip

_LOG = logging.getLogger(__name__)
DRAWS_A_FLOW = "decompx"  # the method offered where another has no flow


class ViewWidget(QWidget):
    """The living side of a view.

    Signals: ``hovered`` (:class:`gui.state.Hover` or None), ``picked`` (:class:`gui.state.Node` or None),
    ``look_requested`` (a changed :class:`gui.state.ViewState`), ``method_requested`` (the identifier of a method that
    has what the chosen one has not), ``gap_requested`` (a token whose word is to be left out and guessed),
    ``place_requested`` (a token whose own answer or state is to be explained).
    """

    hovered = Signal(object)
    picked = Signal(object)
    look_requested = Signal(object)
    method_requested = Signal(str)
    gap_requested = Signal(int)
    place_requested = Signal(int)

    def show_result(self, explanation: Explanation | None, view: ViewState, *, stale: bool) -> None:
        """Show this result this way; ``stale`` dims it while a newer one is on its way."""
        raise NotImplementedError

    def forget(self) -> None:
        """Let go of the result and of all that was drawn from it: it is shown again before this view is seen."""
        raise NotImplementedError

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours, and what was measured of the type anew; the result is shown again afterwards."""


class HostedView(ViewWidget):
    """A view that survives its own failures: the stage, a quiet empty state, or what went wrong and how to copy it.

    A subclass fills ``stage`` and implements ``show_explanation``. Whatever it does in a paint or mouse event runs
    inside ``guarded()``, so that one view's bug costs that view alone.
    """

    def __init__(self, empty: str) -> None:
        super().__init__()
        self.stage = QWidget()
        self._nothing_yet = empty
        self._empty = QLabel(empty)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._failure = _FailurePanel()
        self._stack = QStackedLayout(self)
        for page in (self.stage, self._empty, self._failure):
            self._stack.addWidget(page)
        self._failed, self._theme = False, ""
        self._turn_to(self._empty)

    def show_result(self, explanation: Explanation | None, view: ViewState, *, stale: bool) -> None:
        """Show a result, or the quiet empty state where there is none yet."""
        if view.theme != self._theme:  # a style sheet costs more than a frame has
            self._theme = view.theme
            self.dress_quiet(PALETTES[view.theme])
        if explanation is None:
            self.say(self._nothing_yet)
            return
        with self.guarded():
            self._turn_to(self.stage)
            self.show_explanation(explanation, view, stale=stale)

    def hide_choices(self) -> None:
        """Only the picture from now on."""
        for strip in self.stage.findChildren(Strip):
            strip.put_away()

    def dress_quiet(self, palette: Palette) -> None:
        """Take the theme's colours for what stands in place of the picture."""
        self._empty.setStyleSheet(f"color: {css(palette.muted)}; padding: 24px;")
        self._failure.dress(palette)

    def say(self, sentence: str) -> None:
        """A quiet sentence in place of the picture."""
        self._empty.setText(sentence)
        self._turn_to(self._empty)

    def show_explanation(self, explanation: Explanation, view: ViewState, *, stale: bool) -> None:
        """Take over the result; called inside ``guarded``."""
        raise NotImplementedError

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Run a piece of drawing; what it raises is logged and shown in place of the picture."""
        try:
            yield
        except Exception as problem:  # noqa: BLE001 - the border between a view and the window
            _LOG.exception("the view %s could not be drawn", type(self).__name__)
            self._failure.tell("".join(traceback.format_exception(problem)))
            self._turn_to(self._failure)

    @property
    def failed(self) -> bool:
        """Whether what is seen is a failure instead of a picture."""
        return self._failed

    def _turn_to(self, page: QWidget) -> None:
        # Remembered here: PySide 6.10 hands the page to the layout when asked for it, and both die of it later.
        self._failed = page is self._failure
        self._stack.setCurrentWidget(page)


class _FailurePanel(QWidget):
    """Says that this view could not be drawn and hands out the details."""

    def __init__(self) -> None:
        super().__init__()
        self._details = ""
        self._text = QLabel("This view could not be drawn.\nThe others go on.")
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        copy = QPushButton("Copy details")
        copy.clicked.connect(self._copy)
        box = QVBoxLayout(self)
        box.addStretch()
        box.addWidget(self._text)
        box.addWidget(copy, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch()

    def tell(self, details: str) -> None:
        """Keep the details for copying; their last line is on the tooltip."""
        self._details = details
        self._text.setToolTip(tooltip(details.strip().splitlines()[-1]))

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self._text.setStyleSheet(f"color: {css(palette.muted)};")

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)


class Figure(Protocol):
    """A finished drawing: what is exported is what was shown."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a caption must say of this picture: how much is drawn, what is hidden."""
        ...

    def paint(self, painter: QPainter) -> None:
        """Draw it; shapes stay shapes and text stays text."""
        ...


def nothing_missing(_: Explanation, __: ViewState) -> str:
    """Every result has this picture."""
    return ""


@dataclass(frozen=True, slots=True)
class View:
    """One way of looking.

    ``place`` is ``middle``, ``right`` or ``left``; ``figure`` is the pure side, ``widget`` the living one. ``aspect``
    is the height, in widths, that suits a figure in a column of text. ``mixing_sentence`` stands in for ``sentence``
    over methods that explain no answer, only how words mix. ``missing`` says in one sentence why there is no picture
    of a result, "" where there is one. ``told`` puts what this view alone shows into words; None where the words that
    go with every explanation say it. ``order`` says where it stands among the others.
    """

    id: str
    label: str
    sentence: str
    place: str
    figure: Callable[[Explanation, ViewState, QRectF, Palette], Figure]
    widget: Callable[[], ViewWidget]
    aspect: float = 1.0
    mixing_sentence: str = ""
    missing: Callable[[Explanation, ViewState], str] = nothing_missing
    told: Told | None = None
    order: int = 9

    def heading(self, *, explains_answer: bool) -> str:
        """What stands over the view, without a full stop."""
        sentence = self.sentence if explains_answer or not self.mixing_sentence else self.mixing_sentence
        return sentence.removesuffix(".")


_VIEWS: dict[str, View] = {}


def register_view(**description: Any) -> View:
    """Add a view; the keywords are the fields of :class:`View`."""
    view = View(**description)
    if view.id in _VIEWS:
        raise ValueError(f"two views are called {view.id}")
    _VIEWS[view.id] = view
    return view


def discover() -> tuple[View, ...]:
    """All views, as their ``order`` has it."""
    import gui.views

    for module in pkgutil.iter_modules(gui.views.__path__):
        importlib.import_module(f"gui.views.{module.name}")
    return tuple(sorted(_VIEWS.values(), key=lambda view: (view.order, view.id)))
