"""All layers and all components side by side, and under each layer how much it moves between words."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF

from engine.contract import Explanation
from gui.help import help_text
from gui.paint.component_maps import SCALE_WORDS, TITLES, clamped_layer
from gui.paint.heatmap import Heatmap
from gui.paint.map_rows import map_rows, step_for
from gui.paint.numerals import percent
from gui.paint.overview_maps import Moved, awaited_layers, layer_maps, moved
from gui.paint.tiles import Bar, Tile, Tiles, foot, foot_height, snapped
from gui.paint.typeface import CENTRE, LEFT, RIGHT, Ink, Text, body_pixels, metrics, place, width_of
from gui.state import ViewState

KEYS = tuple(TITLES)
HOW = ("One colour scale for all maps: share of the row.", " ".join(SCALE_WORDS[1:]))


def overview_tiles(explanation: Explanation, view: ViewState, width: float, height: float, ratio: float = 1.0) -> Tiles:
    """Layers as columns or as lines, whichever leaves the maps larger."""
    layers = explanation.model.layers
    unit = body_pixels(width, height)
    ink = Ink(round(0.86 * unit), "muted")
    line = metrics(ink.pixels).height()
    names = max(width_of(title, ink) for title, _ in TITLES.values()) + 1.4 * unit
    flow = moved(explanation, map_rows(explanation, view))
    of_flow = _wide_words(flow, ink) if flow else 0.0
    tall = height - foot_height(ink.pixels)
    upright = ((width - max(names, of_flow)) / layers, (tall - 1.6 * line - (3.2 * line if flow else 0)) / len(KEYS))
    layer_names = width_of("layer 88", ink) + 1.4 * unit
    lying = ((width - layer_names - of_flow) / len(KEYS), (tall - 2.8 * line) / layers)
    is_lying = min(lying) > min(upright)
    grid = _Grid(explanation, view, (width, height, ratio), ink)
    if is_lying:
        return grid.lying((layer_names, 2.8 * line), lying, flow)
    return grid.upright((max(names, of_flow), 1.6 * line), upright, flow)


def _wide_words(flow: Moved, ink: Ink) -> float:
    return max(width_of(text, ink) for text in flow_words(flow)) + 1.4 * ink.pixels


def flow_words(flow: Moved) -> tuple[str, str]:
    """What the bars say, and what their dark part does."""
    into = help_text("overview", "into", word=flow.at) if flow.at else help_text("overview", "into_read")
    return help_text("overview", "moved"), into


class _Grid:
    """One picture being laid out: both ways of laying it share the tiles, the marks and the foot."""

    def __init__(self, explanation: Explanation, view: ViewState, size: tuple[float, float, float], ink: Ink) -> None:
        self.explanation, self.view, self.size, self.ink = explanation, view, size, ink
        self.rows = map_rows(explanation, view)
        self.layers = explanation.model.layers
        self.layer = clamped_layer(explanation, view)
        self.line = metrics(ink.pixels).height()

    def upright(self, corner: tuple[float, float], pitch: tuple[float, float], flow: Moved | None) -> Tiles:
        """Layers as columns, components as lines, the bars at the bottom."""
        side, pitch = self._side(pitch), self._close(pitch)
        squares = self._squares(corner, pitch, side, across=self.layers)
        texts = self._titles_beside(squares) + self._layers_above(squares)
        bars: list[Bar] = []
        if flow is not None:
            bottom = squares[-1].bottom() + 0.8 * self.line
            for layer in range(self.layers):
                square = squares[layer]
                bars.append(_bar(QRectF(square.left(), bottom, side, 0.45 * self.line), flow, layer))
                at = (square.center().x(), bottom + 1.1 * self.line)
                texts.append(self._number(flow, layer, at, pitch[0]))
            right = squares[0].left() - 0.7 * self.ink.pixels
            for index, words in enumerate(flow_words(flow)):
                at = (right, bottom + (0.25 + 1.0 * index) * self.line)
                texts.append(place(words, self.ink, at, RIGHT, right))
        keys = [(column, line) for line in range(len(KEYS)) for column in range(self.layers)]
        last = squares[-1].bottom() + (2.2 * self.line if flow is not None else 0)
        band = QRectF(squares[self.layer].left(), 0.1 * self.line, side, last - 0.1 * self.line)
        return self._tiles(squares, keys, self.layers, texts, bars, band.adjusted(-3, 0, 3, 2))

    def lying(self, corner: tuple[float, float], pitch: tuple[float, float], flow: Moved | None) -> Tiles:
        """Layers as lines, components as columns, the bars at the end of the lines."""
        side, pitch = self._side(pitch), self._close(pitch)
        squares = self._squares(corner, pitch, side, across=len(KEYS))
        texts = self._titles_above(squares, pitch[0])
        lefts = [squares[layer * len(KEYS)] for layer in range(self.layers)]
        for layer, square in enumerate(lefts):
            at = (square.left() - 0.7 * self.ink.pixels, square.center().y())
            texts.append(place(f"layer {layer + 1}", self._lit(layer), at, RIGHT))
        right = squares[len(KEYS) - 1].right()
        bars: list[Bar] = []
        if flow is not None:
            left, room = right + 1.4 * self.ink.pixels, _wide_words(flow, self.ink) - 1.4 * self.ink.pixels
            number = width_of("100 %", self.ink) + 0.4 * self.ink.pixels
            for layer, square in enumerate(lefts):
                tall = min(0.45 * self.line, 0.7 * side)
                whole = QRectF(left, square.center().y() - tall / 2, room - number, tall)
                bars.append(_bar(whole, flow, layer))
                at = (whole.right() + 0.4 * self.ink.pixels + number / 2, square.center().y())
                texts.append(self._number(flow, layer, at, number))
            for index, words in enumerate(flow_words(flow)):
                texts.append(place(words, self.ink, (left, (0.6 + index) * self.line), LEFT, room))
            right = left + room
        keys = [(line, column) for line in range(self.layers) for column in range(len(KEYS))]
        chosen = lefts[self.layer]
        start = chosen.left() - 0.9 * self.ink.pixels - width_of("layer 88", self.ink)
        band = QRectF(start, chosen.top(), right - start + 2, side).adjusted(0, -2, 2, 2)
        return self._tiles(squares, keys, len(KEYS), texts, bars, band)

    def _side(self, pitch: tuple[float, float]) -> float:
        most = min(pitch) - max(3.0, 0.09 * min(pitch))
        return max(4.0, snapped(most, len(self.rows)) if len(self.rows) * 2 <= most else math.floor(most))

    def _close(self, pitch: tuple[float, float]) -> tuple[float, float]:
        """Not much further apart one way than the other."""
        least = min(pitch)
        return min(pitch[0], 1.4 * least), min(pitch[1], 1.25 * least)

    def _squares(
        self, corner: tuple[float, float], pitch: tuple[float, float], side: float, across: int
    ) -> list[QRectF]:
        count = self.layers * len(KEYS)
        places = (divmod(index, across) for index in range(count))
        return [
            QRectF(round(corner[0] + column * pitch[0]), round(corner[1] + line * pitch[1]), side, side)
            for line, column in places
        ]

    def _lit(self, layer: int) -> Ink:
        return Ink(self.ink.pixels, "accent", bold=True) if layer == self.layer else self.ink

    def _number(self, flow: Moved, layer: int, at: tuple[float, float], room: float) -> Text:
        return place(percent(float(flow.share[layer])), self._lit(layer), at, CENTRE, room)

    def _titles_beside(self, squares: list[QRectF]) -> list[Text]:
        lines = squares[:: self.layers]
        right = squares[0].left() - 0.7 * self.ink.pixels
        inks = Ink(self.ink.pixels, "text"), Ink(max(8, round(0.86 * self.ink.pixels)), "muted")
        texts = []
        for square, (title, subtitle) in zip(lines, TITLES.values(), strict=True):
            has_room = square.height() > 2.2 * self.line and width_of(subtitle, inks[1]) < right
            middle = square.center().y() - (0.5 * self.line if has_room else 0)
            texts.append(place(title, inks[0], (right, middle), RIGHT, right))
            if has_room:
                texts.append(place(subtitle, inks[1], (right, middle + self.line), RIGHT, right))
        return texts

    def _layers_above(self, squares: list[QRectF]) -> list[Text]:
        texts = []
        for layer, square in enumerate(squares[: self.layers]):
            fits = width_of("layer 88", self.ink) < square.width()
            at = (square.center().x(), square.top() - 0.8 * self.line)
            texts.append(place(f"layer {layer + 1}" if fits else f"{layer + 1}", self._lit(layer), at, CENTRE))
        if not texts[0].full.startswith("layer"):
            at = (squares[0].left() - 0.7 * self.ink.pixels, squares[0].top() - 0.8 * self.line)
            texts.append(place("layer", self.ink, at, RIGHT, at[0]))
        return texts

    def _titles_above(self, squares: list[QRectF], pitch: float) -> list[Text]:
        """On two lines where one is too narrow."""
        texts = []
        for square, (title, _) in zip(squares[: len(KEYS)], TITLES.values(), strict=True):
            ink = Ink(self.ink.pixels, "text")
            words = [title] if width_of(title, ink) <= pitch - 4 else title.rsplit(" ", 1)
            for index, text in enumerate(words):
                at = (square.center().x(), square.top() - (0.7 + len(words) - 1 - index) * self.line)
                texts.append(place(text, ink, at, CENTRE, pitch - 4))
        return texts

    def _tiles(
        self,
        squares: list[QRectF],
        keys: list[tuple[int, int]],
        across: int,
        texts: list[Text],
        bars: list[Bar],
        band: QRectF,
    ) -> Tiles:
        step = step_for(len(self.rows), squares[0].width() * self.size[2])
        found = layer_maps(self.explanation, self.rows, step)
        top = self.view.scale_top or found.top
        tiles = []
        for (layer, component), square in zip(keys, squares, strict=True):
            shares = found.maps[component][layer]
            heatmap = None if shares is None else Heatmap(shares, square, top, self.rows.right_to_left)
            title, subtitle = TITLES[KEYS[component]]
            tiles.append(Tile((layer, component), f"Layer {layer + 1}, {title}: {subtitle}", square, heatmap))
        bar, how = foot(self.size[0], self.size[1], self.ink.pixels, HOW)
        return Tiles(
            self.rows, step, top, tuple(tiles), across, (*texts, *how), bar, self.ink.pixels, self._notes(top), (band,),
            tuple(bars),
        )  # fmt: skip

    def _notes(self, top: float) -> tuple[str, ...]:
        missing = awaited_layers(self.explanation)
        awaited = (f"feed-forward maps of {missing} layers not computed",) if missing else ()
        locked = (f"scale locked at {top:g}",) if self.view.scale_top is not None else ()
        return (f"all {self.layers} layers", self.rows.note, *awaited, *locked)


def _bar(whole: QRectF, flow: Moved, layer: int) -> Bar:
    return Bar(whole, float(flow.share[layer]), float(flow.read[layer]))
