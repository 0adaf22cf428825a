"""Whatever a view is, it must hold to the seam: every registered view is put through the same paces."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from gui.paint.palette import PALETTES
from gui.state import ViewState
from gui.viewkit import ViewWidget, discover
from tests.gui import samples
from tests.gui.pictures import painted, share_unlike

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


@pytest.fixture(params=VIEWS, ids=str)
def view(request):
    return VIEWS[request.param]


def test_the_first_views_are_there():
    assert {"flow", "components", "words"} <= set(VIEWS)
    assert next(iter(VIEWS)) == "flow"


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
