"""What a view is, and the registry the window builds itself from.

A view makes a pure ``scene`` from a result and paints it; the same scene goes to the screen and into a file. Each file
under ``gui/views`` registers one view. Its widget speaks in signals and is told what to show; it never writes state.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from engine.contract import Explanation
from gui.paint.palette import Palette
from gui.state import ViewState


class ViewWidget(QWidget):
    """The living side of a view.

    Signals: ``hovered`` (:class:`gui.state.Hover` or None), ``picked`` (:class:`gui.state.Node` or None),
    ``look_requested`` (a changed :class:`gui.state.ViewState`).
    """

    hovered = Signal(object)
    picked = Signal(object)
    look_requested = Signal(object)

    def show_result(self, explanation: Explanation | None, view: ViewState, *, stale: bool) -> None:
        """Show this result this way; ``stale`` dims it while a newer one is on its way."""
        raise NotImplementedError


class Figure(Protocol):
    """A finished drawing: what is exported is what was shown."""

    def paint(self, painter: QPainter) -> None:
        """Draw it; shapes stay shapes and text stays text."""
        ...


@dataclass(frozen=True, slots=True)
class View:
    """One way of looking: ``place`` is ``middle``, ``right`` or ``left``; ``figure`` is the pure side, ``widget`` the living one."""

    id: str
    label: str
    sentence: str
    place: str
    figure: Callable[[Explanation, ViewState, QRectF, Palette], Figure]
    widget: Callable[[], ViewWidget]


_VIEWS: dict[str, View] = {}


def register_view(**description: Any) -> View:
    """Add a view; the keywords are the fields of :class:`View`."""
    view = View(**description)
    if view.id in _VIEWS:
        raise ValueError(f"two views are called {view.id}")
    _VIEWS[view.id] = view
    return view


def discover() -> tuple[View, ...]:
    """All views, flow first."""
    import gui.views

    for module in pkgutil.iter_modules(gui.views.__path__):
        importlib.import_module(f"gui.views.{module.name}")
    return tuple(sorted(_VIEWS.values(), key=lambda view: (view.id != "flow", view.id)))
