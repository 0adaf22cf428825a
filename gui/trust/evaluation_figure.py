"""Methods compared over many sentences: for each protocol the mean curves, and the scores with their intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QPainter

from engine import registry
from engine.errors import TextError
from engine.faithfulness.evaluation import Evaluation, MeanCurve, Result
from engine.faithfulness.protocol import find
from engine.faithfulness.trial import RANDOM
from gui.batch.painting import draw_without_a_screen
from gui.figures.caption import program
from gui.figures.composing import compose
from gui.figures.files import save
from gui.figures.sizes import Size
from gui.guide.help import help_text
from gui.paint.numerals import counted, percent
from gui.paint.palette import LIGHT, Palette
from gui.paint.typeface import LEFT, Ink, Text, body_pixels, metrics, place
from gui.trust.dots import Column, Dots, Score, Scored, dots
from gui.trust.lines import Course, CurveWords, Line, Role
from gui.trust.plot import Plot
from gui.trust.plotting import KINDS, Ground, Kind, plot
from gui.trust.strokes import stroke_of

WIDE, SHORTEST = 1440, 460  # pixels: the picture's width, and the least height of a protocol's row
EACH, BESIDE = 26, 160  # pixels of a row's height: for each method, and for what stands around them
ABOVE = 130  # pixels: title and caption
OTHERS = 2  # methods with a colour of their own, beside the best
PARTS = (0.315, 0.315, 0.37)  # of the width: two plots, and the scores
BETWEEN = 1.6  # in body letters
TENTHS = 10
WIDTHS = (2, 3, 4, 5, 6, 8, 10)
_DEPTH = (Role.MORE, Role.CHANCE, Role.OTHER, Role.OWN)


@dataclass(frozen=True, slots=True)
class Style:
    """How a method is drawn, in every row alike (:func:`gui.trust.strokes.stroke_of`)."""

    role: Role
    index: int

    @property
    def depth(self) -> tuple[int, int]:
        """What is drawn below others comes first."""
        return _DEPTH.index(self.role), self.index


@dataclass(frozen=True, slots=True)
class EvaluationFigure:
    """The finished drawing; the plots and scores of one protocol after those of another."""

    texts: tuple[Text, ...]
    plots: tuple[Plot, ...]
    scores: tuple[Dots, ...]
    notes: tuple[str, ...]
    palette: Palette

    def paint(self, painter: QPainter) -> None:
        """The words above, then part by part."""
        for text in self.texts:
            text.paint(painter, self.palette)
        for part in self.plots:
            part.paint(painter, self.palette)
        for scored in self.scores:
            scored.paint(painter, self.palette)


def draw(evaluation: Evaluation, path: Path) -> None:
    """Write the picture of an evaluation. Raises TextError where the file cannot be written."""
    draw_without_a_screen()
    application = QGuiApplication.instance() or QGuiApplication(["headstream"])
    size = size_of(evaluation)

    def figure_of(rect: QRectF) -> EvaluationFigure:
        return evaluation_figure(evaluation, rect, LIGHT)

    def caption_of(notes: tuple[str, ...]) -> str:
        return " · ".join((*notes, program()))

    try:
        save(compose(figure_of, size, LIGHT, caption_of), path, size, title=_title(evaluation))
    except OSError as error:
        raise TextError("The file cannot be written", str(error), "Choose another place with --plot.") from error
    finally:
        del application


def size_of(evaluation: Evaluation) -> Size:
    """As high as its methods and protocols need."""
    rows = _rows(evaluation)
    most = max(len(row) for row in rows)
    return Size(WIDE, ABOVE + len(rows) * max(SHORTEST, BESIDE + EACH * most), scale=2.0)


def evaluation_figure(evaluation: Evaluation, rect: QRectF, palette: Palette) -> EvaluationFigure:
    """One row for each protocol: the strongest words first, the weakest first, the scores."""
    rows = _rows(evaluation)
    unit = body_pixels(rect.width(), min(rect.height(), 0.5 * rect.width()))
    inner = rect.adjusted(unit, 0.8 * unit, -unit, -0.4 * unit)
    texts = [_line_of(_title(evaluation), Ink(round(1.1 * unit), bold=True), inner)]
    inner.setTop(texts[0].rect.bottom() + 0.9 * unit)
    each = inner.height() / len(rows)
    styles = _styles(rows[0])
    plots, scores = list[Plot](), list[Dots]()
    for number, results in enumerate(rows):
        room = QRectF(inner.left(), inner.top() + number * each, inner.width(), each - 0.8 * unit)
        row = _Row(results, styles, whole_words=evaluation.whole_words, unit=unit)
        texts.append(_line_of(f"{row.rules.label} ({row.rules.id})", Ink(round(unit), "muted", bold=True), room))
        room.setTop(texts[-1].rect.bottom() + 0.6 * unit)
        left, middle, right = _parts(room, unit)
        plots += [row.plot(kind, where) for kind, where in zip(KINDS, (left, middle), strict=True)]
        scores.append(row.scores(right))
    return EvaluationFigure(tuple(texts), tuple(plots), tuple(scores), _notes(evaluation), palette)


class _Row:
    """What is drawn of one protocol."""

    def __init__(
        self, results: Sequence[Result], styles: Mapping[str, Style], *, whole_words: bool, unit: float
    ) -> None:
        self.rules = find(results[0].protocol)
        self._results, self._styles, self._unit = results, styles, unit
        units = help_text("trust_plot", "words" if whole_words else "pieces")
        axis = help_text("trust_evaluation", "axis", unit=units)
        self._words = CurveWords(title="", answer="", unit=units, order=(), axis=axis)
        ends = [curve for result in results for curve in (result.most, result.least)]
        self._span = _span([value for curve in ends for value in (*curve.low, *curve.high)])

    def plot(self, kind: Kind, room: QRectF) -> Plot:
        """The mean curves of one kind, the outstanding ones on top."""
        below = sorted(self._results, key=lambda result: self._styles[result.name].depth)
        lines = [self._line(result) for result in below]
        return plot(kind, lines, self._words, Ground(room, self._unit, self._span))

    def _line(self, result: Result) -> Line:
        style = self._styles[result.name]
        is_one_of_many = style.role is Role.MORE
        most, least = (_course(curve, is_bare=is_one_of_many) for curve in (result.most, result.least))
        return Line(name_of(result), style.role, most, least)

    def scores(self, room: QRectF) -> Dots:
        """The protocol's two scores of every method, the best first."""
        scored = (self.rules.metric_most, self.rules.metric_least)
        methods = [
            Scored(
                name=name_of(result),
                stroke=stroke_of(self._styles[result.name].role, self._styles[result.name].index, self._unit),
                scores=tuple(_score(result, metric) for metric in scored),
                is_bold=self._styles[result.name].role is Role.OWN,
            )
            for result in _ranked(self._results)
        ]
        hints = (help_text("trust_evaluation", "more"), help_text("trust_evaluation", "less"))
        columns = [Column(metric, hint) for metric, hint in zip(scored, hints, strict=True)]
        return dots(methods, columns, room, self._unit)


def name_of(result: Result) -> str:
    """The method as it is called on screen, with the parameters that were set."""
    if result.method == RANDOM:
        return help_text("trust_plot", "chance")
    label = registry.find(result.method).label
    return f"{label} ({result.parameters.replace(' ', ', ')})" if result.parameters else label


def _rows(evaluation: Evaluation) -> list[list[Result]]:
    """[protocol] its results, in the order they were asked for."""
    found: dict[str, list[Result]] = {}
    for result in evaluation.results:
        found.setdefault(result.protocol, []).append(result)
    return list(found.values())


def _ranked(results: Sequence[Result]) -> list[Result]:
    """Where the strongest words cost the answer most first."""

    def fall(result: Result) -> float:
        return result.metrics[find(result.protocol).metric_most].value

    return sorted(results, key=fall, reverse=True)


def _styles(results: Sequence[Result]) -> dict[str, Style]:
    """The best three have colours of their own, all others are grey; the same under every protocol."""
    methods = [result.name for result in _ranked(results) if result.method != RANDOM]
    styles = {result.name: Style(Role.CHANCE, 0) for result in results}
    for place_, name in enumerate(methods):
        if place_ == 0:
            styles[name] = Style(Role.OWN, 0)
        elif place_ <= OTHERS:
            styles[name] = Style(Role.OTHER, place_ - 1)
        else:
            styles[name] = Style(Role.MORE, place_ - 1 - OTHERS)
    return styles


def _course(curve: MeanCurve, *, is_bare: bool) -> Course:
    counts = 100 * curve.at
    return Course(counts, curve.mean) if is_bare else Course(counts, curve.mean, curve.low, curve.high)


def _score(result: Result, metric: str) -> Score:
    found = result.metrics[metric]
    return found.value, found.low, found.high


def _span(shares: Sequence[float]) -> tuple[float, float]:
    """Tenths around all of them, so far apart that levels divide them: two to six, eight, or all."""
    foot, head = math.floor(TENTHS * min(shares) + 1e-6), math.ceil(TENTHS * max(shares) - 1e-6)
    wide = next(wide for wide in WIDTHS if wide >= head - foot)
    foot = max(0, head - wide)
    return foot / TENTHS, (foot + wide) / TENTHS


def _parts(room: QRectF, unit: float) -> list[QRectF]:
    """Two plots and the scores, side by side."""
    gap = BETWEEN * unit
    wide = room.width() - gap * (len(PARTS) - 1)
    left, found = room.left(), []
    for share in PARTS:
        found.append(QRectF(left, room.top(), share * wide, room.height()))
        left += share * wide + gap
    return found


def _line_of(text: str, ink: Ink, room: QRectF) -> Text:
    tall = metrics(ink.pixels, ink.bold).height()
    return place(text, ink, (room.left(), room.top() + tall / 2), LEFT, room.width())


def _title(evaluation: Evaluation) -> str:
    count = counted(evaluation.sentences, "sentence")
    return help_text("trust_evaluation", "title", sentences=count, source=evaluation.source)


def _notes(evaluation: Evaluation) -> tuple[str, ...]:
    """What a caption must say: the model, what was taken away, and what the intervals are."""
    said = [help_text("trust_evaluation", "model", model=evaluation.model)]
    if evaluation.accuracy is not None:
        said.append(help_text("trust_evaluation", "accuracy", share=percent(evaluation.accuracy.value)))
    unit = help_text("trust_plot", "words" if evaluation.whole_words else "pieces")
    said.append(help_text("trust_evaluation", "taken", unit=unit))
    said.append(help_text("trust_evaluation", "intervals", count=str(evaluation.resamples)))
    return (*said, help_text("trust_evaluation", "seed", seed=str(evaluation.seed)))
