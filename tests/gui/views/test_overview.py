from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest

from engine.contract import COMPONENTS, FEED_FORWARD_COMPONENTS, Components, Flow
from gui.paint.component_maps import component_maps
from gui.paint.map_rows import map_rows
from gui.paint.overview_maps import layer_maps, moved
from gui.paint.overview_tiles import overview_tiles
from gui.paint.overview_words import told
from gui.paint.palette import LIGHT, PALETTES
from gui.paint.quiet import QuietFigure
from gui.state import Hover, ViewState
from gui.views.overview import OverviewView, figure
from tests.gui import samples
from tests.gui.pictures import far, inside, painted, point, share_unlike

SIZES = [(480, 360), (700, 720), (1280, 720), (1900, 1300)]


def with_layers(explanation, layers: tuple[int, ...]):
    """The same with the dear maps of these layers."""
    count = len(explanation.tokens)
    dear = {name: np.stack([np.eye(count) + 0.01] * len(layers)) for name in FEED_FORWARD_COMPONENTS}
    return replace(explanation, components=Components(explanation.components.maps, dear, layers))


def edges(*layers: list[list[float]]) -> Flow:
    edge = np.array(layers)
    nodes = np.concatenate([edge.sum(1), [edge[-1].sum(-1)]])
    return Flow(edge, nodes, np.zeros(edge.shape[:2]), np.zeros(len(edge) + 1), float(nodes[-1].sum()), False)


FIRST = [[2.0, 0.0, 0.0], [0.0, 4.0, -1.0], [0.0, 0.0, 1.0]]  # of 8, 1 between words, none of it into [CLS]
LAST = [[1.0, 3.0, -1.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]  # of 5, 4 between words, all into [CLS]


def test_what_moves_between_words_and_into_the_word_that_is_read():
    explanation = samples.explanation("Yes", layers=2, flow=edges(FIRST, LAST))
    found = moved(explanation, map_rows(explanation, ViewState()))
    assert found.share.tolist() == pytest.approx([1 / 8, 4 / 5])
    assert found.read.tolist() == pytest.approx([0, 4 / 5])
    assert found.at == "[CLS]"


def test_pieces_of_one_word_are_not_other_words():
    explanation = samples.explanation("Unforgettable", layers=1, flow=edges([[1.0, 1.0, 1.0, 1.0]] + [[0.0] * 4] * 3))
    whole = moved(explanation, map_rows(explanation, ViewState()))
    assert whole.share.tolist() == [0.75]
    within = np.zeros((4, 4))
    within[1, 2] = 1.0
    explanation = samples.explanation("Unforgettable", layers=1, flow=edges(within.tolist()))
    assert moved(explanation, map_rows(explanation, ViewState())).share.tolist() == [0.0]
    assert moved(explanation, map_rows(explanation, ViewState(whole_words=False))).share.tolist() == [1.0]


def test_without_a_flow_there_are_no_bars():
    explanation = samples.explanation(flow=None)
    assert moved(explanation, map_rows(explanation, ViewState())) is None
    tiles = overview_tiles(explanation, ViewState(layer=3), 700, 700)
    assert tiles.bars == ()


def test_every_map_there_is_stands_in_its_place():
    explanation = with_layers(samples.explanation(), (1, 3))
    found = layer_maps(explanation, map_rows(explanation, ViewState()), 1)
    there = {
        (name, layer)
        for name, maps in zip(COMPONENTS, found.maps, strict=True)
        for layer, shares in enumerate(maps)
        if shares is not None
    }
    assert there == {(name, layer) for name in COMPONENTS[:4] for layer in range(6)} | {
        (name, layer) for name in FEED_FORWARD_COMPONENTS for layer in (1, 3)
    }
    for layer in (1, 3, 5):
        for shown, maps in zip(component_maps(explanation, ViewState(layer=layer)).maps, found.maps, strict=True):
            assert (shown.shares is None) == (maps[layer] is None)
            if shown.shares is not None:
                np.testing.assert_array_equal(maps[layer], shown.shares)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("layers", [1, 2, 6, 12, 24, 48])
def test_nothing_touches_at_any_shape(size, layers):
    tiles = overview_tiles(samples.explanation(layers=layers), ViewState(layer=1), *size)
    assert {tile.key for tile in tiles.tiles} == {(layer, part) for layer in range(layers) for part in range(7)}
    squares = [tile.square for tile in tiles.tiles]
    assert len({square.width() for square in squares}) == 1
    for index, square in enumerate(squares):
        assert inside(square, *size), square
        assert not any(square.intersects(other) for other in squares[index + 1 :])
    assert len(tiles.bars) == layers
    assert all(inside(bar.whole, *size) for bar in tiles.bars)
    for one in tiles.texts:
        assert inside(one.rect.adjusted(0.5, 0.5, -0.5, -0.5), *size), one
        assert not any(one.rect.adjusted(1, 2, -1, -2).intersects(square) for square in squares), one


def test_layers_are_columns_lines_or_banks_as_the_card_is_shaped():
    def columns(layers: int, width: float, height: float) -> int:
        tiles = overview_tiles(samples.explanation(layers=layers), ViewState(), width, height)
        return len({tile.square.x() for tile in tiles.tiles})

    assert columns(6, 700, 700) == 6
    assert columns(12, 700, 760) == 7, "one line a layer, one column a component"
    assert columns(24, 1500, 1300) == 12, "two banks of twelve"


def test_one_scale_for_all_that_can_be_locked():
    explanation = samples.explanation()
    tiles = overview_tiles(explanation, ViewState(layer=3), 700, 700)
    assert {tile.heatmap.top for tile in tiles.tiles if tile.heatmap} == {tiles.top}
    locked = overview_tiles(explanation, ViewState(layer=3, scale_top=0.05), 700, 700)
    assert locked.top == 0.05
    assert "scale locked at 0.05" in locked.notes


def test_the_notes_say_what_is_hidden_and_what_is_not_there():
    notes = overview_tiles(samples.explanation(), ViewState(layer=3, show_special=False), 700, 700).notes
    assert notes == (
        "all 6 layers",
        "rows rescaled to the words shown; hidden: [CLS], [SEP]",
        "feed-forward maps of 5 layers not computed",
    )
    every = with_layers(samples.explanation(), tuple(range(6)))
    assert overview_tiles(every, ViewState(), 700, 700).notes == ("all 6 layers", "every row divided by its sum")


@pytest.mark.parametrize("theme", list(PALETTES))
def test_every_theme_paints(theme):
    drawing = figure(samples.explanation(), ViewState(layer=3), QRectF(0, 0, 900, 600), PALETTES[theme])
    assert 0.05 < share_unlike(painted(drawing, 900, 600, PALETTES[theme]), PALETTES[theme].card) < 0.9


def test_numbers_that_are_not_finite_are_refused():
    explanation = samples.explanation()
    maps = {name: np.array(values) for name, values in explanation.components.maps.items()}
    maps["residual_1"][5, 0, 0] = np.nan
    broken = replace(explanation, components=Components(maps, {}, ()))
    with pytest.raises(ValueError, match="not finite"):
        overview_tiles(broken, ViewState(), 700, 700)


def plain(paragraphs) -> str:
    return " ".join("".join(run.text for run in paragraph) for paragraph in paragraphs)


def test_words_tell_where_most_moves_and_where_it_is_kept():
    words = plain(told(samples.explanation("Yes", layers=2, flow=edges(FIRST, LAST)), ViewState()))
    assert words.startswith(
        "Of what flows towards Positive, most moves from word to word in layer 2: 80\N{NO-BREAK SPACE}% of it, "
        "80\N{NO-BREAK SPACE}% into [CLS]. In layer 1 88\N{NO-BREAK SPACE}% stays with the word it came in at."
    )
    assert "a word keeps most of itself" in words


def test_words_of_no_flow_tell_of_the_maps_alone():
    words = plain(told(samples.explanation(flow=None), ViewState()))
    assert words.startswith("Whatever the answer, a word keeps most of itself")


@pytest.fixture
def shown():
    widget = OverviewView()
    widget.resize(700, 760)
    widget.show_result(samples.explanation(), ViewState(layer=3), stale=False)
    widget.show()
    assert QTest.qWaitForWindowExposed(widget)
    yield widget
    widget.close()


def tile_of(widget, key: tuple[int, int]):
    tiles = widget.gallery.tiles()
    return tiles.tiles[tiles.index_of(key)]


def test_a_click_chooses_the_layer(shown):
    wished = []
    shown.look_requested.connect(wished.append)
    at = tile_of(shown, (5, 2)).square.center().toPoint()
    QTest.mouseClick(shown.gallery, Qt.MouseButton.LeftButton, pos=at)
    assert wished == [ViewState(layer=5)]
    at = tile_of(shown, (0, 6)).square.center().toPoint()
    QTest.mouseClick(shown.gallery, Qt.MouseButton.LeftButton, pos=at)
    assert wished[-1] == ViewState(layer=0), "though its map is still on its way"


def test_the_keyboard_chooses_a_layer(shown):
    wished = []
    shown.look_requested.connect(wished.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(shown.gallery, key)
    assert wished == [ViewState(layer=1)]
    assert shown.gallery.accessibleDescription() == "Layer 2, Attention × values: what it brings back"


def test_maps_appear_as_they_arrive(shown):
    assert tile_of(shown, (0, 6)).heatmap is None
    shown.show_result(with_layers(shown._explanation, (0, 3)), ViewState(layer=3), stale=False)
    tile = tile_of(shown, (0, 6))
    image = shown.gallery.grab().toImage()
    count = len(tile.heatmap.shares)
    shares = np.eye(count) + 0.01
    wanted = LIGHT.sequential(min(1.0, (shares / shares.sum(1, keepdims=True))[2, 2] / shown.gallery.tiles().top))
    assert far(image.pixelColor(tile.heatmap.cell_rect(2, 2).center().toPoint()), wanted) <= 4


def test_hovering_a_cell_lights_its_words(shown):
    told_of = []
    shown.hovered.connect(told_of.append)
    tile = tile_of(shown, (2, 1))
    point(shown.gallery, tile.heatmap.cell_rect(5, 1).center())
    assert told_of == [Hover(1, 5)]


def test_without_maps_the_view_says_so(shown):
    bare = samples.explanation(components=None)
    shown.show_result(bare, ViewState(), stale=False)
    assert not shown.gallery.isVisible()
    assert isinstance(figure(bare, ViewState(), QRectF(0, 0, 300, 300), LIGHT), QuietFigure)
    shown.show_result(samples.explanation(), ViewState(), stale=False)
    assert shown.gallery.isVisible()
