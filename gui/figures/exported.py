"""What there is to make a file of: the view in front, everything together, and every other view with a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QRectF

from engine.contract import Explanation
from gui.figures.caption import caption
from gui.figures.composition import composition
from gui.paint.palette import Palette
from gui.state import SHOWS_ALL_LAYERS, ViewState
from gui.viewkit import Figure, View

PaintedIn = Callable[[QRectF, Palette], Figure]


@dataclass(frozen=True, slots=True)
class Exported:
    """One figure to be had: ``figure_of`` makes it for a room and a theme, ``caption_of`` its caption of its notes.

    ``aspect`` is the height, in widths, that suits it in a column of text.
    """

    id: str
    label: str
    sentence: str
    aspect: float
    figure_of: PaintedIn
    caption_of: Callable[[tuple[str, ...]], str]


def exports_of(
    explanation: Explanation, look: ViewState, views: Sequence[View], front: View | None
) -> tuple[Exported, ...]:
    """The view in front first, then everything together, then the other views that have a picture of this result."""
    found = [view for view in views if not view.missing(explanation, look) and _is_made(view, front)]
    first = [view for view in found if view is front]
    others = [view for view in found if view is not front]
    return tuple(_exported(view, explanation, look) for view in (*first, composition(views), *others))


def _is_made(view: View, front: View | None) -> bool:
    """The maps of all layers are made only where they are looked at."""
    return view is front or view.id != SHOWS_ALL_LAYERS


def _exported(view: View, explanation: Explanation, look: ViewState) -> Exported:
    return Exported(
        id=view.id,
        label=view.label,
        sentence=view.sentence,
        aspect=view.aspect,
        figure_of=partial(_painted, view, explanation, look),
        caption_of=partial(caption, explanation),
    )


def _painted(view: View, explanation: Explanation, look: ViewState, rect: QRectF, palette: Palette) -> Figure:
    return view.figure(explanation, replace(look, theme=palette.name, hover=None), rect, palette)
