"""What a composition is made of: blocks of a given width that know their height and paint themselves at the origin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from engine.contract import Explanation
from gui.paint.chip_picture import paint_chips
from gui.paint.chips import ChipStrip, chip_strip
from gui.paint.colour import qcolor
from gui.paint.palette import Palette, Rgb
from gui.paint.typeface import LEFT, RIGHT, Ink, Text, body_pixels, metrics, place, width_of
from gui.state import ViewState
from gui.told.predicted import answer_number, prediction_title, strongest_answers
from gui.told.prose import Paragraph, Run
from gui.told.wording import answer_name
from gui.viewkit import Figure, View

SMALL, HEADING = 0.86, 0.9  # in body letters: prose, and what stands over a part
ANSWERS = 3  # that are always listed; what is explained is listed with them
SENTENCE_SIZES = (1.2, 1.1, 1.0, 0.85, 0.7)  # in body letters, the largest that fits
PROSE_SIZES = (SMALL, 0.8, 0.74)
LEADING = 1.3  # from line to line of prose, in heights of a line


class Block(Protocol):
    """A part with a height of its own."""

    @property
    def height(self) -> float:
        """How much room it takes below its origin."""
        ...

    def paint(self, painter: QPainter) -> None:
        """Draw it with its upper left corner at the origin."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A view's figure, enlarged or made smaller as a whole by ``zoom`` so that its letters suit those around it."""

    figure: Figure
    height: float
    zoom: float

    def paint(self, painter: QPainter) -> None:
        """Shapes stay shapes."""
        painter.save()
        painter.scale(self.zoom, self.zoom)
        self.figure.paint(painter)
        painter.restore()


@dataclass(frozen=True, slots=True)
class Words:
    """The sentence, every word on the colour of its share."""

    strip: ChipStrip
    palette: Palette

    @property
    def height(self) -> float:
        """That of all its lines."""
        return self.strip.height

    def paint(self, painter: QPainter) -> None:
        """The strip itself."""
        paint_chips(painter, self.strip, self.palette)


@dataclass(frozen=True, slots=True)
class Writing:
    """Lines of text, and bars between them (each a rectangle with its colour)."""

    texts: tuple[Text, ...]
    height: float
    palette: Palette
    bars: tuple[tuple[QRectF, Rgb], ...] = ()

    def paint(self, painter: QPainter) -> None:
        """Bars below, text above."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for rect, colour in self.bars:
            painter.setBrush(qcolor(colour))
            painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        for text in self.texts:
            text.paint(painter, self.palette)


def picture(
    view: View, explanation: Explanation, look: ViewState, room: tuple[float, float], letters: float, palette: Palette
) -> Picture:
    """The view's figure in this room (width, height), its letters about as large as ``letters`` says."""
    width, height = room
    zoom = letters / body_pixels(width, height)
    rect = QRectF(0, 0, width / zoom, height / zoom)
    return Picture(view.figure(explanation, look, rect, palette), height, zoom)


def sentence(
    explanation: Explanation, look: ViewState, room: tuple[float, float], unit: float, palette: Palette
) -> Words | None:
    """The coloured words, as large as this room (width, height) takes them; None where they do not fit at all."""
    for size in SENTENCE_SIZES:
        strip = chip_strip(explanation, look, room[0], round(size * unit))
        if strip.height <= room[1]:
            return Words(strip, palette)
    return None


def heading(text: str, width: float, unit: float, palette: Palette, *, align: float = LEFT) -> Writing:
    """What stands over a part."""
    ink = Ink(round(HEADING * unit), "muted", bold=True)
    tall = metrics(ink.pixels, bold=True).height()
    return Writing((place(text, ink, (align * width, tall / 2), align, width),), tall + 0.35 * unit, palette)


def prediction(explanation: Explanation, width: float, unit: float, palette: Palette) -> Writing:
    """The likeliest answers and those that are explained, each with its bar and its number."""
    answers = strongest_answers(explanation.prediction, ANSWERS)
    answers += [index for index in (explanation.target, explanation.against) if index >= 0 and index not in answers]
    over = heading(prediction_title(explanation), width, unit, palette)
    ink, line = Ink(round(unit)), 1.6 * unit
    numbers = [answer_number(explanation, index) for index in answers]
    names = [answer_name(explanation, index) for index in answers]
    aside = max(width_of(number, ink) for number in numbers) + 0.8 * unit
    beside = min(max(width_of(name, ink) for name in names), 0.45 * width)
    track = QRectF(beside + 0.8 * unit, 0, width - aside - beside - 0.8 * unit, 0.55 * unit)
    texts, bars = list(over.texts), []
    for row, (index, name, number) in enumerate(zip(answers, names, numbers, strict=True)):
        middle = over.height + (row + 0.5) * line
        texts += [place(name, ink, (0, middle), LEFT, beside), place(number, ink, (width, middle), RIGHT)]
        shares = explanation.prediction.probabilities
        if shares is not None and track.width() > 2 * unit:
            whole = track.translated(0, middle - track.height() / 2)
            part = QRectF(whole)
            part.setWidth(max(whole.height(), whole.width() * float(shares[index])))
            bars += [(whole, palette.grid), (part, palette.faint if row else palette.towards)]
    return Writing(tuple(texts), over.height + len(answers) * line, palette, tuple(bars))


def prose(paragraphs: Sequence[Paragraph], room: tuple[float, float], unit: float, palette: Palette) -> Writing:
    """The paragraphs in lines, smaller where they do not fit into the room (width, height) otherwise.

    Where that is not enough the first one goes, which tells of the method and not of this result; what still does not
    fit is cut at the end of a line, with an ellipsis.
    """
    width, most = room
    for told, size in ((told, size) for told in (paragraphs, paragraphs[1:] or paragraphs) for size in PROSE_SIZES):
        ink = Ink(round(size * unit))
        tall = LEADING * metrics(ink.pixels).height()
        lines = [line for paragraph in told for line in _lines(paragraph, ink, width)]
        if len(lines) * tall <= most:
            break
    kept = max(1, int(most / tall))
    if kept < len(lines):
        lines = [*lines[: kept - 1], [*lines[kept - 1], [Run("…")]]]
    texts = [text for index, line in enumerate(lines) for text in _set(line, ink, (index + 0.5) * tall, width)]
    return Writing(tuple(texts), len(lines) * tall, palette)


Word = list[Run]  # letters without a space between them, perhaps of two weights


def _words(paragraph: Paragraph) -> list[Word]:
    words: list[Word] = [[]]
    for run in paragraph:
        for place_in_run, part in enumerate(run.text.split(" ")):
            if place_in_run:
                words.append([])
            if part:
                words[-1].append(Run(part, run.is_bold))
    return [word for word in words if word]


def _wide(word: Word, ink: Ink) -> float:
    return sum(width_of(part.text, Ink(ink.pixels, ink.role, part.is_bold)) for part in word)


def _lines(paragraph: Paragraph, ink: Ink, width: float) -> list[list[Word]]:
    lines: list[list[Word]] = []
    space, used = width_of(" ", ink), 0.0
    for word in _words(paragraph):
        wide = _wide(word, ink)
        if lines and used + space + wide <= width:
            lines[-1].append(word)
            used += space + wide
        else:
            lines.append([word])
            used = wide
    return lines


def _set(line: Iterable[Word], ink: Ink, middle: float, width: float) -> list[Text]:
    """One text for each stretch of one weight, so that it can be selected and found as it is written.

    A space goes with what is not bold: after a name from right to left it would be drawn on the wrong side.
    """
    stretches: list[tuple[str, bool]] = []
    for number, word in enumerate(line):
        for place_in_word, part in enumerate(word):
            between = " " if number and not place_in_word else ""
            if stretches and stretches[-1][1] == part.is_bold:
                stretches[-1] = (stretches[-1][0] + between + part.text, part.is_bold)
            elif part.is_bold and stretches:
                stretches[-1] = (stretches[-1][0] + between, False)
                stretches.append((part.text, True))
            else:
                stretches.append((between + part.text, part.is_bold))
    texts, x = [], 0.0
    for text, is_bold in stretches:
        drawn = place(text, Ink(ink.pixels, ink.role, is_bold), (x, middle), LEFT, max(1.0, width - x))
        texts.append(drawn)
        x += drawn.rect.width()
    return texts
