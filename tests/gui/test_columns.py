"""Columns: widths by mouse and by keyboard, one folded away, all remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSplitterHandle

from gui.columns import GAP, Columns
from tests.gui.dressed import Dressed, dressed


@pytest.fixture
def on() -> Iterator[Dressed]:
    with dressed(size=(1440, 900)) as made:
        yield made


def columns(on: Dressed) -> Columns:
    return on.window.findChild(Columns)


def test_folding_gives_the_room_to_the_picture_and_back(on: Dressed) -> None:
    parts, middle = columns(on), on.window.desk.decks["middle"]
    before = parts.sizes()
    assert "Hide" in parts.fold.accessibleName()
    parts.fold.click()
    on.settle()
    assert on.window.desk.is_folded
    assert middle.width() == pytest.approx(before[1] + before[2] + GAP, abs=4)
    assert "Show" in parts.fold.accessibleName()
    assert parts.fold.isVisible(), "what brings it back is always there"
    assert on.window.remembered().folded
    assert on.window.remembered().columns == tuple(before)
    parts.fold.click()
    on.settle()
    assert parts.sizes() == before
    assert not on.window.remembered().folded


def test_what_was_folded_stays_folded_at_the_next_start(on: Dressed) -> None:
    columns(on).fold.click()
    remembered = on.window.remembered()
    again = Dressed(remembered, (1440, 900), "A film.")
    try:
        again.window.resize(1440, 900)
        again.settle()
        assert again.window.desk.is_folded
        columns(again).fold.click()
        again.settle()
        assert tuple(columns(again).sizes()) == pytest.approx(remembered.columns, abs=2)
    finally:
        again.close()


def test_widths_of_another_number_of_columns_are_not_taken(on: Dressed) -> None:
    again = Dressed(replace(on.window.remembered(), columns=(5, 5)), (1440, 900), "A film.")
    try:
        assert min(columns(again).sizes()) > 200
    finally:
        again.close()


def test_a_border_is_moved_by_keys(on: Dressed) -> None:
    parts = columns(on)
    handle = parts.handle(1)
    assert isinstance(handle, QSplitterHandle)
    handle.setFocus()
    before = parts.sizes()
    QTest.keyClick(handle, Qt.Key.Key_Right)
    assert parts.sizes()[0] == before[0] + 16
    for _ in range(3):
        QTest.keyClick(handle, Qt.Key.Key_Left)
    assert parts.sizes()[0] < before[0]
    for _ in range(60):
        QTest.keyClick(handle, Qt.Key.Key_Left)
    assert parts.sizes()[0] > 200, "a column never vanishes"


@pytest.mark.parametrize("size", [(1000, 600), (1280, 720), (2560, 1440)])
def test_columns_never_run_out_of_the_window(size: tuple[int, int]) -> None:
    for percent in (100, 130):
        with dressed(percent=percent, size=size) as on:
            parts = columns(on)
            assert sum(parts.sizes()) + 2 * GAP <= parts.width() - 2 * GAP + 1
            right = on.window.desk.decks["right"]
            assert right.geometry().right() <= parts.width() - GAP
