"""How unlike two pictures are, wherever each was painted: nothing missing from either, whatever the antialiasing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

REACH = 1  # pixel: letters of another program stand a little elsewhere
FAR = 70  # of 255: edges are smoothed in many ways
TILE = 48  # pixels: large enough for a short word


def pixels_of(image: QImage) -> np.ndarray:
    """[line, column, colour]."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    words = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return words[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4)[:, :, :3].astype(np.int16)


def read(path: Path) -> np.ndarray:
    image = QImage(str(path))
    assert not image.isNull(), path
    return pixels_of(image)


def unlike(one: np.ndarray, other: np.ndarray) -> int:
    """How many pixels of either picture have nothing like them nearby in the other, in the worst tile of both."""
    assert one.shape == other.shape
    return max(_missing(one, other), _missing(other, one))


def _missing(one: np.ndarray, other: np.ndarray) -> int:
    """Of ``one``: its pixels that stand out from ``other``."""
    lines, columns = np.nonzero(np.abs(one - other).max(2) > FAR)
    found = np.zeros(len(lines), dtype=bool)
    height, width = one.shape[:2]
    for down in range(-REACH, REACH + 1):
        for across in range(-REACH, REACH + 1):
            near = other[np.clip(lines + down, 0, height - 1), np.clip(columns + across, 0, width - 1)]
            found |= np.abs(one[lines, columns] - near).max(1) <= FAR
    tiles = np.zeros((height // TILE + 1, width // TILE + 1), dtype=int)
    np.add.at(tiles, (lines[~found] // TILE, columns[~found] // TILE), 1)
    return int(tiles.max())
