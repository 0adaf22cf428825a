from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine import registry
from engine.contract import Flow, Head, Prediction, Token
from engine.words import merge_flow, rows
from gui.annotation import AnnotatedWord, Annotation
from gui.paint import flow_frame as layout
from gui.paint.component_maps import component_maps
from gui.paint.flow_camera import WHOLE
from gui.paint.flow_figure import BIASES_APART, figure, missing, trace_of
from gui.paint.flow_hits import nearest_link, nearest_node, on_baseline
from gui.paint.flow_numbers import LOCAL_NOTE, flow_numbers, row_shares
from gui.paint.flow_scene import drawn_links, flow_scene
from gui.paint.flow_strands import CURVED_AT_MOST
from gui.paint.flow_words import baseline_words, link_words, node_words
from gui.paint.palette import DARK, LIGHT, PALETTES, blend
from gui.paint.quiet import QuietFigure
from gui.state import Grouping, Hover, Node, ViewState, boundaries_of
from gui.views.flow import FlowView
from tests.gui import samples
from tests.gui.pictures import far, inside, painted, share_unlike
from tests.gui.stage import wait_until

DECOMPX = registry.find("decompx")
SIZES = [(480, 360), (720, 700), (1280, 720), (2560, 1440)]
HEBREW = "הסרט היה ארוך מדי, אבל השחקנים היו נפלאים באמת"


def handmade(edge, position=0, bias_in=None, bias_head=0.0, from_map=False, **changes):
    """An explanation around a flow given link by link."""
    edge = np.array(edge, dtype=float)
    layers, count, _ = edge.shape
    bias_in = np.zeros((layers, count)) if bias_in is None else np.array(bias_in, dtype=float)
    last = edge[-1].sum(1) + bias_in[-1]
    nodes = np.concatenate([edge.sum(1), last[None]])
    total = float(last.sum() + bias_head)
    flow = Flow(edge, nodes, bias_in, np.append(bias_in.sum(1), bias_head), total, from_map)
    words = ["abcdefgh"[index] * 2 for index in range(count)]
    text = " ".join(words)
    tokens = tuple(Token(word, 7, 3 * index, 3 * index + 2, index, 0, False) for index, word in enumerate(words))
    attention = np.full((layers, 1, count, count), 1 / count)
    whole = samples.explanation(text, layers=layers)
    request = replace(whole.request, text=text)
    given = {"tokens": tokens, "position": position, "flow": flow, "scores": nodes[0], "attention": attention}
    return replace(whole, request=request, components=None, **(given | changes))


CHAIN = handmade(
    # bb -> aa in layer 1, cc against it, everything else straight on; then a trunk into the answer
    [[[1.0, 3.0, -2.0], [0, 0, 0], [0, 0, 0]], [[2.0, 0, 0], [0, 0, 0], [0, 0, 0]]],
    bias_head=0.5,
)


def test_the_stated_share_is_true_to_the_links_drawn():
    explanation = samples.explanation()
    for coverage in (0.3, 0.5, 0.8, 0.95, 1.0):
        scene = flow_scene(explanation, ViewState(coverage=coverage), (900, 700))
        merged = merge_flow(explanation.flow, rows(explanation.request, explanation.tokens, whole_words=True))
        links = scene.numbers.links
        shares = []
        for layer in range(6):
            here = links.layer == layer
            drawn = np.abs(merged.edge[layer][links.receiver[here], links.source[here]])
            np.testing.assert_allclose(np.sort(drawn), np.sort(np.abs(links.weight[here])))
            shares.append(drawn.sum() / np.abs(merged.edge[layer]).sum())
            left_out = drawn.sum() - drawn.min()
            assert left_out / np.abs(merged.edge[layer]).sum() < coverage, "not one link more than needed"
        assert links.coverage == pytest.approx(min(shares))
        assert links.coverage >= coverage - 1e-9
        assert scene.numbers.statement == f"{int(100 * min(shares) + 1e-7)}\N{NO-BREAK SPACE}% in {len(links)} links"
        assert len(scene.links) == len(links)


def test_everything_drawn_at_full_coverage_is_the_whole_flow():
    explanation = samples.explanation()
    numbers = flow_numbers(explanation, ViewState(coverage=1.0))
    assert numbers.links.weight.sum() == pytest.approx(explanation.flow.edge.sum())
    held = np.zeros_like(numbers.nodes[:-1])
    np.add.at(held, (numbers.links.layer, numbers.links.source), numbers.links.weight)
    np.testing.assert_allclose(held, numbers.nodes[:-1], atol=1e-12)
    assert numbers.nodes[0].sum() + numbers.bias.sum() == pytest.approx(numbers.total)
    assert numbers.arriving[0, 0] - numbers.arriving[1, 0] == pytest.approx(numbers.nodes[-1, 0])


def test_widths_are_shares_on_one_measure():
    scene = flow_scene(CHAIN, ViewState(coverage=1.0), (900, 700))
    widths = {float(weight): float(width) for weight, width in zip(scene.links.weight, scene.links.width, strict=True)}
    assert widths[3.0] == pytest.approx(3 * widths[1.0])
    assert widths[-2.0] == pytest.approx(widths[2.0])
    assert scene.numbers.scale == 6.0


def test_bands_lie_side_by_side_and_the_rows_own_keeps_the_row():
    scene = flow_scene(CHAIN, ViewState(coverage=1.0), (900, 700))
    links = scene.numbers.links
    first = links.layer == 0
    order = np.argsort(links.source[first])
    ends, widths = scene.links.end[first][order, 1], scene.links.width[first][order]
    assert ends[0] == pytest.approx(scene.lines[0])
    assert ends[1] - ends[0] == pytest.approx((widths[0] + widths[1]) / 2)
    assert ends[2] - ends[1] == pytest.approx((widths[1] + widths[2]) / 2)


def test_the_answers_bands_are_what_speaks_for_and_against():
    explanation = handmade([[[1.0, 3.0, -2.0], [0, 0, 0], [0, 0, 0]]])
    scene = flow_scene(explanation, ViewState(), (900, 700))
    assert sorted(scene.answer.weight.tolist()) == [-2.0, 4.0]
    boxes = {True: scene.boxes[0].rect, False: scene.boxes[1].rect}
    for end, weight in zip(scene.answer.end, scene.answer.weight, strict=True):
        rect = boxes[weight > 0]
        assert end[0] == pytest.approx(rect.left())
        assert rect.top() <= end[1] <= rect.bottom()


def test_one_box_without_a_contrast_two_with():
    alone = flow_scene(samples.explanation(against=-1), ViewState(), (900, 700))
    assert [box.name.text for box in alone.boxes] == ["Positive"]
    both = flow_scene(samples.explanation(), ViewState(), (900, 700))
    assert [(box.name.text, box.figure.text) for box in both.boxes] == [("Positive", "0.94"), ("Negative", "0.06")]
    assert not both.boxes[0].rect.intersects(both.boxes[1].rect)


def test_a_flow_from_maps_ends_where_it_is_read_and_claims_no_class():
    scene = flow_scene(handmade([[[0.5, 0.5], [0, 0]]], from_map=True), ViewState(), (900, 700))
    assert [(box.name.text, box.figure.text, box.is_class) for box in scene.boxes] == [
        ("read for", "the answer", False)
    ]
    assert scene.answer.weight.tolist() == [1.0]
    assert "answer" not in [text.full for text in scene.heads]


def test_no_band_reaches_into_the_names_of_the_columns():
    scene = flow_scene(handmade([[[1.0, 0], [0, 0]], [[1.0, 0], [0, 0]]], from_map=True), ViewState(), (700, 600))
    lowest = max(text.rect.bottom() for text in scene.heads)
    assert lowest <= scene.lines[0] - scene.links.width.max() / 2


def test_grey_tells_signs_apart_by_dashes():
    rect = QRectF(0, 0, 900, 700)
    drawing = figure(CHAIN, ViewState(coverage=1.0), rect, PALETTES["grey"])
    image = painted(drawing, 900, 700, PALETTES["grey"])
    links = drawing.scene.links
    link = int(np.flatnonzero(links.weight == -2.0)[0])
    steps = np.linspace(0.1, 0.9, 400)
    x = links.start[link, 0] + (1.5 * steps * (1 - steps) + steps**3) * (links.end[link, 0] - links.start[link, 0])
    y = links.start[link, 1] + (3 * steps**2 - 2 * steps**3) * (links.end[link, 1] - links.start[link, 1])
    light = [far(image.pixelColor(int(a), int(b)), PALETTES["grey"].card) < 40 for a, b in zip(x, y, strict=True)]
    assert 0.05 < np.mean(light) < 0.7, "gaps all along the way"
    assert np.abs(np.diff(light)).sum() > 10


def test_without_probabilities_the_logit_is_stated():
    said = Prediction(("negative", "positive"), np.array([-1.3, 1.45]), None)
    scene = flow_scene(samples.explanation(prediction=said), ViewState(), (900, 700))
    assert [box.figure.text for box in scene.boxes] == ["1.45", "−1.30"]


def test_the_baseline_is_always_in_numbers():
    explanation = samples.explanation()
    scene = flow_scene(explanation, ViewState(), (900, 700))
    written = [text.full for text in scene.texts]
    assert f"baseline {explanation.flow.bias.sum():+.2f}" in written
    assert f"{explanation.flow.bias[-1]:+.2f}".replace("-", "−") in written
    assert scene.baseline > scene.lines[-1]
    assert len(scene.baseline_radii) == 7
    assert on_baseline(scene, float(scene.columns[2]), scene.baseline) == 2
    assert baseline_words(scene.numbers, 6).startswith(
        "baseline: where the model leans whatever the words\n−0.28 enters in the"
    )


def test_a_flow_from_maps_has_one_hue_and_no_baseline():
    explanation = handmade([[[0.5, 0.5], [0, 0]], [[0.25, 0.75], [0, 0]]], from_map=True)
    scene = flow_scene(explanation, ViewState(), (600, 500))
    assert np.isnan(scene.baseline)
    assert not any("baseline" in text.full for text in scene.texts)
    assert len(scene.fan) == 0
    image = painted(figure(explanation, ViewState(), QRectF(0, 0, 600, 500), LIGHT), 600, 500, LIGHT)
    orange = [x for x in range(0, 440, 2) for y in range(0, 500, 2) if far(image.pixelColor(x, y), LIGHT.against) < 60]
    assert not orange
    assert node_words(scene.numbers, 0, 1).endswith("% of 100\N{NO-BREAK SPACE}%")


def test_hidden_rows_are_named_and_not_claimed():
    explanation = samples.explanation()
    shown = flow_scene(explanation, ViewState(coverage=1.0), (900, 700))
    scene = flow_scene(explanation, ViewState(coverage=1.0, show_special=False), (900, 700))
    assert scene.badge is not None
    assert scene.badge.text == "hidden: [SEP]"
    assert shown.badge is None
    assert [row.label for row in scene.numbers.rows] == [row.label for row in shown.numbers.rows][:-1]
    assert scene.labels[0].full == "[CLS] · answer"
    edge = merge_flow(explanation.flow, rows(explanation.request, explanation.tokens, whole_words=True)).edge
    visible = np.abs(edge[:, :-1, :-1]).sum((1, 2)) / np.abs(edge).sum((1, 2))
    assert scene.numbers.links.coverage == pytest.approx(visible.min())
    assert scene.numbers.links.coverage < 1


def test_pieces_and_words_hold_the_same_in_all():
    explanation = samples.explanation()
    words = flow_numbers(explanation, ViewState(whole_words=True))
    pieces = flow_numbers(explanation, ViewState(whole_words=False))
    assert len(pieces.rows) == len(explanation.tokens) > len(words.rows)
    np.testing.assert_allclose(words.nodes.sum(1), pieces.nodes.sum(1))


def test_local_mixing_knows_no_answer():
    explanation = samples.explanation()
    scene = flow_scene(explanation, ViewState(paths_only=False, coverage=1.0), (900, 700))
    assert scene.boxes == ()
    assert len(scene.answer) == 0
    assert LOCAL_NOTE in [text.full for text in scene.texts]
    assert (scene.numbers.links.weight > 0).all()
    count = len(scene.numbers.rows)
    incoming = np.zeros((6, count))
    np.add.at(incoming, (scene.numbers.links.layer, scene.numbers.links.receiver), scene.numbers.links.weight)
    np.testing.assert_allclose(incoming, 1)


def test_rows_of_zeros_stay_zeros():
    assert row_shares(np.array([[0.0, 0.0], [1.0, 3.0]])).tolist() == [[0.0, 0.0], [0.25, 0.75]]


def without_flow(**changes):
    asked = replace(samples.explanation().request, method="attention")
    return samples.explanation(request=asked, **(samples.words_alone() | changes))


def test_a_method_without_flow_says_so():
    drawing = figure(without_flow(), ViewState(), QRectF(0, 0, 600, 400), LIGHT)
    assert isinstance(drawing, QuietFigure)
    assert drawing.sentence == "Attention says how much each word counts, but draws no flow through the layers."
    assert share_unlike(painted(drawing, 600, 400, LIGHT), LIGHT.card) > 0.001
    assert missing(samples.explanation(), ViewState()) == ""


def test_without_flow_the_one_of_decompx_is_offered_by_mouse_and_keyboard():
    shown, told = FlowView(), []
    shown.method_requested.connect(told.append)
    shown.resize(700, 500)
    shown.show_result(without_flow(), ViewState(), stale=False)
    shown.show()
    button = shown.offer.button
    assert button.isVisible()
    assert not shown.canvas.isVisible()
    assert not shown.strip.coverage.isVisible(), "of no picture nothing can be left out"
    assert button.text() == "Show DecompX's flow"
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert told == ["decompx", "decompx"]
    shown.show_result(samples.explanation(), ViewState(), stale=False)
    assert shown.canvas.isVisible()
    assert shown.strip.coverage.isVisible()
    shown.close()


def test_nothing_is_offered_that_does_not_fit():
    shown = FlowView()
    model = replace(samples.model_info(), unavailable={"decompx": "Not for this model."})
    shown.show_result(without_flow(model=model), ViewState(), stale=False)
    assert shown.offer.button.isHidden()
    shown.show_result(without_flow(components=None), ViewState(paths_only=False), stale=False)
    assert "keeps no maps" in shown.offer.why.text()
    assert shown.offer.button.isHidden(), "what another method's flow is was not asked"


def test_an_exported_flow_says_where_it_differs_from_the_words():
    rect = QRectF(0, 0, 700, 500)
    shared = samples.explanation(bias=np.zeros(2))
    assert BIASES_APART in figure(shared, ViewState(), rect, LIGHT).notes
    assert BIASES_APART not in figure(shared, ViewState(paths_only=False), rect, LIGHT).notes
    assert BIASES_APART not in figure(samples.explanation(), ViewState(), rect, LIGHT).notes


def test_the_answer_of_pooled_states_comes_from_all_of_them():
    nodes = [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]
    edge = np.stack([np.diag(row) for row in nodes[:2]])
    flow = Flow(edge, np.array(nodes), np.zeros((2, 3)), np.zeros(3), 6.0, False)
    explanation = replace(samples.explanation("yes", layers=2), flow=flow, scores=np.array(nodes[0]), against=-1)
    scene = flow_scene(explanation, ViewState(), (700, 500))
    assert scene.numbers.answer_rows == (0, 1, 2)
    assert sorted(scene.answer.start[:, 1].tolist()) == scene.lines.tolist()
    box = scene.boxes[0].rect
    assert box.top() < scene.lines[1] < box.bottom(), "in the middle of what is read"
    hidden = flow_scene(explanation, ViewState(show_special=False), (700, 500))
    assert [row.label for row in hidden.numbers.rows] == ["yes"], "no row alone is the answer's place"
    assert hidden.labels[0].full == "yes"


def test_the_chosen_word_is_named_where_its_answer_is_read():
    model = replace(samples.model_info(2), head=Head.TOKEN_CLASSIFICATION)
    made = handmade([[[0, 0], [1.0, 2.0]], [[0, 0], [0, 3.0]]], position=1, model=model)
    scene = flow_scene(made, ViewState(), (700, 500))
    assert [text.full for text in scene.labels] == ["aa", "bb · answer"]
    assert scene.answer.start[:, 1].tolist() == [scene.lines[1]]
    whole = replace(made, model=samples.model_info(2))
    assert [text.full for text in flow_scene(whole, ViewState(), (700, 500)).labels] == ["aa", "bb"]
    assert "▸ MASK" in component_maps(samples.filling(), ViewState()).names
    assert component_maps(samples.explanation(), ViewState()).names[0] == "[CLS]"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "text", [samples.SENTENCE, samples.SENTENCE * 6, HEBREW, "Pneumonoultramicroscopic" * 4 + " yes", "a"]
)
@pytest.mark.parametrize("layers", [1, 6, 24])
def test_no_words_touch_and_none_is_cut(size, text, layers):
    scene = flow_scene(samples.explanation(text, layers=layers), ViewState(show_special=False), size)
    texts = [*scene.labels, *scene.heads, *scene.texts, *([scene.badge] if scene.badge else [])]
    texts += [text for box in scene.boxes for text in (box.name, box.figure)]
    for index, one in enumerate(texts):
        assert inside(one.rect, *size), one
        for other in texts[index + 1 :]:
            overlap = one.rect.intersected(other.rect)
            # Lines of text may come as close as their descent: letters do not.
            assert overlap.width() <= 0 or overlap.height() <= 0.2 * one.rect.height(), (one, other)
    for box in scene.boxes:
        assert inside(box.rect, *size)
        assert box.rect.contains(box.name.rect)
        assert not any(box.rect.intersects(label.rect) for label in (*scene.labels, *scene.heads, *scene.texts))
    assert scene.columns.min() > 0
    assert scene.columns.max() < size[0]
    assert scene.lines.min() > 0
    assert max(scene.lines.max(), np.nan_to_num(scene.baseline)) < size[1]


def test_five_hundred_rows_keep_the_decisive_words():
    words = [f"w{index}" for index in range(510)]
    explanation = samples.explanation(" ".join(words), layers=2)
    scene = flow_scene(explanation, ViewState(), (900, 700))
    assert len(scene.numbers.rows) == 512
    assert 20 < len(scene.labels) < 80
    decisive = int(np.argmax(np.abs(scene.numbers.nodes[0])))
    assert decisive in scene.label_rows
    assert 0 in scene.label_rows, "the answer's place"
    assert len(scene.links) > CURVED_AT_MOST


def test_labels_stand_on_their_rows():
    scene = flow_scene(samples.explanation(), ViewState(), (900, 700))
    assert scene.label_rows == tuple(range(14))
    for label, row in zip(scene.labels, scene.label_rows, strict=True):
        assert label.rect.center().y() == pytest.approx(scene.lines[row])
        assert label.rect.right() < scene.columns[0]


def test_glosses_stand_under_their_words_where_there_is_room():
    words = tuple(
        AnnotatedWord(form, gloss) for form, gloss in (("The", "DEF"), ("plot", "plot.SG"), ("was", "be.PST"))
    )
    view = ViewState(annotation=Annotation(words))
    explanation = samples.explanation("The plot was thin")
    scene = flow_scene(explanation, view, (900, 700))
    assert [gloss.full for gloss in scene.glosses] == ["DEF", "plot.SG", "be.PST"]
    for gloss, label in zip(scene.glosses, scene.labels[1:], strict=False):
        assert gloss.rect.top() == pytest.approx(label.rect.bottom(), abs=1)
        assert gloss.rect.right() == pytest.approx(label.rect.right())
        assert gloss.ink.pixels < label.ink.pixels
    texts = [*scene.glosses, *scene.labels, *scene.texts, *scene.heads]
    assert all(inside(text.rect, 900, 700) for text in texts)
    assert not any(one.rect.intersects(other.rect) for one in scene.glosses for other in texts if other is not one)
    assert flow_scene(explanation, view, (400, 190)).glosses == ()
    assert flow_scene(explanation, ViewState(), (900, 700)).glosses == ()


def test_bold_for_much_muted_for_little():
    held = np.zeros((1, 5, 5))
    np.fill_diagonal(held[0], [0.0, 4.0, 0.3, 0.1, -1.0])
    scene = flow_scene(handmade(held, position=1), ViewState(), (900, 700))
    ink = {label.full: (label.ink.role, label.ink.bold) for label in scene.labels}
    assert ink["bb"] == ink["ee"] == ("text", True)
    assert ink["cc"] == ("text", False)
    assert ink["dd"] == ink["aa"] == ("muted", False)


def test_right_to_left_is_the_mirror():
    scene = flow_scene(samples.explanation(HEBREW), ViewState(), (900, 700))
    assert scene.numbers.right_to_left
    assert (np.diff(scene.columns) < 0).all()
    assert all(label.rect.left() > scene.columns[0] for label in scene.labels)
    assert all(box.rect.right() < scene.columns[-1] for box in scene.boxes)
    assert (scene.links.end[:, 0] < scene.links.start[:, 0]).all()
    label = scene.labels[3].rect
    assert label.left() - scene.columns[0] == pytest.approx(1.2 * scene.unit)


@pytest.mark.parametrize("text", [samples.SENTENCE, HEBREW])
def test_hits(text):
    scene = flow_scene(samples.explanation(text), ViewState(), (900, 700))
    x, y = float(scene.columns[3]), float(scene.lines[5])
    assert nearest_node(scene, x + 12, y - 9) == (3, 5)
    assert nearest_node(scene, x + 40, y) is None
    for link in (0, len(scene.links) // 2, len(scene.links) - 1):
        start, end = scene.links.start[link], scene.links.end[link]
        hit = nearest_link(scene, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        assert hit is not None
        source, receiver = scene.numbers.links.source, scene.numbers.links.receiver
        crosses = abs((source[hit] + receiver[hit]) - (source[link] + receiver[link])) <= 1
        assert hit == link or crosses, "another one may pass through the same point"
    assert nearest_link(scene, -5.0, -5.0) is None


def test_hit_on_a_curve_away_from_its_chord():
    scene = flow_scene(CHAIN, ViewState(coverage=1.0), (900, 700))
    link = int(np.flatnonzero(scene.links.weight == -2.0)[0])
    start, end = scene.links.start[link], scene.links.end[link]
    x = start[0] + 0.1055 * (end[0] - start[0])  # the curve has run 10.55 % and risen 2.8 % at t = 0.1
    assert nearest_link(scene, x, start[1] + 0.028 * (end[1] - start[1]), within=3) == link
    assert nearest_link(scene, x, start[1] + 0.25 * (end[1] - start[1]), within=6) is None


def test_words_for_nodes_and_links():
    scene = flow_scene(CHAIN, ViewState(coverage=1.0), (900, 700))
    assert node_words(scene.numbers, 1, 0) == "aa after layer 1 holds +2.00 of +2.50"
    assert node_words(scene.numbers, 0, 1) == "bb coming in holds +3.00 of +2.50"
    by_weight = {float(weight): link for link, weight in enumerate(scene.numbers.links.weight)}
    assert link_words(scene.numbers, by_weight[3.0]) == "bb → aa in layer 1: +3.00"
    last = max(range(len(scene.links)), key=lambda link: scene.numbers.links.layer[link])
    assert link_words(scene.numbers, last) == "aa keeps +2.00 through layer 2"


def test_colour_is_sign_and_the_strongest_lies_on_top():
    rect = QRectF(0, 0, 900, 700)
    drawing = figure(CHAIN, ViewState(coverage=1.0), rect, LIGHT)
    image = painted(drawing, 900, 700, LIGHT)
    links = drawing.scene.links
    for weight, colour in ((3.0, LIGHT.towards), (-2.0, LIGHT.against)):
        link = int(np.flatnonzero(links.weight == weight)[0])
        middle = (links.start[link] + links.end[link]) / 2
        depth = 0.3 + 0.7 * (abs(weight) / 3) ** 0.42
        pixel = image.pixelColor(round(middle[0]), round(middle[1]))
        assert far(pixel, blend(LIGHT.card, colour, depth)) <= 3


def test_a_trace_keeps_its_own_and_fades_the_rest():
    view = ViewState(coverage=1.0, traced=Node(0, 1))
    rect = QRectF(0, 0, 900, 700)
    drawing = figure(CHAIN, view, rect, LIGHT)
    image = painted(drawing, 900, 700, LIGHT)
    links = drawing.scene.links
    kept, faded = (int(np.flatnonzero(links.weight == weight)[0]) for weight in (3.0, -2.0))
    assert drawing.trace is not None
    assert drawing.trace.links[kept]
    assert not drawing.trace.links[faded]

    def pixel(link: int) -> QColor:
        middle = (links.start[link] + links.end[link]) / 2
        return image.pixelColor(round(middle[0]), round(middle[1]))

    assert far(pixel(kept), LIGHT.towards) <= 3
    assert far(pixel(faded), LIGHT.card) < 40


def test_a_trace_of_a_hidden_word_is_no_trace():
    explanation = samples.explanation()
    scene = flow_scene(explanation, ViewState(show_special=False), (900, 700))
    assert trace_of(scene, Node(2, len(explanation.tokens) - 1)) is None
    assert trace_of(scene, Node(2, 3)) is not None


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("part", ["edge", "nodes", "bias_in"])
def test_numbers_that_are_not_finite_are_refused(bad, part):
    explanation = samples.explanation()
    broken = np.array(getattr(explanation.flow, part))
    broken[1, 0] = bad
    with pytest.raises(ValueError, match="not finite"):
        flow_scene(replace(explanation, flow=replace(explanation.flow, **{part: broken})), ViewState(), (600, 500))


def test_a_flow_of_nothing():
    scene = flow_scene(handmade(np.zeros((2, 3, 3))), ViewState(), (600, 500))
    assert scene.numbers.statement == "nothing to show"
    drawing = figure(handmade(np.zeros((2, 3, 3))), ViewState(), QRectF(0, 0, 600, 500), LIGHT)
    assert share_unlike(painted(drawing, 600, 500, LIGHT), LIGHT.card) > 0.01


def test_one_token():
    explanation = handmade([[[2.0]], [[2.0]]])
    scene = flow_scene(explanation, ViewState(), (480, 360))
    assert scene.numbers.statement == "100\N{NO-BREAK SPACE}% in 2 links"
    painted(figure(explanation, ViewState(), QRectF(0, 0, 480, 360), DARK), 480, 360, DARK)


def grouped(explanation, grouping):
    """The same with the flow between groups, composed of the layers' own shares: made up, but conserved."""
    flow, boundaries = explanation.flow, boundaries_of(grouping, explanation.model.layers)
    edge = []
    for begin, end in pairwise(boundaries):
        shares = np.eye(flow.nodes.shape[1])
        for layer in range(begin, end):
            held = flow.nodes[layer][None, :]
            parts = np.divide(flow.edge[layer], held, out=np.zeros_like(flow.edge[layer]), where=held != 0)
            shares = parts @ shares
        edge.append(shares * flow.nodes[begin][None, :])
    edge = np.array(edge)
    nodes = flow.nodes[list(boundaries)]
    bias_in = nodes[1:] - edge.sum(2)
    bias = np.append(bias_in.sum(1), flow.bias[-1])
    return replace(explanation, grouped=Flow(edge, nodes, bias_in, bias, flow.total, False, boundaries))


def test_groups_of_layers_are_drawn_when_they_are_there():
    ungrouped = samples.explanation()
    view = ViewState(grouping=Grouping.THIRDS, coverage=1.0)
    assert flow_scene(ungrouped, view, (900, 700)).numbers.layers == 6, "until then every layer"
    made = grouped(ungrouped, Grouping.THIRDS)
    scene = flow_scene(made, view, (900, 700))
    assert scene.numbers.layers == 3
    assert [head.full for head in scene.heads] == ["words in", "early (1–2)", "middle (3–4)", "late (5–6)", "answer"]
    merged = merge_flow(made.grouped, rows(made.request, made.tokens, whole_words=True))
    assert scene.numbers.links.weight.sum() == pytest.approx(merged.edge.sum())
    assert scene.numbers.nodes[0].sum() + scene.numbers.bias.sum() == pytest.approx(scene.numbers.total)
    other = flow_scene(made, replace(view, grouping=Grouping.THREES), (900, 700))
    assert other.numbers.layers == 6, "groups that were not asked for are not drawn"
    twos = flow_scene(made, replace(view, grouping=Grouping.TWOS), (900, 700))
    assert [head.full for head in twos.heads][1] == "layers 1–2", "the same boundaries by another name"


def test_hovering_names_the_group():
    scene = flow_scene(grouped(samples.explanation(), Grouping.TWOS), ViewState(grouping=Grouping.TWOS), (900, 700))
    links = scene.numbers.links
    across = next(i for i in range(len(links)) if links.layer[i] == 1 and links.source[i] != links.receiver[i])
    assert " in layers 3–4: " in link_words(scene.numbers, across)
    own = next(i for i in range(len(links)) if links.layer[i] == 1 and links.source[i] == links.receiver[i])
    assert link_words(scene.numbers, own).endswith(" through layers 3–4")
    assert " after layer 4 holds " in node_words(scene.numbers, 2, 5)
    assert " enters in layers 3–4, " in baseline_words(scene.numbers, 1)


def test_mixing_is_never_grouped():
    made = grouped(samples.explanation(), Grouping.TWOS)
    scene = flow_scene(made, ViewState(grouping=Grouping.TWOS, paths_only=False), (900, 700))
    assert scene.numbers.layers == 6


def test_a_trace_stays_at_its_place_in_the_model_whatever_is_grouped():
    made = grouped(samples.explanation(), Grouping.TWOS)
    alone = flow_scene(made, ViewState(), (900, 700))
    in_twos = flow_scene(made, ViewState(grouping=Grouping.TWOS), (900, 700))
    assert trace_of(alone, Node(4, 3)).boundary == 4
    assert trace_of(in_twos, Node(4, 3)).boundary == 2
    assert trace_of(in_twos, Node(5, 3)).boundary == 2, "the closest, of two the one before"
    assert trace_of(in_twos, Node(6, 3)).boundary == 3
    assert trace_of(in_twos, Node(7, 3)) is None


@pytest.fixture
def shown():
    widget = FlowView()
    widget.resize(800, 700)
    widget.show_result(samples.explanation(), ViewState(), stale=False)
    widget.show()
    yield widget
    widget.close()


def spot(widget: FlowView, boundary: int, row: int) -> QPoint:
    scene = widget.scene()
    assert scene is not None
    return QPoint(round(scene.columns[boundary]), round(scene.lines[row]))


def test_hovering_tells_the_word(shown):
    told = []
    shown.hovered.connect(told.append)
    QTest.mouseMove(shown.canvas, spot(shown, 2, 3))
    assert told == [Hover(3)]


def test_clicking_near_a_node_picks_it_and_again_returns(shown):
    picked = []
    shown.picked.connect(picked.append)
    at = spot(shown, 2, 11) + QPoint(15, 10)
    QTest.mouseClick(shown.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert picked == [Node(2, shown.scene().numbers.rows[11].tokens[0])]
    shown.show_result(samples.explanation(), ViewState(traced=picked[0]), stale=False)
    QTest.mouseClick(shown.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert picked[1] is None


def test_the_keyboard_reaches_every_node(shown):
    picked = []
    shown.picked.connect(picked.append)
    shown.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(shown, key)
    assert picked == [Node(1, 1)]
    assert shown.canvas.accessibleDescription().startswith("The after layer 1 holds")


def test_the_strip_asks_for_another_look(shown):
    wished = []
    shown.look_requested.connect(wished.append)
    shown.strip.coverage.setValue(55)
    shown.strip.words.click()
    shown.strip.grouping_chosen.emit(Grouping.TWOS)
    shown.strip.special_chosen.emit(False)
    shown.strip.paths_chosen.emit(False)
    assert wished == [
        ViewState(coverage=0.55),
        ViewState(whole_words=False),
        ViewState(grouping=Grouping.TWOS),
        ViewState(show_special=False),
        ViewState(paths_only=False),
    ]
    assert shown.strip.statement.text() == shown.scene().numbers.statement


def test_showing_a_choice_asks_for_nothing(shown):
    wished = []
    shown.look_requested.connect(wished.append)
    shown.show_result(samples.explanation(), ViewState(coverage=0.4, whole_words=False), stale=False)
    assert wished == []


def test_hovering_keeps_the_painted_picture(shown):
    shown.grab()
    before = shown.canvas._image
    assert before is not None
    explanation = shown._explanation
    shown.show_result(explanation, ViewState(hover=Hover(4)), stale=False)
    shown.grab()
    assert shown.canvas._image is before
    shown.show_result(explanation, ViewState(traced=Node(0, 4)), stale=False)
    shown.grab()
    assert shown.canvas._image is not before


def test_the_node_picked_in_a_grouped_picture_is_the_models_own(shown):
    made = grouped(samples.explanation(), Grouping.TWOS)
    view, picked = ViewState(grouping=Grouping.TWOS), []
    shown.picked.connect(picked.append)
    shown.show_result(made, view, stale=False)
    QTest.mouseClick(shown.canvas, Qt.MouseButton.LeftButton, pos=spot(shown, 2, 3))
    assert picked == [Node(4, 3)]
    shown.show_result(made, replace(view, traced=picked[0]), stale=False)
    QTest.mouseClick(shown.canvas, Qt.MouseButton.LeftButton, pos=spot(shown, 2, 3))
    assert picked[1] is None


def test_another_look_at_the_same_arrays_neither_lays_out_nor_paints(shown):
    shown.grab()
    image, scene = shown.canvas._image, shown.scene()
    again = replace(samples.explanation(), **{
        name: getattr(shown._explanation, name) for name in ("flow", "components", "layer_maps", "tokens")
    })  # fmt: skip
    shown.show_result(again, ViewState(), stale=False)
    shown.show_result(again, ViewState(layer=1), stale=False)
    shown.grab()
    assert shown.scene() is scene
    assert shown.canvas._image is image
    shown.show_result(replace(again, flow=replace(again.flow)), ViewState(layer=1), stale=False)
    shown.grab()
    assert shown.canvas._image is not image


def test_the_look_into_a_layer_lights_up_its_name(shown):
    def accented() -> int:
        picture = shown.canvas.grab().toImage()
        head = shown.scene().heads[shown.scene().head_columns.index(2)].rect
        return sum(
            far(picture.pixelColor(x, y), LIGHT.accent) < 60
            for x in range(round(head.left()), round(head.right()))
            for y in range(round(head.top()), round(head.bottom()))
        )

    assert accented() == 0
    shown.show_result(shown._explanation, ViewState(layer=1), stale=False)
    assert accented() > 10


def test_a_draft_of_many_links_gives_way_to_the_finished_picture(shown):
    many = samples.explanation(samples.SENTENCE * 8, layers=12)
    shown.show_result(many, ViewState(), stale=False)
    shown.grab()
    assert not shown.canvas.is_draft
    shown.show_result(many, ViewState(coverage=0.9), stale=False)
    draft = shown.canvas.grab().toImage()
    assert shown.canvas.is_draft
    assert shown.strip.statement.text() == shown.scene().numbers.statement
    wait_until(lambda: not shown.canvas.is_draft, 2)
    finished = shown.canvas.grab().toImage()
    assert finished != draft
    shown.canvas.redraw()
    assert shown.canvas.grab().toImage() == finished


def test_an_edited_text_stays_where_it_was_and_another_is_seen_whole(shown):
    QTest.keyClick(shown, Qt.Key.Key_Plus)
    camera = shown._camera
    shown.show_result(samples.explanation(samples.SENTENCE.replace("thin", "rich")), ViewState(), stale=False)
    assert shown._camera == camera
    shown.show_result(samples.explanation("Nothing in common here"), ViewState(), stale=False)
    assert shown._camera == WHOLE


def test_a_stale_picture_is_dimmed_not_blank(shown):
    fresh = shown.canvas.grab().toImage()
    shown.show_result(shown._explanation, ViewState(), stale=True)
    stale = shown.canvas.grab().toImage()
    box = shown.scene().boxes[0].rect
    at = (round(box.left() + 5), round(box.center().y()))
    assert far(fresh.pixelColor(*at), LIGHT.towards) <= 2
    assert far(stale.pixelColor(*at), blend(LIGHT.card, LIGHT.towards, 0.5)) <= 3


def wheel(widget: FlowView, at: QPoint, turned: int = 120) -> None:
    turn = QWheelEvent(
        QPointF(at), QPointF(widget.canvas.mapToGlobal(at)), QPoint(), QPoint(0, turned), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget.canvas, turn)


def drag(widget: FlowView, start: QPoint, way: QPoint) -> None:
    QTest.mousePress(widget.canvas, Qt.MouseButton.LeftButton, pos=start)
    for place in (start + way / 2, start + way):
        moved = QMouseEvent(
            QMouseEvent.Type.MouseMove, QPointF(place), QPointF(widget.canvas.mapToGlobal(place)),
            Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(widget.canvas, moved)
    QTest.mouseRelease(widget.canvas, Qt.MouseButton.LeftButton, pos=start + way)


@pytest.mark.parametrize("text", [samples.SENTENCE, HEBREW])
def test_zoom_pan_and_fit(shown, text):
    shown.show_result(samples.explanation(text), ViewState(), stale=False)
    whole, kept = shown.canvas.grab().toImage(), shown.canvas._image
    at = spot(shown, 3, 5)
    wheel(shown, at, 240)
    zoomed = shown.scene()
    assert abs(zoomed.columns[3] - at.x()) < 1, "the point under the pointer stays"
    assert abs(zoomed.lines[5] - at.y()) < 1
    assert zoomed.pitch == pytest.approx(
        1.44 * flow_scene(shown._explanation, ViewState(), (800.0, zoomed.height)).pitch
    )
    shown.canvas.grab()
    assert shown.canvas._image is kept, "while the gesture runs the kept picture stands in"
    wait_until(lambda: shown.canvas.grab() is not None and shown.canvas._image is not kept, 2)
    assert shown.canvas.grab().toImage() != whole
    told = []
    shown.picked.connect(told.append)
    drag(shown, at, QPoint(40, 30))
    assert abs(shown.scene().columns[3] - at.x() - 40) < 1
    assert abs(shown.scene().lines[5] - at.y() - 30) < 1
    assert told == [], "a drag is no click"
    QTest.keyClick(shown, Qt.Key.Key_0)
    assert shown.canvas.grab().toImage() == whole


def test_the_settled_picture_is_the_one_painted_for_this_camera(shown):
    wheel(shown, spot(shown, 3, 5), 360)
    wait_until(lambda: shown.canvas.grab() is not None and shown._painted == shown._camera, 2)
    settled = shown.canvas.grab().toImage()
    shown.canvas.redraw()
    assert shown.canvas.grab().toImage() == settled


def test_a_double_click_shows_the_whole_and_leaves_the_trace(shown):
    picked = []
    shown.picked.connect(picked.append)
    wheel(shown, spot(shown, 3, 5), 240)
    at = spot(shown, 3, 5)
    QTest.mouseClick(shown.canvas, Qt.MouseButton.LeftButton, pos=at)
    shown.show_result(shown._explanation, ViewState(traced=picked[-1]), stale=False)
    QTest.mouseDClick(shown.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert picked[-1] is None, "what the first click traced is taken back"
    assert shown.scene().is_whole


def test_a_pinch_zooms_around_the_fingers(shown):
    at = spot(shown, 3, 5)
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2,
        QPointF(at), QPointF(at), QPointF(shown.canvas.mapToGlobal(at)), 0.5, QPointF(),
    )  # fmt: skip
    QApplication.sendEvent(shown.canvas, pinch)
    assert shown._camera.zoom == pytest.approx(1.5)
    assert abs(shown.scene().columns[3] - at.x()) < 1


def test_zoom_by_keys_and_buttons(shown):
    buttons = shown.canvas.buttons
    assert buttons.larger.isHidden(), "everything has its name already"
    QTest.keyClick(shown, Qt.Key.Key_Plus)
    assert shown._camera.zoom == pytest.approx(1.5)
    assert all(button.isVisible() for button in (buttons.larger, buttons.smaller, buttons.fit))
    assert all(
        button.accessibleName() and button.toolTip() for button in (buttons.larger, buttons.smaller, buttons.fit)
    )
    buttons.larger.click()
    assert shown._camera.zoom == pytest.approx(2.25)
    buttons.smaller.click()
    QTest.keyClick(shown, Qt.Key.Key_Minus)
    assert shown.scene().is_whole
    assert buttons.fit.isHidden()
    QTest.keyClick(shown, Qt.Key.Key_Plus)
    buttons.fit.click()
    assert shown._camera == WHOLE


def test_walking_keeps_the_node_in_view(shown):
    for _ in range(4):
        QTest.keyClick(shown, Qt.Key.Key_Plus)
    QTest.keyClick(shown, Qt.Key.Key_Right)
    for key in [Qt.Key.Key_Right] * 6 + [Qt.Key.Key_Down] * 13:
        QTest.keyClick(shown, key)
        scene, (column, row) = shown.scene(), shown._cursor
        assert scene.interior.contains(scene.columns[column], scene.lines[row])
    assert (column, row) == (6, 13)


def test_enlarging_brings_back_the_names_that_had_no_room():
    explanation = samples.explanation(" ".join(f"word{index}" for index in range(98)), layers=12)
    size = (900.0, 700.0)
    whole = flow_scene(explanation, ViewState(), size)
    assert len(whole.labels) < len(whole.numbers.rows)
    camera = whole.lens.zoomed(WHOLE, whole.lens.opened, 450, 350)
    scene = flow_scene(explanation, ViewState(), size, camera)
    inner = scene.interior
    half = 0.4 * scene.labels[0].ink.pixels
    seen = [row for row, y in enumerate(scene.lines) if inner.top() + half <= y <= inner.bottom() - half]
    assert scene.label_rows == tuple(seen), "every row in view has its name"
    assert {label.ink.pixels for label in scene.labels} == {round(scene.unit)}, "in letters of one size"
    assert len({round(label.rect.right(), 6) for label in scene.labels}) == 1, "at the edge of the graph"
    assert scene.columns == pytest.approx(whole.columns), "all layers are still in view"
    assert [head.rect.center().y() for head in scene.heads] == pytest.approx([whole.heads[0].rect.center().y()] * 14)


@pytest.mark.parametrize("text", [samples.SENTENCE, HEBREW, samples.SENTENCE * 8])
@pytest.mark.parametrize("zoom", [1.3, 3.0, 20.0])
def test_through_the_camera_no_words_touch_or_are_cut(text, zoom):
    explanation = samples.explanation(text, layers=12)
    whole = flow_scene(explanation, ViewState(), (720.0, 700.0))
    for x, y in ((0.0, 0.0), (360.0, 350.0), (720.0, 700.0)):
        scene = flow_scene(explanation, ViewState(), (720.0, 700.0), whole.lens.zoomed(WHOLE, zoom, x, y))
        boxes = [box for box in scene.boxes if box.rect.left() >= 0 and box.rect.right() <= 720]
        texts = [*scene.labels, *scene.heads, *scene.texts, *(box.name for box in boxes)]
        for index, one in enumerate(texts):
            assert inside(one.rect, 720, 700), one
            for other in texts[index + 1 :]:
                overlap = one.rect.intersected(other.rect)
                assert overlap.width() <= 0 or overlap.height() <= 0.2 * one.rect.height(), (one, other)


def test_through_the_camera_few_links_are_curves_again_and_unseen_ones_are_left_out():
    explanation = samples.explanation(samples.SENTENCE * 8, layers=12)
    whole = flow_scene(explanation, ViewState(), (900.0, 700.0))
    assert not drawn_links(whole, None).curved.any()
    assert drawn_links(whole, None).seen.all()
    near = flow_scene(explanation, ViewState(), (900.0, 700.0), whole.lens.zoomed(WHOLE, 30.0, 450, 350))
    drawn = drawn_links(near, None)
    assert drawn.curved.all()
    assert 0 < drawn.seen.sum() <= CURVED_AT_MOST
    assert nearest_node(near, float(near.columns[0]), float(near.lines[0])) is None, "out of view, out of reach"


def test_of_many_links_the_traced_ones_are_curves_and_picked_as_drawn():
    explanation = samples.explanation(samples.SENTENCE * 8, layers=12)
    scene = flow_scene(explanation, ViewState(), (1200.0, 900.0))
    trace = trace_of(scene, Node(6, 20))
    assert trace.links.any()
    drawn = drawn_links(scene, trace)
    assert not drawn.curved[~trace.links].any()
    assert 0 < drawn.curved.sum() <= CURVED_AT_MOST
    strands = drawn.strands
    steep = np.abs(strands.end[:, 1] - strands.start[:, 1])
    link = int(np.argmax(np.where(drawn.curved, steep, 0)))
    start, end = strands.start[link], strands.end[link]
    x = start[0] + 0.1055 * (end[0] - start[0])  # there the curve has risen 2.8 %, the straight line 10.55 %
    on_curve = start[1] + 0.028 * (end[1] - start[1])
    hit = nearest_link(scene, x, on_curve, trace, within=2)
    assert hit is not None
    assert trace.links[hit], "what is traced lies on top"
    picture = painted(
        figure(explanation, ViewState(traced=Node(6, 20)), QRectF(0, 0, 1200, 900), LIGHT), 1200, 900, LIGHT
    )
    faint = blend(LIGHT.card, LIGHT.towards, 0.14)
    darkness = [min(picture.pixelColor(round(x), round(on_curve) + off).red() for off in (-1, 0, 1))]
    assert darkness[0] < faint[0] - 20, "it is drawn where it is picked"


def test_a_broken_scene_shows_its_own_failure_and_recovers(shown, monkeypatch, caplog):
    def broken(*_: object, **_named: object) -> None:
        raise RuntimeError("paint ran dry")

    monkeypatch.setattr("gui.views.flow.flow_scene", broken)
    shown.show_result(samples.explanation("Other words."), ViewState(), stale=False)
    assert shown.failed
    assert "paint ran dry" in caplog.text
    monkeypatch.undo()
    shown.show_result(samples.explanation("Other words."), ViewState(), stale=False)
    assert not shown.failed


@pytest.mark.parametrize("theme", list(PALETTES))
def test_every_theme_paints_on_its_own_card(theme):
    palette = PALETTES[theme]
    drawing = figure(samples.explanation(), ViewState(theme=theme), QRectF(0, 0, 900, 700), palette)
    image = painted(drawing, 900, 700, palette)
    assert 0.02 < share_unlike(image, palette.card) < 0.5


def test_heights_of_rows_and_columns_use_the_room():
    scene = flow_scene(samples.explanation(), ViewState(), (900, 700))
    assert scene.lines[-1] - scene.lines[0] > 0.75 * 700
    assert layout.BASELINE_APART * scene.unit <= scene.baseline - scene.lines[-1]
