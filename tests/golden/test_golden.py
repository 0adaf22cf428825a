"""Approved pictures: what a person has looked at and found good stays so, in both directions of the comparison."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontDatabase, QImage, QPainter
from PySide6.QtWidgets import QApplication

from engine.contract import Array, Explanation
from gui.paint.colour import qcolor
from gui.paint.palette import PALETTES
from gui.state import Node, ViewState
from gui.viewkit import discover
from tests.gui import samples

HERE = Path(__file__).parent
SEEN = HERE.parent / "artefacts" / "golden"
HEBREW = "הסרט היה ארוך מדי אבל השחקנים היו נפלאים"
ALIKE = 40  # of 255: how far two shades may lie apart where a line falls between pixels
STRAY = 0.001  # share of the pixels that may find no like


AS_USUAL = ViewState()


@dataclass(frozen=True)
class Picture:
    """One figure as it is painted: which view of what, how looked at, how large."""

    view: str
    explanation: Explanation
    look: ViewState = AS_USUAL
    size: tuple[int, int] = (720, 460)


PLAIN, MIRRORED = samples.explanation(), samples.explanation(HEBREW)
PICTURES = {
    "flow-light": Picture("flow", PLAIN),
    "flow-dark-traced": Picture("flow", PLAIN, ViewState(theme="dark", traced=Node(3, 10))),
    "flow-dark-mirrored": Picture("flow", MIRRORED, ViewState(theme="dark", show_special=False)),
    "words-light-mirrored": Picture("words", MIRRORED, size=(420, 200)),
    "components-dark": Picture("components", PLAIN, ViewState(theme="dark"), (420, 760)),
}


@pytest.fixture(autouse=True)
def same_letters_everywhere() -> Iterator[None]:
    application = QApplication.instance() or QApplication(["headstream-tests"])
    assert isinstance(application, QApplication)
    before = application.font()
    number = QFontDatabase.addApplicationFont(str(HERE / "headstream-test.ttf"))
    font = QFont(QFontDatabase.applicationFontFamilies(number)[0])
    font.setPixelSize(13)
    application.setFont(font)
    yield
    application.setFont(before)
    QFontDatabase.removeApplicationFont(number)


def paint(picture: Picture) -> QImage:
    view = next(view for view in discover() if view.id == picture.view)
    palette = PALETTES[picture.look.theme]
    image = QImage(*picture.size, QImage.Format.Format_RGB32)
    image.fill(qcolor(palette.card))
    painter = QPainter(image)
    view.figure(picture.explanation, picture.look, QRectF(0, 0, *picture.size), palette).paint(painter)
    painter.end()
    return image


def shades(image: QImage) -> Array:
    """[row, column, colour]"""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return lines[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).astype(int)


def without_like(one: Array, other: Array) -> float:
    """Share of the pixels of ``one`` that nothing within a pixel of their place in ``other`` is like."""
    padded = np.pad(other, ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows, columns, _ = one.shape
    nearest = np.full((rows, columns), 255)
    for down in range(3):
        for across in range(3):
            moved = padded[down : down + rows, across : across + columns]
            nearest = np.minimum(nearest, np.abs(moved - one).max(-1))
    return float((nearest > ALIKE).mean())


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_as_it_was_approved(name: str, request: pytest.FixtureRequest) -> None:
    image, path = paint(PICTURES[name]), HERE / f"{name}.png"
    if request.config.getoption("--approve"):
        assert image.save(str(path))
    approved = QImage(str(path))
    assert not approved.isNull(), f"{path.name} has not been approved yet"
    assert approved.size() == image.size()
    stray = max(without_like(shades(image), shades(approved)), without_like(shades(approved), shades(image)))
    if stray > STRAY:
        SEEN.mkdir(parents=True, exist_ok=True)
        image.save(str(SEEN / path.name))
    assert stray <= STRAY, f"look at {SEEN / path.name} beside {path}"


def test_what_is_approved_is_tested() -> None:
    assert {path.stem for path in HERE.glob("*.png")} == set(PICTURES)


def test_the_comparison_sees_what_is_missing_and_what_is_new() -> None:
    blank = QImage(60, 40, QImage.Format.Format_RGB32)
    blank.fill(qcolor(PALETTES["light"].card))
    marked = QImage(blank)
    for x in range(20, 24):
        for y in range(10, 14):
            marked.setPixel(x, y, 0)
    assert without_like(shades(marked), shades(blank)) > STRAY
    assert without_like(shades(blank), shades(marked)) > STRAY
    assert without_like(shades(blank), shades(blank)) == 0
