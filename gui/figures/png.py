"""A figure as PNG."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter

from gui.figures.caption import program
from gui.figures.embedded import png_chunk
from gui.figures.sizes import DPI, Size
from gui.viewkit import Figure

METRE = 39.3701  # inches
MOST_DOTS = 200_000_000  # a picture of more fills the memory of a small machine
COMPRESSION = 30  # of 100: half the time of Qt's own choice, and files a tenth larger
HEADER = 33  # bytes of a PNG until its first chunk after the header


def image(figure: Figure, size: Size) -> QImage:
    """The figure in dots, on white. Raises OSError where there is no room for so many."""
    pixels = QSize(round(size.width * size.scale), round(size.height * size.scale))
    is_small = pixels.width() * pixels.height() <= MOST_DOTS
    made = QImage(pixels, QImage.Format.Format_RGB32) if is_small else QImage()
    if made.isNull():
        dots = f"{pixels.width()} × {pixels.height()} dots"
        raise OSError(f"A picture of {dots} takes more memory than there is; choose a smaller size or fewer dots")
    made.fill(Qt.GlobalColor.white)
    made.setDotsPerMeterX(round(DPI * size.scale * METRE))
    made.setDotsPerMeterY(round(DPI * size.scale * METRE))
    painter = QPainter(made)
    try:
        painter.scale(size.scale, size.scale)
        figure.paint(painter)
    finally:
        painter.end()
    return made


def png(figure: Figure, size: Size, title: str, settings: str) -> bytes:
    """The file; ``settings`` in a text of its own, "" for none."""
    made = image(figure, size)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"png")
    writer.setCompression(COMPRESSION)
    writer.setText("Title", title)
    writer.setText("Software", program())
    if not writer.write(made):
        raise OSError(f"The picture could not be written: {writer.errorString()}.")
    whole = bytes(data.data())
    return whole[:HEADER] + (png_chunk(settings) if settings else b"") + whole[HEADER:]
