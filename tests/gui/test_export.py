from __future__ import annotations

import re
import stat
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from gui.export import SIZES, Size, caption, compose, export_view, parse_size, save
from gui.paint.palette import DARK, LIGHT
from gui.state import ViewState
from gui.viewkit import discover
from tests.gui import samples
from tests.gui.pictures import far, share_unlike

VIEWS = {view.id: view for view in discover()}
SVG = "{http://www.w3.org/2000/svg}"
PLAIN = ViewState(show_special=False)
SMALL = Size(640, 420)


def exported(tmp_path, view="flow", kind="svg", look=PLAIN, size=SMALL, **options):
    path = tmp_path / f"figure.{kind}"
    export_view(VIEWS[view], samples.explanation(), look, path, size, **options)
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
    sizes = {float(text.get("font-size")) for text in root.iter(f"{SVG}text")}
    assert 8 <= min(sizes) <= max(sizes) <= 16


def test_svg_names_a_plain_fallback_font_and_escapes_its_title(tmp_path):
    path = tmp_path / "figure.svg"
    export_view(VIEWS["words"], samples.explanation("less < more & co"), ViewState(), path, SMALL)
    root = ElementTree.parse(path).getroot()
    assert root.find(f"{SVG}title").text == "less < more & co"
    assert {text.get("font-family").split(", ")[-1] for text in root.iter(f"{SVG}text")} == {"sans-serif"}


@pytest.mark.parametrize("view", list(VIEWS))
def test_a_column_is_as_tall_as_the_view_needs(tmp_path, view):
    path = exported(tmp_path, view, "png", size=SIZES["column"])
    picture = QImage(str(path))
    assert picture.width() == 1050
    assert picture.height() == round(round(336 * VIEWS[view].aspect) * 300 / 96)


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


def test_the_caption_says_what_must_be_known(tmp_path):
    composed = compose(VIEWS["flow"], samples.explanation(), ViewState(show_special=False), SMALL, captioned=True)
    said = " ".join(line.text for line in composed.lines)
    assert re.search(
        r"^Model English sentiment · method DecompX · explained: Positive instead of Negative · "
        r"shown: 80\s% in \d+ links · hidden: \[SEP\] · Headstream",
        said,
    )
    assert f"shown: {composed.figure.scene.numbers.statement}" in said
    for line in composed.lines:
        assert line.rect.bottom() <= 420
        assert line.rect.right() <= 640
        assert line.rect.top() >= composed.figure.scene.height - 1


def test_the_caption_gives_parameters_and_single_targets():
    explanation = samples.explanation(against=-1)
    explanation = replace(explanation, request=replace(explanation.request, parameters=(("bias", "none"),)))
    assert "method DecompX (bias=none) · explained: Positive ·" in caption(explanation, ())


def test_the_caption_names_a_preview_and_never_a_class_that_is_not_explained():
    assert "method DecompX, preview: biases kept apart · explained:" in caption(samples.explanation(preview=True), ())
    mixing = caption(samples.explanation(explains_answer=False), ())
    assert "explained: how words mix, whatever the answer" in mixing
    assert "Positive" not in mixing


def test_the_caption_can_be_left_out():
    composed = compose(VIEWS["flow"], samples.explanation(), ViewState(), SMALL, captioned=False)
    assert composed.lines == ()
    assert composed.figure.scene.height == 420


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


def test_sizes():
    assert parse_size("slide") == SIZES["slide"]
    assert parse_size("800x600") == Size(800, 600)
    for wrong in ("poster", "800", "800x", "10x10", "800x99999", "-800x600", "8e2x600"):
        with pytest.raises(ValueError, match="WIDTHxHEIGHT"):
            parse_size(wrong)


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
