"""The foot of a picture of many maps: the scale, how to read a cell, what is hidden."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from gui.paint.map_rows import MapRows
from gui.paint.typeface import LEFT, RIGHT, Ink, Text, metrics, place, width_of, wrapped
from gui.told.wording import isolated

LEADING = 1.15  # lines


class MapFoot:
    """The scale at the left with words beside it, or below it where there is too little room for whole sentences."""

    def __init__(self, rows: MapRows, said: tuple[str, ...], width: float, pixels: int, *, is_ordered: bool) -> None:
        """``said`` tells how to read a cell; ``is_ordered`` adds the words of maps too small to carry them."""
        if rows.hidden:
            said = (f"{rows.note[:1].upper()}{rows.note[1:]}.", *said[1:])
        self._ink, self._width = Ink(pixels, "muted"), width
        self._line = metrics(pixels).height()
        self._bar = min(0.35 * width, 14 * pixels)
        self._room = width - self._bar - 3 * pixels
        self._is_below = any(width_of(sentence, self._ink) > self._room for sentence in said)
        if self._is_below:
            self._room = width - pixels
            said = tuple(line for sentence in said for line in wrapped(sentence, self._ink, self._room))
        order = f"Words in their order: {' '.join(isolated(label) for label in rows.labels)}"
        self._lines = (*said, order) if is_ordered else said

    @property
    def height(self) -> float:
        """What it takes of the picture."""
        return (1.1 + LEADING * (len(self._lines) + 2 * self._is_below)) * self._line

    def placed(self, height: float) -> tuple[QRectF, tuple[Text, ...]]:
        """The scale's bar and the words, at the foot of a picture so high."""
        pixels, top = self._ink.pixels, height - self.height + 0.9 * self._line
        bar = QRectF(0.5 * pixels, top, self._bar, 0.85 * pixels)
        align, first = (LEFT, 2) if self._is_below else (RIGHT, 0)
        x = bar.left() if self._is_below else self._width - 0.5 * pixels
        texts = [
            place(text, self._ink, (x, top + (0.4 + LEADING * index) * self._line), align, self._room)
            for index, text in enumerate(self._lines, first)
        ]
        return bar, tuple(texts)
