from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest

from engine.contract import Components
from gui.paint.component_grid import component_grid
from gui.paint.component_maps import component_maps
from gui.paint.heatmap import Extract, Heatmap, colour_table, named_map
from gui.paint.palette import DARK, LIGHT, PALETTES
from gui.paint.quiet import QuietFigure
from gui.state import Hover, ViewState
from gui.views.components import COMPUTING, NOT_YET, ComponentsView, figure
from tests.gui import samples
from tests.gui.pictures import far, inside, painted, point, share_unlike

SIZES = [(336, 560), (1280, 720), (2560, 1440), (480, 360)]


def test_rows_are_shares_of_what_the_word_takes():
    maps = component_maps(samples.explanation(), ViewState(layer=3))
    assert [shown.title for shown in maps.maps][:2] == ["Attention", "Attention × values"]
    for shown in maps.maps:
        assert shown.shares is not None
        assert shown.shares.shape == (14, 14)
        np.testing.assert_allclose(shown.shares.sum(1), 1)


def test_merging_comes_before_dividing():
    explanation = samples.explanation("A remarkable film")
    raw = np.zeros((6, 6, 6))
    raw[3] = np.arange(36).reshape(6, 6) + 1.0
    kept = Components(dict.fromkeys(("attention", "attention_values", "residual_1", "layernorm_1"), raw), {}, ())
    maps = component_maps(replace(explanation, components=kept), ViewState(layer=3))
    assert maps.rows.labels == ("[CLS]", "A", "remarkable", "film", "[SEP]")
    pieces = raw[3]
    row = (pieces[2] + pieces[3]) / 2
    expected = np.array([row[0], row[1], row[2] + row[3], row[4], row[5]]) / row.sum()
    np.testing.assert_allclose(maps.maps[0].shares[2], expected)


def test_what_was_not_asked_for_is_not_there_yet():
    maps = component_maps(samples.explanation(), ViewState(layer=1))
    assert [shown.shares is None for shown in maps.maps] == [False] * 4 + [True] * 3


def test_a_layer_the_model_lacks_is_its_last():
    assert component_maps(samples.explanation(layers=2), ViewState(layer=7)).layer == 1


def test_the_scale_follows_the_layer_until_it_is_locked():
    explanation = samples.explanation()
    tops = {layer: component_maps(explanation, ViewState(layer=layer)).top for layer in range(6)}
    assert set(tops.values()) <= {0.1, 0.2, 0.25, 0.5, 1.0}
    locked = component_maps(explanation, ViewState(layer=0, scale_top=0.05))
    assert (locked.top, locked.is_locked) == (0.05, True)
    notes = component_grid(locked, QRectF(0, 0, 900, 600), LIGHT).notes
    assert notes == ("layer 1 of 6", "every row divided by its sum", "scale locked at 0.05")


def test_hidden_words_are_left_out_and_the_rows_rescaled():
    explanation = samples.explanation()
    whole = component_maps(explanation, ViewState(layer=3)).map_of("residual_1").shares
    maps = component_maps(explanation, ViewState(layer=3, show_special=False))
    assert maps.rows.labels[0] == "The"
    assert maps.rows.labels[-1] == "."
    for shown in maps.maps:
        np.testing.assert_allclose(shown.shares.sum(1), 1)
    part = whole[1:-1, 1:-1]
    np.testing.assert_allclose(maps.map_of("residual_1").shares, part / part.sum(1, keepdims=True))
    notes = component_grid(maps, QRectF(0, 0, 900, 600), LIGHT).notes
    assert notes[1] == "rows rescaled to the words shown; hidden: [CLS], [SEP]"


def test_numbers_that_are_not_finite_are_refused():
    explanation = samples.explanation()
    maps = {name: np.array(values) for name, values in explanation.components.maps.items()}
    maps["residual_1"][3, 0, 0] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        component_maps(replace(explanation, components=Components(maps, {}, ())), ViewState(layer=3))


def test_cells_say_their_words_and_number():
    maps = component_maps(samples.explanation(), ViewState(layer=3))
    shares = maps.maps[0].shares
    assert maps.rows.cell_words(shares[0, 11], 0, 11) == f"wonderful to [CLS]: {shares[0, 11]:.2f}"


def test_cells_and_points_agree():
    heatmap = Heatmap(np.eye(4), QRectF(10, 20, 40, 40), 1.0)
    assert heatmap.cell_at(10.0, 20.0) == (0, 0)
    assert heatmap.cell_at(49.9, 20.1) == (0, 3)
    assert heatmap.cell_at(15.0, 59.9) == (3, 0)
    assert heatmap.cell_at(9.0, 30.0) is None
    assert heatmap.cell_rect(3, 1) == QRectF(20, 50, 10, 10)


@pytest.mark.parametrize("count", [4, 20])
def test_pixels_are_the_shares_colours(count):
    shares = np.zeros((count, count))
    shares[0, 1] = 0.5
    shares[2, 3] = 0.25
    heatmap = Heatmap(
        shares, QRectF(0, 0, 5.0 * count if count == 20 else 100, 5.0 * count if count == 20 else 100), 0.5
    )

    class Drawing:
        def paint(self, painter):
            heatmap.paint(painter, LIGHT)

    image = painted(Drawing(), 100, 100, LIGHT)
    for (receiver, source), value in {(0, 1): 1.0, (2, 3): 0.5, (1, 0): 0.0}.items():
        middle = heatmap.cell_rect(receiver, source).center()
        assert far(image.pixelColor(middle.toPoint()), LIGHT.sequential(value)) <= 3
    gap = image.pixelColor(round(heatmap.cell_rect(0, 2).left()) - 1, 12)
    assert (far(gap, LIGHT.card) <= 2) == (count == 4), "gaps only between large cells"


def test_colour_table_runs_from_nothing_to_most():
    table = colour_table(DARK)
    assert tuple(table[0]) == DARK.scale[0]
    assert tuple(table[-1]) == DARK.scale[-1]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "text", [samples.SENTENCE, samples.SENTENCE * 5, "a", "Pneumonoultramicroscopic" * 3 + " x y z"]
)
def test_no_words_touch_and_none_is_cut(size, text):
    grid = component_grid(component_maps(samples.explanation(text), ViewState()), QRectF(0, 0, *size), LIGHT)
    assert len(grid.heatmaps) == 7
    squares = [heatmap.rect for heatmap in grid.heatmaps if heatmap]
    for index, one in enumerate(grid.texts):
        assert inside(one.rect, *size), one
        assert not any(one.rect.intersects(square) for square in squares), one
        for other in grid.texts[index + 1 :]:
            overlap = one.rect.intersected(other.rect)
            assert overlap.width() <= 0 or overlap.height() <= 0.4 * one.rect.height(), (one, other)
    for square in squares:
        assert inside(square, *size)


def test_row_words_stand_beside_their_rows_where_they_fit():
    maps = component_maps(samples.explanation(), ViewState())
    wide = component_grid(maps, QRectF(0, 0, 1280, 720), LIGHT)
    assert sum(text.full == "wonderful" for text in wide.texts) == 7
    first = wide.heatmaps[0]
    beside = next(text for text in wide.texts if text.full == "wonderful")
    assert beside.rect.center().y() == pytest.approx(first.rect.top() + 11.5 * first.cell)
    assert not any(text.full == "wonderful" for text in component_grid(maps, QRectF(0, 0, 336, 400), LIGHT).texts)


def part_of(count: int, is_mirrored: bool = False) -> Extract:
    words = tuple(f"w{index}" for index in range(count))
    return Extract(np.ones((count, count)) / count, words, words, is_mirrored)


def test_the_enlarged_map_names_both_sides():
    maps = component_maps(samples.explanation(), ViewState())
    part = Extract(maps.maps[0].shares, maps.rows.names, maps.rows.labels)
    named = named_map(part, maps.top, QRectF(0, 0, 400, 400), 13)
    assert [text.text for text in named.labels] == list(maps.rows.labels)
    assert [text.text for text in named.columns] == list(maps.rows.labels)
    assert named.is_upright
    assert inside(named.heatmap.rect, 400, 400)


def test_words_over_wide_columns_stand_level():
    named = named_map(part_of(5), 1.0, QRectF(0, 0, 400, 400), 13)
    assert not named.is_upright
    assert all(text.rect.bottom() <= named.heatmap.rect.top() for text in named.columns)


@pytest.mark.parametrize("count", [14, 24, 40, 200])
def test_words_shrink_before_they_are_thinned_and_never_touch(count):
    named = named_map(part_of(count), 0.1, QRectF(0, 0, 400, 400), 13)
    assert (len(named.labels) == count) == (count <= 24)
    for one, other in zip(named.labels, named.labels[1:], strict=False):
        assert other.rect.center().y() - one.rect.center().y() >= 0.9 * one.rect.height()
    centres = [text.rect.center().x() for text in named.columns]
    assert len(centres) == len(named.labels)
    assert min(np.diff(centres)) >= 0.9 * named.columns[0].rect.height()


def test_mirrored_maps_have_the_first_word_and_the_labels_at_the_right():
    shares = np.eye(3)
    named = named_map(Extract(shares, ("a", "b", "c"), ("a", "b", "c"), True), 1.0, QRectF(0, 0, 300, 300), 13)
    square = named.heatmap.rect
    assert all(text.rect.left() > square.right() for text in named.labels)
    assert named.columns[0].rect.center().x() > named.columns[2].rect.center().x()
    assert named.heatmap.cell_rect(0, 0).right() == pytest.approx(square.right())
    assert named.heatmap.cell_at(square.right() - 1, square.top() + 1) == (0, 0)

    class Drawing:
        def paint(self, painter):
            named.paint(painter, LIGHT)

    image = painted(Drawing(), 300, 300, LIGHT)
    assert far(image.pixelColor(named.heatmap.cell_rect(0, 0).center().toPoint()), LIGHT.sequential(1.0)) <= 3
    assert far(image.pixelColor(named.heatmap.cell_rect(0, 2).center().toPoint()), LIGHT.sequential(0.0)) <= 3


@pytest.mark.parametrize(("count", "side"), [(4, 100), (20, 100), (300, 100)])
def test_screen_and_file_show_the_same_colours(count, side):
    random = np.random.default_rng(count)
    shares = random.random((count, count)) * 0.5
    heatmap = Heatmap(shares, QRectF(0, 0, side, side), 0.5)

    class Shapes:
        def paint(self, painter):
            heatmap.paint(painter, LIGHT)

    class Pixels:
        def paint(self, painter):
            heatmap.paint_image(painter, LIGHT)

    one, other = painted(Shapes(), side, side, LIGHT), painted(Pixels(), side, side, LIGHT)
    middles = [
        (round((cell + 0.5) * side / 4), round((line + 0.5) * side / 4)) for cell in range(4) for line in range(4)
    ]
    near = [far(one.pixelColor(*at), other.pixelColor(*at).getRgb()[:3]) <= 6 for at in middles]
    assert all(near)


@pytest.mark.parametrize("theme", list(PALETTES))
def test_every_theme_paints(theme):
    drawing = figure(samples.explanation(), ViewState(layer=3), QRectF(0, 0, 900, 600), PALETTES[theme])
    assert 0.1 < share_unlike(painted(drawing, 900, 600, PALETTES[theme]), PALETTES[theme].card) < 0.9
    assert drawing.notes[0] == "layer 4 of 6"


@pytest.fixture
def shown():
    widget = ComponentsView()
    widget.resize(320, 800)
    widget.show_result(samples.explanation(), ViewState(layer=3), stale=False)
    widget.show()
    assert QTest.qWaitForWindowExposed(widget)
    yield widget
    widget.close()


def middle_of(pane, receiver: int, source: int) -> QPoint:
    at = pane._view.mapFromScene(pane.image.mapToScene(QPointF(source + 0.5, receiver + 0.5)))
    assert pane.cell_at(at.x(), at.y()) == (receiver, source)
    return at


def test_hovering_a_cell_tells_its_words_and_number(shown):
    told = []
    shown.hovered.connect(told.append)
    pane = shown.panes["residual_1"]
    QTest.mouseMove(pane._view.viewport(), middle_of(pane, 0, 11))
    tokens = samples.explanation().tokens
    wonderful = next(index for index, token in enumerate(tokens) if token.text.startswith("wonder"))
    assert told == [Hover(wonderful, 0)]
    assert shown.scale.cell.text() == f"wonderful to [CLS]: {pane.shares[0, 11]:.2f}"


def test_row_zero_is_on_top_and_pixels_are_true(shown):
    pane = shown.panes["attention"]
    shares, top = pane.shares, shown._maps.top
    picture = pane.grab().toImage()
    for receiver, source in ((0, 3), (13, 5), (6, 6)):
        at = middle_of(pane, receiver, source)
        colour = LIGHT.sequential(min(1.0, shares[receiver, source] / top))
        assert far(picture.pixelColor(at), colour) <= 4


def test_a_word_lit_elsewhere_lights_its_row_and_column(shown):
    explanation = shown._explanation
    shown.show_result(explanation, ViewState(layer=3, hover=Hover(4)), stale=False)
    assert {(pane.marks.row, pane.marks.column) for pane in shown.panes.values()} == {(4, 4)}
    shown.show_result(explanation, ViewState(layer=3, hover=Hover(4, 0)), stale=False)
    assert {(pane.marks.row, pane.marks.column) for pane in shown.panes.values()} == {(0, 4)}
    shown.show_result(explanation, ViewState(layer=3), stale=False)
    assert {(pane.marks.row, pane.marks.column) for pane in shown.panes.values()} == {(None, None)}


def test_layer_buttons_ask_for_their_layer(shown):
    wished = []
    shown.look_requested.connect(wished.append)
    shown.bar.layers._buttons[1].click()
    assert wished == [ViewState(layer=1)]
    shown.show_result(shown._explanation, wished[0], stale=False)
    waiting = [key for key, pane in shown.panes.items() if pane.shares is None]
    assert waiting == ["feed_forward", "residual_2", "layer"]
    assert shown.panes["layer"]._waiting.isVisible()


def test_the_way_to_all_layers(shown):
    wished = []
    shown.look_requested.connect(wished.append)
    shown.bar.all.click()
    assert wished == [ViewState(layer=3, view="overview")]


def test_the_lock_keeps_the_scale_and_lets_it_go(shown):
    wished = []
    shown.look_requested.connect(wished.append)
    shown.scale.lock.click()
    assert wished == [ViewState(layer=3, scale_top=shown._maps.top)]
    shown.show_result(shown._explanation, ViewState(layer=0, scale_top=0.05), stale=False)
    assert shown.scale.lock.isChecked()
    assert shown.panes["attention"].image.getLevels().tolist() == [0.0, 0.05]
    shown.scale.lock.click()
    assert wished[-1] == ViewState(layer=0)


def test_what_is_hidden_is_named_in_the_card(shown):
    assert shown.scale.note.isHidden()
    shown.show_result(shown._explanation, ViewState(layer=3, show_special=False), stale=False)
    assert shown.scale.note.text() == "rows rescaled to the words shown; hidden: [CLS], [SEP]"
    assert shown.panes["layer"].shares.shape == (12, 12)


def test_panes_are_mirrored_where_words_run_from_the_right(shown):
    shown.show_result(samples.explanation("הסרט היה ארוך"), ViewState(layer=3), stale=False)
    pane = shown.panes["residual_1"]
    pane.grab()  # the map takes its place when it is painted
    first, last = middle_of(pane, 0, 0), middle_of(pane, 0, 4)
    assert first.x() > last.x()
    colour = LIGHT.sequential(min(1.0, pane.shares[0, 0] / shown._maps.top))
    assert far(pane.grab().toImage().pixelColor(first), colour) <= 4


@pytest.mark.parametrize("layers", [6, 12, 24, 48])
@pytest.mark.parametrize("width", [272, 306, 592])
def test_layers_stand_in_few_equal_lines(layers, width):
    widget = ComponentsView()
    widget.resize(width, 800)
    widget.show_result(samples.explanation("Yes", layers=layers), ViewState(layer=3), stale=False)
    widget.show()
    QTest.qWait(20)
    assert widget.width() == width
    buttons = [button.geometry() for button in widget.bar.layers._buttons]
    lines = [sum(button.top() == top for button in buttons) for top in sorted({button.top() for button in buttons})]
    assert len(lines) <= layers / 6
    assert len(set(lines)) == 1
    assert all(widget.bar.layers.rect().contains(button) for button in buttons)
    widget.close()


@pytest.mark.parametrize("size", [(300, 560), (320, 800), (600, 1300)])
def test_all_maps_are_squares_of_one_size(size):
    widget = ComponentsView()
    widget.resize(*size)
    widget.show_result(samples.explanation(), ViewState(layer=3), stale=False)
    widget.show()
    QTest.qWait(20)
    assert len({(pane._view.width(), pane._view.height()) for pane in widget.panes.values()}) == 1
    square = widget.panes["layer"]._view
    assert square.width() == square.height() >= 60
    assert all(pane.rect().contains(pane._view.geometry()) for pane in widget.panes.values())
    widget.close()


def enlarged(shown, key: str):
    pane = shown.panes[key]
    QTest.mouseClick(pane._view.viewport(), Qt.MouseButton.LeftButton, pos=middle_of(pane, 2, 2))
    assert shown.enlarged.isVisible()
    return shown.enlarged.map


def test_a_click_enlarges_and_esc_returns(shown):
    large = enlarged(shown, "layernorm_1")
    told = []
    shown.hovered.connect(told.append)
    point(large, large.cell_rect(5, 1).center())
    assert told == [Hover(1, 5)]
    assert large.words_of((5, 1)).startswith("The to ,: ")
    assert not shown.enlarged.heads.isVisible()
    QTest.keyClick(large, Qt.Key.Key_Escape)
    assert not shown.enlarged.isVisible()
    assert shown.panes["layernorm_1"].isVisible()


def test_a_click_on_the_large_map_returns_too(shown):
    large = enlarged(shown, "layer")
    QTest.mouseClick(large, Qt.MouseButton.LeftButton, pos=large.cell_rect(5, 1).center().toPoint())
    assert not shown.enlarged.isVisible()


def test_enter_enlarges_the_map_the_keyboard_is_on(shown):
    QTest.keyClick(shown.panes["residual_2"], Qt.Key.Key_Return)
    assert shown.enlarged.isVisible()
    assert shown.panes["residual_2"].accessibleName() == "+ residual"


def test_arrows_walk_over_the_cells_and_say_them(shown):
    large = enlarged(shown, "residual_1")
    told = []
    shown.hovered.connect(told.append)
    shares = shown.panes["residual_1"].shares
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(large, key)
    assert large.accessibleDescription() == f"plot to The: {shares[1, 2]:.2f}"
    assert told[-1] == Hover(2, 1)
    QTest.keyClick(large, Qt.Key.Key_Up)
    QTest.keyClick(large, Qt.Key.Key_Up)
    assert large.accessibleDescription() == f"plot to [CLS]: {shares[0, 2]:.2f}"


def test_right_goes_to_the_word_before_where_words_run_from_the_right(shown):
    shown.show_result(samples.explanation("הסרט היה ארוך"), ViewState(layer=3), stale=False)
    large = enlarged(shown, "residual_1")
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right):
        QTest.keyClick(large, key)
    assert large._cursor == (0, 1)


def test_zooming_shows_fewer_words_and_walking_moves_among_them(shown):
    large = enlarged(shown, "residual_1")
    whole = large.cell_rect(0, 0).width()
    for _ in range(3):
        QTest.keyClick(large, Qt.Key.Key_Plus)
    assert large._window == (0, 0, 7)
    assert large.cell_rect(0, 0).width() > 1.5 * whole
    assert large.cell_rect(9, 9) is None
    for _ in range(10):
        QTest.keyClick(large, Qt.Key.Key_Down)
    assert large._cursor == (9, 0)
    assert large.cell_rect(9, 0) is not None
    QTest.keyClick(large, Qt.Key.Key_0)
    assert large._window == (0, 0, 14)


def test_under_attention_the_heads_come_to_the_front(shown):
    large = enlarged(shown, "attention")
    wished = []
    shown.look_requested.connect(wished.append)
    strip = shown.enlarged.strip
    assert len(strip.tiles().tiles) == 4
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.tiles().tiles[2].square.center().toPoint())
    assert wished == [ViewState(layer=3, head=2)]
    explanation = shown._explanation
    shown.show_result(explanation, wished[0], stale=False)
    np.testing.assert_allclose(large._content.shares.sum(1), 1)
    assert large._content.title == "Attention, head 3"
    assert strip.tiles().framed == 2
    assert strip.tiles().top == shown._maps.top, "one scale for the map and its heads"
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert wished[-1].head == 3
    shown.enlarged.mean.click()
    assert wished[-1].head is None


def test_without_maps_the_view_says_so(shown):
    shown.show_result(samples.explanation(components=None), ViewState(), stale=False)
    assert not shown.failed
    assert not shown.panes["layer"].isVisible()
    assert isinstance(
        figure(samples.explanation(components=None), ViewState(), QRectF(0, 0, 300, 300), LIGHT), QuietFigure
    )
    shown.show_result(samples.explanation(), ViewState(), stale=False)
    assert shown.panes["layer"].isVisible()


def test_numbers_that_cannot_be_drawn_fail_this_view_alone(shown, caplog):
    explanation = samples.explanation()
    maps = {name: np.array(values) * np.nan for name, values in explanation.components.maps.items()}
    shown.show_result(replace(explanation, components=Components(maps, {}, ())), ViewState(), stale=False)
    assert shown.failed
    assert "not finite" in caplog.text
    shown.show_result(explanation, ViewState(), stale=False)
    assert not shown.failed


def test_a_stale_map_is_dimmed(shown):
    pane = shown.panes["residual_1"]
    fresh = pane.grab().toImage().pixelColor(middle_of(pane, 3, 3))
    shown.show_result(shown._explanation, ViewState(layer=3), stale=True)
    dimmed = pane.grab().toImage().pixelColor(middle_of(pane, 3, 3))
    assert dimmed.lightness() > fresh.lightness() + 20


def test_dear_maps_of_a_preview_wait_for_the_full_answer():
    shown = ComponentsView()
    shown.show_result(samples.explanation(preview=True), ViewState(layer=0), stale=False)
    assert shown.panes["layer"].waits_for() == NOT_YET
    shown.show_result(samples.explanation(), ViewState(layer=0), stale=False)
    assert shown.panes["layer"].waits_for() == COMPUTING
    shown.show_result(samples.explanation(), ViewState(layer=3), stale=False)
    assert shown.panes["layer"].waits_for() == ""
