from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from gui.figures import png
from gui.figures.clipboard import copy
from gui.figures.composing import compose_view
from gui.figures.embedded import state_in
from gui.figures.sizes import Size
from gui.state import AppState, ViewState
from gui.viewkit import discover
from tests.gui import samples

WORDS = next(view for view in discover() if view.id == "words")
SIZE = Size(320, 240, 6.25)


def test_shapes_and_dots_at_once(tmp_path):
    state = AppState(text="one two")
    copy(compose_view(WORDS, samples.explanation("one two"), ViewState(), SIZE), SIZE, state)
    data = QGuiApplication.clipboard().mimeData()
    assert {"image/svg+xml", "image/png"} <= set(data.formats())
    for kind in ("svg+xml", "png"):
        path = tmp_path / kind
        path.write_bytes(data.data(f"image/{kind}").data())
        assert state_in(path).text == "one two"
    dots = QImage.fromData(data.data("image/png"))
    assert (dots.width(), dots.height()) == (640, 480), "twice as fine, whatever files are"
    assert QGuiApplication.clipboard().image().size() == dots.size()


class Broken:
    notes = ()

    def paint(self, painter: QPainter) -> None:
        raise RuntimeError("half way")


def test_a_failure_leaves_the_clipboard_as_it_was():
    QGuiApplication.clipboard().setText("kept")
    with pytest.raises(RuntimeError):
        copy(Broken(), SIZE)
    assert QGuiApplication.clipboard().text() == "kept"


def test_a_picture_beyond_memory_is_refused():
    with pytest.raises(OSError, match="smaller size"):
        png.image(Broken(), Size(10_000, 10_000, 6.25))
