from __future__ import annotations

import re
import stat
import xml.etree.ElementTree as ElementTree

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from gui.figures.composing import compose_view
from gui.figures.files import save
from gui.figures.sizes import SIZES, Size
from gui.paint.palette import DARK, LIGHT
from gui.state import ViewState
from gui.viewkit import discover
from tests.gui import samples
from tests.gui.pictures import far, share_unlike

VIEWS = {view.id: view for view in discover()}
SVG = "{http://www.w3.org/2000/svg}"
PLAIN = ViewState(show_special=False)
SMALL = Size(640, 420)


def exported(tmp_path, view="flow", kind="svg", look=PLAIN, size=SMALL, explanation=None):
    path, explanation = tmp_path / f"figure.{kind}", explanation or samples.explanation()
    fitted = size.fitted(VIEWS[view].aspect)
    save(compose_view(VIEWS[view], explanation, look, fitted), path, fitted, title=explanation.request.text)
    return path


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize("kind", ["svg", "pdf", "png"])
def test_every_view_in_every_kind(tmp_path, view, kind):
    path = exported(tmp_path, view, kind)
    head = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}[kind]
    assert path.read_bytes().startswith(head)
    assert path.stat().st_size > 2000
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name], "no draft is left behind"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.parametrize("view", list(VIEWS))
def test_svg_text_stays_text_and_shapes_stay_shapes(tmp_path, view):
    root = ElementTree.parse(exported(tmp_path, view, size=SIZES["slide"])).getroot()
    assert not list(root.iter(f"{SVG}image"))
    words = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    assert "wonderful" in words
    assert "Model English sentiment" in words
    assert len(list(root.iter(f"{SVG}path"))) + len(list(root.iter(f"{SVG}rect"))) > 10


def test_svg_has_its_size_in_pixels_and_its_letters_theirs(tmp_path):
    path = exported(tmp_path)
    root = ElementTree.parse(path).getroot()
    assert root.get("viewBox") == "0 0 640 420"
    width = root.get("width")
    assert width.endswith("mm")
    assert float(width[:-2]) == pytest.approx(640 / 96 * 25.4, rel=0.01)
    sizes = {float(entry.get("font-size")) for entry in root.iter() if entry.get("font-size")}
    assert 8 <= min(sizes) <= max(sizes) <= 16


def test_svg_names_a_plain_fallback_font_and_escapes_its_title(tmp_path):
    path = exported(tmp_path, "words", explanation=samples.explanation("less < more & co"))
    root = ElementTree.parse(path).getroot()
    assert root.find(f"{SVG}title").text == "less < more & co"
    assert [entry.get("font-family").split(", ")[-1] for entry in root.iter() if entry.get("font-family")] == [
        "sans-serif"
    ]


@pytest.mark.parametrize("view", list(VIEWS))
def test_a_column_is_as_tall_as_the_view_needs(tmp_path, view):
    path = exported(tmp_path, view, "png", size=SIZES["column"])
    picture = QImage(str(path))
    assert picture.width() == round(291 * 300 / 96), "7.7 cm"
    assert picture.height() == round(round(291 * VIEWS[view].aspect) * 300 / 96)


def test_svg_looks_like_the_png(tmp_path):
    renderer = QSvgRenderer(str(exported(tmp_path)))
    drawn = QImage(640, 420, QImage.Format.Format_ARGB32_Premultiplied)
    drawn.fill(0)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(0, 0, 640, 420))
    painter.end()
    png = QImage(str(exported(tmp_path, kind="png")))
    assert png.size() == drawn.size()
    differing = [
        (x, y)
        for x in range(0, 640, 4)
        for y in range(0, 420, 4)
        if far(drawn.pixelColor(x, y), png.pixelColor(x, y).getRgb()[:3]) > 60
    ]
    assert len(differing) < 0.01 * 160 * 105
    assert share_unlike(png, LIGHT.card) > 0.03


def test_png_dots(tmp_path):
    picture = QImage(str(exported(tmp_path, kind="png", size=Size(320, 240, 300 / 96))))
    assert picture.size() == QSize(1000, 750)
    assert picture.dotsPerMeterX() == pytest.approx(300 / 0.0254, rel=0.001)


def test_the_theme_is_the_ground(tmp_path):
    picture = QImage(str(exported(tmp_path, kind="png", look=ViewState(theme="dark"))))
    assert picture.pixelColor(1, 1).getRgb()[:3] == DARK.card


def test_pdf_page_is_the_figure(tmp_path):
    box = re.search(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", exported(tmp_path, kind="pdf").read_bytes())
    assert box is not None
    assert float(box[1]) == pytest.approx(480, abs=0.6)
    assert float(box[2]) == pytest.approx(315, abs=0.6)


def test_an_unknown_kind_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"\.svg"):
        exported(tmp_path, kind="bmp")
    assert list(tmp_path.iterdir()) == []


class Broken:
    notes = ()

    def paint(self, painter: QPainter) -> None:
        raise RuntimeError("half way")


@pytest.mark.parametrize("kind", ["svg", "pdf", "png"])
def test_a_failure_leaves_the_old_file_whole(tmp_path, kind):
    path = tmp_path / f"figure.{kind}"
    path.write_bytes(b"the old one")
    with pytest.raises(RuntimeError, match="half way"):
        save(Broken(), path, SMALL)
    assert path.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [path]
