"""Shapes as SVG path data: short numbers, and many rectangles at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QIODevice, QRectF
from PySide6.QtGui import QPainterPath

from engine.contract import Array

MANY = 40  # elements from which a path is read all at once
ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])  # as Qt streams them
MOVE, LINE, CURVE, CURVE_DATA = range(4)
HUNDREDTHS = 100  # what is less than a hundredth of a pixel, nobody sees


@lru_cache(maxsize=32768)  # pictures are grids: the same places come again and again
def number(value: float) -> str:
    """As short as a hundredth of a pixel allows."""
    return f"{round(value, 2) + 0.0:.9g}"


Rectangle = tuple[int, int, int, int]  # left, top, width and height in hundredths


def rectangle(rect: QRectF, dx: float, dy: float) -> Rectangle:
    """The rectangle, shifted."""
    left, top = round((rect.x() + dx) * HUNDREDTHS), round((rect.y() + dy) * HUNDREDTHS)
    return left, top, round(rect.width() * HUNDREDTHS), round(rect.height() * HUNDREDTHS)


@lru_cache(maxsize=32768)
def _said(hundredths: int) -> str:
    return f"{hundredths / HUNDREDTHS:.9g}"


def joined(shapes: Sequence[str | Rectangle]) -> str:
    """All of them as one path; a rectangle begins where the one before did, shifted: maps are full of equal steps."""
    parts: list[str] = []
    before: Rectangle | None = None
    for shape in shapes:
        if isinstance(shape, str):
            parts.append(shape)
            before = None
            continue
        left, top, wide, tall = shape
        lead = f"M{_said(left)} {_said(top)}"
        if before is not None:
            lead = f"m{_said(left - before[0])} {_said(top - before[1])}"
        parts.append(f"{lead}h{_said(wide)}v{_said(tall)}h-{_said(wide)}z")
        before = shape
    return "".join(parts)


def path_data(path: QPainterPath, dx: float, dy: float) -> str:
    """The path, shifted."""
    if path.elementCount() >= MANY:
        return _long(path, dx, dy)
    parts = []
    for index in range(path.elementCount()):
        element = path.elementAt(index)
        x, y = number(element.x + dx), number(element.y + dy)
        lead = "M" if element.isMoveTo() else "C" if element.isCurveTo() else "L" if element.isLineTo() else " "
        parts.append(f"{lead}{x} {y}")
    return "".join(parts)


def _long(path: QPainterPath, dx: float, dy: float) -> str:
    data = QByteArray()
    stream = QDataStream(data, QIODevice.OpenModeFlag.WriteOnly)
    stream << path
    elements = np.frombuffer(data.data(), ELEMENT, path.elementCount(), 4)
    x = np.rint((elements["x"] + dx) * HUNDREDTHS).astype(int)
    y = np.rint((elements["y"] + dy) * HUNDREDTHS).astype(int)
    kinds = elements["kind"]
    if _is_rectangles(kinds, x, y):
        sides = x[::5], y[::5], x[2::5] - x[::5], y[2::5] - y[::5]
        return joined(list(zip(*(side.tolist() for side in sides), strict=True)))
    leads = np.array(["M", "L", "C", " "])[kinds].tolist()
    return "".join(
        f"{lead}{across / HUNDREDTHS:.9g} {down / HUNDREDTHS:.9g}"
        for lead, across, down in zip(leads, x.tolist(), y.tolist(), strict=True)
    )


def _is_rectangles(kinds: Array, x: Array, y: Array) -> bool:
    """Whether every five elements go round a rectangle, beginning at its upper left, across first."""
    if len(kinds) % 5 or not (kinds.reshape(-1, 5) == [MOVE, LINE, LINE, LINE, LINE]).all():
        return False
    across, down = x.reshape(-1, 5), y.reshape(-1, 5)
    level = (across[:, [0, 0, 1]] == across[:, [3, 4, 2]]).all() and (down[:, [0, 0, 2]] == down[:, [1, 4, 3]]).all()
    return bool(level and (across[:, 1] >= across[:, 0]).all() and (down[:, 2] >= down[:, 0]).all())
