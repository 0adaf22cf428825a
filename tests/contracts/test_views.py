"""Whatever a view is, it must hold to the seam: every registered view is put through the same paces."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QApplication

from engine.contract import Components, Explanation
from gui.annotation import AnnotatedWord, Annotation
from gui.paint.colour import qcolor
from gui.paint.palette import PALETTES, Palette
from gui.state import Grouping, Hover, Node, Sorting, ViewState
from gui.style import qt_palette, style_sheet
from gui.told.prose import Paragraph
from gui.viewkit import ViewWidget, discover
from tests.gui import samples
from tests.gui.pictures import far, painted, share_unlike

APPLICATION = QApplication.instance() or QApplication(["headstream-tests"])
VIEWS = {view.id: view for view in discover()}
EXPLANATIONS = {
    "sentence": samples.explanation(),
    "one word": samples.explanation("Yes"),
    "no special tokens, one token": None,
    "long": samples.explanation(" ".join(f"w{index}" for index in range(510)), layers=2),
    "zeros": samples.explanation(scores=np.zeros(16), flow=samples.flow_of(16, 6, 0.0)),
    "right to left": samples.explanation("הסרט היה ארוך מדי אבל השחקנים היו נפלאים באמת"),
    "long word": samples.explanation("Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3),
    "no contrast": samples.explanation(against=-1),
    "no flow": samples.explanation(flow=None, signed=False, unit="fraction"),
    "words alone": samples.explanation(**samples.words_alone(unit="gradient", signed=False)),
    "words and no maps": samples.explanation(**samples.words_alone(components=None, explains_answer=False)),
    "preview": samples.explanation(preview=True),
    "vocabulary": samples.filling(),
    "nothing towards any word": samples.explanation(
        **samples.words_alone(scores=np.zeros(16), signed=False, unit="fraction")
    ),
    "one layer": samples.explanation(layers=1),
    "against it all": samples.explanation(scores=-np.arange(1.0, 17.0), flow=samples.flow_of(16, 6, -2.75)),
    "only a rollout": samples.explanation(**samples.words_alone(rollout=np.full((6, 16, 16), 1 / 16), signed=False)),
    "many layers": samples.explanation(" ".join(f"w{index}" for index in range(62)), layers=24),
}
LOOKS = {
    "pieces": ViewState(whole_words=False),
    "one word in pieces": ViewState(split_words=("wonderful",)),
    "no special tokens": ViewState(show_special=False),
    "each layer's mixing": ViewState(paths_only=False),
    "first layer, a head": ViewState(layer=0, head=1),
    "a layer the model has not": ViewState(layer=30),
    "in groups": ViewState(grouping=Grouping.THREES),
    "hovered and traced": ViewState(hover=Hover(3, 13), traced=Node(2, 13)),
    "hovered where nothing is": ViewState(hover=Hover(500, 501), traced=Node(40, 500)),
    "sorted": ViewState(sorting=Sorting("share", is_falling=True)),
    "sorted by what is not there": ViewState(sorting=Sorting("gloss", is_falling=False)),
    "annotated": ViewState(annotation=Annotation((AnnotatedWord("The", "the.NOM", "DET", 2, "det"),))),
}
SIZES = [(480, 360), (1280, 720), (2560, 1440)]


def single_token():
    whole = samples.explanation("x", layers=2)
    one = whole.tokens[1:2]
    components = type(whole.components)({name: np.ones((2, 1, 1)) for name in whole.components.maps}, {}, ())
    return samples.explanation(
        "x", layers=2, tokens=one, flow=samples.flow_of(1, 2, 1.0), scores=np.ones(1), components=components,
        attention=np.ones((2, 4, 1, 1)),
    )  # fmt: skip


EXPLANATIONS["no special tokens, one token"] = single_token()


def spoilt(value: float) -> Explanation:
    """One number in every array is ``value``, the rest is as it should be."""

    def spoil(array: np.ndarray) -> np.ndarray:
        spoiled = np.array(array, dtype=float)
        spoiled.flat[0] = value
        return spoiled

    whole = samples.explanation(layers=4, layer_maps=np.ones((4, 16, 16)), rollout=np.ones((4, 16, 16)))
    flow, maps = whole.flow, whole.components
    return replace(
        whole,
        scores=spoil(whole.scores),
        scores_all=spoil(whole.scores_all),
        attention=np.full_like(whole.attention, value),
        layer_maps=spoil(whole.layer_maps),
        rollout=spoil(whole.rollout),
        flow=replace(flow, edge=spoil(flow.edge), nodes=spoil(flow.nodes)),
        components=Components(
            {name: np.full_like(array, value) for name, array in maps.maps.items()},
            {name: np.full_like(array, value) for name, array in maps.feed_forward.items()},
            maps.feed_forward_layers,
        ),
    )


@pytest.fixture(params=VIEWS, ids=str)
def view(request):
    return VIEWS[request.param]


def test_the_first_views_are_there():
    assert {"flow", "layers", "table", "components", "words"} <= set(VIEWS)
    middle = [name for name, view in VIEWS.items() if view.place == "middle"]
    assert middle == [name for name in ("flow", "layers", "heads", "overview", "table") if name in VIEWS]


def test_a_view_describes_itself(view):
    assert view.place in ("left", "middle", "right")
    assert view.label[:1].isupper()
    assert not view.label.endswith(".")
    assert view.sentence.endswith(".")


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", EXPLANATIONS)
def test_every_figure_paints_inside_its_rectangle(view, name, size):
    palette = PALETTES["light"]
    figure = view.figure(EXPLANATIONS[name], ViewState(), QRectF(0, 0, *size), palette)
    assert share_unlike(painted(figure, *size, palette), palette.card, step=7) > 0.0005
    assert all(isinstance(note, str) and note for note in figure.notes)


@pytest.mark.parametrize("theme", list(PALETTES))
def test_a_figure_paints_the_same_twice(view, theme):
    pictures = [
        painted(
            view.figure(EXPLANATIONS["sentence"], ViewState(theme=theme), QRectF(0, 0, 640, 480), PALETTES[theme]),
            640,
            480,
            PALETTES[theme],
        )
        for _ in range(2)
    ]
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["sentence", "one word", "no flow", "only a rollout", "right to left"])
def test_every_way_of_looking_is_drawn_and_told(view, name, look):
    palette = PALETTES["light"]
    figure = view.figure(EXPLANATIONS[name], LOOKS[look], QRectF(0, 0, 640, 480), palette)
    assert share_unlike(painted(figure, 640, 480, palette), palette.card, step=5) > 0.0005
    if view.told is not None:
        assert all(read(paragraph).endswith(".") for paragraph in view.told(EXPLANATIONS[name], LOOKS[look]))


@pytest.mark.parametrize("name", EXPLANATIONS)
@pytest.mark.parametrize("told_of", [name for name, view in VIEWS.items() if view.told is not None])
def test_what_is_told_of_a_view_is_words(told_of, name):
    told = VIEWS[told_of].told(EXPLANATIONS[name], ViewState())
    assert told or VIEWS[told_of].missing(EXPLANATIONS[name], ViewState()), "only what shows nothing may say nothing"
    for paragraph in told:
        assert read(paragraph).endswith(".")
        assert not {"nan", "inf", "None"} & set(re.findall(r"\w+", read(paragraph)))


def read(paragraph: Paragraph) -> str:
    """The paragraph as one text, without the space after it."""
    return "".join(run.text for run in paragraph).rstrip()


@pytest.mark.parametrize("value", [np.nan, np.inf], ids=str)
def test_numbers_that_are_not_finite_are_refused(view, value):
    with pytest.raises(ValueError, match="not finite"):
        painted(
            view.figure(spoilt(value), ViewState(layer=0), QRectF(0, 0, 640, 480), PALETTES["light"]),
            640,
            480,
            PALETTES["light"],
        )


def test_a_view_that_fails_says_so_and_returns(view):
    widget, neighbour = view.widget(), VIEWS["words"].widget()
    for shown in (widget, neighbour):
        shown.resize(500, 400)
        shown.show()
    widget.show_result(spoilt(np.nan), ViewState(layer=0), stale=False)
    neighbour.show_result(EXPLANATIONS["sentence"], ViewState(), stale=False)
    widget.grab()
    assert widget.failed
    assert not neighbour.failed
    widget.show_result(EXPLANATIONS["sentence"], ViewState(), stale=False)
    widget.grab()
    assert not widget.failed
    widget.close()
    neighbour.close()


@pytest.fixture(params=PALETTES.values(), ids=lambda palette: palette.name)
def dressed(request):
    """The application in a theme's colours, on the ground of a card."""
    before = APPLICATION.palette()
    ground = qt_palette(request.param)
    ground.setColor(QPalette.ColorRole.Window, qcolor(request.param.card))
    APPLICATION.setPalette(ground)
    yield request.param
    APPLICATION.setPalette(before)


def test_a_widget_fades_what_is_stale(view, dressed):
    widget = view.widget()
    widget.resize(640, 480)
    widget.setAutoFillBackground(True)
    widget.setStyleSheet(style_sheet(dressed))
    widget.show()
    pictures = {}
    for stale in (False, True, False):  # the last one counts: by then every part has its size
        widget.show_result(EXPLANATIONS["sentence"], ViewState(theme=dressed.name), stale=stale)
        pictures[stale] = widget.grab().toImage()
    assert not widget.failed
    assert strength(pictures[True], dressed) < 0.97 * strength(pictures[False], dressed)
    widget.close()


def strength(image: QImage, palette: Palette) -> float:
    """How far the pixels are from the card, on the whole: text and cells together."""
    places = [(x, y) for x in range(0, image.width(), 4) for y in range(0, image.height(), 4)]
    return sum(far(image.pixelColor(x, y), palette.card) for x, y in places) / len(places)


def test_a_figure_keeps_to_where_it_is_put(view):
    palette = PALETTES["light"]
    rect = QRectF(100, 60, 600, 400)
    image = painted(view.figure(EXPLANATIONS["sentence"], ViewState(), rect, palette), 800, 520, palette)
    outside = [(x, y) for x in range(0, 800, 5) for y in range(0, 520, 5) if not rect.contains(x, y)]
    assert all(image.pixelColor(x, y).getRgb()[:3] == palette.card for x, y in outside)


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_every_widget_shows_goes_stale_empty_and_returns(view, name):
    widget = view.widget()
    assert isinstance(widget, ViewWidget)
    widget.resize(500, 400)
    widget.show_result(None, ViewState(), stale=False)
    widget.show()
    for stale in (False, True, False):
        widget.show_result(EXPLANATIONS[name], ViewState(), stale=stale)
        widget.grab()
        assert not widget.failed
    widget.show_result(None, ViewState(), stale=False)
    widget.show_result(EXPLANATIONS["sentence"], ViewState(theme="dark", layer=1), stale=False)
    widget.grab()
    assert not widget.failed
    widget.close()


def test_views_bring_no_torch():
    program = "import sys; from gui.viewkit import discover; discover(); sys.exit('torch' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
