"""A tried explanation among what there is to make a file of."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF

from gui.figures.caption import caption
from gui.figures.exported import Exported
from gui.guide.help import help_text
from gui.paint.palette import Palette
from gui.trust.curves import CurveFigure, curve_figure
from gui.trust.tried import Tried, lines, words

TRUST = "trust"
ASPECT = 1.9  # in a column of text its plots stand below one another, over a long caption


def exported(tried: Tried) -> Exported:
    """Both plots, with a caption that says how the explanation was tried."""
    return Exported(
        id=TRUST,
        label=help_text("trust_plot", "label"),
        sentence=help_text("trust_plot", "sentence"),
        aspect=ASPECT,
        figure_of=partial(figure, tried),
        caption_of=partial(caption, tried.explanation),
    )


def figure(tried: Tried, rect: QRectF, palette: Palette) -> CurveFigure:
    """The plots for one size."""
    return curve_figure(lines(tried), words(tried), rect, palette)
