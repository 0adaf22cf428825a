from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from PySide6.QtGui import QImage

from gui.figures.composing import compose
from gui.figures.embedded import state_in
from gui.figures.files import save
from gui.figures.sizes import SIZES
from gui.paint.palette import DARK, GREY, LIGHT
from gui.state import AppState
from gui.trust.exporting import exported
from tests.gui.pictures import far
from tests.gui.trust.trials import TEXT, tried

STATE = AppState(text=TEXT, model="english-sentiment", method="decompx")


def written(folder, kind, palette=LIGHT, size="slide"):
    made = exported(tried())
    room = SIZES[size].fitted(made.aspect)
    figure = compose(lambda rect: made.figure_of(rect, palette), room, palette, made.caption_of)
    path = folder / f"trust{kind}"
    save(figure, path, room, title=TEXT, state=STATE)
    return path


def test_svg_holds_the_words_as_text_and_the_settings(tmp_path):
    path = written(tmp_path, ".svg")
    markup = path.read_text(encoding="utf-8")
    said = [re.sub("<.*?>", "", text) for text in re.findall(r"<text.*?</text>", markup)]
    for text in ("DecompX", "Random order", "Strongest words first", "Weakest words first", "words taken away"):
        assert text in said
    assert said.count("DecompX") == 2
    whole = " ".join(said)
    for told in ("Model English sentiment", "method DecompX", "(“mask”)", "3 random orders", "seed 5", "Headstream"):
        assert told in whole
    assert markup.count("stroke-dasharray") >= 4
    assert state_in(path) == STATE


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_pdf_gives_its_words_back(tmp_path):
    path = written(tmp_path, ".pdf", size="column")
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    assert "Strongest words first" in text
    assert "Weakest words first" in text
    assert "DecompX" in text
    assert state_in(path) == STATE


@pytest.mark.parametrize("palette", [LIGHT, DARK, GREY], ids=lambda palette: palette.name)
def test_png_has_the_theme(tmp_path, palette):
    path = written(tmp_path, ".png", palette)
    image = QImage(str(path))
    assert (image.width(), image.height()) == (1920, 1080)
    assert far(image.pixelColor(3, 3), palette.card) == 0
    accent = sum(far(image.pixelColor(x, y), palette.accent) < 8 for x in range(0, 1920, 4) for y in range(0, 1080, 4))
    assert accent > 100
    assert state_in(path) == STATE


def test_it_is_named_in_the_list():
    made = exported(tried())
    assert (made.id, made.label) == ("trust", "How far to trust this")
