"""Figures into files: SVG and PDF with text as text and cells as shapes, PNG in pixels."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from gui.figures.caption import program
from gui.figures.sizes import DPI, Size
from gui.state import AppState
from gui.viewkit import Figure

METRE = 39.3701  # inches
KINDS = (".svg", ".pdf", ".png")


def save(
    figure: Figure,
    path: Path,
    size: Size,
    *,
    title: str = "",
    state: AppState | None = None,
    outlines: bool = False,
) -> None:
    """Write a finished figure; the file appears whole or not at all.

    ``state`` is embedded, so that opening the file restores it (:func:`gui.figures.embedded.state_in`); ``outlines``
    writes the letters of an SVG as shapes. Raises ValueError for an unknown kind of file, OSError where it cannot be
    written.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise ValueError(f"“{path.name}” should end in {', '.join(KINDS[:-1])} or {KINDS[-1]}.")
    handle, name = tempfile.mkstemp(prefix=f".{path.stem[:40]}-", suffix=kind, dir=path.resolve().parent)
    os.close(handle)
    draft = Path(name)
    try:
        {".svg": _write_svg, ".pdf": _write_pdf, ".png": _write_png}[kind](figure, name, size, title)
        draft.chmod(0o644)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _paint(figure: Figure, painter: QPainter) -> None:
    try:
        figure.paint(painter)
    finally:
        painter.end()


def _write_svg(figure: Figure, name: str, size: Size, title: str) -> None:
    generator = QSvgGenerator()
    generator.setFileName(name)
    generator.setResolution(DPI)
    generator.setSize(QSize(size.width, size.height))
    generator.setViewBox(QRectF(0, 0, size.width, size.height))
    generator.setTitle(title)
    generator.setDescription(program())
    _paint(figure, QPainter(generator))
    # Readers without this system's font shall fall back to a plain one, not to their serif.
    path = Path(name)
    markup = re.sub(r'font-family="([^"]*)"', "font-family=\"'\\1', sans-serif\"", path.read_text(encoding="utf-8"))
    path.write_text(markup, encoding="utf-8")


def _write_pdf(figure: Figure, name: str, size: Size, title: str) -> None:
    writer = QPdfWriter(name)
    writer.setTitle(title)
    writer.setCreator(program())
    writer.setResolution(DPI)
    points = QSizeF(size.width * 72 / DPI, size.height * 72 / DPI)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "figure", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Point)
    _paint(figure, QPainter(writer))


def _write_png(figure: Figure, name: str, size: Size, title: str) -> None:
    pixels = QSize(round(size.width * size.scale), round(size.height * size.scale))
    image = QImage(pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    image.setDotsPerMeterX(round(DPI * size.scale * METRE))
    image.setDotsPerMeterY(round(DPI * size.scale * METRE))
    image.setText("Title", title)
    painter = QPainter(image)
    painter.scale(size.scale, size.scale)
    _paint(figure, painter)
    if not image.save(name):
        raise OSError(f"The picture could not be written to {name}.")
