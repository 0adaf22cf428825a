"""What all panes of a comparison have in common: what they answer to the pointer, and what stands over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.compare.difference import Difference, Pane, method_name
from gui.paint.component_maps import TITLES
from gui.paint.palette import Palette
from gui.paint.typeface import CENTRE, LEFT, RIGHT, Ink, Text, body_pixels, metrics, place, width_of, wrapped
from gui.state import Compared, ComparedAs

HEAD = 2.2  # body heights that the heading takes


@dataclass(frozen=True, slots=True)
class Hit:
    """What the pointer is on, the same in all three panes.

    ``row`` is one of the lines shown, None on the baseline, ``receiver`` another (on the cell of a map or a link).
    ``words`` say both numbers and the difference.
    """

    row: int | None
    receiver: int | None
    words: str


class PaneFigure(Protocol):
    """One pane as a finished drawing that also answers to the pointer."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a caption must say of it."""
        ...

    def paint(self, painter: QPainter) -> None:
        """Draw it into its rectangle."""
        ...

    def paint_lit(self, painter: QPainter, hit: Hit) -> None:
        """Light up what the pointer is on, whichever pane it is in; painted over the figure."""
        ...

    def hit(self, x: float, y: float) -> Hit | None:
        """What lies under a point, in the coordinates of the rectangle it was laid out for."""
        ...


def heading(difference: Difference, pane: Pane) -> str:
    """What stands over a pane: ``A: what speaks for are``, ``Difference, A minus B``."""
    if pane is Pane.DIFFERENCE:
        return "Difference, A minus B"
    return f"{pane.value}: {_shown(difference, pane)}"


def _shown(difference: Difference, pane: Pane) -> str:
    made = difference.side(pane)
    name = _own_name(difference, pane)
    if difference.compared_as is ComparedAs.MAPS:
        if difference.compared is Compared.METHODS:
            return f"{name}, layer {difference.layer(pane) + 1}"
        at = f"layer {difference.layer(pane) + 1}"
        title = TITLES[difference.state.view.component][0]
        what = f"{title[:1].lower()}{title[1:]}, {at}"
        return f"{name}, {what}" if name and name != at else what
    mixing = not made.explains_answer or not difference.state.view.paths_only
    what = "how the words mix" if mixing else f"what speaks for {difference.answers[0]}"
    return f"{name}, {what}" if name else what


def _own_name(difference: Difference, pane: Pane) -> str:
    """What tells the sides apart where their sentences do not."""
    made = difference.side(pane)
    match difference.compared:
        case Compared.METHODS:
            return method_name(made)
        case Compared.MODELS:
            return made.model.title
        case Compared.LAYERS:
            return f"layer {difference.layer(pane) + 1}"
        case _:
            return ""


def sides_named(difference: Difference) -> tuple[str, str]:
    """What tells A from B where their sentences do not, "" where those do."""
    return _own_name(difference, Pane.FIRST), _own_name(difference, Pane.SECOND)


def unit_of(rect: QRectF) -> float:
    """The size of body text in a pane."""
    return body_pixels(rect.width(), rect.height())


def headed(difference: Difference, pane: Pane, rect: QRectF, aside: str) -> tuple[Text, ...]:
    """The heading, where reading begins, and what is said ``aside`` of it where there is room."""
    unit = unit_of(rect)
    bold, small = Ink(round(0.96 * unit), "muted", bold=True), Ink(round(0.86 * unit), "muted")
    line, margin = rect.top() + 0.5 * HEAD * unit, 0.8 * unit
    room = rect.width() - 2 * margin
    left, right = (rect.left() + margin, LEFT), (rect.right() - margin, RIGHT)
    (near, near_align), (far, far_align) = (right, left) if difference.right_to_left else (left, right)
    texts = [place(heading(difference, pane), bold, (near, line), near_align, room)]
    if aside and texts[0].rect.width() + 1.5 * unit + width_of(aside, small) <= room:
        texts.append(place(aside, small, (far, line), far_align))
    return tuple(texts)


def below_heading(rect: QRectF) -> QRectF:
    """The room a heading leaves."""
    return rect.adjusted(0, HEAD * unit_of(rect), 0, 0)


@dataclass(frozen=True, slots=True)
class QuietPane:
    """A pane that has nothing to show, and says why under its heading."""

    texts: tuple[Text, ...]
    sentence: str
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentence: the caption says it too."""
        return (self.sentence,)

    def paint(self, painter: QPainter) -> None:
        """The heading and the sentence."""
        for text in self.texts:
            text.paint(painter, self.palette)

    def paint_lit(self, painter: QPainter, hit: Hit) -> None:
        """Nothing lights up."""

    def hit(self, x: float, y: float) -> Hit | None:
        """Nothing is there."""
        return None


def quiet_pane(difference: Difference, pane: Pane, sentence: str, rect: QRectF, palette: Palette) -> QuietPane:
    """The heading, and the sentence in the middle of the rest, in as many lines as it needs."""
    room, ink = below_heading(rect), Ink(round(unit_of(rect)), "muted")
    line = 1.3 * metrics(ink.pixels).height()
    width = min(room.width() - 2 * ink.pixels, 26 * ink.pixels)
    lines = wrapped(sentence, ink, width)
    top = room.center().y() - 0.5 * line * (len(lines) - 1)
    said = tuple(
        place(text, ink, (room.center().x(), top + number * line), CENTRE, room.width() - ink.pixels)
        for number, text in enumerate(lines)
    )
    return QuietPane((*headed(difference, pane, rect, ""), *said), sentence, palette)
