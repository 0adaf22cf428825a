"""The three pictures of a comparison: A, B and A minus B, their rows on the same lines."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from gui.compare.difference import Difference, Pane
from gui.compare.flow_contents import flow_contents
from gui.compare.flow_pane import flow_pane
from gui.compare.map_pane import map_pane
from gui.compare.pane import Hit, PaneFigure, heading, quiet_pane
from gui.compare.words_pane import words_pane
from gui.paint.palette import Palette
from gui.state import ComparedAs

__all__ = ["Hit", "PaneFigure", "heading", "pane_figure"]


def pane_figure(difference: Difference, pane: Pane, rect: QRectF, palette: Palette) -> PaneFigure:
    """One pane for one size; given the same size, rows of all three stand on the same lines."""
    if difference.compared_as is ComparedAs.FLOW and pane in flow_contents(difference):
        return flow_pane(difference, pane, rect, palette)
    if not difference.why_not and difference.compared_as is ComparedAs.MAPS:
        return map_pane(difference, pane, rect, palette)
    if not difference.why_not and difference.compared_as is ComparedAs.WORDS:
        return words_pane(difference, pane, rect, palette)
    return quiet_pane(difference, pane, difference.why_not, rect, palette)
