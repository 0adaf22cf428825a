from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest

from engine.contract import Flow, Head
from gui.paint.colour import READABLE, contrast, readable_ink
from gui.paint.layer_numbers import Tail, layer_numbers
from gui.paint.layer_picture import cell_fill
from gui.paint.layer_scene import Spot, layer_scene
from gui.paint.layer_words import spot_words
from gui.paint.palette import LIGHT, PALETTES
from gui.paint.quiet import QuietFigure
from gui.state import Grouping, Hover, Node, ViewState
from gui.told.layer_prose import tell_layers
from gui.views.layers import LayersView, figure, missing, traced_spot
from tests.gui import samples
from tests.gui.pictures import far, inside, painted

SIZES = [(480, 360), (900, 700), (2560, 1440)]
HEBREW = "הסרט היה ארוך מדי, אבל השחקנים היו נפלאים באמת"
LONG_WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"

# [CLS] good bad [SEP] through two layers: what each holds coming in, after layer 1, after layer 2; biases enter.
NODES = np.array([[0.0, 3.0, -1.0, 0.5], [1.5, 2.0, -0.5, 0.0], [3.75, 0.0, 0.0, 0.0]])
BIAS = np.array([0.5, 0.75, 0.25])


def handmade(nodes=NODES, enters=BIAS, from_map=False, **changes):
    layers, count = len(nodes) - 1, nodes.shape[1]
    total = float(nodes[0].sum() + enters.sum())
    flow = Flow(np.zeros((layers, count, count)), nodes, np.zeros((layers, count)), enters, total, from_map)
    return samples.explanation("good bad", layers=layers, **({"flow": flow, "scores": nodes[0]} | changes))


def scene_of(explanation=None, size=(900, 700), view=None, lit=None):
    return layer_scene(explanation or handmade(), view or ViewState(), size, lit)


def from_maps(**changes):
    nodes = np.array([[0.1, 0.6, 0.2, 0.1], [0.3, 0.5, 0.1, 0.1], [1.0, 0.0, 0.0, 0.0]])
    return handmade(nodes, np.zeros(3), from_map=True, signed=False, unit="fraction", **changes)


def only_rollout(**changes):
    rollout = np.full((2, 4, 4), 0.7)
    rollout[:, 0] = [[8.0, 1.0, 1.0, 0.0], [2.0, 4.0, 1.0, 1.0]]
    return handmade(**samples.words_alone(rollout=rollout, signed=False, unit="fraction", **changes))


@pytest.mark.parametrize("view", [ViewState(), ViewState(show_special=False), ViewState(whole_words=False)], ids=str)
@pytest.mark.parametrize("text", [samples.SENTENCE, "Yes", HEBREW])
def test_every_column_adds_up_to_the_answer(text, view):
    explanation = samples.explanation(text)
    numbers = layer_numbers(explanation, view)
    assert numbers.boundaries == (0, 1, 2, 3, 4, 5, 6)
    np.testing.assert_allclose(numbers.tail_shares(Tail.TOGETHER), explanation.flow.total, atol=1e-12)
    seen = numbers.cells.sum(1)
    np.testing.assert_allclose(seen, explanation.flow.total, atol=1e-12, err_msg="what is coloured is all there is")


def test_the_baseline_is_what_still_enters():
    numbers = layer_numbers(handmade(), ViewState())
    np.testing.assert_array_equal(numbers.to_come, [1.5, 1.0, 0.25])
    np.testing.assert_array_equal(numbers.tail_shares(Tail.TOGETHER), [4.0, 4.0, 4.0])
    assert numbers.tails == (Tail.BASELINE, Tail.TOGETHER)


def test_a_flow_that_loses_something_shows_it():
    lost = NODES.copy()
    lost[1, 1] -= 0.3
    assert layer_numbers(handmade(lost), ViewState()).tail_shares(Tail.TOGETHER)[1] == pytest.approx(3.7)


def test_what_is_hidden_is_a_line_of_its_own_and_named():
    numbers = layer_numbers(handmade(), ViewState(show_special=False))
    assert [row.label for row in numbers.rows] == ["[CLS]", "good", "bad"], "the answer's place stays"
    assert numbers.label(0) == "[CLS] · answer"
    assert numbers.hidden == ("[SEP]",)
    np.testing.assert_array_equal(numbers.tail_shares(Tail.HIDDEN), [0.5, 0.0, 0.0])
    drawing = figure(handmade(), ViewState(show_special=False), QRectF(0, 0, 900, 700), LIGHT)
    assert "hidden: [SEP], counted in the last line" in drawing.notes


def test_pieces_add_up_to_words():
    explanation = samples.explanation()
    whole, pieces = (layer_numbers(explanation, ViewState(whole_words=on)) for on in (True, False))
    names = [row.label for row in whole.rows]
    of_pieces = [index for index, row in enumerate(pieces.rows) if 12 <= row.tokens[0] <= 13]
    assert len(pieces.rows) == 16
    np.testing.assert_allclose(whole.shares[:, names.index("wonderful")], pieces.shares[:, of_pieces].sum(1))


def test_a_flow_from_maps_has_no_sign_and_no_baseline():
    numbers = layer_numbers(from_maps(), ViewState())
    assert not numbers.is_signed
    assert numbers.tails == (Tail.TOGETHER,)
    assert numbers.top == 0.6
    np.testing.assert_allclose(numbers.tail_shares(Tail.TOGETHER), 1.0)


def test_without_a_flow_a_column_is_what_has_reached_the_place():
    numbers = layer_numbers(only_rollout(), ViewState())
    assert numbers.is_rollout
    assert numbers.boundaries == (1, 2)
    np.testing.assert_allclose(numbers.shares, [[0.8, 0.1, 0.1, 0.0], [0.25, 0.5, 0.125, 0.125]])
    drawing = figure(only_rollout(), ViewState(), QRectF(0, 0, 900, 700), LIGHT)
    assert drawing.notes == ("parts of what has reached [CLS] after each layer",)


def test_groups_of_layers_are_columns():
    explanation = samples.explanation()
    flow = explanation.flow
    kept = [0, 2, 4, 6]
    entering = np.append(np.add.reduceat(flow.bias[:-1], kept[:-1]), flow.bias[-1])
    grouped = Flow(flow.edge[:3], flow.nodes[kept], flow.bias_in[:3], entering, flow.total, False, tuple(kept))
    explanation = replace(explanation, grouped=grouped)
    numbers = layer_numbers(explanation, ViewState(grouping=Grouping.TWOS))
    assert numbers.boundaries == (0, 2, 4, 6)
    np.testing.assert_allclose(numbers.tail_shares(Tail.TOGETHER), flow.total)
    scene = layer_scene(explanation, ViewState(grouping=Grouping.TWOS), (900, 700), lit=3)
    assert [text.text for text in scene.heads] == ["words in", "layer 2", "layer 4", "layer 6"]
    assert [text.text for text in scene.heads if text.ink.role == "accent"] == ["layer 4"]
    assert layer_numbers(explanation, ViewState()).boundaries == tuple(range(7)), "not what is looked at"


def test_the_scale_ends_at_the_strongest_word_away_from_the_answers_place():
    numbers = layer_numbers(handmade(), ViewState())
    assert numbers.top == 3.0, "neither the 3.75 of [CLS] nor the baseline"
    scene = scene_of()
    assert [text.text for text in scene.legend[:3]] == ["−3", "0", "≥ +3"]
    ends = [layer_numbers(handmade(NODES * scale), ViewState()).top for scale in (1.1, 0.01, 0)]
    assert ends == pytest.approx([4.0, 0.03, 1.0])


def test_colours_tell_sign_and_size():
    numbers = layer_numbers(handmade(), ViewState())
    for palette in PALETTES.values():
        assert cell_fill(numbers, palette, 0.0) == palette.card
        assert cell_fill(numbers, palette, 3.0) == palette.towards
        assert cell_fill(numbers, palette, -9.0) == palette.against, "beyond the scale: its last colour"
        assert cell_fill(layer_numbers(from_maps(), ViewState()), palette, 0.6) == palette.scale[-1]
    red, _, blue = cell_fill(numbers, LIGHT, -1.0)
    assert red > blue + 30


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
def test_every_number_in_a_cell_can_be_read(palette):
    numbers = layer_numbers(handmade(), ViewState())
    for value in np.linspace(-4, 4, 33):
        fill = cell_fill(numbers, palette, float(value))
        assert contrast(readable_ink(fill, palette), fill) >= READABLE


def test_cells_are_painted_where_they_are_said_to_be():
    rect = QRectF(30, 20, 900, 700)
    drawing = figure(handmade(), ViewState(traced=Node(1, 2)), rect, LIGHT)
    image = painted(drawing, 960, 740, LIGHT)
    for column, line, value in ((0, 1, 3.0), (1, 2, -0.5), (0, 0, 0.0), (2, 0, 3.75), (0, 4, 1.5)):
        corner = drawing.scene.cell(column, line).translated(rect.topLeft()).topLeft()
        colour = image.pixelColor(round(corner.x()) + 6, round(corner.y()) + 6)
        assert far(colour, cell_fill(drawing.scene.numbers, LIGHT, value)) <= 2
    edge = drawing.scene.cell(1, 2).translated(rect.topLeft())
    frame = [image.pixelColor(round(edge.left()), y) for y in range(round(edge.top()) + 8, round(edge.bottom()) - 8)]
    assert min(far(colour, LIGHT.text) for colour in frame) < 80, "the traced cell has a frame"


def test_numbers_stand_in_the_cells_that_hold_enough():
    texts = {(column, line): text.text for text, column, line in scene_of().written}
    assert texts[0, 1] == "+3.00"
    assert texts[1, 2] == "−0.50"
    assert texts[2, 4] == "+0.25"
    assert (0, 0) not in texts, "zeros are left blank"
    assert not layer_scene(samples.explanation(layers=24), ViewState(), (480, 360)).written


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("special", [True, False])
@pytest.mark.parametrize(
    "text", [samples.SENTENCE, HEBREW, LONG_WORD * 3, "a", " ".join(f"w{index}" for index in range(100))]
)
def test_nothing_overlaps_and_nothing_leaves_the_picture(text, size, special):
    explanation = samples.explanation(text, layers=12)
    scene = layer_scene(explanation, ViewState(show_special=special), size)
    texts = [*scene.heads, *scene.labels, *scene.tail_texts, *scene.legend]
    for index, text in enumerate(texts):
        assert inside(text.rect, size[0] + 1, size[1] + 1), text.text
        # Letters stand apart where their boxes share the empty rim of a line.
        assert not any(
            text.rect.adjusted(0, 3, 0, -3).intersects(other.rect.adjusted(0, 3, 0, -3)) for other in texts[index + 1 :]
        ), text.text
    assert scene.ramp.top() > scene.tops[-1] + scene.talls[-1]
    assert inside(scene.line(len(scene.tops) - 1), *size)
    assert all(scene.tops[1:] >= scene.tops[:-1] + scene.talls[:-1] - 1e-9)


def test_five_hundred_words_keep_the_strongest_names():
    explanation = samples.explanation(" ".join(f"w{index}" for index in range(510)), layers=2)
    scene = layer_scene(explanation, ViewState(), (900, 700))
    held = np.abs(scene.numbers.shares).max(0)
    held[0] = 0
    assert int(held.argmax()) in scene.label_rows
    assert 10 < len(scene.labels) < 80


def test_right_to_left_is_mirrored_but_for_the_scale():
    explanation = samples.explanation(HEBREW)
    scene = layer_scene(explanation, ViewState(), (900, 700))
    straight = layer_scene(samples.explanation("The film was too long but good"), ViewState(), (900, 700))
    assert scene.columns[0] > scene.columns[-1]
    assert straight.columns[0] < straight.columns[-1]
    assert min(text.rect.left() for text in scene.labels) > scene.columns.max() + scene.wide
    assert scene.heads[0].text == "words in"
    assert scene.heads[0].rect.center().x() == pytest.approx(scene.columns[0] + scene.wide / 2)
    assert scene.legend[0].rect.left() < scene.legend[2].rect.left()


def test_every_spot_is_found_again():
    for text in (samples.SENTENCE, HEBREW):
        scene = layer_scene(samples.explanation(text), ViewState(), (900, 700))
        for column in range(7):
            for line in range(len(scene.tops)):
                middle = scene.cell(column, line).center()
                assert scene.spot_at(middle.x(), middle.y()) == Spot(column, line)
        head = scene.heads[3].rect.center()
        assert scene.spot_at(head.x(), head.y()) == Spot(3, None)
        label = scene.labels[2].rect.center()
        assert scene.spot_at(label.x(), label.y()) == Spot(None, scene.label_rows[2])
        assert scene.spot_at(scene.ramp.center().x(), scene.ramp.center().y()) is None


def test_every_spot_is_said_in_words():
    scene = scene_of()
    assert spot_words(scene, Spot(1, 1)) == "good after layer 1 holds +2.00 of +4.00"
    assert spot_words(scene, Spot(0, 2)) == "bad coming in holds −1.00 of +4.00"
    assert spot_words(scene, Spot(1, 5)) == "after layer 1: words +3.00, baseline to come +1.00 = +4.00"
    assert spot_words(scene, Spot(1, 4)).endswith("after layer 1: +1.00 of +4.00")
    assert spot_words(scene, Spot(2, None)) == "layer 2: click to look inside"
    assert spot_words(scene, Spot(None, 2)) == "bad"
    mapped, reached = scene_of(from_maps()), scene_of(only_rollout())
    assert spot_words(mapped, Spot(0, 1)).replace("\N{NO-BREAK SPACE}", " ") == "good coming in holds 60 % of 100 %"
    assert spot_words(reached, Spot(1, 1)).replace("\N{NO-BREAK SPACE}", " ") == (
        "after layer 2, 50 % of what has reached [CLS] comes from good"
    )


def test_the_second_the_is_told_from_the_first():
    scene = layer_scene(samples.explanation("the cat saw the dog"), ViewState(), (900, 700))
    assert [spot_words(scene, Spot(0, row)).split(" coming")[0] for row in (1, 4)] == ["the (1st)", "the (2nd)"]


def test_grey_tells_signs_apart_without_numbers():
    grey, size = PALETTES["grey"], (480, 360)
    nodes = np.repeat(NODES, [8, 4, 4], axis=0)
    look = ViewState(theme="grey")
    for sign, is_dashed in ((-1, True), (1, False)):
        explanation = handmade(nodes * [1, sign, 1, 1], np.zeros(16))
        image = painted(figure(explanation, look, QRectF(0, 0, *size), grey), *size, grey)
        scene = layer_scene(explanation, look, size)
        assert not scene.written
        cell = scene.cell(0, 1)
        spots = [(round(cell.left() + x), round(cell.center().y())) for x in (4, 5)]
        ground = cell_fill(scene.numbers, grey, 3.0 * sign)
        assert (max(far(image.pixelColor(*spot), ground) for spot in spots) > 60) is is_dashed


def told(explanation, view=None):
    paragraphs = tell_layers(explanation, view or ViewState())
    texts = ["".join(run.text for run in paragraph) for paragraph in paragraphs]
    return " ".join(texts).replace("\N{NO-BREAK SPACE}", " ")


def test_the_lead_is_told():
    assert told(handmade()) == (
        "Most is held by good up to layer 1 (+3.00) and [CLS] after layer 2 (+3.75). "
        "From layer 2 on [CLS], where the answer is read, holds more than half of all that the words hold. "
        "After every layer the words and the baseline still to come (+1.50 at the start) add up to +4.00."
    )
    assert told(from_maps(), ViewState(show_special=False)) == (
        "Most passes through good up to layer 1 (60 %) and [CLS] after layer 2 (100 %). "
        "From layer 2 on [CLS], where the answer is read, holds more than half of all that the words hold. "
        "Every column adds up to 100 %, [SEP] included though hidden."
    )
    assert told(only_rollout()) == (
        "What has reached [CLS] comes mostly from [CLS] after layer 1 (80 %) and good after layer 2 (50 %). "
        "Every column adds up to 100 %."
    )


def test_a_lead_that_changes_often_is_counted():
    nodes = np.zeros((7, 4))
    nodes[range(7), [1, 2, 1, 2, 1, 2, 0]] = 1.0
    assert "The lead changes 6 times." in told(handmade(nodes, np.zeros(7)))
    assert told(handmade(np.zeros((3, 4)), np.zeros(3))).startswith("No word holds anything of the answer.")


def test_numbers_that_are_not_finite_are_refused():
    for nodes, bias in ((NODES * np.nan, BIAS), (NODES, BIAS * np.inf)):
        with pytest.raises(ValueError, match="not finite"):
            layer_numbers(handmade(nodes, bias), ViewState())


def test_a_method_that_knows_no_layers_says_so():
    explanation = handmade(**samples.words_alone())
    assert missing(explanation, ViewState()) == "DecompX says how much each word counts, but nothing of single layers."
    assert isinstance(figure(explanation, ViewState(), QRectF(0, 0, 400, 300), LIGHT), QuietFigure)
    assert told(explanation) == missing(explanation, ViewState())
    with pytest.raises(ValueError, match="nothing of single layers"):
        layer_numbers(explanation, ViewState())


def test_a_chosen_place_is_named_beside_its_row():
    numbers = layer_numbers(samples.filling(), ViewState())
    at = numbers.row_of(samples.filling().position)
    count = len(samples.filling().tokens)
    gap = replace(samples.filling(), flow=None, rollout=np.ones((6, count, count)))
    assert numbers.label(0) == "[CLS] · answer", "the flow by hand runs into the first token"
    assert layer_numbers(gap, ViewState()).label(at) == "MASK · answer"
    assert gap.model.head is Head.MASKED_WORD


@pytest.fixture
def shown():
    widget = LayersView()
    widget.resize(900, 740)
    widget.show_result(handmade(), ViewState(view="layers", layer=0), stale=False)
    widget.show()
    widget.grab()
    yield widget
    widget.close()


def point(widget: LayersView, column: int, line: int) -> QPoint:
    return widget.scene().cell(column, line).center().toPoint()


def heard(signal) -> list:
    told_so_far: list = []
    signal.connect(told_so_far.append)
    return told_so_far


def test_pointing_lights_the_word_everywhere(shown):
    hovered = heard(shown.hovered)
    QTest.mouseMove(shown.canvas, point(shown, 1, 2))
    assert hovered == [Hover(2)]
    shown.show_result(handmade(), ViewState(view="layers", layer=0, hover=Hover(2)), stale=False)
    QTest.mouseMove(shown.canvas, point(shown, 1, 4))
    assert hovered[-1] is None, "the baseline is no word"


def test_a_lit_word_gets_a_frame(shown):
    line = shown.scene().line(2)
    edge = [(round(line.center().x()) + 20, round(line.top()) + step) for step in (-2, -1, 0)]

    def darkest():
        image = shown.canvas.grab().toImage()
        return min(far(image.pixelColor(*spot), LIGHT.text) for spot in edge)

    before = darkest()
    shown.show_result(shown._explanation, ViewState(view="layers", layer=0, hover=Hover(2)), stale=False)
    assert darkest() < before - 60


def test_a_cell_is_traced_and_let_go(shown):
    picked = heard(shown.picked)
    QTest.mouseClick(shown.canvas, Qt.MouseButton.LeftButton, pos=point(shown, 1, 2))
    assert picked == [Node(1, 2)]
    shown.show_result(shown._explanation, ViewState(view="layers", layer=0, traced=Node(1, 2)), stale=False)
    QTest.mouseClick(shown.canvas, Qt.MouseButton.LeftButton, pos=point(shown, 1, 2))
    assert picked[-1] is None
    QTest.mouseClick(shown.canvas, Qt.MouseButton.LeftButton, pos=point(shown, 1, 4))
    assert len(picked) == 2, "the baseline cannot be traced"


def test_a_columns_name_looks_inside_its_layer(shown):
    asked = heard(shown.look_requested)
    heads = [text.rect.center().toPoint() for text in shown.scene().heads]
    QTest.mouseClick(shown.canvas, Qt.MouseButton.LeftButton, pos=heads[2])
    assert [view.layer for view in asked] == [1]
    QTest.mouseClick(shown.canvas, Qt.MouseButton.LeftButton, pos=heads[0])
    assert len(asked) == 1, "before the first layer there is none"


def test_a_cell_of_a_rollout_looks_inside_its_layer(shown):
    shown.show_result(only_rollout(), ViewState(view="layers", layer=0), stale=False)
    asked, picked = heard(shown.look_requested), heard(shown.picked)
    QTest.mouseClick(shown.canvas, Qt.MouseButton.LeftButton, pos=point(shown, 1, 1))
    assert [view.layer for view in asked] == [1]
    assert picked == []


def test_the_keyboard_walks_and_chooses(shown):
    hovered, picked, asked = heard(shown.hovered), heard(shown.picked), heard(shown.look_requested)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(shown, key)
    assert picked == [Node(1, 1)]
    assert hovered[-1] == Hover(1)
    assert shown.canvas.accessibleDescription() == "good after layer 1 holds +2.00 of +4.00"
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(shown, key)
    assert [view.layer for view in asked] == [0]
    shown.show_result(shown._explanation, ViewState(view="layers", layer=0, traced=Node(1, 1)), stale=False)
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert picked[-1] is None


def test_the_keyboard_goes_where_the_arrow_points_in_a_mirrored_picture(shown):
    shown.show_result(samples.explanation(HEBREW), ViewState(), stale=False)
    QTest.keyClick(shown, Qt.Key.Key_Left)
    QTest.keyClick(shown, Qt.Key.Key_Left)
    assert shown._cursor == Spot(1, 0)


def test_the_switches_ask_for_other_rows(shown):
    asked = heard(shown.look_requested)
    shown.strip.words.click()
    shown.strip.special.click()
    assert not asked[0].whole_words
    assert not asked[1].show_special
    assert shown.strip.special.text() == "[CLS] and [SEP]"


def test_the_offer_asks_for_decompx(shown):
    shown.show_result(handmade(**samples.words_alone()), ViewState(), stale=False)
    assert not shown.strip.isVisible()
    asked = heard(shown.method_requested)
    shown.offer.button.click()
    assert asked == ["decompx"]


def test_a_trace_that_is_not_in_the_picture_is_none():
    scene = scene_of()
    assert traced_spot(scene, Node(1, 2)) == Spot(1, 2)
    assert traced_spot(scene, Node(9, 2)) is None
    assert traced_spot(scene, Node(1, 77)) is None
    assert traced_spot(scene, None) is None
