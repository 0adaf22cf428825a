"""Figures into files: SVG and PDF with text as text and cells as shapes, PNG in pixels."""

from __future__ import annotations

from pathlib import Path

from engine.writing import write_whole
from gui.figures.embedded import settings_of
from gui.figures.pdf import pdf
from gui.figures.png import png
from gui.figures.sizes import Size
from gui.figures.svg import svg
from gui.state import AppState
from gui.viewkit import Figure

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
    settings = settings_of(state) if state is not None else ""
    match path.suffix.lower():
        case ".svg":
            data = svg(figure, size, title, settings, outlines=outlines)
        case ".pdf":
            data = pdf(figure, size, title, settings)
        case ".png":
            data = png(figure, size, title, settings)
        case _:
            raise ValueError(f"“{path.name}” should end in {', '.join(KINDS[:-1])} or {KINDS[-1]}.")
    write_whole(path, data)
