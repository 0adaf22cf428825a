"""A comparison among what there is to make a file of."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF

from gui.compare.comparison_figure import ComparisonFigure, aspect, comparison_figure
from gui.compare.difference import Difference, difference
from gui.figures.caption import caption
from gui.figures.exported import Exported
from gui.figures.sizes import SIZES
from gui.guide.help import help_text
from gui.paint.palette import Palette
from gui.shown import Shown

SIDED = 2  # parts of a caption that may differ between A and B: the model, the method


def exported(made: Difference) -> Exported:
    """The whole comparison as one figure: both sentences, three panes, what they say."""
    return Exported(
        id="comparison",
        label=help_text("compare", "comparison"),
        sentence=help_text("compare", "figure"),
        aspect=aspect(made, SIZES["column"].width),
        figure_of=partial(_figure, made),
        caption_of=partial(comparison_caption, made),
    )


def drawn(shown: Shown, rect: QRectF, palette: Palette) -> ComparisonFigure | None:
    """The same for a screen; None while an answer is missing."""
    if shown.state.comparison is None or shown.first is None or shown.explanation is None:
        return None
    return comparison_figure(difference(shown.first, shown.explanation, shown.state), rect, palette)


def comparison_caption(made: Difference, notes: tuple[str, ...]) -> str:
    """The caption of B, and before it what A has of its own."""
    first = caption(made.first, ()).split(" · ")[:SIDED]
    second = caption(made.second, notes)
    if second.split(" · ")[:SIDED] == first:
        return second
    return f"A: {' · '.join(first)} · B: {second}"


def _figure(made: Difference, rect: QRectF, palette: Palette) -> ComparisonFigure:
    return comparison_figure(made, rect, palette)
