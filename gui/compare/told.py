"""What a comparison shows, in words made from its numbers. Pure."""

from __future__ import annotations

from gui.compare.difference import Difference
from gui.paint.palette import Palette
from gui.told.prose import Paragraph, Run


def told(difference: Difference, palette: Palette) -> Paragraph:
    """The statement below the panes; colours are called as the palette shows them."""
    return (Run(difference.why_not or "A minus B"),)


def rich(paragraph: Paragraph, palette: Palette) -> str:
    """The statement for a label: bold words, and the colours' names in their colours."""
    return "".join(run.text for run in paragraph)
