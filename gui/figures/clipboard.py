"""A figure on the clipboard: as shapes for those who take them, as dots for the rest."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from gui.figures.embedded import settings_of
from gui.figures.png import png
from gui.figures.sizes import Size
from gui.figures.svg import svg
from gui.state import AppState
from gui.viewkit import Figure

SVG, PNG = "image/svg+xml", "image/png"
SHARP = 2.0  # dots to the pixel


def copy(figure: Figure, size: Size, state: AppState | None = None) -> None:
    """Put the figure on the clipboard as SVG and as PNG at once, each with the settings of ``state``.

    Raises OSError where there is no memory for the picture.
    """
    title = state.text if state is not None else ""
    settings = settings_of(state) if state is not None else ""
    dots = png(figure, replace(size, scale=SHARP), title, settings)
    data = QMimeData()
    data.setData(SVG, QByteArray(svg(figure, size, title, settings, outlines=False)))
    data.setData(PNG, QByteArray(dots))
    data.setImageData(QImage.fromData(dots))  # for programs that know neither name, such as most on Windows
    QGuiApplication.clipboard().setMimeData(data)
