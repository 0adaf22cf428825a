from __future__ import annotations

import re
import zlib

import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from gui.figures.composing import compose_view
from gui.figures.pdf import pdf
from gui.figures.sizes import Size
from gui.paint.typeface import face
from gui.state import ViewState
from gui.viewkit import discover
from tests.gui import samples
from tests.gui.figures.writing import SCRIPTS, Lines, needs_letters, told_by

SIZE = Size(400, 260)


def written(tmp_path, figure, title="a title", size=SIZE):
    path = tmp_path / "figure.pdf"
    path.write_bytes(pdf(figure, size, title, "{}"))
    return path


def page_of(data):
    number = re.search(rb"/Contents (\d+) 0 R", data)[1]
    start = data.index(b"stream\n", data.index(b"\n" + number + b" 0 obj")) + 7
    return zlib.decompressobj().decompress(data[start:])


@pytest.mark.parametrize("script", list(SCRIPTS))
def test_words_are_read_back_in_every_script(tmp_path, script):
    needs_letters(script)
    path = written(tmp_path, Lines([SCRIPTS[script]]))
    said = told_by("pdftotext", path, "-").strip("\f\n")
    told = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", said)  # the reader's own marks of direction
    assert sorted(told.split()) == sorted(SCRIPTS[script].split()) if script == "both ways" else told == SCRIPTS[script]


def test_fonts_are_embedded_and_nothing_is_a_picture(tmp_path):
    path = written(tmp_path, Lines(list(SCRIPTS.values())))
    fonts = told_by("pdffonts", path).splitlines()[2:]
    assert fonts
    assert {line.split()[-5] for line in fonts} == {"yes"}, "embedded"
    assert len(told_by("pdfimages", "-list", path).splitlines()) == 2, "its heading alone"


@pytest.mark.parametrize("view", ["flow", "overview", "layers"])
def test_views_are_vectors_with_words(tmp_path, view):
    chosen = next(entry for entry in discover() if entry.id == view)
    size = Size(700, 500)
    path = written(tmp_path, compose_view(chosen, samples.explanation(), ViewState(), size), size=size)
    assert len(told_by("pdfimages", "-list", path).splitlines()) == 2
    said = told_by("pdftotext", "-layout", path, "-")
    assert "wonderful" in said
    assert "Model English sentiment · method DecompX" in said


def test_title_creator_and_producer(tmp_path):
    said = told_by("pdfinfo", written(tmp_path, Lines(["x"]), title="naïve <&> \ud83d\x00"))
    assert re.search(r"Title: +naïve <&> \ufffd\ufffd\n", said)
    assert re.search(r"Creator: +Headstream", said)
    assert re.search(r"Page size: +300 x 195 pts", said)


def test_the_table_of_objects_is_right():
    data = pdf(Lines(list(SCRIPTS.values())), SIZE, "", "")
    table = int(re.search(rb"startxref\n(\d+)\n%%EOF", data)[1])
    assert data[table:].startswith(b"xref\n0 ")
    entries = re.findall(rb"(\d{10}) 00000 n \n", data[table:])
    assert len(entries) + 1 == int(re.search(rb"/Size (\d+)", data[table:])[1])
    for number, place in enumerate(entries, 1):
        assert data[int(place) :].startswith(b"%d 0 obj" % number)
    for start, length in re.findall(rb"(?s)<< /Length (\d+) >>\nstream\n(.*?)\nendstream", data):
        assert int(start) == len(length)


class Coloured:
    """Two texts in colours of their own, one faint, among shapes in black."""

    notes = ()

    def paint(self, painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, 400, 260), QColor(255, 255, 255))
        painter.setFont(face(40, bold=True))
        painter.setPen(QColor(200, 30, 60))
        painter.drawText(QPointF(20, 60), "MMM")
        painter.setPen(QPen(QColor(0, 0, 0), 6))
        painter.drawLine(QLineF(20, 100, 380, 100))
        painter.setPen(QColor(30, 60, 200, 128))
        painter.drawText(QPointF(20, 180), "MMM")
        painter.drawLine(QLineF(20, 220, 380, 220))


def test_texts_have_their_own_colours_and_shapes_theirs(tmp_path):
    path = written(tmp_path, Coloured())
    told_by("pdftoppm", "-r", "96", "-png", "-singlefile", path, tmp_path / "seen")
    seen = QImage(str(tmp_path / "seen.png"))

    def colours(top, bottom):
        return {seen.pixelColor(x, y).getRgb()[:3] for x in range(400) for y in range(top, bottom)}

    assert (200, 30, 60) in colours(20, 70)
    assert (0, 0, 0) in colours(95, 105)
    faint = min(colours(140, 190), key=sum)
    assert all(abs(a - b) <= 3 for a, b in zip(faint, (142, 157, 227), strict=True))
    assert any(blue > red + 30 for red, _, blue in colours(215, 225))


def test_every_text_is_told_once():
    page = page_of(pdf(Lines(["once", "twice", "twice"]), SIZE, "", ""))
    told = [bytes.fromhex(entry.decode()).decode("utf-16") for entry in re.findall(rb"/ActualText <(\w+)>", page)]
    assert told == ["once", "twice", "twice"]
    assert page.count(b"BDC") == page.count(b"EMC") == page.count(b"BT") == page.count(b"ET\n")
    assert b"0.18837" not in page, "no text keeps the colour it was found by"


def test_signs_that_exist_as_images_stay_seen(tmp_path):
    """Qt leaves them out of a PDF as letters, and of every picture painted afterwards."""
    text = "a 🎬 b"
    before = painted(text)
    path = written(tmp_path, Lines([text]))
    assert painted(text) == before
    assert told_by("pdftotext", path, "-").strip() == text


def painted(text):
    image = QImage(400, 60, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    Lines([text]).paint(painter)
    painter.end()
    return image
