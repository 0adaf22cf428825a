"""The whole explanation as one figure: the sentence and its prediction, a view large, a layer's maps, and the prose.

Side by side on a slide, one below the other in a column of text; mirrored where the words read from the right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from engine import registry
from engine.contract import Explanation
from gui.figures.blocks import SMALL, Block, heading, picture, prediction, prose, sentence
from gui.figures.map_block import map_block
from gui.guide.help import help_text
from gui.paint.component_maps import clamped_layer
from gui.paint.palette import Palette
from gui.paint.shown_rows import shown_rows
from gui.paint.typeface import LEFT, RIGHT, body_pixels, reads_right_to_left
from gui.state import ViewState
from gui.told.prose import Paragraph, describe
from gui.viewkit import View, ViewWidget

COMPOSITION = "composition"
STANDS = 1.15  # higher than so many widths, the parts stand below each other
ASIDE = 0.34  # of the width: prediction, maps and prose beside sentence and picture
MOST_SENTENCE = (0.13, 0.3)  # of the height: what a sentence should take, and what a long one may
MAPS_ASIDE, MAPS_STANDING = 0.62, 0.2  # of the height, at most
LEAST_MAPS = 9.0  # in body letters: prose beside leaves them that
MOST_PROSE_STANDING = 0.22  # of the height
MARGIN, GAP = 0.9, 1.1  # in body letters


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with its upper left corner in the figure."""

    block: Block
    corner: QPointF


@dataclass(frozen=True, slots=True)
class Composition:
    """A finished drawing."""

    parts: tuple[Placed, ...]
    notes: tuple[str, ...]
    origin: QPointF

    def paint(self, painter: QPainter) -> None:
        """Part by part."""
        painter.save()
        painter.translate(self.origin)
        for part in self.parts:
            painter.save()
            painter.translate(part.corner)
            part.block.paint(painter)
            painter.restore()
        painter.restore()


def composition(views: Sequence[View]) -> View:
    """The composition of these views, as a view for files: no card of the window holds it."""
    return View(
        id=COMPOSITION,
        label=help_text("composition", "label"),
        sentence=help_text("composition", "sentence"),
        place="file",
        figure=partial(figure, tuple(views)),
        widget=ViewWidget,
        aspect=2.7,
    )


def figure(
    views: Sequence[View], explanation: Explanation, look: ViewState, rect: QRectF, palette: Palette
) -> Composition:
    """Sentence, prediction, the view in front (another where it has no picture), maps and prose for one size."""
    look = replace(look, theme=palette.name, hover=None)
    return _Composer(views, explanation, look, rect, palette).composed()


class _Composer:
    """Lays the parts out from the top; ``y`` is how far it has come."""

    def __init__(
        self, views: Sequence[View], explanation: Explanation, look: ViewState, rect: QRectF, palette: Palette
    ) -> None:
        self._explanation, self._look, self._rect, self._palette = explanation, look, rect, palette
        self._front = _first(views, explanation, look)
        self._has_maps = explanation.components is not None
        self._unit = body_pixels(rect.width(), rect.height())
        self._margin, self._gap = MARGIN * self._unit, GAP * self._unit
        self._width = rect.width() - 2 * self._margin
        rows = shown_rows(explanation, look)
        self._is_mirrored = reads_right_to_left(row.label for row in rows if not row.is_special)
        self._parts: list[Placed] = []
        self._notes: list[str] = []
        self._y = self._margin

    def composed(self) -> Composition:
        """All parts in their places."""
        if self._rect.height() > STANDS * self._rect.width():
            self._stand()
        else:
            self._spread()
        notes: list[str] = []
        for note in self._notes:
            if not any(note in said for said in notes):  # what the picture says the maps need not say again
                notes.append(note)
        return Composition(tuple(self._parts), tuple(filter(None, notes)), self._rect.topLeft())

    def _spread(self) -> None:
        """Prediction beside the sentence, maps and prose beside the picture."""
        aside = ASIDE * self._width
        beside = self._width - aside - 2 * self._gap
        left = self._margin + beside + 2 * self._gap
        answers = prediction(self._explanation, aside, self._unit, self._palette)
        top = self._y
        self._add_sentence(beside)
        self._put(answers, left, aside, top)
        self._y = top = max(self._y, top + answers.height + self._gap)
        tall = self._rect.height() - top - self._margin
        self._add_front(self._margin, beside, tall)
        self._y = top
        least = LEAST_MAPS * self._unit if self._has_maps else 0.0
        below = self._prose((aside, max(3 * self._unit, tall - least - self._gap)))
        self._add_maps(left, aside, min(MAPS_ASIDE * self._rect.height(), tall - below.height - self._gap))
        self._put(below, left, aside)

    def _stand(self) -> None:
        """One below the other."""
        height = self._rect.height()
        self._add_sentence(self._width)
        self._put(prediction(self._explanation, self._width, self._unit, self._palette), self._margin, self._width)
        top = self._y
        self._add_maps(self._margin, self._width, MAPS_STANDING * height)
        self._put(self._prose((self._width, MOST_PROSE_STANDING * height)), self._margin, self._width)
        # The picture takes what the others leave, and they move down by as much.
        tall = height - self._y - 0.5 * self._margin
        below = [part for part in self._parts if part.corner.y() >= top]
        self._parts = [part for part in self._parts if part.corner.y() < top]
        self._parts += [Placed(part.block, part.corner + QPointF(0, tall)) for part in below]
        self._y = top
        self._add_front(self._margin, self._width, tall - self._gap)

    def _put(self, block: Block, left: float, width: float, top: float | None = None) -> None:
        """Place a block of this width; without a ``top`` the next one comes below it."""
        x = self._rect.width() - left - width if self._is_mirrored else left
        self._parts.append(Placed(block, QPointF(x, self._y if top is None else top)))
        if top is None:
            self._y += block.height + self._gap

    def _head(self, text: str, left: float, width: float) -> None:
        align = RIGHT if self._is_mirrored else LEFT
        self._put(heading(text, width, self._unit, self._palette, align=align), left, width)
        self._y -= 0.8 * self._gap

    def _add_sentence(self, width: float) -> None:
        for share in MOST_SENTENCE:
            room = (width, share * self._rect.height())
            words = sentence(self._explanation, self._look, room, self._unit, self._palette)
            if words is not None:
                self._put(words, self._margin, width)
                self._notes.append(words.strip.badge)
                return
        self._notes.append(help_text("composition", "left_out"))

    def _add_front(self, left: float, width: float, tall: float) -> None:
        if self._front is None:
            return
        top = self._y
        self._head(self._front.heading(explains_answer=self._explanation.explains_answer), left, width)
        room = (width, max(1.0, tall - (self._y - top)))
        shown = picture(self._front, self._explanation, self._look, room, SMALL * self._unit, self._palette)
        self._put(shown, left, width)
        self._notes[:0] = shown.figure.notes

    def _add_maps(self, left: float, width: float, tall: float) -> None:
        if not self._has_maps:
            return
        top = self._y
        layer = clamped_layer(self._explanation, self._look) + 1
        self._head(help_text("composition", "layer", layer=str(layer)), left, width)
        room = (width, max(1.0, tall - (self._y - top)))
        maps = map_block(self._explanation, self._look, room, self._unit, self._palette)
        self._put(maps, left, width)
        self._notes += maps.notes

    def _prose(self, room: tuple[float, float]) -> Block:
        return prose(_paragraphs(self._explanation, self._look, self._front), room, self._unit, self._palette)


def _first(views: Sequence[View], explanation: Explanation, look: ViewState) -> View | None:
    """The view of the middle that is in front, else the first one that has a picture of this result."""
    found = [view for view in views if view.place == "middle" and not view.missing(explanation, look)]
    return next((view for view in found if view.id == look.view), found[0] if found else None)


def _paragraphs(explanation: Explanation, look: ViewState, front: View | None) -> tuple[Paragraph, ...]:
    view = look if look.traced is not None else replace(look, coverage=1.0)
    method = registry.find(explanation.request.method)
    return describe(explanation, method, view, front.told if front is not None else None).paragraphs
