"""The heads of a layer side by side with what each mostly does; or those of every layer, small, to find one."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF

from engine.contract import Explanation
from gui.paint.head_maps import HeadMaps, all_heads, front_head, head_maps
from gui.paint.heatmap import Heatmap, name_pixels, row_names, snapped
from gui.paint.map_foot import MapFoot
from gui.paint.map_headings import fitted
from gui.paint.map_rows import map_rows, reduced, step_for
from gui.paint.tiles import Tile, Tiles
from gui.paint.typeface import CENTRE, LEFT, RIGHT, Ink, Text, body_pixels, metrics, place, width_of
from gui.state import ViewState

HOW = ("One colour scale for all heads: share of what the word looks at.", "Row: the word that looks. Column: at what.")
HOW_FAR = 0.14  # of the picture, that the words beside it may take


def head_name(head: int) -> str:
    """``head 3``: counted from 1 on the screen."""
    return f"head {head + 1}"


def _arranged(
    count: int, width: float, height: float, apart: float, head: float, least: float = 0.0
) -> tuple[int, int, float]:
    """Columns, lines and side of the tiles that leave them largest, ``least`` wide at least; of equals the fullest."""
    best = (1, count, 0.0)
    for across in range(1, max(1, min(count, int(width / max(least, 1.0)))) + 1):
        down = math.ceil(count / across)
        side = min(width / across - apart, height / down - head - apart)
        if side > best[2] + 0.5 or (side > best[2] - 0.5 and across * down < best[0] * best[1]):
            best = (across, down, side)
    return best


def layer_tiles(explanation: Explanation, view: ViewState, width: float, height: float, ratio: float = 1.0) -> Tiles:
    """Every head of the chosen layer."""
    maps = head_maps(explanation, view)
    unit = body_pixels(width, height)
    title, small = Ink(round(unit), bold=True), Ink(round(0.86 * unit), "muted")
    head = metrics(title.pixels).height() + metrics(small.pixels).height() + 0.3 * unit
    foot = MapFoot(maps.rows, HOW, width, small.pixels, is_ordered=False)
    room = height - foot.height
    least = width_of(head_name(len(maps) - 1).capitalize(), title) + 0.6 * unit
    widest = max(width_of(name, small) for name in maps.rows.names) + 0.8 * unit
    names = min(widest, HOW_FAR * width)
    across, down, side = _arranged(len(maps), width - names - unit, room, 1.4 * unit, head, least)
    if not name_pixels(side / len(maps.rows), small.pixels):
        names = 0.0
        across, down, side = _arranged(len(maps), width - unit, room, 1.4 * unit, head, least)
    side = snapped(max(8.0, side), len(maps.rows))
    pitch = min((width - names - unit) / across, 1.35 * (side + 1.4 * unit)), room / down
    left = (width - names - across * pitch[0]) / 2 + (0.0 if maps.rows.right_to_left else names)
    step = step_for(len(maps.rows), side * ratio)
    tiles: list[Tile] = []
    texts: list[Text] = []
    for index in range(len(maps)):
        line, column = divmod(index, across)
        at = (left + column * pitch[0] + (pitch[0] - side) / 2, line * pitch[1] + 0.3 * unit)
        square = QRectF(round(at[0]), round(at[1] + head), side, side)
        shares = reduced(maps.shares[index], step)
        heatmap = Heatmap(shares, square, maps.top, maps.rows.right_to_left)
        within = min(pitch[0] - 0.6 * unit, width - square.left() - 2)
        captions = _captions(maps, index, square, (title, small), within)
        tiles.append(Tile((maps.layer, index), head_name(index), square, heatmap, captions))
        is_first = column == (min(across, len(maps) - line * across) - 1 if maps.rows.right_to_left else 0)
        if names and is_first:
            texts += row_names(maps.rows.names, heatmap, names, small.pixels)
    bar, how = foot.placed(height)
    return Tiles(maps.rows, step, maps.top, tuple(tiles), (*texts, *how), bar, small.pixels, head_notes(maps))


def head_notes(maps: HeadMaps) -> tuple[str, ...]:
    """Which layer, what is hidden, and whether the scale is locked."""
    locked = (f"scale locked at {maps.top:g}",) if maps.is_locked else ()
    return (f"attention heads of layer {maps.layer + 1} of {maps.layers}", maps.rows.note, *locked)


def _captions(maps: HeadMaps, head: int, square: QRectF, inks: tuple[Ink, Ink], room: float) -> tuple[Text, ...]:
    habit = maps.habits[head]
    words = habit.words if width_of(habit.words, inks[1]) <= room else habit.short
    tall = metrics(inks[1].pixels).height()
    second = square.top() - 0.25 * inks[0].pixels - tall / 2
    first = second - (tall + metrics(inks[0].pixels).height()) / 2
    return (
        place(head_name(head).capitalize(), inks[0], (square.left(), first), LEFT, room),
        place(words, fitted(words, inks[1], room), (square.left(), second), LEFT, room),
    )


def strip_tiles(explanation: Explanation, view: ViewState, width: float, height: float, ratio: float = 1.0) -> Tiles:
    """The heads of the chosen layer, small and numbered, the one in front framed."""
    maps = head_maps(explanation, view)
    pixels = 11
    head = metrics(pixels).height() + 2
    across, down, side = _arranged(len(maps), width, height, 8.0, head)
    side = snapped(max(6.0, min(side, 96.0)), len(maps.rows))
    pitch = min(width / across, 1.6 * (side + 8)), min(height / down, 1.3 * (side + head + 8))
    left = (width - across * pitch[0]) / 2
    step = step_for(len(maps.rows), side * ratio)
    front = front_head(explanation, view)
    tiles = []
    for index in range(len(maps)):
        line, column = divmod(index, across)
        at = (left + (column + 0.5) * pitch[0] - side / 2, 2 + head + line * pitch[1])
        square = QRectF(round(at[0]), round(at[1]), side, side)
        ink = Ink(pixels, "accent" if index == front else "muted", bold=index == front)
        number = place(f"{index + 1}", ink, (square.center().x(), square.top() - 2 - head / 2), CENTRE, side + 6)
        heatmap = Heatmap(reduced(maps.shares[index], step), square, maps.top, maps.rows.right_to_left)
        tiles.append(Tile((maps.layer, index), head_name(index), square, heatmap, (number,)))
    return Tiles(maps.rows, step, maps.top, tuple(tiles), (), QRectF(), pixels, (), framed=front)


def every_tiles(explanation: Explanation, view: ViewState, width: float, height: float, ratio: float = 1.0) -> Tiles:
    """The heads of every layer: a line for each layer, a column for each head, or the other way round if larger."""
    rows = map_rows(explanation, view)
    layers, heads = explanation.attention.shape[:2]
    unit = body_pixels(width, height)
    ink = Ink(round(0.86 * unit), "muted")
    left, above = width_of("layer 88", ink) + 1.2 * unit, 1.8 * metrics(ink.pixels).height()
    foot = MapFoot(rows, HOW, width, ink.pixels, is_ordered=True)
    area = (width - left - 0.5 * unit, height - above - foot.height)
    turned = min(area[0] / layers, area[1] / heads) > min(area[0] / heads, area[1] / layers)
    across, down = (layers, heads) if turned else (heads, layers)
    pitch = min(area[0] / across, area[1] / down)
    side = max(4.0, math.floor(pitch - max(2.0, 0.08 * pitch)))
    side = snapped(side, len(rows))
    wide, tall = min(area[0] / across, 1.3 * pitch), min(area[1] / down, 1.6 * pitch)
    left += (area[0] - across * wide) / 2
    step = step_for(len(rows), side * ratio)
    shares, top = all_heads(explanation, rows, step)
    top = view.scale_top or top
    tiles, layer = [], min(view.layer, layers - 1)
    for index in range(across * down):
        line, column = divmod(index, across)
        key = (column, line) if turned else (line, column)
        square = QRectF(round(left + column * wide + (wide - side) / 2), round(above + line * tall + 1), side, side)
        name = f"layer {key[0] + 1}, {head_name(key[1])}"
        tiles.append(Tile(key, name, square, Heatmap(shares[key], square, top, rows.right_to_left)))
    texts = _headings(tiles, across, turned, layer, ink)
    chosen = [tile.square for tile in tiles if tile.key[0] == layer]
    band = chosen[0].united(chosen[-1]).adjusted(-2, -2, 2, 2)
    bar, how = foot.placed(height)
    notes = (f"all {heads} attention heads of all {layers} layers", rows.note)
    return Tiles(rows, step, top, tuple(tiles), (*texts, *how), bar, ink.pixels, notes, (band,))


def _headings(tiles: list[Tile], across: int, turned: bool, layer: int, ink: Ink) -> list[Text]:
    """``layer`` and its number once a line, ``head`` once a column, or the other way round; thinned where crowded."""
    texts = []
    for index, tile in enumerate(tiles):
        line, column = divmod(index, across)
        if column == 0:
            word, number = ("head", line) if turned else ("layer", line)
            text = f"{word} {number + 1}"
            at = (tile.square.left() - 0.7 * ink.pixels, tile.square.center().y())
            texts.append(place(text, _lit(ink, word == "layer" and number == layer), at, RIGHT))
        if line == 0:
            word = "layer" if turned else "head"
            text = f"{word} {column + 1}" if width_of("layer 88", ink) < tile.square.width() else f"{column + 1}"
            if column == 0 and not text.startswith(word):
                text = f"{column + 1}"
            at = (tile.square.center().x(), tile.square.top() - 0.8 * ink.pixels)
            texts.append(place(text, _lit(ink, turned and column == layer), at, CENTRE))
    return texts


def _lit(ink: Ink, is_chosen: bool) -> Ink:
    return Ink(ink.pixels, "accent", bold=True) if is_chosen else ink
