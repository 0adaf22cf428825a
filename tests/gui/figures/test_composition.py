"""Everything of an explanation in one figure: complete, inside its paper, one part beside or below the other."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from engine.contract import Components
from gui.figures.blocks import Picture, Words, Writing
from gui.figures.composing import compose_view
from gui.figures.composition import composition
from gui.figures.files import save
from gui.figures.map_block import MapBlock, map_block
from gui.figures.sizes import SIZES, Size
from gui.paint.palette import DARK, GREY, LIGHT, PALETTES
from gui.state import ViewState
from gui.viewkit import discover
from tests.gui import samples
from tests.gui.pictures import painted, share_unlike
from tests.gui.stage import application

HEBREW = "הסרט היה ארוך מדי אבל השחקנים היו נפלאים באמת"
ROOMS = {"slide": (1280, 690), "column": (336, 840), "page": (672, 440), "square": (700, 700), "large": (2560, 1400)}
LOOK = ViewState(layer=3)


@pytest.fixture(scope="module", autouse=True)
def _qt():
    return application()


@pytest.fixture(scope="module")
def whole():
    return composition(discover())


def parts(figure, kind):
    return [part for part in figure.parts if isinstance(part.block, kind)]


def box(part):
    """Where a part is drawn: the ink of texts, squares and bars; of a picture its whole room."""
    block = part.block
    if isinstance(block, Picture):
        return QRectF(part.corner.x(), part.corner.y(), 1, block.height)
    rects = [text.rect for text in block.texts] if not isinstance(block, Words) else []
    if isinstance(block, Words):
        rects = [chip.rect for chip in block.strip.chips]
    if isinstance(block, MapBlock):
        rects += [heatmap.rect for heatmap in block.heatmaps] + [block.bar]
    found = QRectF(rects[0])
    for rect in rects[1:]:
        found = found.united(rect)
    return found.translated(part.corner)


def draw(whole, room, explanation=None, look=LOOK, palette=LIGHT):
    made = explanation if explanation is not None else samples.explanation()
    return whole.figure(made, look, QRectF(0, 0, *room), palette)


@pytest.mark.parametrize("room", ROOMS.values(), ids=ROOMS)
@pytest.mark.parametrize("text", [samples.SENTENCE, HEBREW, "Yes"])
def test_no_part_lies_on_another_or_beyond_the_paper(whole, room, text):
    figure = draw(whole, room, samples.explanation(text))
    boxes = [box(part) for part in figure.parts]
    for one, other in combinations(boxes, 2):
        assert not one.adjusted(0, 1, 0, -1).intersects(other.adjusted(0, 1, 0, -1)), (one, other)
    for found in boxes:
        assert QRectF(0, 0, *room).adjusted(0, 0, 1, 1).contains(found), found


def test_it_holds_sentence_prediction_picture_maps_and_prose(whole):
    figure = draw(whole, ROOMS["slide"])
    assert len(parts(figure, Words)) == len(parts(figure, Picture)) == len(parts(figure, MapBlock)) == 1
    said = " ".join(text.full for part in parts(figure, Writing) for text in part.block.texts)
    for words in ("Prediction", "Positive", "0.94", "How the words flow into the answer", "Inside layer 4", "DecompX"):
        assert words in said
    assert len(parts(figure, MapBlock)[0].block.heatmaps) == 7


def test_on_a_slide_maps_stand_beside_the_picture_and_in_a_column_below(whole):
    slide, column = draw(whole, ROOMS["slide"]), draw(whole, ROOMS["column"])
    picture, maps = parts(slide, Picture)[0], parts(slide, MapBlock)[0]
    assert picture.corner.x() < 0.1 * 1280 < 0.6 * 1280 < maps.corner.x()
    assert abs(picture.corner.y() - maps.corner.y()) < 20
    picture, maps = parts(column, Picture)[0], parts(column, MapBlock)[0]
    assert picture.corner.x() == maps.corner.x()
    assert maps.corner.y() > picture.corner.y() + picture.block.height


def test_words_from_right_to_left_mirror_the_whole(whole):
    usual, mirrored = draw(whole, ROOMS["slide"]), draw(whole, ROOMS["slide"], samples.explanation(HEBREW))
    assert parts(usual, Picture)[0].corner.x() < parts(usual, MapBlock)[0].corner.x()
    assert parts(mirrored, Picture)[0].corner.x() > parts(mirrored, MapBlock)[0].corner.x()
    chips = parts(mirrored, Words)[0].block.strip
    assert chips.right_to_left


def test_the_view_in_front_is_the_picture_and_another_where_it_has_none(whole):
    for front, heading in (("layers", "What each word holds"), ("table", "All numbers")):
        figure = draw(whole, ROOMS["slide"], look=replace(LOOK, view=front))
        said = [text.full for part in parts(figure, Writing) for text in part.block.texts]
        assert any(heading in text for text in said)
    bare = draw(whole, ROOMS["slide"], samples.explanation(**samples.words_alone()))
    said = [text.full for part in parts(bare, Writing) for text in part.block.texts]
    assert not any("flow into the answer" in text for text in said)
    assert len(parts(bare, Picture)) == 1


def test_without_maps_the_prose_stands_alone(whole):
    figure = draw(whole, ROOMS["slide"], samples.explanation(components=None))
    assert not parts(figure, MapBlock)
    assert not any("layer 4 of 6" in note for note in figure.notes)


def test_notes_are_those_of_all_parts_and_each_only_once(whole):
    notes = draw(whole, ROOMS["slide"], look=replace(LOOK, show_special=False)).notes
    assert notes[0].startswith("shown: ")
    assert "layer 4 of 6" in notes
    assert any("hidden: [CLS], [SEP]" in note for note in notes)
    heads = draw(whole, ROOMS["slide"], look=replace(LOOK, view="heads")).notes
    assert sum("layer 4 of 6" in note for note in heads) == 1


def test_a_sentence_too_long_for_the_paper_is_left_out_and_that_is_said(whole):
    long = samples.explanation(" ".join(f"word{index}" for index in range(500)), layers=2)
    figure = draw(whole, ROOMS["page"], long)
    assert not parts(figure, Words)
    assert "the sentence is too long to be shown here" in figure.notes


def test_answers_that_are_explained_are_listed_among_many(whole):
    logits = np.linspace(3.0, -3.0, 40)
    labels = tuple(f"class {index}" for index in range(40))
    made = samples.explanation()
    prediction = replace(
        made.prediction, labels=labels, logits=logits, probabilities=np.exp(logits) / np.exp(logits).sum()
    )
    made = replace(made, prediction=prediction, target=20, against=39, explained=(20, 39))
    figure = draw(whole, ROOMS["slide"], made)
    said = [text.full for part in parts(figure, Writing) for text in part.block.texts]
    assert [label for label in said if label.startswith("Class ")] == [f"Class {index}" for index in (0, 1, 2, 20, 39)]


def test_layers_whose_maps_are_not_there_say_so():
    made = samples.explanation()
    maps = replace(made.components, feed_forward={}, feed_forward_layers=())
    assert isinstance(maps, Components)
    block = map_block(replace(made, components=maps), LOOK, (400, 300), 13, LIGHT)
    assert len(block.heatmaps) == 4
    assert [text.full for text in block.texts].count("not computed") == 3


def test_what_does_not_fit_of_the_prose_ends_in_an_ellipsis(whole):
    said = []
    for room in ((1280, 690), (420, 300)):
        figure = draw(whole, room)
        said.append(max((part for part in parts(figure, Writing)), key=lambda part: len(part.block.texts)).block.texts)
    assert not any(text.full.endswith("…") for text in said[0])
    assert said[1][-1].full.endswith("…")
    assert not any("following each word" in text.full for text in said[1])


@pytest.mark.parametrize("palette", [LIGHT, DARK, GREY], ids=lambda palette: palette.name)
@pytest.mark.parametrize("room", [(480, 360), (1280, 720), (336, 840)])
@pytest.mark.parametrize(
    "made",
    [
        samples.explanation(),
        samples.filling(),
        samples.explanation("Yes"),
        samples.explanation(layers=1),
        samples.explanation(" ".join(f"w{index}" for index in range(510)), layers=2),
        samples.explanation(**samples.words_alone(components=None, explains_answer=False)),
    ],
    ids=["sentence", "gap", "one word", "one layer", "long", "words alone"],
)
def test_every_result_is_drawn_in_every_colour(whole, palette, room, made):
    figure = draw(whole, room, made, palette=palette)
    assert share_unlike(painted(figure, *room, palette), palette.card) > 0.03


def test_the_colours_are_those_asked_for_and_not_the_windows(whole):
    figure = draw(whole, ROOMS["slide"], look=replace(LOOK, theme="dark"), palette=LIGHT)
    image = painted(figure, *ROOMS["slide"], LIGHT)
    dark = sum(image.pixelColor(x, y).lightness() < 60 for x in range(0, 1280, 4) for y in range(0, 690, 4))
    assert dark < 0.05 * 320 * 172


def test_a_file_of_it_has_its_words_as_text(whole, tmp_path):
    made = samples.explanation(HEBREW)
    for name in SIZES:
        size = SIZES[name].fitted(whole.aspect)
        path = tmp_path / f"{name}.svg"
        save(compose_view(whole, made, LOOK, size), path, size)
        said = "".join(ElementTree.parse(path).getroot().itertext())
        for words in ("נפלאים", "Prediction", "Inside layer 4", "Model English sentiment"):
            assert words in said, (name, words)
    assert set(PALETTES) >= {"light", "dark", "grey"}


def test_it_fits_every_size_that_can_be_given(whole):
    for width, height in ((120, 120), (120, 1000), (1000, 120)):
        compose_view(whole, samples.explanation(), LOOK, Size(width, height))
