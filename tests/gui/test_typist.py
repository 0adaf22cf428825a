"""The typist edits as told, and the watch over painted pictures sees what goes wrong."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from engine.contract import Request
from gui.controls.canvas import Canvas
from tests.gui.stage import FakeBridge, wait_until
from tests.gui.typist import MOST_WORDS, PASTED, PaintedOrder, Typist


def _painted(*shown: tuple[int, str, bool], asked: dict[int, str], now: str) -> list[str]:
    """What the watch says of pictures of (generation, text, stale), painted one after the other."""
    bridge, field = FakeBridge(), QPlainTextEdit(now)
    controller = SimpleNamespace(shown=SimpleNamespace(explanation=None, stale=False))
    window = QWidget()
    surface = Canvas(lambda _: None, lambda _: None, nullcontext)
    surface.setMinimumSize(20, 20)
    QVBoxLayout(window).addWidget(surface)
    order = PaintedOrder(window, controller, bridge, field)
    for generation, text in asked.items():
        bridge.submit(Request(generation, "", "", text=text))
    window.show()
    wait_until(lambda: window.windowHandle().isExposed())
    for generation, text, stale in shown:
        explanation = SimpleNamespace(request=Request(generation, "", "", text=text))
        controller.shown = SimpleNamespace(explanation=explanation, stale=stale)
        surface.repaint()
    order.leave()
    window.hide()
    window.deleteLater()
    assert order.painted == {generation for generation, _, _ in shown}
    assert [request.generation for request in bridge.requests] == list(asked)
    return order.violations


def test_pictures_in_order_are_fine():
    assert _painted((1, "a", True), (1, "a", True), (3, "b", False), asked={1: "a", 2: "ab", 3: "b"}, now="b") == []


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ([(3, "b", False), (1, "a", True)], "1 was painted after 3"),
        ([(1, "b", True)], "1 was asked with another text"),
        ([(1, "a", False)], "1 counts as current"),
    ],
)
def test_what_goes_back_or_belongs_elsewhere_is_noticed(shown, said):
    (violation,) = _painted(*shown, asked={1: "a", 3: "b"}, now="b")
    assert violation.startswith(said)


def test_a_typist_makes_every_kind_of_edit_and_keeps_texts_short():
    field, steps = QPlainTextEdit(), []
    typist = Typist(field, lambda: steps.append("undo"), lambda: steps.append("redo"), seed=1)
    texts = []
    for _ in range(400):
        typist.edit()
        texts.append(field.toPlainText())
    assert {"undo", "redo"} == set(steps)
    assert "" in texts
    assert any(PASTED in text for text in texts)
    assert max(len(text.split()) for text in texts) <= MOST_WORDS + len(PASTED.split())
    assert len(set(texts)) > 200
