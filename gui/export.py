"""Pictures into files: SVG and PDF with text as text and cells as shapes, PNG in pixels, each with its caption."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from engine import registry
from engine.contract import Explanation
from engine.version import version
from gui.paint.colour import qcolor
from gui.paint.palette import PALETTES, Palette
from gui.paint.typeface import LEFT, Ink, Text, body_pixels, metrics, place, wrapped
from gui.state import ViewState
from gui.told.prose import target_words
from gui.viewkit import Figure, View

DPI = 96  # a pixel of a picture is 1/96 inch, as in a browser
METRE = 39.3701  # inches
KINDS = (".svg", ".pdf", ".png")


@dataclass(frozen=True, slots=True)
class Size:
    """A picture's size in pixels of 1/96 inch; ``scale`` is how many dots a PNG has to the pixel.

    A height of 0 leaves it to the view (:attr:`gui.viewkit.View.aspect`).
    """

    width: int
    height: int
    scale: float = 1.0

    def fitted(self, view: View) -> Size:
        """The same with the height that suits the view where none is given."""
        return self if self.height else replace(self, height=round(self.width * view.aspect))


SIZES = {
    "slide": Size(1280, 720, 1.5),
    "column": Size(336, 0, 300 / DPI),
    "page": Size(672, 480, 300 / DPI),
}
SMALLEST, LARGEST = 120, 10_000


def parse_size(text: str) -> Size:
    """A preset's name, or ``WIDTHxHEIGHT`` in pixels. Raises ValueError with a sentence for the person."""
    if text in SIZES:
        return SIZES[text]
    parts = text.lower().split("x")
    if len(parts) == 2 and all(part.isascii() and part.isdigit() for part in parts):
        width, height = int(parts[0]), int(parts[1])
        if min(width, height) >= SMALLEST and max(width, height) <= LARGEST:
            return Size(width, height)
    raise ValueError(
        f"The size “{text}” is not known. Choose {', '.join(SIZES)}, or WIDTHxHEIGHT between {SMALLEST} and {LARGEST}."
    )


def program() -> str:
    """The program and, where it is installed, its version."""
    return f"Headstream {version()}".removesuffix(" unknown")


def caption(explanation: Explanation, notes: tuple[str, ...]) -> str:
    """What a reader of the picture must know: model, method, what is explained, what is shown and hidden, version."""
    known = {method.id: method for method in registry.discover()}
    method = known.get(explanation.request.method)
    said = f"method {method.label if method else explanation.request.method}"
    given = ", ".join(f"{name}={value}" for name, value in explanation.request.parameters)
    if given:
        said += f" ({given})"
    if explanation.preview:
        said += f", preview{f': {method.preview_note}' if method is not None and method.preview_note else ''}"
    target = "how words mix, whatever the answer"
    if explanation.explains_answer:
        answer, other = target_words(explanation)
        target = f"{answer} instead of {other}" if other else answer
    parts = [f"Model {explanation.model.title}", said, f"explained: {target}", *notes, program()]
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class CaptionedFigure:
    """A figure with its caption below, on the theme's card."""

    figure: Figure
    lines: tuple[Text, ...]
    rect: QRectF
    palette: Palette

    @property
    def notes(self) -> tuple[str, ...]:
        """Those of the figure."""
        return self.figure.notes

    def paint(self, painter: QPainter) -> None:
        """The card, the figure, the caption."""
        painter.fillRect(self.rect, qcolor(self.palette.card))
        self.figure.paint(painter)
        for line in self.lines:
            line.paint(painter, self.palette)


def compose(view: View, explanation: Explanation, look: ViewState, size: Size, *, captioned: bool) -> CaptionedFigure:
    """The view's figure in this size; the caption takes its room from the figure."""
    palette = PALETTES[look.theme]
    whole = QRectF(0, 0, size.width, size.height)
    figure = view.figure(explanation, look, whole, palette)
    if not captioned:
        return CaptionedFigure(figure, (), whole, palette)
    unit = body_pixels(size.width, size.height)
    ink = Ink(round(0.82 * unit), "muted")
    margin, line = 0.8 * unit, 1.1 * metrics(ink.pixels).height()
    words = wrapped(caption(explanation, figure.notes), ink, size.width - 2 * margin)
    top = size.height - len(words) * line - 0.5 * margin
    figure = view.figure(explanation, look, QRectF(0, 0, size.width, top - 0.2 * unit), palette)
    lines = tuple(
        place(text, ink, (margin, top + (index + 0.5) * line), LEFT, size.width - 2 * margin)
        for index, text in enumerate(words)
    )
    return CaptionedFigure(figure, lines, whole, palette)


def export_view(
    view: View, explanation: Explanation, look: ViewState, path: Path, size: Size, *, captioned: bool = True
) -> None:
    """Write one view of one explanation. Raises ValueError for an unknown kind of file, OSError where none can be."""
    size = size.fitted(view)
    save(compose(view, explanation, look, size, captioned=captioned), path, size, title=explanation.request.text)


def save(figure: Figure, path: Path, size: Size, *, title: str = "") -> None:
    """Write a finished figure; the file appears whole or not at all."""
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
