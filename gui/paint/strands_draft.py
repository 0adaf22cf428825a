"""Thousands of straight links at any threshold in a few milliseconds, for as long as a person moves it.

Links between two columns share no pixel with those between two others, and of a layer the strongest are always chosen.
So the strongest link at a pixel decides it at every threshold: it is found once, and looked up from then on.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from engine.contract import Array
from gui.paint.kept import kept
from gui.paint.links import Ranking


@kept(1)
def lines_of(ranking: Ranking, columns: tuple[float, ...], rows: tuple[float, ...]) -> tuple[QLineF, ...]:
    """A straight line for every link that can be chosen, in the order of their ranks."""
    made: list[QLineF] = []
    for layer, place in enumerate(ranking.place):
        receivers, sources = np.divmod(place, max(1, ranking.rows))
        start, end = columns[layer : layer + 2]
        pairs = zip(sources.tolist(), receivers.tolist(), strict=True)
        made += [QLineF(start, rows[source], end, rows[receiver]) for source, receiver in pairs]
    return tuple(made)


@kept(1)
def _on_top(
    ranking: Ranking, columns: tuple[float, ...], rows: tuple[float, ...], size: tuple[int, int], per_unit: float
) -> Array:
    """[y, x] the rank of the strongest link at each pixel, counted from 1, and 0 where there is none."""
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(0)
    lines = lines_of(ranking, columns, rows)
    sizes = np.abs(np.concatenate(ranking.weight))
    widths = np.maximum(1.0, per_unit * sizes).tolist()
    painter = QPainter(image)
    try:
        for rank in np.argsort(sizes, kind="stable").tolist():
            painter.setPen(QPen(QColor.fromRgb(rank + 1), widths[rank], Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(lines[rank])
    finally:
        painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(size[1], size[0])
    return (pixels & 0xFFFFFF).astype(np.uint16)


def draft_image(
    ranking: Ranking,
    places: tuple[tuple[float, ...], tuple[float, ...]],
    size: tuple[int, int],
    per_unit: float,
    colours: Array,
) -> QImage:
    """The links in their ``colours`` [rank], premultiplied ARGB and 0 where not chosen, at the ``places`` of nodes.

    ``per_unit`` is the width in pixels of a link that carries 1.
    """
    table = np.concatenate([np.zeros(1, np.uint32), colours.astype(np.uint32)])
    pixels = table[_on_top(ranking, *places, size, per_unit)]
    shown = QImage(pixels.data, *size, 4 * size[0], QImage.Format.Format_ARGB32_Premultiplied)
    return shown.copy()  # the array does not live as long
