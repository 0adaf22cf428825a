"""A comparison goes into a file whole, and its caption says what each side is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF

from gui.compare.exporting import exported
from gui.paint.palette import DARK
from gui.state import Compared
from tests.gui.compare.comparing import Comparing, comparing


@pytest.fixture
def on() -> Iterator[Comparing]:
    with comparing() as made:
        yield made


def test_while_comparing_the_comparison_is_what_there_is_to_export(on: Comparing) -> None:
    (offered,) = on.window.pages.exports(on.shown)
    assert offered.id == "comparison"
    figure = offered.figure_of(QRectF(0, 0, 1280, 720), DARK)
    assert offered.caption_of(figure.notes).startswith("Model English sentiment · method DecompX · explained: Positive")
    on.controller.text_edited("Not answered yet.")
    assert on.window.pages.exports(on.shown) == (), "no file says what its sentence does not"
    on.controller.compare_toggled()
    on.finish()
    assert len(on.window.pages.exports(on.shown)) > 1


def test_the_sheet_waits_for_both_answers(on: Comparing) -> None:
    sheet = on.window.exporting
    sheet.open()
    assert sheet.save_button.isEnabled()
    on.controller.first_text_edited("Not answered yet.")
    assert not sheet.save_button.isEnabled()
    assert not sheet.copy_button.isEnabled()
    sheet.dismiss()
    sheet.open()
    assert not sheet.save_button.isEnabled(), "opened while nothing can be made"
    on.finish()
    assert sheet.save_button.isEnabled()
    assert on.shown.bug is None


def test_the_caption_names_both_methods(on: Comparing) -> None:
    on.controller.compared_chosen(Compared.METHODS)
    on.controller.first_method_chosen("globenc", ())
    on.finish()
    assert on.board.difference is not None
    caption = exported(on.board.difference).caption_of(("shown: all",))
    assert caption.startswith(
        "A: Model English sentiment · method GlobEnc · B: Model English sentiment · method DecompX"
    )
    assert "shown: all" in caption
