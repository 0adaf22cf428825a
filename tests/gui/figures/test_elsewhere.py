"""Exported SVGs as other programs show them, against our own pictures of the same figures."""

from __future__ import annotations

import html
import json
import re
import subprocess
from functools import cache

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

from gui.figures.composing import compose_view
from gui.figures.png import image
from gui.figures.sizes import Size
from gui.figures.svg import svg
from gui.paint.typeface import face
from gui.state import Node, ViewState
from gui.viewkit import discover
from tests.gui import samples
from tests.gui.figures.seen import pixels_of, read, unlike
from tests.gui.figures.writing import SCRIPTS, Lines, needs_letters, program, told_by

VIEWS = {view.id: view for view in discover()}
SIZE = Size(900, 600)
ALIKE = 40  # pixels that differ in one tile: edges and dashes of other programs; a short word has twice as many
HEBREW = "הסרט היה נפלא אבל השחקנים שיחקו רע"
CHROMIUM = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


class AllKinds:
    """Everything a figure may paint with, once."""

    notes = ()

    def paint(self, painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, 900, 600), QColor(250, 250, 245))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.translate(100, 80)
        painter.setClipRect(QRectF(0, 0, 120, 120))
        painter.rotate(20)
        painter.setBrush(QColor(30, 90, 150, 120))
        painter.setPen(QPen(QColor(200, 80, 30), 4, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(10, 10, 150, 90), 20, 10)
        painter.setFont(face(30, bold=True))
        painter.drawText(QPointF(20, 60), "turned")
        painter.restore()
        ramp = QLinearGradient(300, 0, 500, 0)
        ramp.setColorAt(0, QColor(20, 60, 160))
        ramp.setColorAt(1, QColor(220, 120, 40, 60))
        painter.setBrush(ramp)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRect(300, 50, 200, 60)
        painter.translate(0, 100)
        painter.drawRect(QRectF(300, 50, 200, 60))
        painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
        painter.setPen(QPen(QColor(0, 0, 0), 10))
        painter.drawPolyline(QPolygonF([QPointF(550, 50), QPointF(620, 150), QPointF(690, 50)]))
        painter.setBrush(QColor(40, 140, 90))
        painter.drawPolygon(QPolygonF([QPointF(720, 50), QPointF(790, 150), QPointF(860, 50)]))
        ring = QPainterPath()
        ring.addEllipse(QPointF(120, 220), 70, 70)
        ring.addEllipse(QPointF(120, 220), 40, 40)
        painter.fillPath(ring, QColor(90, 40, 120))
        painter.scale(1.5, 0.75)
        painter.setPen(QPen(QColor(20, 20, 20), 6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawEllipse(QPointF(300, 340), 60, 60)
        painter.drawLine(QPointF(400, 300), QPointF(500, 380))


def figure_of(view, text=samples.SENTENCE, **look):
    return compose_view(VIEWS[view], samples.explanation(text), ViewState(view=view, **look), SIZE)


FIGURES = {
    "flow": lambda: figure_of("flow"),
    "flow dark, traced": lambda: figure_of("flow", theme="dark", traced=Node(3, 5)),
    "flow grey": lambda: figure_of("flow", theme="grey"),
    "flow in Hebrew": lambda: figure_of("flow", HEBREW),
    "words in Hebrew": lambda: figure_of("words", HEBREW),
    "components": lambda: figure_of("components"),
    "overview": lambda: figure_of("overview"),
    "heads": lambda: figure_of("heads"),
    "layers": lambda: figure_of("layers"),
    "table": lambda: figure_of("table"),
    "all kinds": AllKinds,
}


def chromium(folder, page, *arguments):
    path = folder / "page.html"
    path.write_text(f"<!DOCTYPE html><meta charset='utf-8'><body style='margin:0'>{page}", encoding="utf-8")
    return told_by("chromium", *CHROMIUM, f"--user-data-dir={folder / 'profile'}", *arguments, path.as_uri())


@pytest.fixture(scope="module")
def in_chromium(tmp_path_factory):
    """Every figure, then every one with its letters as shapes, as the browser shows them."""
    program("chromium")
    folder = tmp_path_factory.mktemp("chromium")
    shown = [(name, is_outlined) for is_outlined in (False, True) for name in FIGURES]
    page = ""
    for number, (name, is_outlined) in enumerate(shown):
        (folder / f"{number}.svg").write_bytes(svg(FIGURES[name](), SIZE, name, "", outlines=is_outlined))
        page += f"<img src='{number}.svg' style='display:block;width:900px;height:600px'>"
    chromium(folder, page, f"--window-size=900,{600 * len(shown)}", f"--screenshot={folder / 'all.png'}")
    picture = read(folder / "all.png")
    return {key: picture[600 * number : 600 * number + 600] for number, key in enumerate(shown)}


@cache
def own_picture(name):
    return pixels_of(image(FIGURES[name](), SIZE))


@pytest.mark.parametrize("is_outlined", [False, True])
@pytest.mark.parametrize("name", list(FIGURES))
def test_a_browser_shows_the_same_picture(in_chromium, name, is_outlined):
    assert unlike(own_picture(name), in_chromium[name, is_outlined]) < ALIKE


@pytest.mark.parametrize("name", list(FIGURES))
def test_librsvg_shows_the_same_picture(tmp_path, name):
    path = tmp_path / "figure.svg"
    path.write_bytes(svg(FIGURES[name](), SIZE, name, "", outlines=False))
    told_by("rsvg-convert", path, "-w", "900", "-h", "600", "-o", tmp_path / "seen.png")
    assert unlike(own_picture(name), read(tmp_path / "seen.png")) < ALIKE


def test_the_comparison_can_fail():
    whole = own_picture("flow")
    wordless = whole.copy()
    wordless[100:130, :92] = 255  # one short word
    assert unlike(whole, wordless) > 1.5 * ALIKE
    assert unlike(wordless, whole) > 1.5 * ALIKE
    assert unlike(whole, np.roll(whole, 4, 1)) > 1.5 * ALIKE, "all of it a little aside"
    assert unlike(whole, own_picture("flow grey")) > 1.5 * ALIKE


TOLD = """<script>
const told = [...document.querySelectorAll("text")].map(text => {
  getSelection().selectAllChildren(text);
  return [getSelection().toString(), text.getComputedTextLength(), text.getBBox().width];
});
document.body.innerHTML = "<pre>" + JSON.stringify(told).replace(/&/g, "&amp;").replace(/</g, "&lt;") + "</pre>";
</script>"""


@pytest.mark.parametrize("family", ["", "DejaVu Sans Mono, monospace"])
def test_texts_can_be_selected_whole_and_keep_to_their_room(tmp_path, family):
    """With whatever font: where it is another, letters are pressed together instead of running into one another."""
    for script in SCRIPTS:
        needs_letters(script)
    made = svg(Lines(list(SCRIPTS.values())), SIZE, "", "", outlines=False).decode().split("?>", 1)[1]
    rooms = [float(room) for room in re.findall(r'textLength="([\d.]+)"', made)]
    if family:
        made = re.sub('font-family="[^"]*"', f'font-family="{family}"', made)
    page = chromium(tmp_path, made + TOLD, "--dump-dom")
    told = json.loads(html.unescape(re.search("<pre>(.*)</pre>", page, re.DOTALL)[1]))
    assert [text for text, *_ in told] == list(SCRIPTS.values())
    stretched = [
        width for text, _, width in told if text not in (SCRIPTS[key] for key in ("arabic", "hebrew", "both ways"))
    ]
    assert stretched == pytest.approx(rooms, abs=1.5)


def test_a_browser_that_fails_is_noticed(tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        told_by("rsvg-convert", tmp_path / "none.svg")
