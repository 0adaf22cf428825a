from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from gui.paint.head_maps import front_head, habit_of, head_maps
from gui.paint.head_tiles import every_tiles, layer_tiles, strip_tiles
from gui.paint.head_words import told
from gui.paint.map_rows import map_rows, shares_between
from gui.paint.palette import LIGHT, PALETTES
from gui.state import Hover, ViewState
from gui.views.heads import HeadsView, figure
from tests.gui import samples
from tests.gui.pictures import far, inside, painted, point, share_unlike

SIZES = [(480, 360), (700, 720), (1280, 720), (2560, 1440)]
HEBREW = "הסרט היה ארוך מדי אבל השחקנים היו נפלאים באמת"


def looking(*heads: np.ndarray, text: str = "Yes"):
    """An explanation whose every layer has these heads."""
    attention = np.stack([np.stack(heads)] * 6).astype(float)
    return samples.explanation(text, attention=attention)


ITSELF = np.eye(3)
BEFORE = np.array([[0.4, 0.3, 0.3], [0.8, 0.1, 0.1], [0.1, 0.8, 0.1]])
AFTER = BEFORE[::-1, ::-1]
LAST = np.array([[0.1, 0.1, 0.8]] * 3)
SPREAD = np.full((3, 3), 1 / 3)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        (ITSELF, "looks at itself 100\N{NO-BREAK SPACE}%"),
        (BEFORE, "looks at the word before 80\N{NO-BREAK SPACE}%"),
        (AFTER, "looks at the word after 80\N{NO-BREAK SPACE}%"),
        (LAST, "looks at [SEP] 80\N{NO-BREAK SPACE}%"),
        (LAST[:, [0, 2, 1]], "looks at “Yes” 80\N{NO-BREAK SPACE}%"),
        (SPREAD, "spread over 3 words"),
    ],
)
def test_what_a_head_mostly_does_is_said_with_its_share(shares, words):
    rows = map_rows(samples.explanation("Yes"), ViewState())
    assert habit_of(shares, rows).words == words


def test_a_single_word_can_only_look_at_itself():
    rows = map_rows(samples.explanation("Yes"), ViewState(show_special=False))
    assert habit_of(np.ones((1, 1)), rows).at in ("itself", "“Yes”")


def test_heads_are_shares_between_the_words_shown():
    explanation = samples.explanation("A remarkable film")
    maps = head_maps(explanation, ViewState(layer=2, show_special=False))
    assert maps.shares.shape == (4, 3, 3)
    np.testing.assert_allclose(maps.shares.sum(-1), 1)
    raw = explanation.attention[2, 1]
    row = (raw[2] + raw[3]) / 2
    kept = np.array([row[1], row[2] + row[3], row[4]])
    np.testing.assert_allclose(maps.shares[1, 1], kept / kept.sum())


def test_a_head_the_model_lacks_is_none():
    explanation = samples.explanation()
    assert front_head(explanation, ViewState(head=3)) == 3
    assert front_head(explanation, ViewState(head=4)) is None


def test_numbers_that_are_not_finite_are_refused():
    attention = np.array(samples.explanation().attention)
    attention[3, 1, 2, 2] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        head_maps(samples.explanation(attention=attention), ViewState(layer=3))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("heads", [1, 4, 12, 16])
@pytest.mark.parametrize("text", [samples.SENTENCE, samples.SENTENCE * 5, "a", "Pneumonoultramicroscopic" * 3 + " x y"])
def test_no_tile_and_no_words_touch(size, heads, text):
    tiles = layer_tiles(samples.explanation(text, heads=heads), ViewState(layer=3), *size)
    squares = [tile.square for tile in tiles.tiles]
    assert len(squares) == heads
    assert len({square.width() for square in squares}) == 1
    texts = [*tiles.texts, *(text for tile in tiles.tiles for text in tile.texts)]
    for index, square in enumerate(squares):
        assert inside(square, *size)
        assert not any(square.intersects(other) for other in squares[index + 1 :])
    for index, one in enumerate(texts):
        assert inside(one.rect, *size), one
        assert not any(one.rect.intersects(square) for square in squares), one
        for other in texts[index + 1 :]:
            overlap = one.rect.intersected(other.rect)
            assert overlap.width() <= 0 or overlap.height() <= 0.4 * one.rect.height(), (one, other)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("layers", "heads"), [(2, 2), (12, 12), (24, 16), (4, 12)])
def test_every_layer_shows_every_head_once(size, layers, heads):
    explanation = samples.explanation(layers=layers, heads=heads)
    tiles = every_tiles(explanation, ViewState(layer=1), *size)
    assert {tile.key for tile in tiles.tiles} == {(layer, head) for layer in range(layers) for head in range(heads)}
    squares = [tile.square for tile in tiles.tiles]
    assert all(inside(square, *size) for square in squares)
    assert len({(square.x(), square.y()) for square in squares}) == layers * heads
    rows = map_rows(explanation, ViewState())
    shares = shares_between(explanation.attention[1, heads - 1], rows)
    tile = tiles.tiles[tiles.index_of((1, heads - 1))]
    assert tile.heatmap.shares.max() == shares.max()
    if tiles.step == 1:
        np.testing.assert_array_equal(tile.heatmap.shares, shares)


def test_one_scale_for_all_heads():
    tiles = layer_tiles(samples.explanation(), ViewState(layer=3), 700, 700)
    assert {tile.heatmap.top for tile in tiles.tiles} == {tiles.top}
    assert layer_tiles(samples.explanation(), ViewState(layer=3, scale_top=0.3), 700, 700).top == 0.3


def test_right_to_left_is_mirrored():
    tiles = layer_tiles(samples.explanation(HEBREW), ViewState(layer=3), 900, 700)
    assert all(tile.heatmap.is_mirrored for tile in tiles.tiles)
    beside = [text for text in tiles.texts if text.full == "[CLS]"]
    assert beside
    assert all(text.rect.left() > min(tile.square.right() for tile in tiles.tiles) for text in beside)


def test_the_strip_frames_the_head_in_front():
    tiles = strip_tiles(samples.explanation(), ViewState(layer=3, head=2), 300, 100)
    assert tiles.framed == 2
    assert [tile.texts[0].full for tile in tiles.tiles] == ["1", "2", "3", "4"]
    assert all(inside(tile.square, 300, 100) for tile in tiles.tiles)


@pytest.mark.parametrize("theme", list(PALETTES))
@pytest.mark.parametrize("look", [ViewState(), ViewState(head=1), ViewState(every_layer=True)])
def test_every_figure_paints_and_names_what_is_hidden(theme, look):
    look = replace(look, layer=3, theme=theme, show_special=False)
    drawing = figure(samples.explanation(), look, QRectF(0, 0, 900, 600), PALETTES[theme])
    assert 0.02 < share_unlike(painted(drawing, 900, 600, PALETTES[theme]), PALETTES[theme].card) < 0.95
    assert "rows rescaled to the words shown; hidden: [CLS], [SEP]" in drawing.notes


def plain(paragraphs) -> str:
    return " ".join("".join(run.text for run in paragraph) for paragraph in paragraphs)


def test_words_tell_which_heads_read_what_where_the_answer_is_read():
    words = plain(told(looking(ITSELF, LAST, SPREAD), ViewState()))
    assert words.startswith(
        "Layer 4 has 3 heads. At [CLS], where the answer is read, head 2 reads [SEP] (80\N{NO-BREAK SPACE}%)"
    )
    assert "head 3 reads Yes (33\N{NO-BREAK SPACE}%) and [SEP] (33\N{NO-BREAK SPACE}%)" in words
    assert "One head looks mostly at [CLS] itself" in words
    assert "1 head (1) looks most at itself" in words


def test_words_of_one_head_tell_its_habit_and_what_it_reads():
    words = plain(told(looking(ITSELF, BEFORE), ViewState(head=1)))
    assert "Head 2 of layer 4 looks most at the word before, with 80\N{NO-BREAK SPACE}%" in words
    assert (
        "it reads Yes (30\N{NO-BREAK SPACE}%) and [SEP] (30\N{NO-BREAK SPACE}%), and itself (40\N{NO-BREAK SPACE}%)."
        in words
    )
    words = plain(told(looking(ITSELF, BEFORE), ViewState(head=0)))
    assert words.startswith("Head 1 of layer 4 looks most at itself")
    assert "it reads hardly anything but itself (100\N{NO-BREAK SPACE}%)." in words


def test_words_count_hidden_words_too():
    explanation = looking(ITSELF, LAST)
    assert told(explanation, ViewState()) == told(explanation, ViewState(show_special=False))


@pytest.fixture
def shown():
    widget = HeadsView()
    widget.resize(700, 760)
    widget.show_result(samples.explanation(), ViewState(layer=3), stale=False)
    widget.show()
    assert QTest.qWaitForWindowExposed(widget)
    yield widget
    widget.close()


def middle(gallery, key: tuple[int, int]) -> QPoint:
    tiles = gallery.tiles()
    return tiles.tiles[tiles.index_of(key)].square.center().toPoint()


def test_a_click_brings_a_head_to_the_front_and_esc_returns(shown):
    wished = []
    shown.look_requested.connect(wished.append)
    QTest.mouseClick(shown.gallery, Qt.MouseButton.LeftButton, pos=middle(shown.gallery, (3, 1)))
    assert wished == [ViewState(layer=3, head=1)]
    shown.show_result(shown._explanation, wished[0], stale=False)
    assert shown.large.isVisible()
    assert shown.large._content.title == "Layer 4, head 2"
    QTest.keyClick(shown.others, Qt.Key.Key_Right)
    assert wished[-1].head == 2
    QTest.keyClick(shown.others, Qt.Key.Key_Escape)
    assert wished[-1] == ViewState(layer=3)
    shown.show_result(shown._explanation, wished[-1], stale=False)
    assert shown.gallery.isVisible()


def test_the_keyboard_walks_over_the_heads_and_enter_opens(shown):
    wished = []
    shown.look_requested.connect(wished.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(shown.gallery, key)
    assert shown.gallery.accessibleDescription().startswith("head 4, ")
    QTest.keyClick(shown.gallery, Qt.Key.Key_Left)
    QTest.keyClick(shown.gallery, Qt.Key.Key_Return)
    assert wished == [ViewState(layer=3, head=2)]


def test_every_layer_finds_a_head(shown):
    wished = []
    shown.look_requested.connect(wished.append)
    shown.scope._buttons[1].click()
    assert wished == [ViewState(layer=3, every_layer=True)]
    shown.show_result(shown._explanation, wished[0], stale=False)
    QTest.mouseClick(shown.gallery, Qt.MouseButton.LeftButton, pos=middle(shown.gallery, (5, 0)))
    assert wished[-1] == ViewState(layer=5, head=0, every_layer=True)


def test_switches_ask_for_pieces_and_for_hidden_special_words(shown):
    wished = []
    shown.look_requested.connect(wished.append)
    shown.strip.words.click()
    shown.strip.special.click()
    assert wished == [ViewState(layer=3, whole_words=False), ViewState(layer=3, show_special=False)]


def test_hovering_a_cell_lights_its_words_and_a_word_lit_elsewhere_is_lit_here(shown):
    told_of = []
    shown.hovered.connect(told_of.append)
    tile = shown.gallery.tiles().tiles[0]
    point(shown.gallery, tile.heatmap.cell_rect(5, 1).center())
    assert told_of == [Hover(1, 5)]
    before = shown.gallery.grab().toImage()
    shown.show_result(shown._explanation, ViewState(layer=3, hover=Hover(4, 9)), stale=False)
    after = shown.gallery.grab().toImage()
    for one in shown.gallery.tiles().tiles:
        corner = one.heatmap.cell_rect(9, 4).topLeft().toPoint()
        assert before.pixel(corner) != after.pixel(corner)


def test_pixels_are_the_shares(shown):
    image, tiles = shown.gallery.grab().toImage(), shown.gallery.tiles()
    maps = head_maps(shown._explanation, ViewState(layer=3))
    assert tiles.step == 1
    for head, receiver, source in ((0, 3, 5), (3, 13, 0), (2, 7, 7)):
        at = tiles.tiles[head].heatmap.cell_rect(receiver, source).center().toPoint()
        colour = LIGHT.sequential(min(1.0, maps.shares[head, receiver, source] / maps.top))
        assert far(image.pixelColor(at), colour) <= 4


def test_144_thumbnails_are_painted_at_once():
    explanation = samples.explanation(" ".join(f"w{index}" for index in range(62)), layers=12, heads=12)
    tiles = every_tiles(explanation, ViewState(), 740, 760)
    image = QImage(740, 760, QImage.Format.Format_ARGB32_Premultiplied)
    took = []
    for _ in range(5):
        painter = QPainter(image)
        start = time.thread_time()
        tiles.paint(painter, LIGHT, as_image=True)
        took.append(time.thread_time() - start)
        painter.end()
    assert min(took) < 0.05


def test_numbers_that_cannot_be_drawn_fail_this_view_alone(shown, caplog):
    attention = np.array(shown._explanation.attention) * np.nan
    shown.show_result(samples.explanation(attention=attention), ViewState(layer=3), stale=False)
    shown.grab()
    assert shown.failed
    assert "not finite" in caplog.text
    shown.show_result(samples.explanation(), ViewState(layer=3), stale=False)
    assert not shown.failed
