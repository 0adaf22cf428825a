from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest

from engine.contract import Components
from gui.paint.component_grid import component_grid
from gui.paint.component_maps import component_maps, scale_top
from gui.paint.heatmap import Heatmap, colour_table, named_map
from gui.paint.palette import DARK, LIGHT, PALETTES
from gui.paint.quiet import QuietFigure
from gui.state import Hover, ViewState
from gui.views.components import COMPUTING, NOT_YET, ComponentsView, figure
from tests.gui import samples
from tests.gui.pictures import far, inside, painted, share_unlike

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
    assert maps.labels == ("[CLS]", "A", "remarkable", "film", "[SEP]")
    pieces = raw[3]
    row = (pieces[2] + pieces[3]) / 2
    expected = np.array([row[0], row[1], row[2] + row[3], row[4], row[5]]) / row.sum()
    np.testing.assert_allclose(maps.maps[0].shares[2], expected)


def test_what_was_not_asked_for_is_not_there_yet():
    maps = component_maps(samples.explanation(), ViewState(layer=1))
    assert [shown.shares is None for shown in maps.maps] == [False] * 4 + [True] * 3


def test_a_layer_the_model_lacks_is_its_last():
    assert component_maps(samples.explanation(layers=2), ViewState(layer=7)).layer == 1


@pytest.mark.parametrize(
    ("most", "top"), [(0.05, 0.1), (0.1, 0.1), (0.12, 0.2), (0.21, 0.25), (0.3, 0.5), (0.51, 1), (1, 1)]
)
def test_the_scale_ends_at_a_round_number(most, top):
    assert scale_top([np.full((4, 4), most)]) == top


def test_the_scale_forgives_the_largest_twentieth():
    shares = np.full((20, 20), 0.05)
    shares[0, :15] = 0.9
    assert scale_top([shares]) == 0.1
    shares[:2, :11] = 0.9
    assert scale_top([shares]) == 1.0


def test_numbers_that_are_not_finite_are_refused():
    explanation = samples.explanation()
    maps = {name: np.array(values) for name, values in explanation.components.maps.items()}
    maps["residual_1"][3, 0, 0] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        component_maps(replace(explanation, components=Components(maps, {}, ())), ViewState(layer=3))


def test_cells_say_their_words_and_number():
    maps = component_maps(samples.explanation(), ViewState(layer=3))
    shares = maps.maps[0].shares
    assert maps.cell_words(shares, 0, 11) == f"wonderful to [CLS]: {shares[0, 11]:.2f}"


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


def test_the_enlarged_map_names_both_sides():
    maps = component_maps(samples.explanation(), ViewState())
    named = named_map(maps.maps[0].shares, maps.labels, maps.top, QRectF(0, 0, 400, 400), 13)
    assert [text.full for text in named.labels] == list(maps.labels)
    assert [text.full for text in named.columns] == list(maps.labels)
    assert inside(named.heatmap.rect, 400, 400)
    dense = named_map(np.ones((200, 200)) / 200, tuple(f"w{i}" for i in range(200)), 0.1, QRectF(0, 0, 400, 400), 13)
    assert 10 < len(dense.columns) < 30
    centres = [text.rect.center().x() for text in dense.columns]
    assert min(np.diff(centres)) >= 12


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
    shown.layers._buttons[1].click()
    assert wished == [ViewState(layer=1)]
    shown.show_result(shown._explanation, wished[0], stale=False)
    waiting = [key for key, pane in shown.panes.items() if pane.shares is None]
    assert waiting == ["feed_forward", "residual_2", "layer"]
    assert shown.panes["layer"]._waiting.isVisible()


def test_many_layers_wrap_inside_the_panel():
    widget = ComponentsView()
    widget.resize(320, 800)
    widget.show_result(samples.explanation(layers=24), ViewState(layer=3), stale=False)
    widget.show()
    assert widget.width() == 320
    buttons = [button.geometry() for button in widget.layers._buttons]
    assert len({button.top() for button in buttons}) > 1
    assert all(widget.layers.rect().contains(button) for button in buttons)
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


def test_a_click_enlarges_and_esc_returns(shown):
    pane = shown.panes["layernorm_1"]
    QTest.mouseClick(pane._view.viewport(), Qt.MouseButton.LeftButton, pos=middle_of(pane, 2, 2))
    assert shown.enlarged.isVisible()
    told = []
    shown.hovered.connect(told.append)
    named = shown._layout_large()
    at = named.heatmap.cell_rect(5, 1).center()
    QTest.mouseMove(shown.enlarged, at.toPoint())
    assert told == [Hover(1, 5)]
    assert shown.scale.cell.text().startswith("The to ,: ")
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.enlarged.isVisible()
    assert pane.isVisible()


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
