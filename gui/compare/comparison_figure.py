"""A whole comparison as one figure: both sentences, three panes, and what they say in words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter, QPen

from gui.compare.difference import Difference, Pane
from gui.compare.pane import PaneFigure, sides_named
from gui.compare.panes import pane_figure
from gui.compare.sentences import prediction, sentence
from gui.compare.textblock import TextBlock, moved_down, text_block
from gui.compare.told import told
from gui.paint.colour import qcolor
from gui.paint.palette import Palette
from gui.paint.typeface import LEFT, RIGHT, Ink, Text, body_pixels, metrics, place, usual_type
from gui.state import Compared, ComparedAs

NARROW = 620.0  # pixels: narrower figures have their panes below one another
SENTENCE = 1.25  # body heights: the size of the sentences' letters
MARGIN = 1.0  # body heights
WIDE_ASPECT = 0.58  # height in widths of a figure whose panes stand side by side
MOST_LINES = 2  # of a sentence in large letters


@dataclass(frozen=True, slots=True)
class ComparisonFigure:
    """The finished drawing."""

    difference: Difference
    texts: tuple[Text, ...]
    blocks: tuple[TextBlock, ...]
    rules: tuple[QLineF, ...]
    panes: tuple[PaneFigure, ...]
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """What a caption must say of it: how much of each is drawn, what is hidden, the scale."""
        names = sides_named(self.difference)
        said = [f"A: {names[0]}, B: {names[1]}"] if any(names) else []
        said += [note for pane in self.panes for note in pane.notes]
        hidden = self.difference.hidden
        said += [f"hidden: {', '.join(hidden)}"] if hidden else []
        is_one = self.difference.state.view.one_scale
        return (*dict.fromkeys(said), "one scale for all" if is_one else "each picture on its own scale")

    def paint(self, painter: QPainter) -> None:
        """Sentences, panes, statement."""
        for text in self.texts:
            text.paint(painter, self.palette)
        for block in self.blocks:
            block.paint(painter)
        painter.setPen(QPen(qcolor(self.palette.border), 1))
        painter.drawLines(list(self.rules))
        for pane in self.panes:
            pane.paint(painter)


@dataclass(frozen=True, slots=True)
class _Head:
    """The sentences in their places, and where they end."""

    texts: tuple[Text, ...]
    blocks: tuple[TextBlock, ...]
    bottom: float


def _card(difference: Difference, pane: Pane, name: str, room: QRectF, palette: Palette, unit: float) -> _Head:
    """One sentence: its name and prediction above, the text below."""
    small = Ink(round(0.9 * unit), "muted")
    line = metrics(small.pixels).height()
    middle = room.top() + 0.5 * line
    said = place(prediction(difference.side(pane)), small, (room.right(), middle), RIGHT, 0.85 * room.width())
    bold = Ink(small.pixels, "muted", bold=True)
    label = place(name, bold, (room.left(), middle), LEFT, room.width() - said.rect.width() - unit)
    texts = (label, said)
    if difference.right_to_left:
        texts = (label.mirrored(room.left() + room.right()), said.mirrored(room.left() + room.right()))
    written = _sentence(difference, pane, room.adjusted(0, 1.25 * line, 0, 0), palette, unit)
    return _Head(texts, (written,), written.rect.bottom())


def _sentence(difference: Difference, pane: Pane, room: QRectF, palette: Palette, unit: float) -> TextBlock:
    """Large where it is short; a long one leaves its room to the panes."""
    runs = sentence(difference, pane)
    sizes = round(SENTENCE * unit), round(unit)
    large, small = (text_block(runs, room, size, palette, right_to_left=difference.right_to_left) for size in sizes)
    return large if large.lines <= MOST_LINES else small


@usual_type()
def aspect(difference: Difference, width: float) -> float:
    """The height, in widths, that suits a file so wide."""
    if width >= NARROW:
        return WIDE_ASPECT
    unit = body_pixels(width, 2 * width)
    lines = len(difference.shown) + (difference.compared_as is not ComparedAs.MAPS)
    pane = 0.9 * width + 6 * unit if difference.compared_as is ComparedAs.MAPS else (1.7 * lines + 6) * unit
    return (3 * pane + 17 * unit) / width


def _sides(difference: Difference) -> dict[Pane, str]:
    """What stands at the top: both sentences, or the one that both sides share."""
    if difference.compared is Compared.SENTENCES:
        return {Pane.FIRST: "A", Pane.SECOND: "B"}
    if difference.compared is Compared.MODELS:
        return {Pane.FIRST: f"A  {difference.first.model.title}", Pane.SECOND: f"B  {difference.second.model.title}"}
    return {Pane.SECOND: ""}


def _heads(difference: Difference, rect: QRectF, palette: Palette, unit: float) -> _Head:
    sides, is_narrow = _sides(difference), rect.width() < NARROW
    gap = 2 * unit
    wide = rect.width() if is_narrow or len(sides) == 1 else (rect.width() - gap) / 2
    texts, blocks, top, bottom = list[Text](), list[TextBlock](), rect.top(), rect.top()
    for number, (pane, name) in enumerate(sides.items()):
        left = rect.left() if is_narrow else rect.left() + number * (wide + gap)
        card = _card(difference, pane, name, QRectF(left, top, wide, 0), palette, unit)
        texts += card.texts
        blocks += card.blocks
        bottom = max(bottom, card.bottom)
        top = card.bottom + 0.6 * unit if is_narrow else top
    return _Head(tuple(text for text in texts if text.text), tuple(blocks), bottom)


def _statement(difference: Difference, rect: QRectF, palette: Palette, unit: float) -> TextBlock:
    """What the panes say in words, at the foot."""
    block = text_block(told(difference, palette), rect, round(unit), palette, right_to_left=False)
    return moved_down(block, rect.height() - block.rect.height())


def _rooms(rect: QRectF, unit: float) -> list[QRectF]:
    """Three panes of one size."""
    if rect.width() < NARROW:
        tall = rect.height() / 3
        return [QRectF(rect.left(), rect.top() + place_ * tall, rect.width(), tall) for place_ in range(3)]
    gap = 1.2 * unit
    wide = (rect.width() - 2 * gap) / 3
    return [QRectF(rect.left() + place_ * (wide + gap), rect.top(), wide, rect.height()) for place_ in range(3)]


def _rules(rooms: list[QRectF]) -> list[QLineF]:
    """A thin line between neighbouring panes."""
    rules = []
    for one, other in pairwise(rooms):
        if other.top() > one.top():
            rules.append(QLineF(one.left(), other.top(), one.right(), other.top()))
        else:
            x = (one.right() + other.left()) / 2
            rules.append(QLineF(x, one.top(), x, one.bottom()))
    return rules


def comparison_figure(difference: Difference, rect: QRectF, palette: Palette) -> ComparisonFigure:
    """Side by side where there is room, one below the other in a narrow column."""
    unit = body_pixels(rect.width(), rect.height())
    inner = rect.adjusted(MARGIN * unit, 0.8 * unit, -MARGIN * unit, -0.8 * unit)
    heads = _heads(difference, inner, palette, unit)
    statement = _statement(difference, inner, palette, unit)
    top, bottom = heads.bottom + 0.9 * unit, statement.rect.top() - 0.9 * unit
    middle = QRectF(inner.left(), top, inner.width(), max(1.0, bottom - top))
    rooms, above = _rooms(middle, unit), top - 0.3 * unit
    return ComparisonFigure(
        difference=difference,
        texts=heads.texts,
        blocks=(*heads.blocks, statement),
        rules=(QLineF(inner.left(), above, inner.right(), above), *_rules(rooms)),
        panes=tuple(pane_figure(difference, pane, room, palette) for pane, room in zip(Pane, rooms, strict=True)),
        palette=palette,
    )
