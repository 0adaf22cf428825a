"""All layers and all components side by side, and under each layer how much it moves between words."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QRectF

from engine.contract import Explanation
from gui.guide.help import help_text
from gui.paint.component_maps import SCALE_WORDS, TITLES, clamped_layer
from gui.paint.heatmap import Heatmap, snapped
from gui.paint.map_foot import MapFoot
from gui.paint.map_headings import fitted, in_lines, smallest, widest_part
from gui.paint.map_rows import map_rows, step_for
from gui.paint.numerals import percent
from gui.paint.overview_maps import Moved, awaited_layers, layer_maps, moved
from gui.paint.tiles import Bar, Tile, Tiles
from gui.paint.typeface import CENTRE, LEFT, RIGHT, Ink, Text, body_pixels, metrics, place, width_of
from gui.state import ViewState

KEYS = tuple(TITLES)
NAMES = tuple(title for title, _ in TITLES.values())
MOST_BANKS = 4
BESIDE = 6  # pixels between neighbouring titles
HOW = ("One colour scale for all maps: share of the row.", " ".join(SCALE_WORDS[1:]))


def overview_tiles(explanation: Explanation, view: ViewState, width: float, height: float, ratio: float = 1.0) -> Tiles:
    """Layers as lines, or as columns in one bank or several, whichever leaves the maps largest."""
    ink = Ink(round(0.86 * body_pixels(width, height)), "muted")
    grid = _Grid(explanation, view, (width, height, ratio), ink)
    banks = max(range(1, min(MOST_BANKS, grid.layers) + 1), key=lambda count: min(grid.upright_pitch(count)))
    if grid.can_lie and min(grid.lying_pitch()) > min(grid.upright_pitch(banks)):
        return grid.lying()
    return grid.upright(banks)


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
        self.flow = moved(explanation, self.rows)
        self.layers = explanation.model.layers
        self.layer = clamped_layer(explanation, view)
        self.line = metrics(ink.pixels).height()
        self.foot = MapFoot(self.rows, HOW, size[0], ink.pixels, is_ordered=True)
        self.tall = size[1] - self.foot.height
        self.of_flow = _wide_words(self.flow, ink) if self.flow is not None else 0.0
        self.titles = max(*(width_of(title, ink) + 1.4 * ink.pixels for title, _ in TITLES.values()), self.of_flow)

    def upright_pitch(self, banks: int) -> tuple[float, float]:
        """What there is for a map with layers as columns: across, and down."""
        across = (self.size[0] - self.titles) / math.ceil(self.layers / banks)
        return across, (self.tall / banks - self._around_bank()) / len(KEYS)

    def _around_bank(self) -> float:
        """What the numbers over a bank of layers and the bars under it take."""
        return (1.6 + (2.6 if self.flow is not None else 0.6)) * self.line

    def upright(self, banks: int) -> Tiles:
        """Layers as columns, components as lines, the bars at the bottom; several banks one below the other."""
        side = self._side(self.upright_pitch(banks))
        pitch = self._close(self.upright_pitch(banks))
        across, down = math.ceil(self.layers / banks), pitch[1] * len(KEYS) + self._around_bank()
        spare = self.size[0] - self.titles - across * pitch[0]
        squares: list[QRectF] = []
        keys: list[tuple[int, int]] = []
        texts: list[Text] = []
        bars: list[Bar] = []
        for bank in range(banks):
            first, last = bank * across, min(self.layers, (bank + 1) * across)
            if first >= last:
                break
            corner = self.titles + 0.5 * spare, bank * down + 1.6 * self.line
            found = self._squares(corner, pitch, side, last - first, len(KEYS))
            squares += found
            keys += [(layer, component) for component in range(len(KEYS)) for layer in range(first, last)]
            texts += self._titles_beside(found[:: last - first]) + self._layers_above(found[: last - first], first)
            if self.flow is not None:
                texts += self._bars_below(found[-(last - first) :], pitch[0], first, self.flow, bars)
        chosen = [square for square, key in zip(squares, keys, strict=True) if key[0] == self.layer]
        band = chosen[0].united(chosen[-1]).adjusted(-3, -1.5 * self.line, 3, 2.0 * self.line if bars else 2)
        return self._tiles(squares, keys, texts, bars, band)

    def _bars_below(self, lowest: list[QRectF], pitch: float, first: int, flow: Moved, bars: list[Bar]) -> list[Text]:
        """A bar under each layer of a bank, with its number, and what they mean at the side."""
        top = lowest[0].bottom() + 0.5 * self.line
        right = lowest[0].left() - 0.7 * self.ink.pixels
        texts = [
            place(words, self.ink, (right, top + (0.25 + index) * self.line), RIGHT, right)
            for index, words in enumerate(flow_words(flow))
        ]
        for layer, square in enumerate(lowest, first):
            bars.append(_bar(QRectF(square.left(), top, square.width(), 0.45 * self.line), flow, layer))
            at = square.center().x(), top + 1.1 * self.line
            texts.append(self._number(flow, layer, at, pitch))
        return texts

    @property
    def can_lie(self) -> bool:
        """Whether the titles have room over columns of maps."""
        return self.lying_pitch()[0] - BESIDE >= widest_part(NAMES, smallest(self.ink))

    def lying_pitch(self) -> tuple[float, float]:
        """What there is for a map with layers as lines."""
        names = width_of("layer 88", self.ink) + 1.6 * self.ink.pixels
        return (self.size[0] - names - self.of_flow) / len(KEYS), (self.tall - 2.8 * self.line) / self.layers

    def lying(self) -> Tiles:
        """Layers as lines, components as columns, the bars at the end of the lines."""
        side, flow, within = self._side(self.lying_pitch()), self.flow, self.lying_pitch()
        wide, tall = self._close(within)
        pitch = min(within[0], max(wide, widest_part(NAMES, self.ink) + BESIDE)), tall
        names = width_of("layer 88", self.ink) + 1.6 * self.ink.pixels
        spare = self.size[0] - names - len(KEYS) * pitch[0] - self.of_flow
        corner = names + 0.5 * spare, 2.8 * self.line
        squares = self._squares(corner, pitch, side, len(KEYS), self.layers)
        texts = self._titles_above(squares, pitch[0])
        lefts = [squares[layer * len(KEYS)] for layer in range(self.layers)]
        for layer, square in enumerate(lefts):
            at = (square.left() - 0.7 * self.ink.pixels, square.center().y())
            texts.append(place(f"layer {layer + 1}", self._lit(layer), at, RIGHT))
        right = squares[len(KEYS) - 1].right() + (pitch[0] - side) / 2
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
        return self._tiles(squares, keys, texts, bars, band)

    def _side(self, pitch: tuple[float, float]) -> float:
        most = min(pitch) - max(3.0, 0.09 * min(pitch))
        return max(4.0, snapped(most, len(self.rows)))

    def _close(self, pitch: tuple[float, float]) -> tuple[float, float]:
        """Not much further apart one way than the other."""
        least = min(pitch)
        return min(pitch[0], 1.4 * least), min(pitch[1], 1.25 * least)

    def _squares(
        self, corner: tuple[float, float], pitch: tuple[float, float], side: float, across: int, down: int
    ) -> list[QRectF]:
        places = (divmod(index, across) for index in range(across * down))
        return [
            QRectF(round(corner[0] + column * pitch[0]), round(corner[1] + line * pitch[1]), side, side)
            for line, column in places
        ]

    def _lit(self, layer: int) -> Ink:
        return Ink(self.ink.pixels, "accent", bold=True) if layer == self.layer else self.ink

    def _number(self, flow: Moved, layer: int, at: tuple[float, float], room: float) -> Text:
        text, ink = percent(float(flow.share[layer])), self._lit(layer)
        return place(text, fitted(text, ink, room), at, CENTRE, room)

    def _titles_beside(self, lines: list[QRectF]) -> list[Text]:
        right = lines[0].left() - 0.7 * self.ink.pixels
        most = min(self.ink.pixels, round(0.72 * (lines[1].top() - lines[0].top())))
        inks = Ink(most, "text"), Ink(max(8, round(0.86 * self.ink.pixels)), "muted")
        texts = []
        for square, (title, subtitle) in zip(lines, TITLES.values(), strict=True):
            has_room = square.height() > 2.2 * self.line and width_of(subtitle, inks[1]) < right
            middle = square.center().y() - (0.5 * self.line if has_room else 0)
            texts.append(place(title, inks[0], (right, middle), RIGHT, right))
            if has_room:
                texts.append(place(subtitle, inks[1], (right, middle + self.line), RIGHT, right))
        return texts

    def _layers_above(self, squares: list[QRectF], first: int) -> list[Text]:
        texts = []
        for layer, square in enumerate(squares, first):
            fits = width_of("layer 88", self.ink) < square.width()
            at = (square.center().x(), square.top() - 0.8 * self.line)
            texts.append(place(f"layer {layer + 1}" if fits else f"{layer + 1}", self._lit(layer), at, CENTRE))
        if not texts[0].full.startswith("layer"):
            at = (squares[0].left() - 0.7 * self.ink.pixels, squares[0].top() - 0.8 * self.line)
            texts.append(place("layer", self.ink, at, RIGHT, at[0]))
        return texts

    def _titles_above(self, squares: list[QRectF], pitch: float) -> list[Text]:
        """Smaller where it is too narrow, or else on two lines."""
        texts = []
        titles = in_lines(NAMES, self.ink, pitch - BESIDE)
        for square, lines in zip(squares[: len(KEYS)], titles, strict=True):
            for index, (line, ink) in enumerate(lines):
                at = (square.center().x(), square.top() - (0.7 + len(lines) - 1 - index) * self.line)
                texts.append(place(line, replace(ink, role="text"), at, CENTRE, pitch - BESIDE))
        return texts

    def _tiles(
        self,
        squares: list[QRectF],
        keys: list[tuple[int, int]],
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
        bar, how = self.foot.placed(self.size[1])
        return Tiles(
            self.rows, step, top, tuple(tiles), (*texts, *how), bar, self.ink.pixels, self._notes(top), (band,),
            tuple(bars),
        )  # fmt: skip

    def _notes(self, top: float) -> tuple[str, ...]:
        missing = awaited_layers(self.explanation)
        awaited = (f"feed-forward maps of {missing} layers not computed",) if missing else ()
        locked = (f"scale locked at {top:g}",) if self.view.scale_top is not None else ()
        return (f"all {self.layers} layers", self.rows.note, *awaited, *locked)


def _bar(whole: QRectF, flow: Moved, layer: int) -> Bar:
    return Bar(whole, float(flow.share[layer]), float(flow.read[layer]))
