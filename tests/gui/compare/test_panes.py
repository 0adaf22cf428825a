from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from gui.compare.comparison_figure import aspect, comparison_figure
from gui.compare.difference import Pane, difference
from gui.compare.flow_contents import flow_contents
from gui.compare.pane import QuietPane, heading
from gui.compare.panes import pane_figure
from gui.compare.told import told
from gui.paint.palette import DARK, GREY, LIGHT
from gui.state import Compared, ComparedAs
from tests.gui import samples
from tests.gui.compare.pairs import FLOW, KEY, KEYS, MAPS, WORDS, from_maps, of, state
from tests.gui.pictures import far, painted, share_unlike

RECT = QRectF(0, 0, 420, 560)
SIZES = [(1280, 720), (1600, 900), (336, 0)]
PLOT = samples.explanation()
WITH_NOT = samples.explanation("The plot was not thin, but the actors were absolutely wonderful.")
HEBREW = samples.explanation("הסרט היה ארוך, אבל השחקנים היו נפלאים")
HEBREW_TOO = samples.explanation("הסרט היה קצר מדי, אבל השחקנים היו נפלאים")
LONG = " ".join(f"word{index} and" for index in range(30))
SIXTY, SIXTY_ONE = samples.explanation(LONG), samples.explanation(f"{LONG} more.")


def panes(made, rect=RECT, palette=LIGHT):
    return {pane: pane_figure(made, pane, rect, palette) for pane in Pane}


def texts_of(pane):
    """All words of a pane, in its own coordinates moved to the figure's."""
    if isinstance(pane, QuietPane):
        return list(pane.texts)
    if hasattr(pane, "scene"):
        way, scene = pane.room.topLeft(), pane.scene
        badge = [scene.badge] if scene.badge else []
        inside = [*scene.labels, *scene.glosses, *scene.heads, *scene.texts, *badge]
        return [*pane.texts, *(replace(text, rect=text.rect.translated(way)) for text in inside)]
    if hasattr(pane, "named"):
        level = () if pane.named.is_upright else pane.named.columns
        return [*pane.texts, *pane.named.labels, *level]
    return list(pane.texts)


def test_rows_and_columns_of_all_three_stand_in_the_same_places():
    made = panes(of(PLOT, WITH_NOT))
    for pane in (Pane.SECOND, Pane.DIFFERENCE):
        np.testing.assert_array_equal(made[pane].scene.lines, made[Pane.FIRST].scene.lines)
        np.testing.assert_array_equal(made[pane].scene.columns, made[Pane.FIRST].scene.columns)
    words = panes(of(PLOT, WITH_NOT, compared_as=WORDS))
    assert len({(tuple(pane.lines), pane.zero, pane.scale) for pane in words.values()}) == 1
    maps = panes(of(PLOT, WITH_NOT, compared_as=MAPS, layer=3))
    assert len({(pane.heatmap.rect.left(), pane.heatmap.rect.top(), pane.heatmap.cell) for pane in maps.values()}) == 1


def test_widths_are_on_one_measure_over_all_panes():
    made = panes(of(KEYS, KEY))
    one = {pane: float(np.max(figure.scene.links.width)) for pane, figure in made.items()}
    assert one[Pane.FIRST] / one[Pane.DIFFERENCE] == pytest.approx(2.0 / 3.75)
    assert one[Pane.SECOND] / one[Pane.DIFFERENCE] == pytest.approx(1.75 / 3.75)
    own = panes(of(KEYS, KEY, one_scale=False))
    assert any("own scale" in text.text for text in own[Pane.FIRST].texts)
    assert float(np.max(own[Pane.FIRST].scene.links.width)) > one[Pane.FIRST]


def test_the_totals_are_written_where_the_flow_ends():
    made = panes(of(KEYS, KEY))
    ends = [made[pane].scene.texts[-1] for pane in Pane]
    assert [(text.text, text.ink.role) for text in ends] == [
        ("+2.5", "towards"),
        ("−2.0", "against"),
        ("+4.5", "towards"),
    ]
    for pane in Pane:
        scene = made[pane].scene
        assert scene.goals[0][1] == pytest.approx(float(scene.lines[-1]))


def test_the_difference_is_blue_and_orange_at_the_right_rows():
    made = of(KEYS, KEY)
    figure = pane_figure(made, Pane.DIFFERENCE, RECT, LIGHT)
    image = painted(figure, 420, 560, LIGHT)
    scene, top = figure.scene, figure.room.top()
    middle = round(float(scene.columns[0] + scene.columns[1]) / 2)

    def colour(row):
        return image.pixelColor(middle, round(float(scene.lines[row]) + top))

    assert far(colour(1), LIGHT.towards) < 40
    cabinet = colour(4)
    assert cabinet.red() > cabinet.blue() + 40
    assert far(colour(0), LIGHT.card) < 40


def test_hovering_a_row_tells_both_numbers_and_lights_the_row_in_all_panes():
    made = panes(of(KEYS, KEY))
    figure = made[Pane.SECOND]
    at = float(figure.scene.columns[1]), float(figure.scene.lines[1] + figure.room.top())
    hit = figure.hit(*at)
    assert (hit.row, hit.receiver) == (1, None)
    assert hit.words == "keys | key after layer 1: A +2.00, B −1.75, A minus B +3.75"
    assert figure.hit(at[0], 2.0) is None
    for pane, one in made.items():
        plain = painted(one, 420, 560, LIGHT)

        class Lit:
            notes = ()

            def paint(self, painter, one=one):
                one.paint(painter)
                one.paint_lit(painter, hit)

        lit = painted(Lit(), 420, 560, LIGHT)
        x, y = round(float(one.scene.columns[0]) - 8), round(float(one.scene.lines[1] + one.room.top()) + 7)
        assert plain.pixel(x, y) != lit.pixel(x, y), pane


def test_hovering_a_link_and_the_baseline():
    figure = pane_figure(of(KEYS, KEY), Pane.DIFFERENCE, RECT, LIGHT)
    scene, top = figure.scene, figure.room.top()
    middle = float(scene.columns[0] * 0.5 + scene.columns[1] * 0.5)
    hit = figure.hit(middle, float(scene.lines[1]) + top)
    assert hit.words == "keys | key keeps through layer 1: A +2.00, B −1.75, A minus B +3.75"
    hit = figure.hit(float(scene.columns[2]), scene.baseline + top)
    assert (hit.row, hit.words) == (None, "baseline after layer 2: A +0.50, B −0.50, A minus B +1.00")


def test_words_are_bars_and_say_their_numbers():
    made = panes(of(KEYS, KEY, compared_as=WORDS))
    figure = made[Pane.DIFFERENCE]
    bars = [figure.bar(line).width() for line in range(6)]
    assert bars[1] / bars[4] == pytest.approx(3.75 / 0.5)
    assert figure.bar(1).left() == pytest.approx(figure.zero) == pytest.approx(figure.bar(4).right())
    hit = figure.hit(200.0, float(figure.lines[1]))
    assert (hit.row, hit.words) == (1, "keys | key: A +2.00, B −1.75, A minus B +3.75")
    assert figure.hit(200.0, float(figure.lines[6])).words == "baseline: A +0.50, B −0.50, A minus B +1.00"
    assert figure.notes == ("Spearman −0.90, Kendall −0.87 over 6 words",)


def test_maps_are_signed_in_the_difference_and_blank_where_a_side_has_no_word():
    made = of(PLOT, WITH_NOT, compared_as=MAPS, layer=3)
    figures = panes(made)
    line = [row.label for row in made.shown].index("∅ | not")
    first, apart = figures[Pane.FIRST], figures[Pane.DIFFERENCE]
    assert first.empty == (line,)
    assert not first.heatmap.is_signed
    assert apart.heatmap.is_signed
    assert apart.heatmap.top == first.heatmap.top
    image = painted(apart, 420, 560, LIGHT)
    cell = apart.heatmap.cell_rect(line, line).center().toPoint()
    own = image.pixelColor(cell)
    assert own.red() > own.blue() + 40, "what B alone keeps is orange"
    blank = painted(first, 420, 560, LIGHT).pixelColor(first.heatmap.cell_rect(line, 2).center().toPoint())
    assert far(blank, LIGHT.card) == 0
    hit = apart.hit(cell.x(), cell.y())
    one = made.maps.second[line, line]
    assert (hit.row, hit.receiver) == (line, line)
    assert hit.words == f"∅ | not to ∅ | not: A 0.00, B {one:.2f}, A minus B −{one:.2f}"


def test_zero_is_the_card_on_every_theme():
    made = of(PLOT, PLOT, compared_as=MAPS, layer=3)
    for palette in (LIGHT, DARK, GREY):
        figure = pane_figure(made, Pane.DIFFERENCE, RECT, palette)
        image = painted(figure, 420, 560, palette)
        at = figure.heatmap.cell_rect(2, 2).center().toPoint()
        assert far(image.pixelColor(at), palette.card) == 0


def test_a_shape_and_an_image_of_a_signed_map_look_alike():
    figure = pane_figure(of(PLOT, WITH_NOT, compared_as=MAPS, layer=3), Pane.DIFFERENCE, RECT, LIGHT)

    class Screen:
        notes = ()

        def paint(self, painter):
            figure.heatmap.paint_image(painter, LIGHT)

    one, other = painted(figure, 420, 560, LIGHT), painted(Screen(), 420, 560, LIGHT)
    for receiver in range(0, 14, 3):
        at = figure.heatmap.cell_rect(receiver, receiver).center().toPoint()
        colour = one.pixelColor(at)
        assert far(other.pixelColor(at), (colour.red(), colour.green(), colour.blue())) <= 4


def test_a_side_with_a_picture_keeps_it_where_the_other_has_none():
    alone = replace(KEYS, **samples.words_alone(), request=replace(KEYS.request, method="integrated_gradients"))
    made = panes(difference(KEYS, alone, state(Compared.METHODS)))
    assert hasattr(made[Pane.FIRST], "scene")
    assert made[Pane.SECOND].notes == made[Pane.DIFFERENCE].notes
    assert made[Pane.SECOND].notes[0].startswith("Integrated gradients gives")
    assert made[Pane.SECOND].hit(100, 100) is None


def test_headings_say_what_each_pane_is():
    made = of(KEYS, KEY)
    assert [heading(made, pane) for pane in Pane] == [
        "A: what speaks for Positive",
        "B: what speaks for Positive",
        "Difference, A minus B",
    ]
    methods = difference(KEYS, from_maps(KEYS), state(Compared.METHODS))
    assert heading(methods, Pane.FIRST) == "A: DecompX, what speaks for Positive"
    assert heading(methods, Pane.SECOND) == "B: GlobEnc, how the words mix"
    layers = difference(PLOT, PLOT, state(Compared.LAYERS, first_layer=1, layer=3, compared_as=MAPS))
    assert heading(layers, Pane.FIRST) == "A: whole layer, layer 2"


def test_right_to_left_mirrors_every_pane():
    made = of(HEBREW, HEBREW_TOO)
    for figure in panes(made).values():
        assert figure.scene.columns[0] > figure.scene.columns[-1]
        assert figure.texts[0].rect.right() > 400
    words = panes(of(HEBREW, HEBREW_TOO, compared_as=WORDS))
    bar = words[Pane.FIRST].bar(int(np.argmax(words[Pane.FIRST].values)))
    assert bar.right() == pytest.approx(words[Pane.FIRST].zero)
    assert panes(of(HEBREW, HEBREW_TOO, compared_as=MAPS, layer=3))[Pane.DIFFERENCE].heatmap.is_mirrored


PAIRS = {
    "plot": (PLOT, WITH_NOT),
    "hebrew": (HEBREW, HEBREW_TOO),
    "sixty": (SIXTY, SIXTY_ONE),
    "keys": (KEYS, KEY),
    "one word": (samples.explanation("good"), samples.explanation("bad")),
    "unlike": (PLOT, HEBREW),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("picture", [FLOW, MAPS, WORDS], ids=lambda picture: picture.value)
@pytest.mark.parametrize("pair", PAIRS)
def test_no_text_overlaps_or_leaves_its_pane(pair, picture, size):
    made = of(*PAIRS[pair], compared_as=picture, layer=3)
    width, height = size[0], size[1] or round(size[0] * aspect(made, size[0]))
    figure = comparison_figure(made, QRectF(0, 0, width, height), LIGHT)
    assert share_unlike(painted(figure, width, height, LIGHT), LIGHT.card, step=5) > 0.01
    for one, other in zip(figure.blocks, figure.blocks[1:], strict=False):
        assert not one.rect.intersects(other.rect)
    for pane in figure.panes:
        texts = [text for text in texts_of(pane) if text.text]
        room = pane.rect if hasattr(pane, "rect") else QRectF(0, 0, width, height)
        for text in texts:
            assert room.adjusted(-1, -1, 1, 1).contains(text.rect), (text.text, text.rect, room)
        for place, text in enumerate(texts):
            inner = text.rect.adjusted(0, 0.2 * text.rect.height(), 0, -0.2 * text.rect.height())
            assert not any(inner.intersects(other.rect) for other in texts[:place]), text.text


def test_the_figure_shows_both_sentences_with_what_differs_in_bold():
    figure = comparison_figure(of(PLOT, WITH_NOT), QRectF(0, 0, 1280, 720), LIGHT)
    first, second, statement = figure.blocks
    assert [text.text for text in first.texts if text.ink.bold] == []
    assert [text.text for text in second.texts if text.ink.bold] == ["not"]
    assert statement.texts[0].text == "Blue"
    assert (statement.texts[0].ink.role, statement.texts[0].ink.bold) == ("towards", True)
    written = [text.text for text in figure.texts]
    assert "Positive 0.94   Negative 0.06" in written
    assert figure.notes[0].startswith("A: 100\N{NO-BREAK SPACE}% in")
    assert figure.notes[-1] == "one scale for all"


def test_the_gap_is_marked():
    one, other = samples.filling("The keys mask here."), samples.filling("The key mask here.")
    one, other = (replace(side, model=replace(side.model, mask_token="mask")) for side in (one, other))
    figure = comparison_figure(of(one, other), QRectF(0, 0, 1280, 720), LIGHT)
    assert "\N{NO-BREAK SPACE}gap\N{NO-BREAK SPACE}" in [text.text for text in figure.blocks[0].texts]
    assert len(figure.blocks[0].grounds) == 1
    assert figure.blocks[0].grounds[0].contains(QPointF(figure.blocks[0].grounds[0].center()))


def test_in_a_narrow_column_the_panes_stand_below_one_another():
    figure = comparison_figure(of(KEYS, KEY), QRectF(0, 0, 336, 800), LIGHT)
    tops = [pane.rect.top() for pane in figure.panes]
    assert tops == sorted(set(tops))
    assert len({pane.rect.left() for pane in figure.panes}) == 1
    wide = comparison_figure(of(KEYS, KEY), QRectF(0, 0, 1280, 720), LIGHT)
    assert len({pane.rect.top() for pane in wide.panes}) == 1


def test_methods_share_one_sentence():
    figure = comparison_figure(
        difference(KEYS, from_maps(KEY), state(Compared.METHODS, compared_as=WORDS)), QRectF(0, 0, 1280, 720), DARK
    )
    assert len(figure.blocks) == 2
    assert figure.notes[0] == "A: DecompX, B: GlobEnc"
    said = "".join(run.text for run in told(figure.difference, DARK))
    assert said.endswith("GlobEnc knows no sign: sizes are compared.")


def test_rows_that_are_hidden_are_counted_right_under_the_pointer():
    made = of(PLOT, WITH_NOT, show_special=False, compared_as=WORDS)
    figure = pane_figure(made, Pane.FIRST, RECT, LIGHT)
    assert figure.hit(100, float(figure.lines[1])).words.startswith("The: ")
    flow = pane_figure(of(PLOT, WITH_NOT, show_special=False), Pane.FIRST, RECT, LIGHT)
    last = len(flow_contents(flow.difference)[Pane.FIRST].rows) - 1
    hit = flow.hit(float(flow.scene.columns[0]), float(flow.scene.lines[last]) + flow.room.top())
    assert hit.words.startswith(". coming in: ")


@pytest.mark.parametrize("picture", list(ComparedAs))
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (336, 1200)])
def test_a_whole_figure_answers_to_the_pointer_in_every_pane_and_lights_up_in_all(picture, width, height):
    figure = comparison_figure(of(PLOT, WITH_NOT, compared_as=picture, layer=3), QRectF(0, 0, width, height), LIGHT)
    plain = painted(figure, width, height, LIGHT)
    for room in figure.rooms:
        across, down = range(8, int(room.width()), 20), range(8, int(room.height()), 9)
        found = [figure.hit(room.left() + x, room.top() + y) for x in across for y in down]
        assert any(found), "every pane tells what is under the pointer"
        hit = next(one for one in found if one is not None and one.row is not None)
        lit = painted(figure, width, height, LIGHT)
        painter = QPainter(lit)
        figure.paint_lit(painter, hit)
        painter.end()
        for other in figure.rooms:
            assert lit.copy(other.toRect()) != plain.copy(other.toRect())
    assert figure.hit(2, 2) is None
