"""A figure as SVG."""

from __future__ import annotations

import zlib
from typing import cast

from PySide6.QtGui import QFontInfo, QGuiApplication, QPainter

from gui.figures.caption import program
from gui.figures.embedded import xml_element
from gui.figures.sizes import DPI, Size
from gui.figures.svg_painter import UNIQUE, SvgPainter
from gui.figures.svg_style import USUAL
from gui.figures.xml_text import escaped
from gui.viewkit import Figure

MILLIMETRES = 25.4 / DPI  # of a pixel


def svg(figure: Figure, size: Size, title: str, settings: str, *, outlines: bool) -> bytes:
    """The file: text as text, or as shapes where ``outlines``; ``settings`` in its metadata, "" for none."""
    painter = SvgPainter(is_outlined=outlines)
    figure.paint(cast(QPainter, painter))
    body = painter.markup()
    body = body.replace(UNIQUE, f"h{zlib.crc32(body.encode()):08x}-")  # two figures on one page keep theirs apart
    # Readers without this system's font shall fall back to a plain one, not to their serif.
    family = escaped(QFontInfo(QGuiApplication.font()).family().replace("'", ""))
    width, height = (f"{pixels * MILLIMETRES:.3f}mm" for pixels in (size.width, size.height))
    said = " · ".join((*figure.notes, program()))
    metadata = f"<metadata>{xml_element(settings)}</metadata>\n" if settings else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {size.width} {size.height}" role="img" font-family="\'{family}\', sans-serif" {USUAL}>\n'
        f"<title>{escaped(title)}</title>\n<desc>{escaped(said)}</desc>\n{metadata}{body}\n</svg>\n"
    ).encode()
