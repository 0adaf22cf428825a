from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainterPath, QPen

from gui.figures.composing import compose_view
from gui.figures.sizes import SIZES, Size
from gui.figures.svg import svg
from gui.figures.svg_painter import SvgPainter
from gui.figures.svg_path import number, path_data
from gui.figures.xml_text import legal
from gui.paint.typeface import face
from gui.state import ViewState
from gui.viewkit import discover
from tests.gui import samples
from tests.gui.figures.writing import SCRIPTS, Lines

VIEWS = {view.id: view for view in discover()}
SVG = "{http://www.w3.org/2000/svg}"
SIZE = Size(400, 300)
THIRTY = (
    "The plot was thin but the actors were absolutely wonderful and nobody in the audience wanted to leave before "
    "the final scene had faded into black because music kept everyone there"
)


def root_of(figure, *, title="", outlines=False):
    return ElementTree.fromstring(svg(figure, SIZE, title, "", outlines=outlines))


def texts_of(root):
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def painted(paint):
    painter = SvgPainter(is_outlined=False)
    painter.setPen(Qt.PenStyle.NoPen)
    paint(painter)
    return painter.markup()


def test_every_text_is_one_element_in_the_order_it_is_read():
    root = root_of(Lines(list(SCRIPTS.values())))
    assert texts_of(root) == list(SCRIPTS.values())
    assert not list(root.iter(f"{SVG}tspan"))
    directions = {text.text: text.get("direction") for text in root.iter(f"{SVG}text")}
    to_the_left = {SCRIPTS[script] for script in ("arabic", "hebrew", "both ways")}
    assert {text for text, direction in directions.items() if direction == "rtl"} == to_the_left


def test_letters_as_shapes():
    root = root_of(Lines([SCRIPTS["latin"], SCRIPTS["devanagari"]]), outlines=True)
    assert texts_of(root) == []
    assert max(len(path.get("d")) for path in root.iter(f"{SVG}path")) > 2000


def test_signs_that_exist_as_images_stay_text():
    assert texts_of(root_of(Lines(["plain", "🎬 ok"]), outlines=True)) in (["🎬 ok"], [])


@settings(deadline=None)
@given(some.text(max_size=30), some.text(max_size=30))
@example("", "\r\n")
def test_whatever_is_written_the_file_is_well_formed(text, title):
    for odd in (text, f"{text}\ud800\x00]]>&#x0;"):
        root = root_of(Lines([odd]), title=title + odd)
        said = re.sub("[\t\n\r]", " ", legal(odd))
        assert texts_of(root) == ([said] if odd.strip() else [])
        assert (root.find(f"{SVG}title").text or "") == legal(title + odd)


def test_the_file_says_what_it_is():
    size = SIZES["column"].fitted(1)
    figure = compose_view(VIEWS["flow"], samples.explanation(), ViewState(), size)
    data = svg(figure, size, "a title", "", outlines=False).decode()
    root = ElementTree.fromstring(data)
    assert root.get("viewBox") == "0 0 291 291"
    assert float(root.get("width").removesuffix("mm")) == pytest.approx(77, abs=0.1)
    assert root.find(f"{SVG}title").text == "a title"
    assert root.find(f"{SVG}desc").text.startswith("shown: 80")
    assert "Headstream" in root.find(f"{SVG}desc").text
    assert root.find(f"{SVG}metadata") is None
    assert "xml:lang" not in data


def test_a_flow_of_twelve_layers_and_thirty_words_is_small():
    explanation = samples.explanation(THIRTY, layers=12)
    assert len(explanation.tokens) > 30
    for coverage in (0.8, 0.95):
        figure = compose_view(VIEWS["flow"], explanation, ViewState(coverage=coverage), SIZES["slide"])
        assert len(svg(figure, SIZES["slide"], "", "", outlines=False)) < 300_000


@pytest.mark.parametrize(("view", "most"), [("overview", 1_500_000), ("heads", 600_000), ("components", 280_000)])
def test_maps_are_small(view, most):
    explanation = samples.explanation(THIRTY)
    figure = compose_view(VIEWS[view], explanation, ViewState(every_layer=True), SIZES["slide"])
    assert len(svg(figure, SIZES["slide"], "", "", outlines=False)) < most


def test_cells_of_one_colour_are_one_path():
    figure = compose_view(VIEWS["components"], samples.explanation(), ViewState(), SIZES["slide"])
    paths = list(ElementTree.fromstring(svg(figure, SIZES["slide"], "", "", outlines=False)).iter(f"{SVG}path"))
    cells = sum(path.get("d").count("z") for path in paths)
    assert cells > 4 * 15 * 15
    assert len(paths) < cells / 3


def test_shapes_of_one_look_are_one_and_others_are_not():
    def paint(painter):
        painter.setBrush(QColor(1, 2, 3))
        painter.drawRect(QRectF(0, 0, 1, 1))
        painter.fillRect(QRectF(2, 0, 1.25, 1), QColor(1, 2, 3))
        painter.setBrush(QColor(1, 2, 3, 51))
        painter.drawRect(QRectF(4, 0, 1, 1))
        painter.drawRect(QRectF(4, 0, 1, 1))

    whole, faint = painted(paint).split("\n")
    assert whole == '<path fill="#010203" d="M0 0h1v1h-1zm2 0h1.25v1h-1.25z"/>'
    assert faint == '<g fill="#010203" fill-opacity="0.2">' + 2 * '<path d="M4 0h1v1h-1z"/>' + "</g>"


def test_rectangles_of_a_long_path_follow_one_another():
    path = QPainterPath()
    for index in range(9):
        path.addRect(10.5 + 3 * index, 20, 2, 1.25)
    assert path_data(path, 1, 0) == "M11.5 20h2v1.25h-2z" + 8 * "m3 0h2v1.25h-2z"
    path.lineTo(0, 0)
    assert path_data(path, 1, 0).startswith("M11.5 20L13.5 20L13.5 21.25L11.5 21.25L11.5 20M14.5 20")


def test_steps_do_not_add_up_to_an_error():
    path = QPainterPath()
    for index in range(1000):
        path.addRect(index / 3, 0, 0.3, 1)
    steps = [float(step) for step in re.findall(r"[Mm]([\d.]+) 0", path_data(path, 0, 0))]
    assert sum(steps) == pytest.approx(333, abs=0.01)


def test_numbers_are_short():
    assert [number(value) for value in (1.0, -0.001, 1.005, 12.3456, 9999.999, 1 / 3)] == [
        *("1", "0", "1", "12.35", "10000", "0.33")
    ]


def test_identifiers_of_two_figures_differ():
    def clipped(room):
        class Clipped:
            notes = ()

            def paint(self, painter):
                painter.setClipRect(QRectF(0, 0, room, 10))
                painter.fillRect(QRectF(0, 0, 50, 50), QColor(1, 2, 3))

        return svg(Clipped(), SIZE, "", "", outlines=False).decode()

    one, other = clipped(10), clipped(20)
    name = re.search(r'<clipPath id="(.*?)">', one)[1]
    assert f'clip-path="url(#{name})"' in one
    assert name not in other
    assert one == clipped(10), "the same figure gives the same file"


def test_a_gradient_moves_with_what_it_fills():
    def paint(painter):
        painter.setBrush(QLinearGradient(0, 0, 10, 0))
        painter.save()
        painter.translate(QPointF(100, 5))
        painter.drawRect(QRectF(0, 0, 10, 10))
        painter.restore()
        painter.drawRect(QRectF(0, 0, 10, 10))

    made = painted(paint)
    assert 'x1="100" y1="5" x2="110" y2="5"' in made
    assert 'x1="0" y1="0" x2="10" y2="0"' in made


def test_what_cannot_be_written_is_never_left_out_silently():
    painter = SvgPainter(is_outlined=False)
    with pytest.raises(AttributeError):
        painter.drawImage(0, 0, None)
    with pytest.raises(TypeError, match="plain colours"):
        painter.setBrush(QBrush(Qt.BrushStyle.CrossPattern))


def test_nothing_is_written_of_what_is_not_seen():
    def paint(painter):
        painter.drawRect(QRectF(0, 0, 1, 1))
        painter.setPen(QPen(Qt.PenStyle.NoPen))
        painter.drawLine(QPointF(0, 0), QPointF(1, 1))
        painter.setFont(face(12))
        painter.drawText(QPointF(0, 0), "  ")

    assert painted(paint) == ""


def test_the_scale_of_a_png_is_nothing_to_an_svg():
    figure = Lines(["x"])
    assert svg(figure, SIZE, "", "", outlines=False) == svg(figure, replace(SIZE, scale=4), "", "", outlines=False)
